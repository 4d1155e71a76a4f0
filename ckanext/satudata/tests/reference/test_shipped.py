"""The shipped data against facts stated elsewhere, so that an edit that breaks one is noticed."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from ckanext.satudata.consistency.vocabulary import normalise
from ckanext.satudata.reference import codelist, shipped, standards, units
from ckanext.satudata.reference.codelist import Entry
from ckanext.satudata.reference.document import Problem


@pytest.fixture(scope="module")
def unit_codes() -> dict[str, units.UnitEntry]:
    return {unit.code: unit for unit in units.parse(shipped.document("satuan"))}


@pytest.fixture(scope="module")
def regions() -> dict[str, Entry]:
    return {e.code: e for e in codelist.parse(shipped.document("wilayah"), {})}


class TestFiles:
    def test_units_come_first_and_standards_last(self) -> None:
        kinds = [shipped.document(p.stem).kind for p in shipped.paths()]

        assert kinds[0] == "units"
        assert kinds[-1] == "standards"
        assert set(kinds[1:-1]) == {"codelist"}

    @pytest.mark.parametrize("path", shipped.paths(), ids=lambda p: p.stem)
    def test_file_is_named_like_its_reference_and_checks_out(
        self, path: Path, unit_codes: dict[str, units.UnitEntry]
    ) -> None:
        document = shipped.document(path.stem)

        assert document.name == path.stem
        if document.kind == "codelist":
            assert codelist.parse(document, {"satuan": unit_codes.keys()})
        elif document.kind == "standards":
            assert standards.parse(document)

    def test_a_path_is_not_taken_for_a_name(self) -> None:
        assert shipped.path_of("../data/wilayah") is None
        with pytest.raises(LookupError):
            shipped.document("tidak_ada")


class TestRegions:
    @pytest.mark.parametrize(
        ("kabupaten", "kecamatan", "kelurahan", "desa"),
        [("61.05", 14, 16, 390), ("64.08", 18, 2, 139)],
    )
    def test_counts_of_both_kabupaten(
        self,
        regions: dict[str, Entry],
        kabupaten: str,
        kecamatan: int,
        kelurahan: int,
        desa: int,
    ) -> None:
        below = Counter(e.level for e in regions.values() if e.code.startswith(f"{kabupaten}."))

        assert below == {"kecamatan": kecamatan, "kelurahan": kelurahan, "desa": desa}

    def test_codes_hang_where_their_digits_say(self, regions: dict[str, Entry]) -> None:
        wrong = [
            e.code for e in regions.values() if e.parent != (e.code.rpartition(".")[0] or None)
        ]

        assert wrong == []

    def test_village_code_says_what_it_is(self, regions: dict[str, Entry]) -> None:
        for e in regions.values():
            if e.level in {"desa", "kelurahan"}:
                assert e.code[9] == ("1" if e.level == "kelurahan" else "2")

    def test_crosswalk_does_not_follow_the_digits(self, regions: dict[str, Entry]) -> None:
        bps = {e.schemes["bps"]: e for e in regions.values() if "bps" in e.schemes}

        assert bps["6107"].label == "Kabupaten Sintang"
        assert bps["6105"].label == "Kabupaten Sanggau"
        assert bps["6404"].label == "Kabupaten Kutai Timur"
        assert bps["6107140"].code == "61.05.01"

    def test_every_kecamatan_has_a_bps_code_below_that_of_its_kabupaten(
        self, regions: dict[str, Entry]
    ) -> None:
        for e in regions.values():
            if e.level == "kecamatan":
                assert e.schemes["bps"].startswith(regions[e.parent or ""].schemes["bps"])

    def test_every_code_names_its_legal_basis(self, regions: dict[str, Entry]) -> None:
        assert all(e.legal_basis for e in regions.values())

    @pytest.mark.parametrize(
        ("spelling", "code"),
        [
            ("KONGBENG", "64.08.08"),
            ("Kec. Kongbeng", "64.08.08"),
            ("Sengata Utara", "64.08.04"),
            ("kecamatan sepauk", "61.05.03"),
            ("Kab. Kutai Timur", "64.08"),
        ],
    )
    def test_spellings(self, regions: dict[str, Entry], spelling: str, code: str) -> None:
        assert normalise(spelling) in regions[code].aliases


class TestUnits:
    @pytest.mark.parametrize(
        ("many", "one", "ratio"),
        [
            ("ton", "kg", 1000),
            ("kuintal", "kg", 100),
            ("ton", "kuintal", 10),
            ("kg", "gram", 1000),
            ("juta-rupiah", "ribu-rupiah", 1000),
            ("miliar-rupiah", "rupiah", 10**9),
            ("km2", "ha", 100),
            ("ha", "m2", 10_000),
            ("ribu-orang", "orang", 1000),
            ("ton-per-ha", "kuintal-per-ha", 10),
            ("rupiah-per-kg", "rupiah-per-ton", 1000),
            ("persen", "permil", 10),
            ("kwh-per-kapita", "kwh-per-kapita", 1),
        ],
    )
    def test_factors(
        self, unit_codes: dict[str, units.UnitEntry], many: str, one: str, ratio: int
    ) -> None:
        assert unit_codes[many].quantity == unit_codes[one].quantity
        assert unit_codes[many].factor == unit_codes[one].factor * ratio

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("liter", "kg"),
            ("butir", "kg"),
            ("ekor", "kg"),
            ("karung", "kg"),
            ("rupiah", "rupiah-per-kg"),
            ("orang", "rumah-tangga"),
            ("rupiah", "usd"),
        ],
    )
    def test_what_never_converts(
        self, unit_codes: dict[str, units.UnitEntry], one: str, other: str
    ) -> None:
        assert unit_codes[one].quantity != unit_codes[other].quantity


class TestStandards:
    def test_all_codes_are_there_and_most_texts_are_understood(
        self, unit_codes: dict[str, units.UnitEntry]
    ) -> None:
        entries = standards.parse(shipped.document("sdsn"))
        spelled = {a: unit.code for unit in unit_codes.values() for a in unit.aliases}
        measures = {
            normalise(name): e.code
            for e in codelist.parse(shipped.document("ukuran"), {})
            for name in (e.label, *e.aliases)
        }

        def share(column: str, names: dict[str, str]) -> float:
            texts = [getattr(e, column) for e in entries]
            found = [standards.meanings(t, lambda p: names.get(normalise(p))) for t in texts]
            return sum(map(bool, found)) / len(found)

        assert len(entries) == 3930
        assert share("satuan", spelled) > 0.9
        assert share("ukuran", measures) > 0.98


class TestChoices:
    def test_level_and_languages(self) -> None:
        choices = shipped.choices("urusan", "urusan")

        assert ("2.20", "Statistik", "Statistics") in choices
        assert len(choices) == 43


class TestMessages:
    def test_every_problem_has_a_text_that_says_where(self) -> None:
        problem = Problem("code-twice", "wilayah.csv", 7, {"code": "61.05", "first": 3})

        assert shipped.message(problem, "id").startswith("wilayah.csv:7: Kode `61.05`")
        assert "line 3" in shipped.message(problem, "en")

    def test_every_rule_raised_in_the_code_is_in_the_messages(self) -> None:
        folder = Path(shipped.__file__).parent
        messages = yaml.safe_load((folder / "messages.yaml").read_text("utf-8"))
        sources = [*folder.glob("*.py"), folder.parent / "store" / "reference.py"]
        quoted = set().union(
            *(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', p.read_text("utf-8")) for p in sources)
        )

        assert messages.keys() <= quoted | {"cycle"}
        assert {q for q in quoted if q not in messages} <= {"utf-8", "utf-8-sig"}
        assert all({"id", "en"} == texts.keys() for texts in messages.values())
