"""Tables of the demonstration's agencies against the reference data the product ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ckanext.satudata.consistency.findings import Severity
from ckanext.satudata.consistency.keys import dimension_of
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract.declaration import Declaration
from ckanext.satudata.extract.guessing.guess import guess
from ckanext.satudata.extract.guessing.result import Guess
from ckanext.satudata.extract.observations import extract
from ckanext.satudata.extract.readers import read_tables

from .guess_tables import CODES, MONTHS, NAMES, Cell, number, people, sheet, shipped_book

LEVELS = ("SD", "SMP", "SMA", "SMK")
CONDITIONS = ("Baik", "Sedang", "Rusak Ringan", "Rusak Berat")


@pytest.fixture(scope="module")
def shipped() -> CodeBook:
    return shipped_book()


def measures(declaration: Declaration) -> dict[str, tuple[str | None, str | None]]:
    return {f.name: (f.indicator, f.unit) for f in declaration.measures}


def constants(declaration: Declaration) -> dict[str, str]:
    return {f.name: f.constant for f in declaration.extra if f.constant}


def per_kecamatan(
    title: str, header: Sequence[Cell], width: int, book: CodeBook, **hints: object
) -> Guess:
    rows = [[i + 1, n, *[number(i, j) for j in range(width)]] for i, n in enumerate(NAMES)]
    return guess(sheet([[title], [], ["No", "Kecamatan", *header], *rows]), book, hints=hints)


class TestShippedReference:
    def test_rice_needed_by_kecamatan(self, shipped: CodeBook) -> None:
        found = per_kecamatan("KEBUTUHAN BERAS TAHUN 2025", ["Kebutuhan (Ton)"], 1, shipped)
        assert measures(found.declaration) == {"Kebutuhan (Ton)": ("LOK.KEBUTUHAN_PANGAN", "ton")}
        assert constants(found.declaration) == {"komoditas": "beras", "periode": "2025"}
        assert found.complete

    def test_food_balance(self, shipped: CodeBook) -> None:
        found = guess(
            sheet(
                [
                    ["Neraca Pangan Kabupaten Sintang Agustus 2025"],
                    ["No", "Komoditas", "Kebutuhan (ton)", "Ketersediaan (ton)", "Neraca"],
                    *[
                        [i + 1, g, number(i), number(i, 1), number(i, 2)]
                        for i, g in enumerate(("Beras", "Gula Konsumsi", "Telur Ayam Ras"))
                    ],
                ]
            ),
            shipped,
        )
        assert measures(found.declaration) == {
            "Kebutuhan (ton)": ("LOK.KEBUTUHAN_PANGAN", "ton"),
            "Ketersediaan (ton)": ("LOK.KETERSEDIAAN_PANGAN", "ton"),
            "Neraca": ("LOK.NERACA_PANGAN", "ton"),
        }
        assert [q["field"] for q in found.questions] == ["Neraca"]

    def test_three_kinds_of_stock(self, shipped: CodeBook) -> None:
        def stock(title: str) -> Guess:
            rows = [["61.05", "1.250.000"], ["61.05.03", "350.000"]]
            return guess(sheet([[title], ["Kode Wilayah", "Stok (kg)"], *rows]), shipped)

        bulog = stock("Stok Beras di Gudang Bulog per 31 Juli 2025")
        assert measures(bulog.declaration) == {"Stok (kg)": ("LOK.STOK_GUDANG_BULOG", "kg")}
        assert constants(bulog.declaration)["periode"] == "2025-07-31"
        market = stock("Stok Beras di Pasar Tahun 2025")
        assert measures(market.declaration) == {"Stok (kg)": ("LOK.STOK_PASAR", "kg")}
        unsaid = stock("Stok Beras Tahun 2025")
        assert measures(unsaid.declaration) == {"Stok (kg)": (None, "kg")}
        (question,) = unsaid.questions
        assert {"LOK.STOK_GUDANG_BULOG", "LOK.STOK_PASAR"} <= {
            c["value"] for c in question["candidates"]
        }

    def test_population_is_one_question_for_all_its_columns(self, shipped: CodeBook) -> None:
        header = ["Laki-laki", "Perempuan", "Jumlah"]
        found = per_kecamatan("Jumlah Penduduk Tahun 2024", header, 3, shipped)
        assert measures(found.declaration) == {"nilai": (None, "orang")}
        (question,) = found.questions
        assert question["code"] == "indikator-mirip"
        assert [c["value"] for c in question["candidates"]][:2] == ["SD00282.01", "SD00282.02"]

    @pytest.mark.parametrize("code", ["SD00282.01", "SD00282.02"])
    def test_population_of_the_agency_with_the_mandate(self, shipped: CodeBook, code: str) -> None:
        indicators = {c: replace(i, producer=f"of {c}") for c, i in shipped.indicators.items()}
        book = replace(shipped, indicators=indicators)
        found = per_kecamatan(
            "Jumlah Penduduk Tahun 2024", ["Penduduk"], 1, book, organization=f"of {code}"
        )
        assert measures(found.declaration) == {"Penduduk": (code, "orang")}

    def test_ages_and_sexes(self, shipped: CodeBook) -> None:
        ages = ("0-4", "5-9", "10-14", "15-19")
        rows = [[a, people(i), people(i, 1), people(i, 2)] for i, a in enumerate(ages)]
        found = guess(
            sheet(
                [
                    ["Penduduk Kabupaten Sintang Menurut Kelompok Umur (BPS), 2024"],
                    ["Kelompok Umur", "Laki-laki", "Perempuan", "Laki-laki + Perempuan"],
                    *rows,
                ]
            ),
            shipped,
        )
        assert found.declaration.fields[0].concept == "kelompok_umur"
        assert [dict(f.normalize) for f in found.declaration.fields[1:]] == [
            {"jenis_kelamin": "L"},
            {"jenis_kelamin": "P"},
            {"jenis_kelamin": "_T"},
        ]
        assert measures(found.declaration) == {"nilai": ("SD00282.01", "orang")}

    @pytest.mark.parametrize(
        ("title", "header", "codelist", "indicator"),
        [
            (
                "Jumlah Sekolah Menurut Jenjang Pendidikan Tahun Ajaran 2024/2025",
                [*LEVELS, "Jumlah"],
                "jenjang_pendidikan",
                ("SD01077.00", "sekolah"),
            ),
            (
                "Panjang Jalan Menurut Kondisi Tahun 2024 (km)",
                [*CONDITIONS, "Total"],
                "kondisi_jalan",
                ("SD00653.00", "km"),
            ),
        ],
    )
    def test_items_of_a_list_as_columns(
        self,
        shipped: CodeBook,
        title: str,
        header: list[str],
        codelist: str,
        indicator: tuple[str, str],
    ) -> None:
        found = per_kecamatan(title, header, len(header), shipped)
        values = [f.normalize.get(codelist) for f in found.declaration.fields[2:]]
        assert values[-1] == "_T"
        assert set(values[:-1]) <= set(shipped.codelists[codelist].codes)
        assert len(set(values)) == len(header)
        assert measures(found.declaration) == {"nilai": indicator}
        assert found.complete

    def test_area_production_and_yield(self, shipped: CodeBook) -> None:
        found = per_kecamatan(
            "Luas Panen, Produksi dan Produktivitas Padi Tahun 2024",
            ["Luas Panen (ha)", "Produksi (ton)", "Produktivitas (kw/ha)"],
            3,
            shipped,
        )
        wide = {f.name: (dict(f.normalize), f.unit) for f in found.declaration.fields[2:]}
        assert wide == {
            "Luas Panen (ha)": ({"komoditas": "padi", "indikator": "LOK.LUAS_PANEN"}, "ha"),
            "Produksi (ton)": ({"komoditas": "padi"}, "ton"),
            "Produktivitas (kw/ha)": (
                {"komoditas": "padi", "indikator": "LOK.PRODUKTIVITAS_TANAMAN_PANGAN"},
                "kuintal-per-ha",
            ),
        }
        assert [q["field"] for q in found.questions] == ["Produksi (ton)"]

    @pytest.mark.parametrize(
        ("unit", "indicator"),
        [
            ("Rp/kg", ("LOK.HARGA_ECERAN", "rupiah-per-kg")),
            ("Rp/liter", ("LOK.HARGA_ECERAN_LITER", "rupiah-per-liter")),
        ],
    )
    def test_the_unit_tells_prices_apart(
        self, shipped: CodeBook, unit: str, indicator: tuple[str, str]
    ) -> None:
        goods = ("Beras Medium", "Gula Konsumsi")
        rows = [[i + 1, g, *[number(i, j) for j in range(12)]] for i, g in enumerate(goods)]
        title = f"Harga Eceran Bahan Pokok Tahun 2025 ({unit})"
        found = guess(
            sheet([[title], ["No", "Komoditas", *MONTHS], *rows]),
            shipped,
            hints={"title": "Harga Kabupaten Sintang"},
        )
        assert measures(found.declaration) == {"nilai": indicator}
        assert constants(found.declaration) == {"tahun": "2025", "wilayah": "61.05"}
        assert found.complete

    def test_prices_without_a_unit_are_asked_about(self, shipped: CodeBook) -> None:
        rows = [["2025-07-01", g, "14.000"] for g in ("Beras Medium", "Gula Konsumsi")]
        found = guess(sheet([["Tanggal", "Komoditas", "Harga Eceran"], *rows]), shipped)
        assert measures(found.declaration) == {"Harga Eceran": (None, None)}

    def test_households(self, shipped: CodeBook) -> None:
        rows = [[c, n, people(i)] for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))]
        found = guess(
            sheet([["Jumlah Rumah Tangga 2024"], ["Kode", "Kecamatan", "Rumah Tangga"], *rows]),
            shipped,
        )
        assert measures(found.declaration) == {"Rumah Tangga": ("SP00214.00", "rumah-tangga")}
        assert found.complete


class TestFiles:
    """From a saved file to figures, as an upload goes."""

    def test_a_workbook_with_merged_headings_and_number_cells(
        self, shipped: CodeBook, tmp_path: Path
    ) -> None:
        workbook = openpyxl.Workbook()
        sheet = workbook.active
        sheet.title = "Sheet1"
        sheet["A1"] = "PANJANG JALAN MENURUT KONDISI DI KABUPATEN SINTANG TAHUN 2024 (KM)"
        sheet.merge_cells("A1:G1")
        for cell, text in {"A3": "No", "B3": "Kecamatan", "C3": "Kondisi Jalan"}.items():
            sheet[cell] = text
        for cells in ("A3:A4", "B3:B4", "C3:F3", "G3:G4"):
            sheet.merge_cells(cells)
        sheet["G3"] = "Jumlah"
        for column, condition in enumerate(CONDITIONS, start=3):
            sheet.cell(4, column, condition)
        for i, name in enumerate(NAMES):
            parts = [10 + i, 5.5, 2.25, i]
            sheet.append([i + 1, name, *parts, sum(parts)])
        sheet.append(["Sumber: Dinas Pekerjaan Umum (contoh)"])
        notes = workbook.create_sheet("tersembunyi")
        notes.sheet_state = "hidden"
        path = tmp_path / "jalan.xlsx"
        workbook.save(path)

        (table,) = read_tables(str(path), name=path.name, format="xlsx")
        found = guess(table, shipped)
        assert found.complete
        read = extract(
            str(path), name=path.name, format="xlsx", declaration=found.declaration, book=shipped
        )
        assert [p for p in read.problems if p.severity is Severity.ERROR] == []
        (roads,) = read.figures
        assert roads.indicator.code == "SD00653.00"
        assert len(roads) == 14 * 5
        totals = roads.values[dimension_of(roads.keys, roads.indicator.dimensions[1]) == 0]
        assert sorted(totals) == sorted(17.75 + 2 * i for i in range(14))

    def test_a_semicolon_file_in_windows_1252(self, shipped: CodeBook, tmp_path: Path) -> None:
        lines = ["Kebutuhan Beras – Kabupaten Sintang, 2025", "Kode;Kecamatan;Kebutuhan (ton)"]
        lines += [f"{c};{n};{number(i)}" for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))]
        path = tmp_path / "kebutuhan.csv"
        path.write_bytes("\r\n".join(lines).encode("cp1252"))
        (table,) = read_tables(str(path), name=path.name, format="csv")
        found = guess(table, shipped)
        assert found.complete
        assert constants(found.declaration) == {"komoditas": "beras", "periode": "2025"}
        read = extract(
            str(path), name=path.name, format="csv", declaration=found.declaration, book=shipped
        )
        assert read.problems == ()
        assert [len(f) for f in read.figures] == [14]
