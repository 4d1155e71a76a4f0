"""The demonstration's tables, as agencies would write them, with their declarations."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

import xlsxwriter
import yaml

from ckanext.satudata.consistency.vocabulary import CodeList


def figures() -> dict[str, Any]:
    """The example figures (``figures.yaml``)."""
    return yaml.safe_load(
        files("ckanext.satudata.demo").joinpath("figures.yaml").read_text("utf-8")
    )


def indonesian(value: float) -> str:
    """A number as Indonesian tables print it: 7412.6 -> ``7.412,6``."""
    decimals = 0 if float(value).is_integer() else 1
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def by_kecamatan(
    values: Mapping[str, float], regions: CodeList, *, header: str, total: float | None = None
) -> list[list[str]]:
    """Rows of a table by kecamatan: code, name, value; optionally a total row.

    Args:
        values: Kemendagri code -> value.
        regions: names of the codes.
        header: heading of the value column.
        total: what the total row says, or None for no such row.
    """
    rows = [["Kode", "Kecamatan", header]]
    for code, value in values.items():
        entry = regions.get(code)
        assert entry is not None
        rows.append([code, entry.label, indonesian(value)])
    if total is not None:
        rows.append(["", "Jumlah", indonesian(total)])
    return rows


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file with semicolons, as spreadsheets in Indonesian write it."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """An XLSX file whose cells are texts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return out.getvalue()


def declaration(
    header: str, indicator: str, unit: str, year: str, constants: Mapping[str, str]
) -> dict[str, Any]:
    """Declaration of a table made by :func:`by_kecamatan`.

    Args:
        header: heading of the value column.
        indicator: code of the indicator.
        unit: unit the figures are written in.
        year: the period of all figures.
        constants: further dimension -> code.
    """
    extra = {"periode": year, **constants}
    return {
        "fields": [
            {
                "name": "Kode",
                "type": "string",
                "satudata": {
                    "role": "dimension",
                    "concept": "wilayah",
                    "codelist": "wilayah",
                    "scheme": "kemendagri",
                },
            },
            {
                "name": "Kecamatan",
                "type": "string",
                "satudata": {"role": "label", "of": "Kode"},
            },
            {
                "name": header,
                "type": "string",
                "satudata": {"role": "measure", "indicator": indicator, "unit": unit},
            },
        ],
        "extraFields": [
            {
                "name": concept,
                "type": "string",
                "constant": value,
                "satudata": {"role": "dimension", "concept": concept}
                | ({} if concept == "periode" else {"codelist": concept}),
            }
            for concept, value in extra.items()
        ],
        "satudata": {"version": 1},
    }
