"""Every problem of reading has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ckanext.satudata.extract as package
from ckanext.satudata.consistency.render import Renderer
from ckanext.satudata.consistency.rules import placeholders
from ckanext.satudata.extract.problems import MOST, Problems
from ckanext.satudata.rules import shipped

from .books import book
from .files import csv_file
from .reading import BERAS, KEBUTUHAN, KODE, NAMA, PENDUDUK, TAHUN, read

SOURCES = [
    p
    for p in Path(package.__path__[0]).rglob("*.py")
    if not {"guessing", "fetch"} & set(p.parts) and not p.name.startswith(("template", "preview"))
]
RULE = re.compile(r"[a-z]+(?:-[a-z]+)+")


def named_rules() -> set[str]:
    """Rule ids written as arguments of ReadError, Trouble or a finding."""
    calls = re.compile(
        r'(?:ReadError|Trouble|\.add|\.once|_note|_cell)\(\s*"([a-z-]+)"'
        r'|(?:rule = |: |, )"([a-z]+-[a-z-]+)"'
    )
    out = set()
    for path in SOURCES:
        for match in calls.finditer(path.read_text("utf-8")):
            name = match.group(1) or match.group(2)
            if RULE.fullmatch(name):
                out.add(name)
    return {n for n in out if not n.startswith(("utf-", "beras-"))}


class TestTexts:
    def test_there_are_rules_to_look_for(self) -> None:
        assert {"kode-rusak", "notasi-taksa", "berkas-rusak", "tanpa-satuan"} <= named_rules()

    @pytest.mark.parametrize("rule", sorted(named_rules()))
    def test_every_rule_has_words(self, rule: str) -> None:
        assert rule in shipped()

    def test_both_languages_say_the_same_things(self) -> None:
        for rule in shipped():
            assert placeholders(rule.message["id"]) == placeholders(rule.message["en"]), rule.id


class TestRendering:
    TABLE = (
        "Kode;Nama;Tahun;Kebutuhan;KK\n61.05.01;Sintang;2025;10,5;1\n61.05.02;Sepauk;2025;11;\n"
        "6105;x;2025;1;\n61.05.03;Sepauk;entah;4;\n61.05.04;;2025;1o;\n61.05.05;;2025;5 kg;\n"
        ";;2025;7;\n61.05.99;;2025;9;\n61.1;;2025;9;\n61.05.07;;2025;1,2E+05;\n"
        "61.05.08;Kayan;2025;#REF!;\n"
    )

    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_each_finding_has_all_its_words(self, tmp_path: Path, lang: str) -> None:
        path = csv_file(tmp_path, self.TABLE)
        result = read(path, KODE, NAMA, TAHUN, KEBUTUHAN, extra=(BERAS,))
        renderer = Renderer(shipped(), book(), lang, tables=result.tables)
        assert len(result.counts) >= 10
        for finding in result.problems:
            words = renderer.render(finding)
            assert "{" not in words.message + words.advice
            assert words.message != finding.rule

    def test_says_where_and_what(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode;Tahun;Penduduk\n61.05.01;2025;abc\n")
        result = read(path, KODE, TAHUN, PENDUDUK)
        words = Renderer(shipped(), book(), "id", tables=result.tables).render(result.problems[0])
        for part in ("Baris 2", "kolom C", "Penduduk", "abc"):
            assert part in words.message


class TestProblems:
    def test_location_is_counted_from_the_sheets_first_row(self) -> None:
        problems = Problems(2, 5, {3: "Nilai"})
        problems.add("angka-tak-terbaca", row=0, column=3, text="x" * 300)
        location = problems.findings[0].location
        assert location is not None
        assert (location.table, location.row, location.column) == (2, 5, 3)
        assert (location.header, len(location.text or "")) == ("Nilai", 200)

    def test_objects_are_capped_counts_are_not(self) -> None:
        problems = Problems(0, 1, {})
        for _ in range(MOST + 5):
            problems.add("angka-tak-terbaca")
        problems.count("angka-tak-terbaca", 7)
        assert len(problems.findings) == MOST
        assert problems.counts == {"angka-tak-terbaca": MOST + 12}

    def test_once(self) -> None:
        problems = Problems(0, 1, {})
        problems.once("tanpa-satuan", column=1)
        problems.once("tanpa-satuan", column=1)
        problems.once("tanpa-satuan", column=2)
        assert problems.counts == {"tanpa-satuan": 2}
