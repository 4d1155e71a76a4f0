"""Number columns: Indonesian ``1.234,5`` or English ``1,234.5``, decided from the whole column.

A cell with both separators, or with one that cannot group thousands, is evidence for one
notation. ``448.850`` fits both: 448850 in Indonesian, 448.85 in English notation. Where a
column has only such cells, the notation is taken, in this order, from

1. the declaration, if it names one;
2. other columns of the same table, if they all speak for one notation, and the unit: people,
   pieces and rupiah come whole, so three digits behind a lone separator are thousands. If
   the two disagree, neither decides.

Otherwise the column is refused: guessing wrong is a factor of a thousand. A column with
evidence for both notations is refused as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..consistency.frozen import frozen
from . import scanned
from .state import State

if TYPE_CHECKING:
    import polars as pl

_SIMPLE = r"^[+-]?[0-9][0-9.,]*$"
_INDONESIAN = r"^[+-]?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?$"
_ENGLISH = r"^[+-]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?$"
_SEPARATOR = r"[.,]"
#: What programs write; a column of nothing else needs no second look at each cell.
_POINTED = r"^[+-]?[0-9]+(?:\.[0-9]+)?$"
#: So many cells usually show the notation.
_GLANCE = 5_000
_MOST_DECIMALS = 100
#: Cells turned into numbers at once; texts on the way take several times a number's memory.
_PIECE = 200_000


class Notation(str, Enum):
    """How the numbers of a column are written."""

    __str__ = str.__str__

    ID = "id"
    EN = "en"
    PLAIN = "plain"
    AMBIGUOUS = "ambiguous"
    MIXED = "mixed"


_PATTERNS = {Notation.ID: _INDONESIAN, Notation.EN: _ENGLISH}


@frozen
class Column:
    """A measure's cells, taken apart but not yet numbers. All arrays have shape ``(n,)``.

    Attributes:
        text: sign, digits and separators; null where there is no number.
        state: :class:`~.state.State` numbers.
        exact: cells that were numbers in a spreadsheet: a point in them is a decimal point.
        mark: positions in ``marks``.
        suffix: positions in ``suffixes``.
        marks: footnote marks that occur; the first is "none".
        suffixes: units and currencies written in cells; the first is "none".
        pointed: whether every cell is digits with at most one point, which excludes evidence
            for Indonesian notation other than by grouping.
        fitting: the notation in which every cell is known to be written, so that none speaks
            for the other one alone; None: not known.
        found: what the cells say, where that is known already.
        read: values and decimals as ``fitting`` says them, where they are read already.
    """

    text: scanned.AnyColumn
    state: npt.NDArray[np.uint8]
    exact: npt.NDArray[np.bool_]
    mark: npt.NDArray[np.uint8]
    suffix: npt.NDArray[np.uint8]
    marks: tuple[str, ...] = ("",)
    suffixes: tuple[str, ...] = ("",)
    pointed: bool = False
    fitting: Notation | None = None
    found: Evidence | None = None
    read: tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]] | None = None


@frozen(slots=True)
class Evidence:
    """What a column's cells say about its notation; positions of first examples, or None."""

    indonesian: int | None = None
    english: int | None = None
    ambiguous: int | None = None
    #: Separators of the ambiguous cells: ``.``, ``,`` or both.
    separators: frozenset[str] = frozenset()

    @property
    def notation(self) -> Notation:
        """What follows from the cells alone."""
        if self.indonesian is not None and self.english is not None:
            return Notation.MIXED
        if self.indonesian is not None:
            return Notation.ID
        if self.english is not None:
            return Notation.EN
        return Notation.AMBIGUOUS if self.ambiguous is not None else Notation.PLAIN


@frozen
class Numbers:
    """A column as numbers. All arrays have shape ``(n,)``.

    Attributes:
        values: NaN where there is none.
        decimals: digits behind the decimal separator as written.
        state: :class:`~.state.State` numbers.
    """

    values: npt.NDArray[np.float64]
    decimals: npt.NDArray[np.int8]
    state: npt.NDArray[np.uint8]

    @property
    def bad(self) -> npt.NDArray[np.bool_]:
        """Cells that hold something which is no number."""
        return self.state > State.MISSING


