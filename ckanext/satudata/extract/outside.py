"""Figures that stand in a file but outside its declared table: nobody would compare them."""

from __future__ import annotations

from collections.abc import Set

import numpy as np

from ..consistency.patterns import pattern
from ..consistency.vocabulary import CodeBook
from . import scanned
from .declaration import PERIOD, REGION, Declaration, Field, Role
from .headers import Layout
from .notation import prepare
from .periods import read_period
from .problems import Problems
from .raw import CellType, RawTable
from .rows import Mask
from .state import State

_ORDINAL = pattern(r"\(?\d{1,2}[.)]?")
#: Years stand in titles, sources and signatures.
_YEAR = pattern(r"(?:19|20|21)\d\d(?:\.0)?")


def check_outside(
    table: RawTable,
    declaration: Declaration,
    layout: Layout,
    data: Mask,
    book: CodeBook,
    problems: Problems,
) -> None:
    """Note figures above the header, in lines passed off as header, and below the table.

    Header lines may hold numbers (ages, classes); one that names a region or period where the
    column's dimension stands is a row of data.

    Args:
        table: the raw table.
        declaration: what its columns mean.
        layout: where they stand.
        data: the data rows, shape ``(n,)``.
        book: the reference data.
        problems: receives the findings.
    """
    rows = np.ones(table.frame.height, dtype=bool)
    rows[layout.start :] = ~data
    rows[layout.header : layout.start] = _disguised(table, declaration, layout, book)
    if not rows.any():
        return
    dimensions = {
        layout.columns[f.name]
        for f in declaration.fields
        if f.role is Role.DIMENSION and f.name in layout.columns
    }
    for column in range(table.frame.width):
        if column in dimensions:
            continue
        for row in _figures(table, column, rows)[: problems.left("angka-di-luar-tabel")]:
            text = table.frame.item(row, column)
            problems.add("angka-di-luar-tabel", row=row, column=column, text=text)


def numbers_of(table: RawTable, book: CodeBook) -> int:
    """Cells of an undeclared sheet that hold figures, also those written as text.

    Codes, units ("100 kg"), periods and what numbers instructions in the first column are none.
    """
    everywhere = np.ones(table.frame.height, dtype=bool)
    codes: Set[str] = {code for codelist in book.codelists.values() for code in codelist.codes}
    total = 0
    for column in range(table.frame.width):
        cells = table.frame.get_column(str(column))
        texts = [cells[row].strip() for row in _figures(table, column, everywhere)]
        if column == 0:
            texts = [text for text in texts if not _ORDINAL.fullmatch(text)]
        total += sum(text not in codes and book.units.find(text) is None for text in texts)
    return total


def _figures(table: RawTable, column: int, rows: Mask) -> list[int]:
    """Positions of the rows whose cell in this column is a figure and no period."""
    import polars as pl

    # Few rows of a long table are asked about, and taking cells apart is what costs.
    asked = np.flatnonzero(rows)
    cells = pl.Series(scanned.texts(scanned.column(table.frame, column), asked), dtype=pl.String)
    types = table.types.get(column)
    exact = None if types is None else types[asked] == CellType.NUMBER
    found = np.flatnonzero(prepare(cells, exact).state == State.OK).tolist()
    return [int(asked[i]) for i in found if not is_time(cells[i].strip())]


def is_time(text: str) -> bool:
    """Whether a cell is a year or a period with letters; ``3.2025`` may be a figure."""
    if _YEAR.fullmatch(text):
        return True
    return any(map(str.isalpha, text)) and read_period(text) is not None


def _disguised(
    table: RawTable, declaration: Declaration, layout: Layout, book: CodeBook
) -> list[bool]:
    """Which header lines name an object as rows of data do."""
    regions = book.regions

    def names_object(f: Field, text: str) -> bool:
        if f.concept == REGION:
            return regions.get(text, f.scheme) is not None or bool(regions.named(text))
        return f.concept == PERIOD and read_period(text) is not None

    fields = [
        (f, layout.columns[f.name])
        for f in declaration.fields
        if f.role is Role.DIMENSION and f.name in layout.columns
    ]
    out = []
    for row in range(layout.header, layout.start):
        cells = [(f, table.frame.item(row, column)) for f, column in fields]
        out.append(any(text and names_object(f, text.strip()) for f, text in cells))
    return out
