"""Files as agencies make them, written by the programs' own libraries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

Rows = Sequence[Sequence[Any]]


def csv_file(folder: Path, text: str | bytes, name: str = "tabel.csv") -> str:
    """A text file; a string is written as UTF-8."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def xlsx_file(
    folder: Path,
    rows: Rows,
    name: str = "tabel.xlsx",
    *,
    merged: Sequence[str] = (),
    sheet: str = "Data",
    others: dict[str, Rows] | None = None,
    hidden: Sequence[str] = (),
) -> str:
    """A workbook by openpyxl."""
    import openpyxl

    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = sheet
    for row in rows:
        first.append(list(row))
    for cells in merged:
        first.merge_cells(cells)
    for title, content in (others or {}).items():
        other = book.create_sheet(title)
        for row in content:
            other.append(list(row))
        if title in hidden:
            other.sheet_state = "hidden"
    path = folder / name
    book.save(path)
    return str(path)


def xls_file(folder: Path, rows: Rows, name: str = "tabel.xls") -> str:
    """A workbook of the old format by xlwt."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("Data")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, value)
    path = folder / name
    book.save(str(path))
    return str(path)


def ods_file(folder: Path, rows: Rows, name: str = "tabel.ods") -> str:
    """A document by odfpy."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    document = OpenDocumentSpreadsheet()
    table = Table(name="Data")
    for row in rows:
        line = TableRow()
        for value in row:
            if value is None:
                line.addElement(TableCell())
                continue
            if isinstance(value, int | float):
                cell = TableCell(valuetype="float", value=str(value))
            else:
                cell = TableCell(valuetype="string")
            cell.addElement(P(text=str(value)))
            line.addElement(cell)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    path = folder / name
    document.save(str(path))
    return str(path)
