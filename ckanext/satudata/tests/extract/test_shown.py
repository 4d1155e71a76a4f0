"""What people see in a spreadsheet must be what was read from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ckanext.satudata.extract.declaration import Field, Role

from .files import csv_file
from .reading import BERAS, KEBUTUHAN, KODE, Y2025, found, read, values

ROWS = (("61.05.01", 5000.0), ("61.05.02", -5000.0))
PLAIN = "#,##0"
Write = Callable[..., str]


def _xlsx(folder: Path, code: str, hide: str = "") -> str:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Kode", "Kebutuhan"])
    for number, (region, value) in enumerate(ROWS, 2):
        sheet.append([region, value])
        sheet.cell(number, 2).number_format = code
    if hide == "row":
        sheet.row_dimensions[3].hidden = True
    if hide == "column":
        sheet.column_dimensions["B"].hidden = True
    book.save(folder / "tabel.xlsx")
    return str(folder / "tabel.xlsx")


def _xls(folder: Path, code: str, hide: str = "") -> str:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    sheet.write(0, 0, "Kode")
    sheet.write(0, 1, "Kebutuhan")
    style = xlwt.easyxf(num_format_str=code)
    for number, (region, value) in enumerate(ROWS, 1):
        sheet.write(number, 0, region)
        sheet.write(number, 1, value, style)
    if hide == "row":
        sheet.row(2).hidden = True
    if hide == "column":
        sheet.col(1).hidden = True
    book.save(str(folder / "tabel.xls"))
    return str(folder / "tabel.xls")


def _ods(folder: Path, code: str, hide: str = "") -> str:
    from odf import number as formats
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.style import Map, Style
    from odf.table import Table, TableCell, TableColumn, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    how = formats.NumberStyle(name="N1")
    if code == "0;0":
        positive = formats.NumberStyle(name="N1P0")
        positive.addElement(formats.Number(minintegerdigits="1"))
        document.automaticstyles.addElement(positive)
        how.addElement(formats.Number(minintegerdigits="1"))
        how.addElement(Map(condition="value()>=0", applystylename="N1P0"))
    elif code == '"9"':
        how.addElement(formats.Text(text="9"))
    else:
        scaled = {"displayfactor": "1000"} if code == "0," else {}
        how.addElement(formats.Number(minintegerdigits="1", **scaled))
        if '"' in code:
            how.addElement(formats.Text(text=code.split('"')[1]))
    document.automaticstyles.addElement(how)
    cells = Style(name="ce1", family="table-cell", datastylename="N1")
    document.automaticstyles.addElement(cells)
    table = Table(name="Data")
    table.addElement(TableColumn())
    hidden = {"visibility": "collapse"} if hide == "column" else {}
    table.addElement(TableColumn(defaultcellstylename="ce1", **hidden))
    for number, row in enumerate((("Kode", "Kebutuhan"), *ROWS)):
        hidden = {"visibility": "collapse"} if hide == "row" and number == 2 else {}
        line = TableRow(**hidden)
        for value in row:
            if isinstance(value, float):
                cell = TableCell(valuetype="float", value=str(value))
            else:
                cell = TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    document.save(str(folder / "tabel.ods"))
    return str(folder / "tabel.ods")


ALL = pytest.mark.parametrize("write", [_xlsx, _xls, _ods])


def judged(path: str) -> dict[str, int]:
    return found(read(path, KODE, KEBUTUHAN, extra=(Y2025, BERAS)))


class TestNumberFormats:
    @ALL
    @pytest.mark.parametrize(("code", "cells"), [("0,", 2), ('"9"', 2), ("0;0", 1)])
    def test_a_disguised_figure_is_held_back(self, tmp_path, write: Write, code, cells) -> None:
        assert judged(write(tmp_path, code))["tampilan-lain"] == cells

    @ALL
    @pytest.mark.parametrize("code", [PLAIN, '#,##0 "ton"'])
    def test_an_honest_one_is_read(self, tmp_path, write: Write, code) -> None:
        result = read(write(tmp_path, code), KODE, KEBUTUHAN, extra=(Y2025, BERAS))
        assert "tampilan-lain" not in found(result)
        assert "satuan-dalam-sel" not in found(result)
        assert set(values(result).values()) == {5000, -5000}

    @ALL
    def test_a_unit_in_the_format_is_the_columns(self, tmp_path, write: Write) -> None:
        assert judged(write(tmp_path, '#,##0 "kg"'))["satuan-dalam-sel"] == 1

    @pytest.mark.parametrize("write", [_xlsx, _xls])
    def test_per_cent_is_read_as_shown(self, tmp_path, write: Write) -> None:
        share = Field("Kebutuhan", Role.MEASURE, indicator="SD00893.01-persen", unit="persen")
        shown = read(write(tmp_path, "0%"), KODE, share, extra=(Y2025,))
        assert set(values(shown).values()) == {500_000, -500_000}
        told = read(write(tmp_path, '0"%"'), KODE, share, extra=(Y2025,))
        assert set(values(told).values()) == {5000, -5000}


class TestHidden:
    @ALL
    def test_rows_and_columns_are_told(self, tmp_path, write: Write) -> None:
        for hide in ("row", "column"):
            assert judged(write(tmp_path, PLAIN, hide))["baris-kolom-tersembunyi"] == 1
        assert "baris-kolom-tersembunyi" not in judged(write(tmp_path, PLAIN))


class TestHeaders:
    @pytest.mark.parametrize(
        ("header", "differs"),
        [("Kebutuhan (kg)", True), ("Kebutuhan (ton)", False), ("Kebutuhan (orang)", False)],
    )
    def test_a_unit_in_the_header_is_the_columns(self, tmp_path, header, differs) -> None:
        measure = Field(header, Role.MEASURE, indicator="LOK.KEBUTUHAN_PANGAN", unit="ton")
        path = csv_file(tmp_path, f"Kode;{header}\n61.05.01;12\n")
        result = read(path, KODE, measure, extra=(Y2025, BERAS))
        assert ("judul-satuan-lain" in found(result)) is differs

    @pytest.mark.parametrize(
        ("title", "header", "differs"),
        [
            ("Kebutuhan beras (dalam kg)", "Kebutuhan", True),
            ("Kebutuhan beras (ton)", "Kebutuhan", False),
            ("Kebutuhan beras (dalam kg)", "Kebutuhan (ton)", False),
        ],
    )
    def test_so_is_one_above_the_table(self, tmp_path, title, header, differs) -> None:
        measure = Field(header, Role.MEASURE, indicator="LOK.KEBUTUHAN_PANGAN", unit="ton")
        path = csv_file(tmp_path, f"{title};\nKode;{header}\n61.05.01;12\n")
        result = read(path, KODE, measure, extra=(Y2025, BERAS))
        assert ("keterangan-satuan-lain" in found(result)) is differs
