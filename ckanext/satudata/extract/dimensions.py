"""What each row of a table speaks of: region, period, further dimensions, unit, status.

A value may stand in a column, in a constant, or in the header of a wide column. The three
meet here as arrays that broadcast over the rows: shape ``(n,)`` from a column, ``(1,)``
otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

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


@dataclass(frozen=True)
class Axis:
    """One kind of value over the rows.

    Attributes:
        values: shape ``(n,)`` or ``(1,)``; meaningless where not ``ok``.
        ok: which are known; same shape.
        codes: for a column: position of each row's cell in ``troubles``, -1 where blank.
        troubles: for a column: why the different cells are not known, or None.
        column: the column, or None.
    """

    values: Ints
    ok: npt.NDArray[np.bool_]
    codes: npt.NDArray[np.integer] | None = None
    troubles: tuple[Trouble | None, ...] = ()
    column: int | None = None

    @property
    def blank(self) -> npt.NDArray[np.bool_]:
        """Rows whose cell is empty; none where the value stands in no column."""
        return np.zeros(self.ok.shape, dtype=bool) if self.codes is None else self.codes < 0

    @classmethod
    def constant(cls, value: int | None) -> Axis:
        """A value that holds for every row; None: not known."""
        return cls(np.array([value or 0], dtype=np.int64), np.array([value is not None]))


@dataclass(frozen=True)
class Cells:
    """A column with each different cell numbered.

    Attributes:
        codes: shape ``(n,)``, of any integer type; -1 where blank.
        distinct: the different cells.
    """

    codes: npt.NDArray[np.integer]
    distinct: tuple[Cell, ...]

    def axis(self, resolved: Sequence[Resolved], column: int) -> Axis:
        """Spread what the different cells stand for over the rows."""
        found = np.array([-1 if r.index is None else r.index for r in resolved] + [-1], np.int64)
        values = found[self.codes]
        troubles = tuple(r.trouble for r in resolved)
        return Axis(values, values >= 0, self.codes, troubles, column)


def number_cells(column: AnyColumn, types: npt.NDArray[np.uint8] | None) -> Cells:
    """Number the different cells of a column.

    Args:
        column: texts, shape ``(n,)``.
        types: their :class:`~.raw.CellType`, or None if all are text.
    """
    if isinstance(column, Column):
        return _shown(*column.numbered, CellType.TEXT)
    import polars as pl

    kinds = [CellType.TEXT] if types is None else [CellType(t) for t in np.unique(types)]
    if len(kinds) == 1:
        return _numbered(column, kinds[0])
    codes = np.full(len(column), -1, dtype=np.int64)
    distinct: list[Cell] = []
    for kind in kinds:
        found = _numbered(column.set(pl.Series(types != kind), None), kind)
        mine = found.codes >= 0
        codes[mine] = found.codes[mine].astype(np.int64) + len(distinct)
        distinct.extend(found.distinct)
    return Cells(codes, tuple(distinct))


def _numbered(column: pl.Series, kind: CellType) -> Cells:
    """Cells of one type; nulls and blank texts have no number."""
    import polars as pl

    texts = column.unique(maintain_order=True).drop_nulls()
    if not len(texts):
        return Cells(np.full(len(column), -1, dtype=np.int64), ())
    physical = column.cast(pl.Enum(texts)).to_physical()
    if physical.null_count():
        physical = physical.cast(pl.Int64).fill_null(-1)
    return _shown(physical.to_numpy(), texts.to_list(), kind)


def _shown(codes: npt.NDArray[np.integer], texts: Sequence[str], kind: CellType) -> Cells:
    """Cells as people see them: without the spaces around a text, and blank where that is all."""
    shown = [text.strip() for text in texts]
    if all(shown):
        return Cells(codes, tuple(Cell(text, kind) for text in shown))
    filled = np.array([*map(bool, shown), False])
    place = np.where(filled, np.cumsum(filled) - 1, -1)
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
        return (_of_years(axes[YEAR]), None) if YEAR in axes else (None, Trouble("tanpa-periode"))
    if len(parts) > 1 or not {YEAR, d.PERIOD} & set(axes):
        return None, Trouble("periode-tak-lengkap", {"parts": ", ".join(parts)})
    concept, part = parts[0], axes[parts[0]]
    if YEAR in axes:
        year, year_values = axes[YEAR], axes[YEAR].values
    else:
        year = axes[d.PERIOD]
        year_values = _map_distinct(year.values, year.ok, lambda p: unpack(p).start.year)
    ok = part.ok & year.ok
    both = np.where(ok, year_values * 16 + part.values, 0)
    packed = _map_distinct(both, ok, lambda v: _packed(concept, v // 16, v % 16))
    lead = year if year.codes is not None and part.codes is None else part
    return Axis(packed, ok & (packed >= 0), lead.codes, lead.troubles, lead.column), None


def _of_years(axis: Axis) -> Axis:
    packed = _map_distinct(axis.values, axis.ok, _packed_year)
    return Axis(packed, axis.ok & (packed >= 0), axis.codes, axis.troubles, axis.column)


def _packed_year(year: int) -> int:
    period = read_period(str(year))
    return period.packed if period else -1


def _packed(concept: str, year: int, number: int) -> int:
    try:
        return part_of_year(concept, year, number).packed
    except ValueError:
        return -1


def _map_distinct(values: Ints, ok: npt.NDArray[np.bool_], function: Callable[[int], int]) -> Ints:
    distinct, places = np.unique(np.where(ok, values, -1), return_inverse=True)
    mapped = np.array([function(int(v)) if v >= 0 else -1 for v in distinct], dtype=np.int64)
    return mapped[places]


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
