"""What each row of a table speaks of: region, period, further dimensions, unit, status.

A value may stand in a column, in a constant, or in the header of a wide column. The three
meet here as arrays that broadcast over the rows: shape ``(n,)`` from a column, ``(1,)``
otherwise. A column is held as its few different values and the number of each row's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..consistency.frozen import frozen
from ..consistency.period import unpack
from ..consistency.vocabulary import CodeBook, normalise
from . import declaration as d
from .codes import Cell, Resolved, Trouble, resolve_list, resolve_regions
from .declaration import Field
from .periods import part_of_year, read_part, read_period, read_year
from .raw import CellType
from .scanned import AnyColumn, Column

if TYPE_CHECKING:
    import polars as pl

Ints = npt.NDArray[np.int64]

PARTS = ("bulan", "triwulan", "semester")
YEAR = "tahun"
PERIOD_CONCEPTS = frozenset({d.PERIOD, YEAR, *PARTS})

#: Words of a status column, as :func:`normalise` leaves them -> number of the SDMX status.
STATUS: dict[str, int] = {
    "": 0,
    "a": 0, "normal": 0, "tetap": 0, "angka tetap": 0, "final": 0, "definitif": 0,
    "r": 0, "revisi": 0, "angka revisi": 0, "diperbaiki": 0, "angka diperbaiki": 0,
    "p": 1, "sementara": 1, "angka sementara": 1, "provisional": 1,
    "sangat sementara": 1, "angka sangat sementara": 1,
    "e": 2, "estimasi": 2, "angka estimasi": 2, "perkiraan": 2, "angka perkiraan": 2,
    "estimated": 2, "taksiran": 2,
    "f": 3, "proyeksi": 3, "angka proyeksi": 3, "ramalan": 3, "angka ramalan": 3,
    "prakiraan": 3, "forecast": 3,
}  # fmt: skip


@frozen
class Axis:
    """One kind of value over the rows.

    Attributes:
        table: what each different cell stands for, then what a blank one does; -1 where that is
            not known. Shape ``(k + 1,)``, or ``(1,)`` where the value stands in no column.
        codes: for a column: position of each row's cell in ``troubles``, -1 where blank;
            shape ``(n,)``.
        troubles: why the different cells are not known, or None.
        column: the column, or None.
    """

    table: Ints
    codes: npt.NDArray[np.int32] | None = None
    troubles: tuple[Trouble | None, ...] = ()
    column: int | None = None

    @cached_property
    def values(self) -> Ints:
        """The values of the rows, -1 where not known; shape ``(n,)`` or ``(1,)``."""
        return self.table if self.codes is None else self.table[self.codes]

    @cached_property
    def has_blank(self) -> bool:
        """Whether some cell is empty."""
        return self.codes is not None and self.codes.min(initial=0) < 0

    @cached_property
    def whole(self) -> bool:
        """Whether all are known."""
        known = self.table >= 0
        blank_is_fine = self.codes is not None and not self.has_blank
        return bool(known[:-1].all() and (known[-1] or blank_is_fine))

    @cached_property
    def ok(self) -> npt.NDArray[np.bool_]:
        """Which are known; same shape."""
        if self.codes is None:
            return self.table >= 0
        if self.whole:
            return np.ones(self.codes.shape, dtype=bool)
        return (self.table >= 0)[self.codes]

    @cached_property
    def blank(self) -> npt.NDArray[np.bool_]:
        """Rows whose cell is empty; none where the value stands in no column."""
        return np.zeros(self.table.shape, dtype=bool) if self.codes is None else self.codes < 0

    @classmethod
    def constant(cls, value: int | None, trouble: Trouble | None = None) -> Axis:
        """A value that holds for every row; None: not known, for this reason."""
        return cls(np.array([-1 if value is None else value]), troubles=(trouble,))

    def mapped(self, function: Callable[[int], int]) -> Axis:
        """The same rows with other values: those known are given to ``function``."""
        found = [function(v) if v >= 0 else -1 for v in self.table.tolist()]
        return replace(self, table=np.array(found, dtype=np.int64))

    def with_blank(self, value: int) -> Axis:
        """The same, with a value for blank cells."""
        return replace(self, table=np.append(self.table[:-1], value))


@frozen
class Cells:
    """A column with each different cell numbered.

    Attributes:
        codes: shape ``(n,)``; -1 where blank.
        distinct: the different cells.
    """

    codes: npt.NDArray[np.int32]
    distinct: tuple[Cell, ...]

    def axis(self, resolved: Sequence[Resolved], column: int) -> Axis:
        """Spread what the different cells stand for over the rows."""
        table = np.array([-1 if r.index is None else r.index for r in resolved] + [-1], np.int64)
        return Axis(table, self.codes, tuple(r.trouble for r in resolved), column)


def number_cells(column: AnyColumn, types: npt.NDArray[np.uint8] | None) -> Cells:
    """Number the different cells of a column.

    Args:
        column: texts, shape ``(n,)``.
        types: their :class:`~.raw.CellType`, or None if all are text.
    """
    if isinstance(column, Column):
        codes, texts, _ = column.numbered
        return _shown(codes, texts, CellType.TEXT)
    import polars as pl

    kinds = [CellType.TEXT] if types is None else [CellType(t) for t in np.unique(types)]
    if len(kinds) == 1:
        return _numbered(column, kinds[0])
    codes = np.full(len(column), -1, dtype=np.int32)
    distinct: list[Cell] = []
    for kind in kinds:
        found = _numbered(column.set(pl.Series(types != kind), None), kind)
        mine = found.codes >= 0
        codes[mine] = found.codes[mine] + len(distinct)
        distinct.extend(found.distinct)
    return Cells(codes, tuple(distinct))


def _numbered(column: pl.Series, kind: CellType) -> Cells:
    """Cells of one type; nulls and blank texts have no number."""
    import polars as pl

    texts = column.unique(maintain_order=True).drop_nulls()
    if not len(texts):
        return Cells(np.full(len(column), -1, dtype=np.int32), ())
    physical = column.cast(pl.Enum(texts)).to_physical()
    codes = physical.cast(pl.Int32).fill_null(-1)
    return _shown(codes.to_numpy(), texts.to_list(), kind)


def _shown(codes: npt.NDArray[np.int32], texts: Sequence[str], kind: CellType) -> Cells:
    """Cells as people see them: without the spaces around a text, and blank where that is all."""
    shown = [text.strip() for text in texts]
    if all(shown):
        return Cells(codes, tuple(Cell(text, kind) for text in shown))
    filled = np.array([*map(bool, shown), False])
    place = np.where(filled, np.cumsum(filled) - 1, -1).astype(np.int32)
    return Cells(place[codes], tuple(Cell(text, kind) for text in shown if text))


def resolver(field: Field, book: CodeBook) -> Callable[[Sequence[Cell]], list[Resolved]] | None:
    """How the cells of a dimension or attribute are understood; None if nobody knows it."""
    concept = field.concept or ""
    if concept == d.REGION:
        return lambda cells: resolve_regions(cells, book, field.scheme)
    if concept == d.PERIOD:
        return lambda cells: [_period(c) for c in cells]
    if concept == YEAR:
        return lambda cells: [_or_trouble(read_year(c.text)) for c in cells]
    if concept in PARTS:
        return lambda cells: [_or_trouble(read_part(concept, c.text)) for c in cells]
    if concept == d.INDICATOR:
        return lambda cells: [_indicator(c, book) for c in cells]
    if concept == d.UNIT:
        return lambda cells: [_unit(c, book) for c in cells]
    if concept == d.STATUS:
        return lambda cells: [_status(c) for c in cells]
    codelist = book.codelists.get(field.codelist or concept)
    if codelist is None:
        return None
    return lambda cells: resolve_list(cells, codelist, field.scheme)


def unit_at(book: CodeBook, index: int) -> str:
    """Code of the unit with this position in :func:`resolver`'s results."""
    return list(book.units.units)[index]


