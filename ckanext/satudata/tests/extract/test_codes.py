from __future__ import annotations

import pytest

from ckanext.satudata.extract.codes import Cell, agrees, resolve_list, resolve_regions
from ckanext.satudata.extract.raw import CellType

from .books import KECAMATAN, book

BOOK = book()
REGIONS = BOOK.regions


def regions(*texts: str, scheme: str | None = None) -> list[str]:
    """Code of each cell, or the rule that tells why there is none."""
    resolved = resolve_regions([Cell(t) for t in texts], BOOK, scheme)
    return [_shown(REGIONS, r) for r in resolved]


def listed(name: str, *texts: str) -> list[str]:
    codelist = BOOK.codelists[name]
    return [_shown(codelist, r) for r in resolve_list([Cell(t) for t in texts], codelist, None)]


def _shown(codelist, resolved) -> str:
    if resolved.index is None:
        return resolved.trouble.rule
    return "_T" if resolved.index == 0 else codelist.at(resolved.index).code


class TestRegions:
    def test_every_kecamatan_in_both_schemes(self) -> None:
        kemendagri, bps, names = zip(*KECAMATAN, strict=True)
        assert regions(*kemendagri, scheme="kemendagri") == list(kemendagri)
        assert regions(*bps, scheme="bps") == list(kemendagri)
        assert regions(*names) == list(kemendagri)

    def test_name_of_two_levels_has_the_level_of_the_others(self) -> None:
        assert regions("Sepauk", "Sintang", "Dedai")[1] == "61.05.01"
        assert regions("Sanggau", "Kabupaten Sintang") == ["kode-tidak-dikenal", "61.05"]
        assert regions("Sintang") == ["nama-taksa"]

    @pytest.mark.parametrize(
        "text", ["Kec. Sintang", "KECAMATAN SINTANG", "kec sintang", " Sintang "]
    )
    def test_spellings_of_a_kecamatan(self, text: str) -> None:
        assert regions("Sepauk", text)[1] == "61.05.01"

    @pytest.mark.parametrize("word", ["Jumlah", "TOTAL", "Jumlah / Total", "Kabupaten Sintang"])
    def test_total_of_kecamatan_is_the_kabupaten(self, word: str) -> None:
        assert regions("61.05.01", "61.05.02", word)[2] == "61.05"

    def test_total_of_desa_is_their_kecamatan(self) -> None:
        assert regions("61.05.01.1001", "61.05.01.1003", "Jumlah")[2] == "61.05.01"

    def test_total_of_desa_of_several_kecamatan_is_unclear(self) -> None:
        assert regions("61.05.01.1001", "61.05.02.2001", "Jumlah")[2] == "jumlah-taksa"

    @pytest.mark.parametrize(
        ("text", "scheme", "rule", "candidate"),
        [
            ("61.1", None, "kode-rusak", "61.10"),
            ("61.5.1", None, "kode-rusak", "61.05.01"),
            ("61,05", None, "kode-rusak", "61.05"),
            ("6.105", "kemendagri", "kode-rusak", "61.05"),
            ("1961-05-01", None, "kode-jadi-tanggal", "61.05.01"),
            ("01/05/2061", None, "kode-jadi-tanggal", "61.05.01"),
            ("6107140.0", "bps", "kode-rusak", "6107140"),
            ("61.05.01", "bps", "kode-skema-lain", "6107140"),
            ("Ketunggau Hilir", None, "kode-tidak-dikenal", "61.05.04 Ketungau Hilir"),
        ],
    )
    def test_damage_is_named_with_what_was_meant(self, text, scheme, rule, candidate) -> None:
        trouble = resolve_regions([Cell(text)], BOOK, scheme)[0].trouble
        assert trouble is not None
        assert trouble.rule == rule
        assert candidate in trouble.params["candidates"]

    @pytest.mark.parametrize(
        ("text", "kemendagri", "bps"),
        [
            ("6105", "61.05 Sintang (kabupaten)", "61.03 Sanggau (kabupaten)"),
            ("6107", "61.07 Bengkayang (kabupaten)", "61.05 Sintang (kabupaten)"),
            ("610501", "61.05.01 Sintang (kecamatan)", "–"),
            ("6107140", "–", "61.05.01 Sintang (kecamatan)"),
        ],
    )
    def test_codes_without_points_are_never_guessed(self, text, kemendagri, bps) -> None:
        trouble = resolve_regions([Cell(text)], BOOK, "kemendagri")[0].trouble
        assert trouble is not None
        assert (trouble.rule, trouble.params["kemendagri"], trouble.params["bps"]) == (
            "kode-tanpa-titik",
            kemendagri,
            bps,
        )

    @pytest.mark.parametrize(
        ("cell", "rule"),
        [
            (Cell("6.105E+09"), "kode-jadi-ilmiah"),
            (Cell("#REF!"), "sel-rumus-galat"),
            (Cell("#N/A", CellType.ERROR), "sel-rumus-galat"),
            (Cell("2025-03-16", CellType.DATE), "kode-jadi-tanggal"),
            (Cell("Sanggau"), "kode-tidak-dikenal"),
        ],
    )
    def test_no_code(self, cell: Cell, rule: str) -> None:
        trouble = resolve_regions([cell], BOOK, None)[0].trouble
        assert trouble is not None
        assert trouble.rule == rule

    def test_apostrophe_by_which_a_spreadsheet_keeps_text(self) -> None:
        assert regions("'61.05.01", scheme="kemendagri") == ["61.05.01"]


class TestLists:
    def test_codes_names_and_aliases(self) -> None:
        assert listed("komoditas", "beras-medium", "Gula Konsumsi", "BERAS  PREMIUM") == [
            "beras-medium",
            "gula",
            "beras-premium",
        ]
        assert listed("jenis_kelamin", "L", "p", "Wanita", "Laki-Laki") == ["L", "P", "P", "L"]

    @pytest.mark.parametrize("word", ["Jumlah", "L+P", "_T", "Total", "Laki-laki + Perempuan"])
    def test_totals(self, word: str) -> None:
        assert listed("jenis_kelamin", word) == ["_T"]

    def test_name_of_several_codes(self) -> None:
        assert listed("komoditas", "Beras") == ["nama-taksa"]

    def test_unknown(self) -> None:
        assert listed("komoditas", "Gulah", "?") == ["kode-tidak-dikenal"] * 2


class TestAgrees:
    INDEX = REGIONS.codes["61.05.01"].index

    @pytest.mark.parametrize(
        ("label", "verdict"),
        [
            ("Sintang", True),
            ("Kec. SINTANG", True),
            ("Tempunak", False),
            ("Kabupaten Sintang", False),
            ("Sintank", None),
        ],
    )
    def test_name_beside_a_code(self, label: str, verdict: bool | None) -> None:
        assert agrees(label, self.INDEX, REGIONS) is verdict

    def test_total_beside_a_region_with_parts(self) -> None:
        assert agrees("Jumlah", REGIONS.codes["61.05"].index, REGIONS) is True
        assert agrees("Jumlah", REGIONS.codes["61.05.14"].index, REGIONS) is False
