"""Guessing tables with a column per year, good, sex or indicator."""

from __future__ import annotations

import pytest

from ckanext.satudata.consistency.vocabulary import CodeBook

from .books import book
from .guess_tables import CODES, MONTHS, NAMES, average, number, people, sheet
from .guessed import (
    AREA,
    GOODS,
    NEEDS,
    POOR,
    PRICE,
    REGISTERED,
    SPENT,
    asked,
    look,
)


@pytest.fixture(scope="module")
def reference() -> CodeBook:
    return book()


class TestWideTables:
    def test_years_below_one_heading(self, reference: CodeBook) -> None:
        own, extra, found = look(
            sheet(
                [
                    ["Persentase Penduduk Miskin (%)"],
                    ["Kecamatan", "Tahun"],
                    [None, "2022", "2023", "2024"],
                    *[[n, "7,1", "6,9", "6,5"] for n in NAMES],
                ]
            ),
            reference,
        )
        assert own == {
            "Kecamatan": "wilayah",
            "Tahun / 2022": "wide periode=2022",
            "Tahun / 2023": "wide periode=2023",
            "Tahun / 2024": "wide periode=2024",
        }
        assert extra == {"periode": "periode", "nilai": f"measure {POOR} persen"}
        assert (found.declaration.header_row, found.declaration.header_rows) == (2, 2)
        assert found.complete

    def test_months_with_the_year_in_the_title(self, reference: CodeBook) -> None:
        own, extra, found = look(
            sheet(
                [
                    ["Harga Eceran Bahan Pokok di Kabupaten Sintang Tahun 2025 (Rp/kg)"],
                    ["No", "Komoditas", *MONTHS, "Rata-rata"],
                    *[
                        [i + 1, g, *[number(i, j) for j in range(12)], average(i, 12)]
                        for i, g in enumerate(GOODS)
                    ],
                ]
            ),
            reference,
        )
        assert own["Januari"] == "wide bulan=01"
        assert own["Desember"] == "wide bulan=12"
        assert own["Rata-rata"] == "ignore"
        assert extra == {
            "bulan": "bulan",
            "nilai": f"measure {PRICE} rupiah-per-kg",
            "tahun": "tahun =2025",
            "wilayah": "wilayah =61.05",
        }
        assert found.complete

    def test_months_as_columns_and_years_as_rows(self, reference: CodeBook) -> None:
        short = [m[:3] for m in MONTHS]
        own, extra, _ = look(
            sheet(
                [
                    ["Realisasi Anggaran (juta rupiah)"],
                    ["Tahun", *short],
                    *[[str(y), *[number(y, j) for j in range(12)]] for y in (2023, 2024, 2025)],
                ]
            ),
            reference,
        )
        assert own["Tahun"] == "tahun"
        assert own["Mei"] == "wide bulan=05"
        assert extra["nilai"] == f"measure {SPENT} juta-rupiah"

    def test_a_yearly_sum_beside_months_is_asked_about(self, reference: CodeBook) -> None:
        own, _, found = look(
            sheet(
                [
                    ["Realisasi Anggaran Kabupaten Sintang Tahun 2025 (Rupiah)"],
                    ["Uraian", *MONTHS, "Jumlah"],
                    ["Belanja", *[number(3, j) for j in range(13)]],
                    ["Modal", *[number(4, j) for j in range(13)]],
                ]
            ),
            reference,
        )
        assert own["Jumlah"] == "ignore"
        assert ("jumlah-setahun", "Jumlah") in asked(found)

    def test_sexes_with_their_sum_and_numbered_columns(self, reference: CodeBook) -> None:
        own, extra, found = look(
            sheet(
                [
                    ["Jumlah Penduduk Terdaftar Menurut Kecamatan dan Jenis Kelamin, 2024"],
                    [],
                    ["No", "Kode", "Kecamatan", "Jenis Kelamin", None, "Jumlah"],
                    [None, None, None, "Laki-laki", "Perempuan", None],
                    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
                    *[
                        [i + 1, c, n, people(i), people(i, 1), people(i, 2)]
                        for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
                    ],
                ]
            ),
            reference,
        )
        assert own == {
            "No": "ignore",
            "Kode": "wilayah kemendagri",
            "Kecamatan": "label Kode",
            "Jenis Kelamin / Laki-laki": "wide jenis_kelamin=L",
            "Jenis Kelamin / Perempuan": "wide jenis_kelamin=P",
            "Jumlah": "wide jenis_kelamin=_T",
        }
        assert extra["nilai"] == f"measure {REGISTERED} orang"
        assert found.declaration.header_rows == 3
        assert found.complete

    def test_sexes_within_years(self, reference: CodeBook) -> None:
        own, _, found = look(
            sheet(
                [
                    ["Penduduk Terdaftar Kabupaten Sintang"],
                    ["Kode", "Kecamatan", "2023", None, None, "2024", None, None],
                    [None, None, "L", "P", "L+P", "L", "P", "L+P"],
                    *[
                        [c, n, *[people(i, j) for j in range(6)]]
                        for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
                    ],
                ]
            ),
            reference,
        )
        assert own["2023 / P"] == "wide jenis_kelamin=P periode=2023"
        assert own["2024 / L+P"] == "wide jenis_kelamin=_T periode=2024"
        assert found.complete

    def test_goods_as_columns(self, reference: CodeBook) -> None:
        own, extra, _ = look(
            sheet(
                [
                    ["Tanggal", *GOODS],
                    *[[f"2025-07-{d:02d}", "13.500", "17.500", "30.000"] for d in range(1, 9)],
                ]
            ),
            reference,
            title="Harga Eceran Bahan Pokok Kabupaten Sintang",
        )
        assert own["Gula Konsumsi"] == "wide komoditas=gula"
        assert extra["nilai"] == f"measure {PRICE} rupiah-per-kg"
        assert extra["wilayah"] == "wilayah =61.05"

    def test_several_measures_over_years(self, reference: CodeBook) -> None:
        own, extra, found = look(
            sheet(
                [
                    ["Kecamatan", "Luas Wilayah (km2)", None, "Penduduk Terdaftar (jiwa)", None],
                    [None, "2023", "2024", "2023", "2024"],
                    *[
                        [n, number(i), number(i), people(i), people(i, 1)]
                        for i, n in enumerate(NAMES)
                    ],
                ]
            ),
            reference,
        )
        assert own["Luas Wilayah (km2) / 2023"] == f"wide indikator={AREA} periode=2023 km2"
        assert (
            own["Penduduk Terdaftar (jiwa) / 2024"]
            == f"wide indikator={REGISTERED} periode=2024 orang"
        )
        assert extra["nilai"] == "measure None None"
        assert found.complete

    def test_year_inside_the_header_text(self, reference: CodeBook) -> None:
        own, extra, _ = look(
            sheet(
                [
                    ["Kode", "Luas Wilayah 2023 (km2)", "Luas Wilayah 2024 (km2)"],
                    *[[c, number(i), number(i, 1)] for i, c in enumerate(CODES)],
                ]
            ),
            reference,
        )
        assert own["Luas Wilayah 2024 (km2)"] == "wide periode=2024"
        assert extra["nilai"] == f"measure {AREA} km2"

    def test_quarters_below_a_year(self, reference: CodeBook) -> None:
        own, extra, _ = look(
            sheet(
                [
                    ["Realisasi Anggaran per Kecamatan Tahun 2025 (Rp)"],
                    ["Kecamatan", "Triwulan", None, None, None],
                    [None, "I", "II", "III", "IV"],
                    *[[n, *[number(i, j) for j in range(4)]] for i, n in enumerate(NAMES)],
                ]
            ),
            reference,
        )
        assert own["Triwulan / III"] == "wide triwulan=3"
        assert extra["tahun"] == "tahun =2025"
        assert extra["nilai"] == f"measure {SPENT} rupiah"


