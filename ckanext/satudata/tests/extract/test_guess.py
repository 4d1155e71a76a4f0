"""Guessing declarations of tables as Indonesian agencies make them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract.guessing.guess import guess

from .books import book
from .guess_tables import BPS, CODES, MONTHS, NAMES, number, sheet
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
