from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata.consistency.vocabulary import normalise
from ckanext.satudata.reference import shipped, units
from ckanext.satudata.reference.document import read
from ckanext.satudata.reference.standards import StandardEntry, meanings, parse

from .files import problems, write

HEADER = "code,name,other_names,ukuran,satuan,flags\n"


def parsed(folder: Path, rows: str) -> tuple[StandardEntry, ...]:
    return parse(read(write(folder, HEADER + rows, kind="standards", name="sdsn")))


class TestParse:
    def test_texts_stay_as_the_source_has_them(self, tmp_path: Path) -> None:
        rows = "SD00282.01.00,Penduduk,Populasi,Jumlah; persentase,Orang; persen,VAR|KON\n"

        assert parsed(tmp_path, rows) == (
            StandardEntry(
                "SD00282.01.00",
                "Penduduk",
                ("Populasi",),
                "Jumlah; persentase",
                "Orang; persen",
                ("VAR", "KON"),
            ),
        )

    @pytest.mark.parametrize(
        ("rows", "expected"),
        [
            ("SD00282.01,Penduduk,,,,VAR\n", [("standard-bad", 2)]),
            ("SD00282.01.00,,,,,VAR\n", [("cell-empty", 2)]),
            ("SD00282.01.00,Penduduk,,,,ABC\n", [("flag-unknown", 2)]),
            ("SD00282.01.00,Penduduk,,,,\n", [("flag-unknown", 2)]),
            (
                "SD00282.01.00,Penduduk,,,,VAR\nSD00282.01.00,Penduduk,,,,VAR\n",
                [("code-twice", 3)],
            ),
        ],
    )
    def test_bad_standards_are_refused(
        self, tmp_path: Path, rows: str, expected: list[tuple[str, int]]
    ) -> None:
        assert problems(parsed, tmp_path, rows) == expected


@pytest.fixture(scope="module")
def spelled() -> dict[str, str]:
    entries = units.parse(shipped.document("satuan"))
    return {alias: unit.code for unit in entries for alias in unit.aliases}


class TestMeanings:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Orang; Persen", ("orang", "persen")),
            ("Hektar, M2; Persen", ("ha", "m2", "persen")),
            ("Rupiah/Kg", ("rupiah-per-kg",)),
            ("1. Kg 2. Ekor 3. Butir", ("kg", "ekor", "butir")),
            ("1. Unit, 2. m³", ("unit", "m3")),
            ("Ton atau Kg; Persen", ("ton", "kg", "persen")),
            ("Orang. Persen", ("orang", "persen")),
            ("Orang; Orang/jiwa|Kasus", ("orang", "kasus")),
            ("Keasaman", ()),
            ("", ()),
        ],
    )
    def test_free_text_becomes_codes(
        self, spelled: dict[str, str], text: str, expected: tuple[str, ...]
    ) -> None:
        assert meanings(text, lambda part: spelled.get(normalise(part))) == expected
