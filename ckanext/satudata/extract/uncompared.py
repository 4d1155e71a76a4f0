"""Figures under no indicator: they would be public without having been compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..consistency.frozen import frozen
from ..consistency.vocabulary import CodeBook, normalise
from .declaration import STATUS, UNIT, Declaration, Field, Role
from .dimensions import STATUS as STATUS_WORDS
from .headers import Layout
from .identifiers import LEAST_COUNTED, is_identifier
from .measures import Measures
from .notation import Notation, prepare, to_numbers
from .outside import is_time
from .problems import Problems
from .raw import CellType, RawTable
from .rows import Mask, is_row_number
from .state import State

if TYPE_CHECKING:
    import polars as pl

Rows = npt.NDArray[np.int64]

#: What only a person reads as a number; ``\\d`` are the digits of any script.
_READ_AS_NUMBER = r"^\s*[~≈±<>≤≥=]*\s*(?:[Rr][Pp]\.?\s*)?[+-]?\d[\d.,]*\s*(?:[(\[].*[)\]])?\s*$"
#: States of cells that readers take for a number, whether or not it can be used.
_NUMBERS = (State.OK, State.SCIENTIFIC, State.TOO_LARGE)


@frozen(slots=True)
class _Held:
    """A column with figures that nothing compares.

    Attributes:
        column: 0-based column.
        row: position in the frame of the first figure.
        count: number of figures.
    """

    column: int
    row: int
    count: int


def check_uncompared(
    table: RawTable,
    declaration: Declaration,
    layout: Layout,
    data: Mask,
    measures: Measures,
    book: CodeBook,
    problems: Problems,
) -> None:
    """Note columns with figures outside the declared measures.

    Row numbers, codes, dates and what else names things (:mod:`.identifiers`) are no figures;
    nor are totals and averages of compared columns, which are calculated anew here.

    Args:
        table: the raw table.
        declaration: what its columns mean.
        layout: where they stand.
        data: the data rows, shape ``(n,)``.
        measures: the measures, read.
        book: the reference data.
        problems: receives the findings.
    """
    silent = _silent(declaration, layout, measures)
    found: list[tuple[_Held, str]] = []
    for column in (*layout.extra, *sorted(silent)):
        cells = table.frame.get_column(str(column)).slice(layout.start)
        filled = np.flatnonzero(cells.is_not_null().to_numpy() & data)
        if filled.size == 0:
            continue
        if column not in layout.names:
            _without_header(table, layout, column, filled, problems)
            continue
        f = silent.get(column)
        figures = np.flatnonzero(_numbers(table, column, layout.start, f, book) & data)
        header = layout.names[column]
        if (
            figures.size == 0
            or (is_row_number(cells, data) and figures.size >= LEAST_COUNTED)
            or is_identifier(header, cells.gather(figures).to_list(), book)
            or (f is not None and _repeats(header, cells, figures, measures))
        ):
            continue
        held = _Held(column, int(figures[0]) + layout.start, int(figures.size))
        declared = f is not None and f.role is not None
        found.append((held, "kolom-diabaikan" if declared else "kolom-tak-dideklarasikan"))
    _tell(table, found, book, problems)


def check_without_figures(table: RawTable, book: CodeBook, problems: Problems) -> None:
    """Note the columns with figures of a table that is said to hold none.

    Args:
        table: the raw table.
        book: the reference data.
        problems: receives the findings.
    """
    from .guessing import grid

    seen = grid.read(table)
    start = 0 if seen.header is None else seen.header + seen.header_rows
    names = {c.position: c.name for c in seen.columns if c.parts}
    found: list[tuple[_Held, str]] = []
    for column in range(table.frame.width):
        cells = table.frame.get_column(str(column))
        numbers = _numbers(table, column, 0, None, book)
        if seen.header is not None:
            numbers[seen.header : start] = False
        # Above a table stand the years of titles; below its header, 1990 may be a figure.
        rows = [
            r
            for r in np.flatnonzero(numbers).tolist()
            if r >= start or not is_time(cells[r].strip())
        ]
        below = [cells[r] for r in rows if r >= start]
        if not rows or (
            len(below) == len(rows) and is_identifier(names.get(column, ""), below, book)
        ):
            continue
        found.append((_Held(column, rows[0], len(rows)), "tabel-berisi-angka"))
    _tell(table, found, book, problems)


def names_without_declaration(table: RawTable) -> dict[int, str]:
    """Column -> header text, the header being where the guesser sees it."""
    from .guessing import grid

    return {c.position: c.name for c in grid.read(table).columns}


def _silent(declaration: Declaration, layout: Layout, measures: Measures) -> dict[int, Field]:
    """Declared columns that are neither measure nor dimension."""
    read = {m.column for m in measures.declared}
    return {
        column: f
        for f in declaration.fields
        if f.role is not Role.DIMENSION
        and (column := layout.columns.get(f.name)) is not None
        and column not in read
    }


def _numbers(table: RawTable, column: int, start: int, f: Field | None, book: CodeBook) -> Mask:
    """Which cells from a row on are numbers, shape ``(n,)``."""
    cells = table.frame.get_column(str(column)).slice(start)
    types = table.types.get(column)
    exact = None if types is None else types[start:] == CellType.NUMBER
    found = np.isin(prepare(cells, exact).state, _NUMBERS)
    # Readers see a figure in "± 448.850 (estimasi)" and in digits of another script as well.
    found |= cells.str.contains(_READ_AS_NUMBER).fill_null(value=False).to_numpy()
    if f is not None and f.concept in (UNIT, STATUS):
        for row in np.flatnonzero(found).tolist():
            found[row] = not _says(cells[row], f.concept, book)
    return found


def _says(text: str, concept: str, book: CodeBook) -> bool:
    """Whether a cell is a unit or a status, as its column promises."""
    if concept == UNIT:
        return book.units.find(text.strip()) is not None
    return normalise(text) in STATUS_WORDS


def _without_header(
    table: RawTable, layout: Layout, column: int, filled: Rows, problems: Problems
) -> None:
    if table.sheet is not None:
        row = int(filled[0]) + layout.start
        text = table.frame.item(row, column)
        problems.add("kolom-tanpa-judul", row=row, column=column, text=text, rows=len(filled))
        return
    for position in filled[: problems.left("baris-tak-rata")]:
        row = int(position) + layout.start
        text = table.frame.item(row, column)
        problems.add("baris-tak-rata", row=row, column=column, text=text, found=column + 1)


def _repeats(header: str, cells: pl.Series, figures: Rows, measures: Measures) -> bool:
    """Whether a column is the total or the average of compared columns in every one of its rows."""
    from .guessing import words

    known = words.load()
    if not words.has_word(header, known["total"] | known["average"]):
        return False
    column = prepare(cells.gather(figures))
    groups: dict[str, list[int]] = {}
    for m in measures.declared:
        groups.setdefault(m.group, []).append(m.column)
    for columns in (*groups.values(), [m.column for m in measures.declared]):
        if len(columns) < 2:
            continue
        parts = np.stack([measures.numbers[c].values[figures] for c in columns])
        known_parts = (~np.isnan(parts)).sum(axis=0)
        sums = np.nansum(parts, axis=0)
        for notation in (Notation.ID, Notation.EN):
            own = to_numbers(column, notation)
            if (own.state != State.OK).any() or not known_parts.all():
                continue
            slack = 0.5 * 10.0 ** -own.decimals.astype(float) + 1e-9 * np.abs(own.values)
            for expected in (sums, sums / known_parts):
                if (np.abs(own.values - expected) <= slack).all():
                    return True
    return False


def _tell(
    table: RawTable, found: Sequence[tuple[_Held, str]], book: CodeBook, problems: Problems
) -> None:
    """Add the findings, each with the indicator that its column seems to hold."""
    if not found:
        return
    from .guessing.recognise import recognise

    likely = recognise(table, book, {held.column for held, _ in found})
    for held, rule in found:
        indicator = likely.get(held.column)
        problems.add(
            rule,
            row=held.row,
            column=held.column,
            text=table.frame.item(held.row, held.column),
            indicator=indicator.code if indicator else None,
            rows=held.count,
            variant="dikenal" if indicator else None,
        )
