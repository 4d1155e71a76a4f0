"""What stands above, below and around a table: titles, units, notes, names of sheet and file."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.vocabulary import Code, CodeBook

from .books import book
from .guess_tables import CODES, NAMES, number, people, sheet
from .guessed import (
    AREA,
    GOODS,
    NEEDS,
    asked,
    look,
)


@pytest.fixture(scope="module")
def reference() -> CodeBook:
    return book()


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
