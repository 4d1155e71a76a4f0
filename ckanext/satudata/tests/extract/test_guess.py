"""Guessing declarations of tables as Indonesian agencies make them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ckanext.satudata.consistency.findings import Severity
from ckanext.satudata.consistency.vocabulary import Code, CodeBook
from ckanext.satudata.extract.declaration import Declaration, Field, Role, parse, serialise
from ckanext.satudata.extract.guessing import Guess, guess
from ckanext.satudata.extract.observations import extract_table
from ckanext.satudata.extract.raw import RawTable

from .books import book
from .guess_tables import BPS, CODES, MONTHS, NAMES, average, number, people, sheet

NEEDS = "LOK.KEBUTUHAN_PANGAN"
PRICE = "LOK.HARGA_ECERAN"
REGISTERED = "SD00282.02"
POOR = "SD00893.01-persen"
AREA = "LOK.LUAS_WILAYAH"
SPENT = "LOK.REALISASI_ANGGARAN"

GOODS = ("Beras Medium", "Gula Konsumsi", "Telur Ayam Ras")


@pytest.fixture(scope="module")
def reference() -> CodeBook:
    return book()


def said(f: Field) -> str:
    """A field in a few letters, for comparing."""
    if f.normalize:
        values = [f"{k}={v}" for k, v in sorted(f.normalize.items())]
        return " ".join(["wide", *values, *([f.unit] if f.unit else [])])
    if f.role is Role.DIMENSION:
        return " ".join(filter(None, (f.concept, f.scheme, f"={f.constant}" if f.constant else "")))
    if f.role is Role.MEASURE:
        return f"measure {f.indicator} {f.unit}"
    if f.role is Role.LABEL:
        return f"label {f.of}"
    return (
        f.concept if f.role is Role.ATTRIBUTE and f.concept else str(f.role.value if f.role else "")
    )


def columns(declaration: Declaration) -> dict[str, str]:
    return {f.name: said(f) for f in declaration.fields}


def extras(declaration: Declaration) -> dict[str, str]:
    return {f.name: said(f) for f in declaration.extra}


def asked(found: Guess) -> set[tuple[str, str | None]]:
    return {(q["code"], q["field"]) for q in found.questions}


def look(
    table: RawTable, reference: CodeBook, **hints: Any
) -> tuple[dict[str, str], dict[str, str], Guess]:
    found = guess(table, reference, hints=hints)
    # Whatever is proposed can be kept and read again.
    assert parse(serialise(found.declaration)) == found.declaration
    if found.complete:
        # What needs no question must be readable as it is.
        read = extract_table(table, found.declaration, reference)
        assert [p for p in read.problems if p.severity is Severity.ERROR] == []
        assert sum(map(len, read.figures)) > 0
    return columns(found.declaration), extras(found.declaration), found


class TestTidyTables:
    def test_codes_names_item_and_year(self, reference: CodeBook) -> None:
        rows = [
            [c, n, "Beras Medium", "2025", number(i)]
            for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
        ]
        own, extra, found = look(
            sheet(
                [["Kode Kecamatan", "Kecamatan", "Komoditas", "Tahun", "Kebutuhan (ton)"], *rows]
            ),
            reference,
        )
        assert own == {
            "Kode Kecamatan": "wilayah kemendagri",
            "Kecamatan": "label Kode Kecamatan",
            "Komoditas": "komoditas",
            "Tahun": "periode",
            "Kebutuhan (ton)": f"measure {NEEDS} ton",
        }
        assert extra == {}
        assert found.complete

    def test_bps_codes(self, reference: CodeBook) -> None:
        rows = [[c, n, "2024", "7,1"] for c, n in zip(BPS, NAMES, strict=True)]
        own, _, found = look(
            sheet([["Kode", "Nama Kecamatan", "Tahun", "Persentase Penduduk Miskin (%)"], *rows]),
            reference,
        )
        assert own["Kode"] == "wilayah bps"
        assert own["Persentase Penduduk Miskin (%)"] == f"measure {POOR} persen"
        assert found.complete

    def test_both_schemes_side_by_side(self, reference: CodeBook) -> None:
        rows = [
            [c, b, n, "2024", number(i)]
            for i, (c, b, n) in enumerate(zip(CODES, BPS, NAMES, strict=True))
        ]
        own, _, _ = look(
            sheet(
                [
                    ["kode_kemendagri", "kode_bps", "nama_kecamatan", "tahun", "luas_wilayah_km2"],
                    *rows,
                ]
            ),
            reference,
        )
        assert own == {
            "kode_kemendagri": "wilayah kemendagri",
            "kode_bps": "ignore",
            "nama_kecamatan": "label kode_kemendagri",
            "tahun": "periode",
            "luas_wilayah_km2": f"measure {AREA} km2",
        }

    def test_open_data_columns_of_every_level(self, reference: CodeBook) -> None:
        rows = [
            ["61", "KALIMANTAN BARAT", "61.05", "SINTANG", c, n.upper(), number(i), "KM2", "2024"]
            for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
        ]
        header = [
            "kode_provinsi",
            "nama_provinsi",
            "kode_kabupaten_kota",
            "nama_kabupaten_kota",
            "kode_kecamatan",
            "nama_kecamatan",
            "luas_wilayah",
            "satuan",
            "tahun",
        ]
        own, _, found = look(sheet([header, *rows]), reference)
        assert own["kode_kecamatan"] == "wilayah kemendagri"
        assert own["nama_kecamatan"] == "label kode_kecamatan"
        assert {own[h] for h in header[:4]} == {"ignore"}
        assert own["luas_wilayah"] == f"measure {AREA} None"
        assert own["satuan"] == "satuan"
        assert found.complete

    def test_year_and_month_in_two_columns(self, reference: CodeBook) -> None:
        rows = [["2025", m, g, "13.500", "sementara"] for m in MONTHS for g in GOODS]
        own, extra, found = look(
            sheet(
                [
                    ["Harga Eceran di Kabupaten Sintang"],
                    ["Tahun", "Bulan", "Komoditas", "Harga (Rp/kg)", "Status"],
                    *rows,
                ]
            ),
            reference,
        )
        assert own == {
            "Tahun": "tahun",
            "Bulan": "bulan",
            "Komoditas": "komoditas",
            "Harga (Rp/kg)": f"measure {PRICE} rupiah-per-kg",
            "Status": "status",
        }
        assert extra == {"wilayah": "wilayah =61.05"}
        assert found.complete

    def test_quarters_as_roman_numbers(self, reference: CodeBook) -> None:
        rows = [
            ["2025", q, str(i), "1.250.000.000"] for i, q in enumerate(("I", "II", "III", "IV"))
        ]
        own, _, _ = look(
            sheet([["Tahun", "Triwulan", "No", "Realisasi Anggaran (Rp)"], *rows]), reference
        )
        assert own == {
            "Tahun": "tahun",
            "Triwulan": "triwulan",
            "No": "ignore",
            "Realisasi Anggaran (Rp)": f"measure {SPENT} rupiah",
        }

    def test_dates_of_daily_prices(self, reference: CodeBook) -> None:
        rows = [[f"2025-07-{d:02d}", g, "14.000"] for d in range(1, 8) for g in GOODS]
        own, _, found = look(
            sheet([["Tanggal", "Nama Bahan Pokok", "Harga Eceran (Rp/kg)"], *rows]), reference
        )
        assert own["Tanggal"] == "periode"
        assert own["Nama Bahan Pokok"] == "komoditas"
        assert asked(found) == {("wilayah-diasumsikan", "wilayah")}

    def test_code_and_name_of_items(self, reference: CodeBook) -> None:
        rows = [
            [c, "beras-medium", "Beras Medium", "2025", number(i), "kg"]
            for i, c in enumerate(CODES)
        ]
        own, _, _ = look(
            sheet(
                [
                    [
                        "Kode Wilayah",
                        "Kode Komoditas",
                        "Komoditas",
                        "Tahun",
                        "Kebutuhan Pangan",
                        "Satuan",
                    ],
                    *rows,
                ]
            ),
            reference,
        )
        assert own["Kode Komoditas"] == "komoditas"
        assert own["Komoditas"] == "label Kode Komoditas"
        assert own["Satuan"] == "satuan"
        assert own["Kebutuhan Pangan"] == f"measure {NEEDS} None"

    def test_desa_below_kecamatan(self, reference: CodeBook) -> None:
        rows = [
            ["61.05.01", "Sintang", "61.05.01.1001", "Ladang", "2024", "1.204"],
            ["61.05.01", "Sintang", "61.05.01.1003", "Tanjung Puri", "2024", "2.310"],
            ["61.05.07", "Dedai", "61.05.07.2001", "Dedai Kanan", "2024", "980"],
        ]
        own, _, _ = look(
            sheet(
                [
                    [
                        "Kode Kec",
                        "Kecamatan",
                        "Kode Desa",
                        "Desa/Kelurahan",
                        "Tahun",
                        "Penduduk Terdaftar (jiwa)",
                    ],
                    *rows,
                ]
            ),
            reference,
        )
        assert own == {
            "Kode Kec": "ignore",
            "Kecamatan": "ignore",
            "Kode Desa": "wilayah kemendagri",
            "Desa/Kelurahan": "label Kode Desa",
            "Tahun": "periode",
            "Penduduk Terdaftar (jiwa)": f"measure {REGISTERED} orang",
        }

    def test_identifiers_and_notes_are_left_out(self, reference: CodeBook) -> None:
        rows = [
            [str(i + 1), c, "-0,0712", "111,4921", "2024", number(i), "data lapangan"]
            for i, c in enumerate(CODES)
        ]
        own, _, found = look(
            sheet(
                [
                    [
                        "No.",
                        "Kode",
                        "Latitude",
                        "Longitude",
                        "Tahun",
                        "Luas Wilayah (km2)",
                        "Keterangan",
                    ],
                    *rows,
                ]
            ),
            reference,
        )
        assert {k for k, v in own.items() if v == "ignore"} == {
            "No.",
            "Latitude",
            "Longitude",
            "Keterangan",
        }
        assert found.complete


class TestTitlesAndNotes:
    def test_title_lines_say_item_place_and_year(self, reference: CodeBook) -> None:
        own, extra, found = look(
            sheet(
                [
                    ["KEBUTUHAN BERAS MEDIUM MENURUT KECAMATAN"],
                    ["DI KABUPATEN SINTANG TAHUN 2025"],
                    [],
                    ["No", "Kecamatan", "Kebutuhan (Ton)"],
                    *[[i + 1, n, number(i)] for i, n in enumerate(NAMES)],
                    [None, "Jumlah", "99.999,0"],
                    [],
                    ["Sumber: Dinas Ketahanan Pangan dan Perikanan"],
                    ["*) Angka sementara"],
                ]
            ),
            reference,
        )
        assert own == {
            "No": "ignore",
            "Kecamatan": "wilayah",
            "Kebutuhan (Ton)": f"measure {NEEDS} ton",
        }
        assert extra == {"komoditas": "komoditas =beras-medium", "periode": "periode =2025"}
        assert found.declaration.header_row == 4
        assert found.complete

    @pytest.mark.parametrize(
        ("title", "meant"),
        [
            ("Tabel 3.1 Kebutuhan Gula Merah Menurut Kecamatan", "gula-merah"),
            ("Tabel 3.1 Kebutuhan Gula Menurut Kecamatan", "gula"),
            ("Tabel 3.1 Kebutuhan Beras Medium Menurut Kecamatan", "gula"),
        ],
    )
    def test_a_title_says_more_exactly_what_the_header_names(
        self, reference: CodeBook, title: str, meant: str
    ) -> None:
        goods = reference.codelists["komoditas"]
        sugar = Code("gula", 9, "Gula"), Code("gula-merah", 10, "Gula Merah", parent="gula")
        goods = replace(goods, codes={**goods.codes, **{c.code: c for c in sugar}})
        table = sheet(
            [
                [title],
                ["Kode", "Tahun", "Kebutuhan Gula (ton)"],
                *[[c, "2025", number(i)] for i, c in enumerate(CODES)],
            ]
        )
        book = replace(reference, codelists={**reference.codelists, "komoditas": goods})
        _, extra, _ = look(table, book)
        assert extra["komoditas"] == f"komoditas ={meant}"

    def test_a_title_settles_which_of_several_a_header_names(self, reference: CodeBook) -> None:
        table = [
            ["Kode", "Tahun", "Kebutuhan Beras (ton)"],
            *[[c, "2025", number(i)] for i, c in enumerate(CODES)],
        ]
        _, _, found = look(sheet(table), reference)
        assert ("dimensi-belum-pasti", "Kebutuhan Beras (ton)") in asked(found)
        _, extra, found = look(sheet([["Kebutuhan Beras Medium"], *table]), reference)
        assert extra["komoditas"] == "komoditas =beras-medium"
        assert found.complete

    def test_unit_in_brackets_below_the_title(self, reference: CodeBook) -> None:
        own, _, found = look(
            sheet(
                [
                    ["Kebutuhan Gula Konsumsi Tahun 2025"],
                    ["(dalam kuintal)"],
                    ["Kode", "Kecamatan", "Jumlah"],
                    *[[c, n, number(i)] for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))],
                ]
            ),
            reference,
        )
        assert own["Jumlah"] == f"measure {NEEDS} kuintal"
        assert found.complete

    def test_captions_of_word_and_value(self, reference: CodeBook) -> None:
        own, extra, _ = look(
            sheet(
                [
                    ["Rekap Luas Wilayah"],
                    ["Kabupaten", ":", "Sintang"],
                    ["Tahun", ":", "2023"],
                    [],
                    ["No", "Kecamatan", "Luas Wilayah (Km2)", "Ket"],
                    *[[i + 1, n, number(i), None] for i, n in enumerate(NAMES)],
                ]
            ),
            reference,
        )
        assert own["Kecamatan"] == "wilayah"
        assert own["Luas Wilayah (Km2)"] == f"measure {AREA} km2"
        assert extra == {"periode": "periode =2023"}

    def test_year_in_the_file_name_only(self, reference: CodeBook) -> None:
        _, extra, found = look(
            sheet(
                [
                    ["kecamatan", "luas wilayah (km2)"],
                    *[[n, number(i)] for i, n in enumerate(NAMES)],
                ],
                name="luas_wilayah_2022_final.csv",
            ),
            reference,
        )
        assert extra == {"periode": "periode =2022"}
        assert found.complete

    def test_a_date_beside_the_year_only_says_when_it_was_taken(self, reference: CodeBook) -> None:
        _, extra, _ = look(
            sheet(
                [
                    ["Jumlah Penduduk Terdaftar Tahun 2024 (Keadaan 31 Desember 2024)"],
                    ["Kode", "Jumlah"],
                    *[[c, people(i)] for i, c in enumerate(CODES)],
                ]
            ),
            reference,
        )
        assert extra["periode"] == "periode =2024"

    def test_month_in_the_title(self, reference: CodeBook) -> None:
        _, extra, _ = look(
            sheet(
                [
                    ["Harga Eceran Bahan Pokok Bulan Juli 2025 di Kabupaten Sintang"],
                    ["No", "Komoditas", "Harga (Rp/kg)"],
                    *[[i + 1, g, "17.500"] for i, g in enumerate(GOODS)],
                ]
            ),
            reference,
        )
        assert extra == {"periode": "periode =2025-07", "wilayah": "wilayah =61.05"}

    def test_one_sheet_per_kecamatan(self, reference: CodeBook) -> None:
        _, extra, found = look(
            sheet(
                [
                    ["Komoditas", "2024", "2025"],
                    *[[g, number(i), number(i, 1)] for i, g in enumerate(GOODS)],
                ],
                tab="Kec. Sepauk",
                name="Kebutuhan Pangan (ton).xlsx",
            ),
            reference,
        )
        assert extra["wilayah"] == "wilayah =61.05.03"
        assert ("wilayah-diasumsikan", "wilayah") not in asked(found)

    def test_a_kecamatan_named_in_the_title(self, reference: CodeBook) -> None:
        _, extra, _ = look(
            sheet(
                [
                    ["Kebutuhan Pangan Kecamatan Ketungau Hulu Kabupaten Sintang Tahun 2025 (ton)"],
                    ["Komoditas", "Kebutuhan"],
                    *[[g, number(i)] for i, g in enumerate(GOODS)],
                ]
            ),
            reference,
        )
        assert extra["wilayah"] == "wilayah =61.05.06"


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


class TestWhatIsNotCertainIsAsked:
    def test_one_konsep_two_definitions(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Jumlah Penduduk Kabupaten Sintang 2024"],
                ["Kode", "Kecamatan", "Jumlah Penduduk (jiwa)"],
                *[[c, n, people(i)] for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))],
            ]
        )
        own, _, found = look(table, reference)
        assert own["Jumlah Penduduk (jiwa)"] == "measure None orang"
        (question,) = found.questions
        assert question["code"] == "indikator-mirip"
        assert {c["value"] for c in question["candidates"]} >= {"SD00282.01", REGISTERED}

    @pytest.mark.parametrize("code", ["SD00282.01", REGISTERED])
    def test_the_mandate_settles_definitions(self, reference: CodeBook, code: str) -> None:
        indicators = {
            **reference.indicators,
            code: replace(reference.indicators[code], producer="org-1"),
        }
        table = sheet(
            [
                ["Kode", "Tahun", "Jumlah Penduduk (jiwa)"],
                *[[c, "2024", people(i)] for i, c in enumerate(CODES)],
            ]
        )
        own, _, found = look(table, replace(reference, indicators=indicators), organization="org-1")
        assert own["Jumlah Penduduk (jiwa)"] == f"measure {code} orang"
        assert "indikator-dari-mandat" in {r["code"] for r in found.reasons}

    def test_the_dataset_names_its_indicator(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Kode", "Tahun", "Penduduk (jiwa)"],
                *[[c, "2024", people(i)] for i, c in enumerate(CODES)],
            ]
        )
        own, _, found = look(table, reference, indicators=[REGISTERED])
        assert own["Penduduk (jiwa)"] == f"measure {REGISTERED} orang"
        assert found.complete

    @pytest.mark.parametrize(
        "header",
        [
            "Penduduk Miskin (jiwa)",
            "Kepadatan Penduduk",
            "Laju Pertumbuhan Penduduk (%)",
            "Luas Panen (ha)",
            "Luas Hutan (km2)",
            "Pagu Anggaran (Rp)",
            "Harga Produsen (Rp/kg)",
            "Stok (ton)",
            "Produksi Beras (ton)",
            "Jumlah Desa",
            "Jumlah Sekolah",
            "Jumlah Penduduk Terdaftar Meninggal",
            "Kolom X",
        ],
    )
    def test_similar_names_are_no_match(self, reference: CodeBook, header: str) -> None:
        table = sheet(
            [["Kode", "Tahun", header], *[[c, "2024", number(i)] for i, c in enumerate(CODES)]]
        )
        _, _, found = look(table, reference)
        assert [m.indicator for m in found.declaration.measures] == [None]
        assert any(field == header for _, field in asked(found))

    @pytest.mark.parametrize(
        ("title", "header"),
        [
            ("Jumlah Penduduk Terdaftar Miskin Menurut Kecamatan 2024", "Penduduk Terdaftar"),
            ("Luas Wilayah Tergenang Banjir 2024", "Luas Wilayah (ha)"),
            ("Realisasi Anggaran Pendapatan 2024", "Realisasi Anggaran (Rp)"),
        ],
    )
    def test_a_title_that_narrows_the_header(
        self, reference: CodeBook, title: str, header: str
    ) -> None:
        table = sheet([[title], ["Kode", header], *[[c, number(i)] for i, c in enumerate(CODES)]])
        _, _, found = look(table, reference)
        assert [m.indicator for m in found.declaration.measures] == [None]

    def test_a_unit_of_another_quantity_excludes_an_indicator(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Kode", "Tahun", "Luas Wilayah (ton)"],
                *[[c, "2024", number(i)] for i, c in enumerate(CODES)],
            ]
        )
        _, _, found = look(table, reference)
        assert found.declaration.measures[0].indicator is None
        assert AREA not in {c["value"] for q in found.questions for c in q["candidates"]}

    def test_a_missing_unit_is_asked_for(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Kode", "Tahun", "Komoditas", "Kebutuhan Pangan"],
                *[[c, "2025", "Gula Konsumsi", number(i)] for i, c in enumerate(CODES)],
            ]
        )
        own, _, found = look(table, reference)
        assert own["Kebutuhan Pangan"] == f"measure {NEEDS} ton"
        assert asked(found) == {("satuan-belum-pasti", "Kebutuhan Pangan")}
        assert next(c["value"] for c in found.questions[0]["candidates"]) == "ton"

    def test_people_are_counted_one_by_one(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Kode", "Tahun", "Penduduk Terdaftar"],
                *[[c, "2024", people(i)] for i, c in enumerate(CODES)],
            ]
        )
        _, _, found = look(table, reference)
        assert found.complete

    def test_a_shared_name_of_items_is_asked_about(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Kebutuhan Beras Tahun 2025"],
                ["Kode", "Kebutuhan (ton)"],
                *[[c, number(i)] for i, c in enumerate(CODES)],
            ]
        )
        _, _, found = look(table, reference)
        (question,) = found.questions
        assert question["code"] == "dimensi-belum-pasti"
        assert [c["value"] for c in question["candidates"]] == [
            "beras-medium",
            "beras-premium",
            "_T",
        ]

    def test_a_price_without_its_good_is_asked_about(self, reference: CodeBook) -> None:
        table = sheet(
            [["Kode", "Tahun", "Harga Eceran (Rp/kg)"], *[[c, "2025", "13.000"] for c in CODES]]
        )
        _, _, found = look(table, reference)
        assert ("dimensi-belum-pasti", "Harga Eceran (Rp/kg)") in asked(found)

    def test_a_period_that_is_nowhere_is_asked_for(self, reference: CodeBook) -> None:
        table = sheet(
            [["Kode", "Luas Wilayah (km2)"], *[[c, number(i)] for i, c in enumerate(CODES)]]
        )
        _, extra, found = look(table, reference)
        assert extra == {"periode": "periode"}
        assert ("periode-tidak-ada", "periode") in asked(found)

    def test_a_range_of_years_is_no_period(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Luas Wilayah Tahun 2020-2024"],
                ["Kode", "Luas Wilayah (km2)"],
                *[[c, number(i)] for i, c in enumerate(CODES)],
            ]
        )
        _, extra, found = look(table, reference)
        assert extra == {"periode": "periode"}
        assert ("periode-tidak-ada", "periode") in asked(found)

    def test_months_without_any_year(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Kode", *MONTHS],
                *[[c, *[number(i, j) for j in range(12)]] for i, c in enumerate(CODES)],
            ]
        )
        _, extra, found = look(table, reference)
        assert extra["tahun"] == "tahun"
        assert ("tahun-tidak-ada", "tahun") in asked(found)

    def test_codes_without_their_dots(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Kode Kecamatan", "Tahun", "Luas Wilayah (km2)"],
                *[[c.replace(".", ""), "2024", number(i)] for i, c in enumerate(CODES)],
            ]
        )
        own, _, found = look(table, reference)
        assert own["Kode Kecamatan"] == "wilayah kemendagri"
        assert ("kode-tanpa-titik", "Kode Kecamatan") in asked(found)

    def test_two_columns_for_one_object(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["Kode", "Tahun", "Luas Wilayah Awal (km2)", "Luas Wilayah Akhir (km2)"],
                *[[c, "2024", number(i), number(i, 1)] for i, c in enumerate(CODES)],
            ]
        )
        _, _, found = look(table, reference)
        assert [m.indicator for m in found.declaration.measures] == [None, None]
        assert {code for code, _ in asked(found)} == {"indikator-ganda"}

    def test_rows_that_nothing_tells_apart(self, reference: CodeBook) -> None:
        rows = [
            [f"2025-07-{d:02d}", market, "Gula Konsumsi", "17.500"]
            for d in range(1, 8)
            for market in ("Pasar Masuka", "Pasar Inpres", "Pasar Durian")
        ]
        _, _, found = look(
            sheet([["Tanggal", "Pasar", "Komoditas", "Harga Eceran (Rp/kg)"], *rows]), reference
        )
        (question,) = [q for q in found.questions if q["code"] == "baris-berulang"]
        assert question["params"]["rows"] == 14
        assert [c["value"] for c in question["candidates"]] == ["Pasar"]

    def test_a_list_without_figures(self, reference: CodeBook) -> None:
        _, _, found = look(
            sheet(
                [
                    ["Nama Pasar", "Alamat"],
                    ["Pasar Masuka", "Jl. Lintas"],
                    ["Pasar Inpres", "Jl. Raya"],
                ]
            ),
            reference,
        )
        assert found.declaration.measures == ()
        assert ("tanpa-angka", None) in asked(found)

    def test_an_empty_sheet(self, reference: CodeBook) -> None:
        _, _, found = look(sheet([[None]]), reference)
        assert ("kepala-belum-pasti", None) in asked(found)

    def test_figures_without_a_header(self, reference: CodeBook) -> None:
        _, _, found = look(sheet([[c, number(i)] for i, c in enumerate(CODES)]), reference)
        assert ("kepala-belum-pasti", None) in asked(found)
        assert all(m.indicator is None for m in found.declaration.measures)


class TestGuess:
    def test_a_dimension_has_the_name_its_indicator_gives_it(self, reference: CodeBook) -> None:
        needs = reference.indicators[NEEDS]
        renamed = replace(needs, dimensions=(replace(needs.dimensions[0], name="barang"),))
        other = replace(reference, indicators={**reference.indicators, NEEDS: renamed})
        rows = [[c, "Gula Konsumsi", "2025", number(i)] for i, c in enumerate(CODES)]
        table = sheet([["Kode", "Komoditas", "Tahun", "Kebutuhan Pangan (ton)"], *rows])
        own, _, found = look(table, other)
        assert own["Komoditas"] == "barang"
        assert found.declaration.fields[1].codelist == "komoditas"

    def test_the_portal_s_own_template_needs_no_guessing(self, reference: CodeBook) -> None:
        header = ["kode_wilayah", "nama_wilayah", "periode", "nilai", "satuan", "status", "catatan"]
        table = sheet([header, ["61.05.01", "Sintang", "2025", "5", "Km2", "", ""]], tab=AREA)
        own, extra, found = look(table, reference)
        assert own["nilai"] == f"measure {AREA} None"
        assert own["kode_wilayah"] == "wilayah kemendagri"
        assert (extra, found.complete) == ({}, True)

    def test_every_field_has_its_reason(self, reference: CodeBook) -> None:
        table = sheet(
            [
                ["No", "Kode", "Kecamatan", "Tahun", "Luas Wilayah (km2)", "Ket"],
                *[
                    [i + 1, c, n, "2024", number(i), None]
                    for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
                ],
            ]
        )
        found = guess(table, reference)
        names = {f.name for f in found.declaration.fields}
        assert {r["field"] for r in found.reasons} == names
        assert set(found.confidence) == names
        assert all(0 <= c <= 1 for c in found.confidence.values())

    def test_is_the_same_each_time(self, reference: CodeBook) -> None:
        table = sheet(
            [["Kode", "Tahun", "Nilai"], *[[c, "2024", number(i)] for i, c in enumerate(CODES)]]
        )
        assert guess(table, reference).as_dict() == guess(table, book()).as_dict()