def prepare(cells: scanned.AnyColumn, exact: npt.NDArray[np.bool_] | None = None) -> Column:
    """Take the cells of a measure apart.

    Args:
        cells: texts, shape ``(n,)``.
        exact: which cells were numbers in a spreadsheet; None: none.
    """
    if isinstance(cells, scanned.Column):
        return _scanned(cells) or prepare(cells.series, exact)
    import polars as pl

    from .odd_numbers import read_odd

    n = len(cells)
    if exact is None:
        exact = np.zeros(n, dtype=bool)
    state = np.zeros(n, dtype=np.uint8)
    mark = np.zeros(n, dtype=np.uint8)
    suffix = np.zeros(n, dtype=np.uint8)
    whole = _written_throughout(cells) if n > _GLANCE and not exact.any() else None
    if whole is not None:
        state[cells.is_null().to_numpy()] = State.MISSING
        return Column(cells, state, exact, mark, suffix, fitting=whole)
    pointed = cells.str.contains(_POINTED)
    if pointed.all(ignore_nulls=False):
        return Column(cells, state, exact, mark, suffix, pointed=True)
    simple = cells.str.contains(_SIMPLE)
    if simple.all(ignore_nulls=False):
        return Column(cells, state, exact, mark, suffix)
    simple = simple.fill_null(value=False)
    if n and int(simple.sum()) < n // 2:
        # Spaces around every number would send each through Python.
        cells = cells.str.strip_chars()
        simple = cells.str.contains(_SIMPLE).fill_null(value=False)
    odd_at = np.flatnonzero(~simple.to_numpy())
    odd = cells.gather(odd_at)
    distinct = odd.drop_nulls().unique(maintain_order=True)
    parts = [read_odd(t) for t in distinct]
    marks = _numbered(p.mark for p in parts)
    suffixes = _numbered(p.suffix for p in parts)
    place = _positions(odd, distinct)
    known = place >= 0
    state[odd_at] = State.MISSING
    for target, values in (
        (state, [int(p.state) for p in parts]),
        (mark, [marks[p.mark] for p in parts]),
        (suffix, [suffixes[p.suffix] for p in parts]),
    ):
        if parts:
            target[odd_at[known]] = np.array(values, dtype=np.uint8)[place[known]]
    cores = pl.Series([*(p.core for p in parts), None], dtype=pl.String)
    text = cells.scatter(odd_at, cores.gather(np.where(known, place, len(parts))))
    return Column(text, state, exact, mark, suffix, tuple(marks), tuple(suffixes))


def _scanned(cells: scanned.Column) -> Column | None:
    """A column of nothing but digits with separators, and empty cells; None for any other."""
    flags = np.zeros(len(cells), dtype=np.uint8)
    glance = cells.evidence(np.empty(min(len(cells), _GLANCE), dtype=np.uint8))
    if glance is None:
        return None
    notation = Evidence(*glance).notation
    if len(cells) > _GLANCE and notation in _PATTERNS:
        # Where every cell fits what the first ones show, none can speak for the other notation.
        read = cells.figures(notation.value)
        if read is not None:
            state = np.isnan(read[0]).view(np.uint8)
            bare = Column(cells, state, flags.view(bool), flags, flags)
            return replace(bare, fitting=notation, found=Evidence(*glance), read=read)
    state = np.empty(len(cells), dtype=np.uint8)
    # A cell that is empty gets 1, which is what "missing" is, and any other one 0.
    told = cells.evidence(state)
    if told is None:
        return None
    return Column(cells, state, flags.view(bool), flags, flags, found=Evidence(*told))


def _written_throughout(cells: pl.Series) -> Notation | None:
    """The notation that the first cells show, if every cell fits it; empty cells fit all.

    One look at each cell then replaces those by which a doubtful column is judged.
    """
    head = cells.head(_GLANCE)
    if not head.str.contains(_SIMPLE).all():
        return None
    notation = _full_evidence(_bare(head)).notation
    pattern = _PATTERNS.get(notation)
    return notation if pattern and cells.str.contains(pattern).all() else None


def _bare(cells: pl.Series) -> Column:
    flags = np.zeros(len(cells), dtype=np.uint8)
    return Column(cells, flags, flags.astype(bool), flags, flags)


def evidence(column: Column) -> Evidence:
    """Collect what the cells say about the notation."""
    if column.found is not None:
        return column.found
    # In a pointed column, several points or a comma would have to speak for the other notation.
    only = Notation.EN if column.pointed else column.fitting
    if only is not None and len(column.text) > _GLANCE and not column.exact.any():
        found = _full_evidence(_bare(scanned.series(column.text).head(_GLANCE)))
        if found.notation is only:
            return found
    return _full_evidence(column)


def _full_evidence(column: Column) -> Evidence:
    import polars as pl

    text = scanned.series(column.text)
    candidates = text.str.contains(_SEPARATOR).fill_null(value=False).to_numpy()
    positions = np.flatnonzero(candidates & ~column.exact)
    if positions.size == 0:
        return Evidence()
    text = text if positions.size == len(text) else text.gather(positions)
    indonesian = text.str.contains(_INDONESIAN).to_numpy()
    english = text.str.contains(_ENGLISH).to_numpy()
    both = indonesian & english
    separators: frozenset[str] = frozenset()
    if both.any():
        doubtful = text.filter(pl.Series(both))
        separators = frozenset(s for s in ".," if doubtful.str.contains(s, literal=True).any())
    return Evidence(
        _first(positions, indonesian & ~english),
        _first(positions, english & ~indonesian),
        _first(positions, both),
        separators,
    )


def detect(cells: pl.Series) -> Notation:
    """The notation that a column's cells show by themselves."""
    return evidence(prepare(cells)).notation