class TestSeveralMeasures:
    def test_a_column_per_indicator(self, reference: CodeBook) -> None:
        own, extra, found = look(
            sheet(
                [
                    ["Kecamatan dalam Angka 2024"],
                    [
                        "Kode",
                        "Kecamatan",
                        "Luas Wilayah (km2)",
                        "Penduduk Terdaftar (jiwa)",
                        "Persentase Penduduk Miskin",
                    ],
                    *[
                        [c, n, number(i), people(i), "7,2"]
                        for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
                    ],
                ]
            ),
            reference,
        )
        assert own["Luas Wilayah (km2)"] == f"measure {AREA} km2"
        assert own["Penduduk Terdaftar (jiwa)"] == f"measure {REGISTERED} orang"
        assert own["Persentase Penduduk Miskin"] == f"measure {POOR} persen"
        assert extra == {"periode": "periode =2024"}
        assert found.complete

    def test_a_line_of_units_below_the_names(self, reference: CodeBook) -> None:
        own, _, _ = look(
            sheet(
                [
                    ["Tahun 2024"],
                    ["Kecamatan", "Luas Wilayah", "Kebutuhan Gula Konsumsi"],
                    [None, "(ha)", "(kg)"],
                    *[[n, number(i), number(i, 1)] for i, n in enumerate(NAMES)],
                ]
            ),
            reference,
        )
        assert own["Luas Wilayah / (ha)"] == f"wide indikator={AREA} ha"
        assert own["Kebutuhan Gula Konsumsi / (kg)"] == f"wide indikator={NEEDS} komoditas=gula kg"

    def test_codes_of_indicators_as_headers(self, reference: CodeBook) -> None:
        own, _, _ = look(
            sheet(
                [
                    ["Kode", "Tahun", "SD00282.01 (jiwa)", "LOK.LUAS_WILAYAH (km2)"],
                    *[[c, "2024", people(i), number(i)] for i, c in enumerate(CODES)],
                ]
            ),
            reference,
        )
        assert own["SD00282.01 (jiwa)"] == "measure SD00282.01 orang"
        assert own["LOK.LUAS_WILAYAH (km2)"] == f"measure {AREA} km2"

    def test_an_indicator_per_row(self, reference: CodeBook) -> None:
        own, extra, found = look(
            sheet(
                [
                    ["Indikator Kunci Kabupaten Sintang"],
                    ["No", "Indikator", "Satuan", "2023", "2024"],
                    [1, "Persentase Penduduk Miskin", "persen", "9,1", "8,9"],
                    [2, "LOK.LUAS_WILAYAH", "km2", "21.638,2", "21.638,2"],
                ]
            ),
            reference,
        )
        assert own["Indikator"] == "indikator"
        assert own["Satuan"] == "satuan"
        assert extra["nilai"] == "measure None None"
        assert own["2024"] == "wide periode=2024"
        assert found.complete

    def test_indicators_nobody_knows_are_asked_about(self, reference: CodeBook) -> None:
        _, _, found = look(
            sheet(
                [
                    ["No", "Uraian", "Satuan", "2024"],
                    [1, "Panjang jembatan", "unit", "12"],
                    [2, "Bantuan benih", "kg", "300"],
                ]
            ),
            reference,
        )
        assert all(m.indicator is None for m in found.declaration.measures)
        assert any(code.startswith("indikator") for code, _ in asked(found))
