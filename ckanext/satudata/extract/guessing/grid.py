"""Finding a table inside a sheet: titles above, header lines, data, notes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from ...consistency.frozen import frozen
from ...consistency.vocabulary import normalise
from ..headers import header_names, header_parts, is_numbering
from . import cells, words

if TYPE_CHECKING:
    from ..raw import RawTable

#: Rows and cells looked at; the meaning of a column does not need more.
_SAMPLE_ROWS = (100, 2000)
_SAMPLE_CELLS = 50_000
#: A header starts within this many rows, or there is none.
_SEARCH = 60
_MAX_HEADER_LINES = 4

Row = list[str | None]


@frozen
class Column:
    """One column of a found table.

    Attributes:
        position: 0-based column number in the sheet.
        name: header text, unique in the table; lines of one header joined by `` / ``.
        parts: the header lines from the top, group headings repeated over their columns.
        values: non-empty data cells, from the top.
    """

    position: int
    name: str
    parts: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def leaf(self) -> str:
        """The lowest header line."""
        return self.parts[-1] if self.parts else ""

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """Different data cells that are neither missing marks nor words for a total."""
        seen = dict.fromkeys(v for v in self.values if not words.is_missing(v))
        return tuple(v for v in seen if cells.is_number(v) or not words.is_total(v))

    @cached_property
    def figures(self) -> float:
        """Share of cells that read as numbers, missing marks left aside."""
        real = [v for v in self.values if not words.is_missing(v)]
        return sum(map(cells.is_number, real)) / len(real) if real else 0.0


@frozen
class Grid:
    """A sheet with its table found.

    Attributes:
        titles: texts above the table, from the top.
        header: position in the sample of the first header line, None if there is none.
        header_rows: number of header lines, a line numbering the columns included.
        first_row: row number, as a spreadsheet shows it, of the sample's first row.
        columns: the columns that hold anything.
        rows: the data rows, blank rows and notes left out.
        sure: how clear the header was, 0 to 1.
    """

    titles: tuple[str, ...]
    header: int | None
    header_rows: int
    first_row: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = field(repr=False)
    sure: float

    @property
    def header_row(self) -> int | None:
        """1-based row number of the first header line, as a spreadsheet shows it."""
        return None if self.header is None else self.first_row + self.header


def read(table: RawTable) -> Grid:
    """Find the table in a sheet."""
    sample = [
        [cell.strip() or None if cell is not None else None for cell in row]
        for row in table.frame.head(_sample_size(table)).iter_rows()
    ]
    first = _first_data_row(sample)
    if first is None:
        start, stop, sure = _widest(sample), None, 0.4
        stop = start + 1 if start is not None else 0
    else:
        start, stop, sure = _header_start(sample, first), first, 0.95
        if start == stop:
            start, sure = None, 0.0
    head = start if start is not None else stop or 0
    titles = tuple(
        " ".join(c for c in row if c) for row in sample[:head] if any(c is not None for c in row)
    )
    data = [r for r in sample[stop or 0 :] if not _is_blank(r) and not _is_footer(r)]
    lines = [] if start is None else [r for r in sample[start:stop] if not _is_blank(r)]
    return Grid(
        titles=titles,
        header=start,
        header_rows=(stop - start) if start is not None and stop is not None else 0,
        first_row=table.first_row,
        columns=_columns(lines, data, table, start or 0),
        rows=tuple(data),
        sure=sure,
    )


def _sample_size(table: RawTable) -> int:
    least, most = _SAMPLE_ROWS
    return max(least, min(most, _SAMPLE_CELLS // max(table.frame.width, 1)))


def _is_blank(row: Row) -> bool:
    return all(c is None for c in row)


def _is_footer(row: Row) -> bool:
    """A note below the table: one text cell, starting with a word such as "Sumber" or a mark."""
    texts = [c for c in row if c]
    if len(texts) > 2 or any(cells.is_number(t) for t in texts[1:]):
        return False
    first = normalise(texts[0]).split()
    return texts[0].startswith("*") or (bool(first) and first[0] in words.load()["footer"])


def _is_caption(row: Row) -> bool:
    """A word and its value above the table: ``Tahun | 2025`` or ``Kabupaten : | Sintang``."""
    texts = [c for c in row if c and c != ":"]
    if not texts or len(texts) > 2:
        return False
    first = normalise(texts[0])
    return texts[0].rstrip().endswith(":") or (
        len(texts) == 2 and first in words.load()["caption"] and len(row) > 2
    )


def _is_year_line(row: Row) -> bool:
    """Header years, which are numbers without being data."""
    numbers = [c for c in row if c and cells.is_number(c)]
    if not numbers or not all(map(cells.is_year, numbers)):
        return False
    years = [int(n) for n in numbers]
    steps = {b - a for a, b in pairwise(years)}
    texts = [c for c in row if c and not cells.is_number(c)]
    if len(years) == 1:
        return any(_is_header_word(t) for t in texts)
    # Groups repeat their years: 2024 2025 2024 2025.
    repeated = len(set(years)) < len(years) and len(set(years)) > 1
    return steps in ({1}, {-1}) or repeated


def _is_header_word(text: str) -> bool:
    lists = words.load()
    folded = normalise(text)
    pieces = folded.split()
    known = (
        lists["number"] | lists["region"] | lists["generic"] | lists["unit"] | lists["status"]
    ) - lists["total"]
    return (
        folded in known
        or any(folded in p for p in lists["period"].values())
        or any(folded in p for p in lists["levels"].values())
        or bool(pieces and (pieces[0] in lists["code"] or pieces[0] in {"nama", "jenis"}))
    )


def _first_data_row(sample: Sequence[Row]) -> int | None:
    for i, row in enumerate(sample[:_SEARCH]):
        texts = [c for c in row if c]
        if len(texts) < 2 or is_numbering(row) or _is_caption(row) or _is_year_line(row):
            continue
        if any(cells.is_number(t) for t in texts):
            return i
    return None


def _widest(sample: Sequence[Row]) -> int | None:
    """The header of a table without numbers: the first row that is as wide as any."""
    fills = [sum(c is not None for c in r) for r in sample[:_SEARCH]]
    if not fills or max(fills) < 2:
        return None
    return fills.index(max(fills))


def _header_start(sample: Sequence[Row], first: int) -> int:
    """Walk upwards from the data over the lines that belong to the header."""
    start = first
    lines = 0
    for i in range(first - 1, -1, -1):
        row = sample[i]
        if is_numbering(row):
            start = i
            continue
        if _is_blank(row) or lines == _MAX_HEADER_LINES:
            break
        below = [r for r in sample[i + 1 : first] if not is_numbering(r)]
        if not _continues_header(row, below):
            break
        start = i
        lines += 1
    return start


def _continues_header(row: Row, below: Sequence[Row]) -> bool:
    filled = [i for i, c in enumerate(row) if c]
    if not below:
        return len(filled) >= 2 and not _is_caption(row)
    under = {i for r in below for i, c in enumerate(r) if c}
    if _is_caption(row) and (0 in under or (row[filled[-1]] or "").strip() == ":"):
        return False
    complete = len(under) >= max(len(r) for r in below) or {0, 1} <= under
    if len(filled) == 1:
        # One group heading ("Tahun") over the columns it belongs to; a title starts at the left.
        only = filled[0]
        text = row[only] or ""
        return only > 0 and only in under and only + 1 in under and len(text) < 40
    if not complete:
        return True
    # The line below names every column already: only group headings can stand above it.
    return filled[0] > 0 and all(i in under for i in filled)


def _columns(lines: list[Row], data: list[Row], table: RawTable, first: int) -> tuple[Column, ...]:
    width = max((len(r) for r in (*lines, *data)), default=0)
    names, headers = header_names(lines, table, first), header_parts(lines, table, first)
    out: list[Column] = []
    for c in range(width):
        values = tuple(v for r in data if c < len(r) and (v := r[c]) is not None)
        parts = headers.get(c, ())
        if parts or values:
            out.append(Column(c, names.get(c, f"Kolom {c + 1}"), parts, values))
    return tuple(out)
