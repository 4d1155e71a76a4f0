"""Naming rules of a konsep."""

from __future__ import annotations

import pytest

from ckanext.satudata.schemas.naming import lint


def rules(name: str, **known: object) -> list[str]:
    return [p.rule for p in lint(name, **known)]  # type: ignore[arg-type]


class TestLint:
    @pytest.mark.parametrize(
        "name",
        [
            "Penduduk",
            "Konsumsi Makanan",
            "Nomor Pokok Wajib Pajak (NPWP)",
            "Penduduk Usia 15 Tahun ke Atas",
            "Indeks Pembangunan Manusia (IPM)",
            "Jalan Kelas III",
            "Anak-anak Terlantar",
            "Sekolah Dasar/Madrasah Ibtidaiyah",
        ],
    )
    def test_good_names_pass(self, name: str) -> None:
        assert rules(name) == []

    @pytest.mark.parametrize(
        ("name", "rule"),
        [
            ("Rata-rata Konsumsi Makanan", "ukuran"),
            ("Jumlah Penduduk", "ukuran"),
            ("prosentase Kemiskinan", "ukuran"),
            ("Jml. Penduduk", "period"),
            ("Wajib Pajak ber NPWP", "abbreviation"),
            ("Kebutuhan pangan", "capital"),
            ("kebutuhan Pangan", "capital"),
            ("dan Pangan", "capital"),
        ],
    )
    def test_bad_names_are_told_by_rule(self, name: str, rule: str) -> None:
        assert rule in rules(name)

    def test_region_is_found_in_any_case_as_whole_words(self) -> None:
        assert rules("Penduduk Kayan Hilir", regions=["Kayan Hilir"]) == ["region"]
        assert rules("Penduduk Sintangan", regions=["Sintang"]) == []

    def test_longest_region_is_named(self) -> None:
        (problem,) = lint("Penduduk Sungai Tebelian", regions=["Sungai", "Sungai Tebelian"])
        assert problem.found == "Sungai Tebelian"

    def test_name_of_the_national_standard_is_right_as_it_is(self) -> None:
        assert rules("Jarak tanam", standard=["Jarak tanam"]) == []

    def test_taken_even_if_standard(self) -> None:
        assert rules("Penduduk", standard=["Penduduk"], taken=["PENDUDUK"]) == ["taken"]

    def test_suggestions_pass_the_lint(self) -> None:
        (ukuran,) = lint("Rata-rata Konsumsi Makanan")
        (capital,) = lint("Kebutuhan pangan dan gizi")
        assert ukuran.suggestion == "Konsumsi Makanan"
        assert capital.suggestion == "Kebutuhan Pangan dan Gizi"

    def test_all_broken_rules_are_told_at_once(self) -> None:
        assert rules("Jumlah pnddk. Sintang", regions=["Sintang"]) == [
            "period",
            "ukuran",
            "region",
            "capital",
        ]