def combine_periods(axes: Mapping[str, Axis]) -> tuple[Axis | None, Trouble | None]:
    """Make one period of a period column, or of a year and a part of it.

    Args:
        axes: concept -> axis, for the concepts in :data:`PERIOD_CONCEPTS` that are there.

    Returns:
        Packed periods, and what keeps them from being made; one of the two is None.
    """
    parts = [c for c in PARTS if c in axes]
    if not parts:
        if d.PERIOD in axes:
            return axes[d.PERIOD], None
        return (
            (axes[YEAR].mapped(_packed_year), None)
            if YEAR in axes
            else (None, Trouble("tanpa-periode"))
        )
    if len(parts) > 1 or not {YEAR, d.PERIOD} & set(axes):
        return None, Trouble("periode-tak-lengkap", {"parts": ", ".join(parts)})
    concept, part = parts[0], axes[parts[0]]
    year = axes.get(YEAR) or axes[d.PERIOD].mapped(lambda p: unpack(p).start.year)
    return _joined(year, part, concept), None


def _joined(year: Axis, part: Axis, concept: str) -> Axis:
    """The periods of years and parts of them, wherever each of them stands."""
    if part.codes is None:
        number = int(part.table[0])
        return year.mapped(lambda y: _packed(concept, y, number) if number >= 0 else -1)
    if year.codes is None:
        every = int(year.table[0])
        return part.mapped(lambda n: _packed(concept, every, n) if every >= 0 else -1)
    both = np.where(part.ok & year.ok, year.values * 16 + part.values, -1)
    distinct, places = np.unique(both, return_inverse=True)
    joined = Axis(np.append(distinct, -1), places.astype(np.int32), column=part.column)
    return joined.mapped(lambda v: _packed(concept, v // 16, v % 16))


def _packed_year(year: int) -> int:
    period = read_period(str(year))
    return period.packed if period else -1


def _packed(concept: str, year: int, number: int) -> int:
    try:
        return part_of_year(concept, year, number).packed
    except ValueError:
        return -1


def _period(cell: Cell) -> Resolved:
    period = read_period(cell.text)
    if period is None:
        return Resolved(None, Trouble("periode-tak-terbaca"))
    return Resolved(period.packed)


def _or_trouble(number: int | None) -> Resolved:
    return Resolved(number, None if number is not None else Trouble("periode-tak-terbaca"))


def _indicator(cell: Cell, book: CodeBook) -> Resolved:
    indicator = book.indicators.get(cell.text)
    if indicator is None:
        folded = normalise(cell.text)
        named = [i for i in book.indicators.values() if normalise(i.name) == folded]
        indicator = named[0] if len(named) == 1 else None
    if indicator is None:
        return Resolved(None, Trouble("indikator-tidak-dikenal"))
    return Resolved(indicator.id)


def _unit(cell: Cell, book: CodeBook) -> Resolved:
    unit = book.units.find(cell.text)
    if unit is None:
        return Resolved(None, Trouble("satuan-tidak-dikenal", {"written": cell.text}))
    return Resolved(list(book.units.units).index(unit.code))


def _status(cell: Cell) -> Resolved:
    status = STATUS.get(normalise(cell.text))
    return Resolved(status, None if status is not None else Trouble("status-tidak-dikenal"))
