"""The spreadsheet form of a template: locked rows, drop-down lists, instructions."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from ..consistency.vocabulary import Indicator, Unit

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

GUIDE_SHEET = "Petunjuk"
LISTS_SHEET = "Daftar"

#: Rows below the prepared ones that may be filled in freely.
SPARE_ROWS = 200
#: Columns the person fills in; all others are locked where they are prepared.
_OPEN = ("nilai", "satuan", "status", "catatan")
_WIDTHS = {"nama": 26, "kode": 16, "nilai": 18, "satuan": 14, "status": 14, "catatan": 32}
_NARROW = 12
_BLUE, _GREY, _YELLOW = "#1F4E79", "#EDEDED", "#FFF9E5"


def write_workbook(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    sheet: str,
    choices: Mapping[str, Sequence[str]],
    marker: tuple[str, str | None],
    indicator: Indicator,
    unit: Unit,
) -> bytes:
    """Write the workbook.

    Args:
        columns: the header.
        rows: the prepared rows, one text per column.
        sheet: name of the sheet with the table.
        choices: column -> what may be chosen in it.
        marker: name and text of the document property; a text of None writes none.
        indicator: what is filled in, for the instructions.
        unit: its unit.

    Returns:
        The file's content.
    """
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": indicator.name, "subject": indicator.code})
    if marker[1] is not None:
        book.set_custom_property(marker[0], marker[1], "text")
    table = book.add_worksheet(sheet)
    guide = book.add_worksheet(GUIDE_SHEET)
    lists = book.add_worksheet(LISTS_SHEET)
    _fill(book, table, columns, rows)
    places = _lists(book, lists, choices)
    _validate(table, columns, len(rows), places)
    _instructions(book, guide, indicator, unit)
    book.close()
    return out.getvalue()


def _fill(
    book: Workbook, sheet: Worksheet, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    head = book.add_format(
        {
            "bold": True,
            "font_color": "white",
            "bg_color": _BLUE,
            "border": 1,
            "valign": "vcenter",
            "num_format": "@",
        }
    )
    # Codes and periods are text cells: as numbers 61.10 would become 61.1.
    locked = book.add_format({"bg_color": _GREY, "border": 1, "num_format": "@"})
    text = book.add_format({"border": 1, "num_format": "@", "locked": False})
    figure = book.add_format(
        {"border": 1, "bg_color": _YELLOW, "num_format": "General", "locked": False}
    )
    spare = book.add_format({"num_format": "@", "locked": False})
    spare_figure = book.add_format({"num_format": "General", "locked": False})
    sheet.set_row(0, 22)
    last = len(rows) + SPARE_ROWS
    for c, name in enumerate(columns):
        kind = name.split("_")[0]
        sheet.set_column(c, c, _WIDTHS.get(kind, _NARROW))
        sheet.write_string(0, c, name, head)
        form = figure if name == "nilai" else text if name in _OPEN else locked
        for r, row in enumerate(rows, start=1):
            if row[c]:
                sheet.write_string(r, c, row[c], form)
            else:
                sheet.write_blank(r, c, None, form)
        below = spare_figure if name == "nilai" else spare
        for r in range(len(rows) + 1, last + 1):
            sheet.write_blank(r, c, None, below)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.protect(
        "",
        {
            "format_columns": True,
            "format_rows": True,
            "format_cells": True,
            "sort": True,
            "autofilter": True,
            "insert_rows": True,
            "select_locked_cells": True,
            "select_unlocked_cells": True,
        },
    )


def _lists(
    book: Workbook, sheet: Worksheet, choices: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Write the lists that drop-downs refer to; column name -> reference."""
    head = book.add_format({"bold": True, "num_format": "@"})
    text = book.add_format({"num_format": "@"})
    places: dict[str, str] = {}
    for c, (name, values) in enumerate(choices.items()):
        sheet.set_column(c, c, 22)
        sheet.write_string(0, c, name, head)
        for r, value in enumerate(values, start=1):
            sheet.write_string(r, c, value, text)
        if values:
            letter = _letter(c)
            places[name] = f"='{LISTS_SHEET}'!${letter}$2:${letter}${len(values) + 1}"
    sheet.freeze_panes(1, 0)
    sheet.protect()
    return places


def _validate(
    sheet: Worksheet, columns: Sequence[str], rows: int, places: Mapping[str, str]
) -> None:
    words = guide()["validation"]
    last = rows + SPARE_ROWS
    for c, name in enumerate(columns):
        if name in places:
            rule: dict[str, Any] = {
                "validate": "list",
                "source": places[name],
                "error_title": words["list_title"],
                "error_message": words["list"],
            }
        elif name == "nilai":
            cell = f"{_letter(c)}2"
            rule = {
                "validate": "custom",
                "value": f'=OR(ISNUMBER({cell}),{cell}="-")',
                "input_title": words["figure_title"],
                "input_message": words["figure_hint"],
                "error_title": words["figure_title"],
                "error_message": words["figure"],
            }
        else:
            continue
        sheet.data_validation(1, c, last, c, rule)


def _instructions(book: Workbook, sheet: Worksheet, indicator: Indicator, unit: Unit) -> None:
    title = book.add_format({"bold": True, "font_size": 14})
    strong = book.add_format({"bold": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    row = 0
    for part in guide()["languages"]:
        sheet.write_string(row, 0, part["title"], title)
        facts = (indicator.name, indicator.code, indicator.definition, unit.label)
        for label, value in zip(part["facts"], facts, strict=True):
            row += 1
            sheet.write_string(row, 0, label, strong)
            sheet.write_string(row, 1, value, wrap)
        row += 1
        for number, step in enumerate(part["steps"], start=1):
            row += 1
            sheet.write_string(row, 0, f"{number}.", strong)
            sheet.write_string(row, 1, step, wrap)
        row += 3
    sheet.protect()


@lru_cache(maxsize=1)
def guide() -> dict[str, Any]:
    """The words of the workbook, from ``rules/template.yaml``."""
    path = resources.files("ckanext.satudata.rules") / "template.yaml"
    return yaml.safe_load(path.read_text("utf-8"))


def _letter(column: int) -> str:
    """The spreadsheet's name of a 0-based column."""
    from xlsxwriter.utility import xl_col_to_name

    return xl_col_to_name(column)