def settle(
    found: Sequence[Evidence],
    *,
    declared: Notation | None = None,
    table: Notation | None = None,
    whole: bool = False,
) -> Notation:
    """Decide the notation of columns that hold one measure.

    Args:
        found: evidence of each column.
        declared: what the declaration says.
        table: what the table's other columns agree on.
        whole: whether the unit only comes whole.

    Returns:
        ``ID``, ``EN`` or ``PLAIN`` to read with; ``AMBIGUOUS`` or ``MIXED`` to refuse.
    """
    if declared is not None:
        return declared
    notation = Evidence(
        indonesian=next((e.indonesian for e in found if e.indonesian is not None), None),
        english=next((e.english for e in found if e.english is not None), None),
        ambiguous=next((e.ambiguous for e in found if e.ambiguous is not None), None),
    ).notation
    if notation is not Notation.AMBIGUOUS:
        return notation
    separators = frozenset().union(*(e.separators for e in found))
    speaking = {table} if table else set()
    if whole and len(separators) == 1:
        speaking.add(Notation.ID if separators == {"."} else Notation.EN)
    return speaking.pop() if len(speaking) == 1 else Notation.AMBIGUOUS


def common(found: Iterable[Notation]) -> Notation | None:
    """What columns with evidence of their own agree on, or None."""
    clear = {n for n in found if n in (Notation.ID, Notation.EN)}
    return clear.pop() if len(clear) == 1 else None


def to_numbers(column: Column | scanned.AnyColumn, notation: Notation) -> Numbers:
    """Read a column in a notation.

    Args:
        column: a prepared column, or its cells.
        notation: ``ID``, ``EN`` or ``PLAIN``.

    Returns:
        The numbers; cells that do not fit the notation have the state ``OTHER_NOTATION``.
    """
    if not isinstance(column, Column):
        column = prepare(column)
    if isinstance(column.text, scanned.Column):
        known = column.read if column.fitting is notation else None
        read = known or column.text.figures(notation.value)
        if read is not None:
            return Numbers(*read, column.state)
        column = prepare(column.text.series)
    state = column.state.copy()
    text = scanned.series(column.text)
    if notation is not Notation.PLAIN and not (notation is Notation.EN and column.pointed):
        if column.fitting is not notation:
            fits = text.str.contains(_PATTERNS[notation]).fill_null(value=True).to_numpy()
            state[~fits & ~column.exact] = State.OTHER_NOTATION
    else:
        notation = Notation.PLAIN
    n = len(text)
    values, decimals = np.empty(n), np.empty(n, dtype=np.int8)
    for start in range(0, n, _PIECE):
        piece = slice(start, start + _PIECE)
        values[piece], decimals[piece] = _floats(text[piece], notation, column.exact[piece])
    failed = (state == State.OK) & ~np.isfinite(values)
    state[failed & np.isnan(values)] = State.UNREADABLE
    state[failed & np.isinf(values)] = State.TOO_LARGE
    values[state != State.OK] = np.nan
    return Numbers(values, decimals, state)


def _floats(
    text: pl.Series, notation: Notation, exact: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    """Values, NaN where there is none, and digits behind the point; all in one go, in parallel."""
    import polars as pl

    cells = pl.col("text")
    point = cells.str.find(".", literal=True).cast(pl.Int32)
    behind = cells.str.len_bytes().cast(pl.Int32) - point - 1
    frame = pl.DataFrame({"text": text, "exact": exact}).lazy()
    found = (
        frame.with_columns(_pointed(notation, some_exact=bool(exact.any())))
        .select(
            value=cells.cast(pl.Float64, strict=False).fill_null(float("nan")),
            decimals=behind.fill_null(0).clip(0, _MOST_DECIMALS).cast(pl.Int8),
        )
        .collect()
    )
    return found["value"].to_numpy(), found["decimals"].to_numpy()


def _pointed(notation: Notation, *, some_exact: bool) -> pl.Expr:
    """The texts with a point before their decimals and nothing between thousands."""
    import polars as pl

    cells = pl.col("text")
    if notation is Notation.PLAIN:
        return cells
    group, point = (".", ",") if notation is Notation.ID else (",", ".")
    turned = cells.str.replace_all(group, "", literal=True)
    if point == ",":
        turned = turned.str.replace(",", ".", literal=True)
    return pl.when("exact").then(cells).otherwise(turned).alias("text") if some_exact else turned


def _first(positions: npt.NDArray[np.int64], mask: npt.NDArray[np.bool_]) -> int | None:
    found = np.flatnonzero(mask)
    return int(positions[found[0]]) if found.size else None


def _numbered(texts: Iterable[str]) -> dict[str, int]:
    """Position of each different text, the empty one first; those beyond a byte are dropped."""
    out = {"": 0}
    for text in texts:
        if len(out) < 255:
            out.setdefault(text, len(out))
    return _Defaulting(out)


class _Defaulting(dict[str, int]):
    def __missing__(self, key: str) -> int:
        return 0


def _positions(cells: pl.Series, distinct: pl.Series) -> npt.NDArray[np.int64]:
    """Position of each cell in ``distinct``, -1 where null."""
    import polars as pl

    if len(distinct) == 0:
        return np.full(len(cells), -1, dtype=np.int64)
    return cells.cast(pl.Enum(distinct)).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
