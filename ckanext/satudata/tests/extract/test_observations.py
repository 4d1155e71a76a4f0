from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from odf.opendocument import load
from odf.table import CoveredTableCell, Table, TableRow
from odf.text import P

from ckanext.satudata.consistency.findings import Severity
from ckanext.satudata.extract.declaration import Field, Role

from .files import csv_file, ods_file, xls_file, xlsx_file
from .reading import (
    BERAS,
    KECAMATAN,
    KODE,
    MISKIN,
    NAMA,
    PENDUDUK,
    SINTANG,
    TAHUN,
    Y2025,
    found,
    read,
    values,
)

NO = Field("No", Role.IGNORE)


def _covering_xlsx(folder: Path) -> str:
    """Figures of which a merged cell hides the second."""
    path = folder / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Kecamatan", "Penduduk"])
        sheet.write_row(1, 0, ["Sepauk", 12])
        sheet.merge_range("A3:B3", "Dedai")
        sheet.write("B3", 777)
    return str(path)


def _covering_xls(folder: Path) -> str:
    """The same in the old format."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Data", cell_overwrite_ok=True)
    for row, cells in enumerate([["Kecamatan", "Penduduk"], ["Sepauk", 12]]):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    sheet.write_merge(2, 2, 0, 1, "Dedai")
    sheet.write(2, 1, 777)
    path = folder / "a.xls"
    book.save(str(path))
    return str(path)


def _covering_ods(folder: Path) -> str:
    """The same as an OpenDocument."""
    path = ods_file(folder, [["Kecamatan", "Penduduk"], ["Sepauk", 12], ["Dedai"]])
    document = load(path)
    row = document.spreadsheet.getElementsByType(Table)[0].getElementsByType(TableRow)[2]
    row.firstChild.setAttribute("numbercolumnsspanned", 2)
    hidden = CoveredTableCell(valuetype="float", value="777")
    hidden.addElement(P(text="777"))
    row.addElement(hidden)
    document.save(path)
    return path


class TestPlainTables:
    def test_code_name_and_figure(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            "Kode;Nama;Tahun;Penduduk\n61.05.01;Sintang;2025;71.234\n"
            "61.05.02;Tempunak;2025;1.234.567\n",
        )
        result = read(path, KODE, NAMA, TAHUN, PENDUDUK)
        assert values(result) == {("61.05.01", "2025"): 71234, ("61.05.02", "2025"): 1234567}
        assert found(result) == {}
        assert result.rows == 2

    @pytest.mark.parametrize("write", [xlsx_file, xls_file, ods_file])
    def test_same_from_every_spreadsheet_format(self, tmp_path: Path, write) -> None:
        rows = [["Kode", "Tahun", "Penduduk"], ["61.05.01", 2025, 71234], ["61.05.02", 2025, 28.5]]
        result = read(write(tmp_path, rows), KODE, TAHUN, PENDUDUK)
        assert values(result) == {("61.05.01", "2025"): 71234, ("61.05.02", "2025"): 28.5}
        assert result.figures[0].decimals.tolist() == [0, 1]

    def test_location_is_the_row_a_spreadsheet_shows(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            'Data Penduduk,,\n\nKode,Tahun,Penduduk\n61.05.01,2025,"1"\n\n'
            '"61.05.02",2025,"satu\ndua"\n'
            "61.05.03,2025,abc\n",
        )
        result = read(path, KODE, TAHUN, PENDUDUK)
        places = [(f.location.row, f.location.column, f.location.text) for f in result.problems]
        assert places == [(6, 2, "satu\ndua"), (7, 2, "abc")]
        assert result.problems[0].location.header == "Penduduk"
        assert result.figures[0].row.tolist() == [4]

    def test_title_footer_and_total(self, tmp_path: Path) -> None:
        path = xlsx_file(
            tmp_path,
            [
                ["JUMLAH PENDUDUK KABUPATEN SINTANG"],
                ["TAHUN 2025"],
                [],
                ["No", "Kecamatan", "Penduduk"],
                ["(1)", "(2)", "(3)"],
                [1, "Sintang", 71234],
                [2, "Tempunak", 28500],
                [None, "Jumlah", 99734],
                ["Sumber: Disdukcapil Kabupaten Sintang, 2026"],
                ["*) angka sementara"],
                [None, None, "Sintang, 3 Januari 2026"],
                [None, None, "Kepala Dinas"],
            ],
        )
        result = read(path, NO, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert values(result) == {
            ("61.05.01", "2025"): 71234,
            ("61.05.02", "2025"): 28500,
            ("61.05", "2025"): 99734,
        }
        assert found(result) == {}

    def test_total_word_in_the_merged_number_column(self, tmp_path: Path) -> None:
        rows = [
            ["No", "Kecamatan", "Penduduk"],
            [1, "Sepauk", 5],
            [2, "Dedai", 7],
            ["JUMLAH", None, 12],
        ]
        path = xlsx_file(tmp_path, rows, merged=["A4:B4"])
        result = read(path, NO, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert values(result)["61.05", "2025"] == 12
        assert found(result) == {}

    def test_total_word_without_merging(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "No,Kecamatan,Penduduk\n1,Sepauk,5\n2,Dedai,7\nTotal,,12\n")
        result = read(path, NO, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert values(result)["61.05", "2025"] == 12

    def test_merged_region_cells_are_filled_down(self, tmp_path: Path) -> None:
        rows = [
            ["Kecamatan", "Tahun", "Penduduk"],
            ["Sepauk", 2024, 5],
            [None, 2025, 6],
            ["Dedai", 2024, 7],
            [None, 2025, 8],
        ]
        result = read(
            xlsx_file(tmp_path, rows, merged=["A2:A3", "A4:A5"]), KECAMATAN, TAHUN, PENDUDUK
        )
        assert values(result)["61.05.03", "2025"] == 6
        assert values(result)["61.05.07", "2025"] == 8

    def test_blank_region_without_merging_is_no_guess(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,Tahun,Penduduk\nSepauk,2024,5\n,2025,6\n")
        result = read(path, KECAMATAN, TAHUN, PENDUDUK)
        assert found(result) == {"dimensi-kosong": 1}
        assert values(result) == {("61.05.03", "2024"): 5}

    def test_figure_merged_over_two_regions_is_refused(self, tmp_path: Path) -> None:
        rows = [["Kecamatan", "Penduduk"], ["Sepauk", 12], ["Dedai", None]]
        result = read(
            xlsx_file(tmp_path, rows, merged=["B2:B3"]), KECAMATAN, PENDUDUK, extra=(Y2025,)
        )
        assert found(result) == {"sel-gabungan": 1}

    @pytest.mark.parametrize("write", [_covering_xlsx, _covering_xls, _covering_ods])
    def test_a_merged_cell_hides_nothing(self, tmp_path: Path, write) -> None:
        result = read(write(tmp_path), KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert "sel-gabungan" in found(result)
        assert any((f.location.text or "").startswith("777") for f in result.problems)

    def test_a_merged_header_hides_nothing(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            sheet.merge_range("A1:B1", "Kecamatan")
            sheet.write("B1", "Penduduk")
            sheet.write_row(1, 0, ["Sepauk", 12])
        result = read(str(path), KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"sel-gabungan": 1}

    def test_repeated_header_of_a_printed_table(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,2025\nSepauk,5\nKecamatan,2025\nDedai,7\n")
        wide = Field("2025", normalize={"periode": "2025"})
        target = Field("nilai", Role.MEASURE, indicator="SD00282.01", unit="orang", target=True)
        result = read(
            path, KECAMATAN, wide, extra=(Field("periode", Role.DIMENSION, "periode"), target)
        )
        assert sorted(values(result).values()) == [5, 7]

    def test_subheading_is_told_not_dropped_silently(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,Penduduk\nWilayah Timur,\nSepauk,5\nDedai,7\n")
        result = read(path, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"baris-dilewati": 1}
        assert result.problems[0].severity is Severity.INFORMATION
        assert result.rows == 2

    def test_missing_marks_are_no_zero(self, tmp_path: Path) -> None:
        cells = ["-", "–", "…", "...", "n/a", "NA", "tad", "t.a.d", "x", "", "0"]
        names = [
            "Tempunak",
            "Sepauk",
            "Ketungau Hilir",
            "Ketungau Tengah",
            "Ketungau Hulu",
            "Dedai",
        ]
        names += ["Kayan Hilir", "Kayan Hulu", "Serawai", "Ambalau", "Kelam Permai"]
        body = "\n".join(f"{n};{c}" for n, c in zip(names, cells, strict=True))
        result = read(
            csv_file(tmp_path, f"Kecamatan;Penduduk\n{body}\n"), KECAMATAN, PENDUDUK, extra=(Y2025,)
        )
        assert values(result) == {("61.05.19", "2025"): 0}
        assert result.missing == 10
        assert found(result) == {}

    def test_mistyped_figure_in_the_last_row_is_reported(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,Penduduk\nSepauk,5\nDedaii,12 3\n")
        result = read(path, KECAMATAN, PENDUDUK, extra=(Y2025,))
        assert found(result) == {"angka-tak-terbaca": 1}


class TestWideTables:
    TARGET = Field(
        "nilai",
        Role.MEASURE,
        indicator="LOK.KEBUTUHAN_PANGAN",
        unit="ton",
        target=True,
    )

    def test_years_as_columns_under_a_group_heading(self, tmp_path: Path) -> None:
        rows = [
            ["Kecamatan", "Kebutuhan (ton)", None],
            [None, 2024, 2025],
            ["Sepauk", 10.5, 11],
            ["Dedai", 12, None],
        ]
        path = xlsx_file(tmp_path, rows, merged=["B1:C1", "A1:A2"])
        result = read(
            path,
            KECAMATAN,
            Field("Kebutuhan (ton) / 2024", normalize={"tahun": "2024"}),
            Field("Kebutuhan (ton) / 2025", normalize={"tahun": "2025"}),
            extra=(Field("tahun", Role.DIMENSION, "periode"), self.TARGET, BERAS),
            header_rows=2,
        )
        assert values(result) == {
            ("61.05.03", "2024", "beras-medium"): 10.5,
            ("61.05.03", "2025", "beras-medium"): 11,
            ("61.05.07", "2024", "beras-medium"): 12,
        }
        assert result.missing == 1
        assert found(result) == {}

    def test_group_heading_without_merged_cells(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan;Kebutuhan;\n;2024;2025\nSepauk;10,5;11\n")
        result = read(
            path,
            KECAMATAN,
            Field("Kebutuhan / 2024", normalize={"tahun": "2024"}),
            Field("Kebutuhan / 2025", normalize={"tahun": "2025"}),
            extra=(Field("tahun", Role.DIMENSION, "periode"), self.TARGET, BERAS),
            header_rows=2,
        )
        assert values(result)["61.05.03", "2025", "beras-medium"] == 11

    def test_months_as_columns_with_the_year_set(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan;Jan;Feb\nSepauk;1,5;2,5\n")
        result = read(
            path,
            KECAMATAN,
            Field("Jan", normalize={"bulan": "Januari"}),
            Field("Feb", normalize={"bulan": "Februari"}),
            extra=(
                Field("bulan", Role.DIMENSION, "bulan"),
                Field("tahun", Role.DIMENSION, "tahun", constant="2025"),
                self.TARGET,
                BERAS,
            ),
        )
        assert values(result) == {
            ("61.05.03", "2025-01", "beras-medium"): 1.5,
            ("61.05.03", "2025-02", "beras-medium"): 2.5,
        }

    def test_commodities_as_columns(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan;Beras Medium;Gula\nSepauk;1,5;2\n")
        result = read(
            path,
            KECAMATAN,
            Field("Beras Medium", normalize={"komoditas": "beras-medium"}),
            Field("Gula", normalize={"komoditas": "Gula Konsumsi"}),
            extra=(Field("komoditas", Role.DIMENSION, "komoditas"), Y2025, self.TARGET),
        )
        assert values(result) == {
            ("61.05.03", "2025", "beras-medium"): 1.5,
            ("61.05.03", "2025", "gula"): 2,
        }

    def test_sexes_and_their_total_as_columns(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kecamatan,Laki-laki,Perempuan,Jumlah\nSepauk,3,4,7\n")
        sex = Field("jk", Role.DIMENSION, "jenis_kelamin")
        target = Field("nilai", Role.MEASURE, indicator="SD00282.01", unit="orang", target=True)
        result = read(
            path,
            KECAMATAN,
            Field("Laki-laki", normalize={"jk": "L"}),
            Field("Perempuan", normalize={"jk": "P"}),
            Field("Jumlah", normalize={"jk": "_T"}),
            extra=(sex, Y2025, target),
        )
        assert values(result) == {
            ("61.05.03", "2025", "L"): 3,
            ("61.05.03", "2025", "P"): 4,
            ("61.05.03", "2025"): 7,
        }

    def test_indicator_per_column(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Kode,Penduduk,Miskin\n61.05.01,71234,9.31\n")
        result = read(path, KODE, PENDUDUK, MISKIN, extra=(Y2025,))
        assert {f.indicator.code: f.values.tolist() for f in result.figures} == {
            "SD00282.01": [71234],
            "SD00893.01-persen": [9.31],
        }

    def test_indicator_column(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path,
            "Indikator,Kode,Satuan,Nilai\nSD00282.01,61.05.01,Jiwa,5\n"
            "Luas Wilayah,61.05.01,Ha,250\n"
            "Bahagia,61.05.01,Unit,1\n",
        )
        result = read(
            path,
            Field("Indikator", Role.DIMENSION, "indikator"),
            KODE,
            Field("Satuan", Role.ATTRIBUTE, "satuan"),
            Field("Nilai", Role.MEASURE),
            extra=(Y2025,),
        )
        assert {f.indicator.code: f.values.tolist() for f in result.figures} == {
            "SD00282.01": [5],
            "LOK.LUAS_WILAYAH": [2.5],
        }
        assert found(result) == {"indikator-tidak-dikenal": 1}

    def test_year_and_month_in_two_columns(self, tmp_path: Path) -> None:
        path = csv_file(
            tmp_path, "Kode,Tahun,Bulan,Miskin\n61.05.01,2025,Maret,9.31\n61.05.01,2025,13,1.5\n"
        )
        result = read(
            path,
            KODE,
            Field("Tahun", Role.DIMENSION, "tahun"),
            Field("Bulan", Role.DIMENSION, "bulan"),
            MISKIN,
        )
        assert values(result) == {("61.05.01", "2025-03"): 9.31}
        assert [(f.rule, f.location.row, f.location.text) for f in result.problems] == [
            ("periode-tak-terbaca", 3, "13")
        ]


class TestOneRow:
    def test_region_and_period_set_for_the_whole_table(self, tmp_path: Path) -> None:
        path = csv_file(tmp_path, "Uraian,Penduduk\nPenduduk,457204\n")
        result = read(path, Field("Uraian", Role.IGNORE), PENDUDUK, extra=(SINTANG, Y2025))
        assert values(result) == {("61.05", "2025"): 457204}
