"""A large XLSX: our figures beside calamine, which only reads its cells."""

from __future__ import annotations

import gc
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import python_calamine
import xlsxwriter

from ckanext.satudata.extract import declaration
from ckanext.satudata.extract.observations import extract

from . import timing, world
from .table import Row, beside

LIMIT = 1.5

_HEADER = ("kode_wilayah", "nama_wilayah", "kode_komoditas", "tanggal", "harga", "satuan")


def run(folder: Path, runs: int, size: int) -> list[Row]:
    """Measure both.

    Args:
        folder: where the file is kept.
        runs: counted runs of each.
        size: rows of data.

    Raises:
        RuntimeError: not every figure was read.
    """
    path = folder / f"sheet-{size}.xlsx"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _write(path, size)
    book, declared = world.book(), _declaration()
    read = extract(str(path), name=path.name, format="xlsx", declaration=declared, book=book)
    if sum(map(len, read.figures)) != size or read.problems:
        raise RuntimeError(f"read {sum(map(len, read.figures))} of {size}: {read.problems[:3]}")
    costs = timing.calls(
        {
            "satudata": lambda: extract(
                str(path), name=path.name, format="xlsx", declaration=declared, book=book
            ),
            "calamine": lambda: (
                python_calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
            ),
        },
        runs,
        before=gc.collect,
    )
    work = f"XLSX of {size:,} rows: calamine alone"
    return [beside(work, costs["satudata"], costs["calamine"], LIMIT)]


def _declaration() -> declaration.Declaration:
    fields = [*world.DECLARATION["fields"]]
    fields.insert(
        1,
        {
            "name": "nama_wilayah",
            "type": "string",
            "satudata": {"role": "label", "of": "kode_wilayah"},
        },
    )
    fields.append(
        {
            "name": "satuan",
            "type": "string",
            "satudata": {"role": "attribute", "concept": "satuan"},
        }
    )
    return declaration.parse({"fields": fields, "satudata": {"version": 1}})


def _write(path: Path, size: int) -> None:
    book = world.book()
    regions = list(book.regions.codes.values())
    items = list(book.codelists["komoditas"].codes.values())
    prices = np.random.default_rng(world.SEED).integers(5_000, 150_000, size).tolist()
    # A spreadsheet's dates have no time zone.
    start = datetime(2024, 1, 1)  # noqa: DTZ001
    part = path.with_suffix(".part")
    with xlsxwriter.Workbook(part) as out:
        day = out.add_format({"num_format": "dd/mm/yyyy"})
        sheet = out.add_worksheet("Data")
        sheet.write_row(0, 0, _HEADER)
        for row in range(size):
            rest, region = divmod(row, len(regions))
            days, item = divmod(rest, len(items))
            sheet.write_string(row + 1, 0, regions[region].code)
            sheet.write_string(row + 1, 1, regions[region].label)
            sheet.write_string(row + 1, 2, items[item].code)
            sheet.write_datetime(row + 1, 3, start + timedelta(days=days), day)
            sheet.write_number(row + 1, 4, prices[row])
            sheet.write_string(row + 1, 5, "rupiah-per-kg")
    part.rename(path)
