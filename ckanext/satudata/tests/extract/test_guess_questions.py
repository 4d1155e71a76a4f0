"""What the texts of a table leave open is asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.vocabulary import CodeBook

from .books import book
from .guess_tables import CODES, MONTHS, NAMES, number, people, sheet
from .guessed import (
    AREA,
    NEEDS,
    REGISTERED,
    asked,
    look,
)


@pytest.fixture(scope="module")
def reference() -> CodeBook:
    return book()


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
