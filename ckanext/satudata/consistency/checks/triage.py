"""Why a figure probably differs from a public one: looked at from all sides, decides nothing.

Only conflicts that a report lists are looked at. The order is that of the evidence: another
definition or status is known, a rounding or two swapped digits can be seen in the numbers; that
a value stands one row, one column or one period further needs at least three digits, or chance
would explain it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np
import numpy.typing as npt

from .. import keyparts
from .. import keys as packing
from .. import period as periods
from ..case import Case
from ..causes import guess, mistyped
from ..compare import Conflicts
from ..findings import Cause
from ..frozen import frozen
from ..keys import Keys
from ..matching import Positions
from ..observations import Figures, Published
from ..tolerance import Floats
from .definitions import confirmed_by_another_definition

Bools = npt.NDArray[np.bool_]

#: Units of the last written digit below which an equal value proves nothing.
_TELLING = 100


def triage(
    case: Case, figures: Figures, published: Sequence[Published], shown: Conflicts
) -> list[Cause]:
    """The likeliest cause of each conflict.

    Args:
        case: the check in progress.
        figures: the candidate's figures.
        published: the publications they were compared with.
        shown: the conflicts that are listed.
    """
    if not len(shown):
        return []
    definition = confirmed_by_another_definition(case, figures, shown.rows)
    vintage = _other_status(figures, published, shown)
    telling = np.abs(shown.ours) >= _TELLING * 2 * shown.half_ours
    near = _neighbours(case, figures.row[shown.rows])
    looks: list[tuple[Cause, Callable[[Positions], Bools]]] = [
        (Cause.SHIFTED_ROW, lambda at: _shifted(case, figures, shown.take(at), near, (1, 0))),
        (Cause.SHIFTED_COLUMN, lambda at: _shifted(case, figures, shown.take(at), near, (0, 1))),
        (Cause.REFERENCE_DATE, lambda at: _other_period(figures, published, shown.take(at))),
    ]
    arrays = (shown.ours, shown.theirs, shown.half_ours, shown.half_theirs)
    numbers = list(zip(*(a.tolist() for a in arrays), strict=True))
    out: list[Cause] = []
    for i, pair in enumerate(numbers):
        if definition[i]:
            out.append(Cause.DEFINITION)
        elif vintage[i]:
            out.append(Cause.VINTAGE)
        else:
            out.append(guess(*pair))
    for cause, look in looks:
        at = np.array([i for i, c in enumerate(out) if c is Cause.UNKNOWN], dtype=np.int64)
        at = at[telling[at]]
        if at.size:
            for i in at[look(at)].tolist():
                out[i] = cause
    for i, cause in enumerate(out):
        if cause is Cause.UNKNOWN and mistyped(*numbers[i]):
            out[i] = Cause.MISTAKE
    return out


def _other_status(figures: Figures, published: Sequence[Published], shown: Conflicts) -> Bools:
    """Where one of the two is final and the other is not."""
    ours = figures.status[shown.rows] == 0
    out = np.zeros(len(shown), dtype=bool)
    for number in set(shown.publication.tolist()):
        at = np.flatnonzero(shown.publication == number)
        theirs = published[number].status[shown.places[at]] == 0
        out[at] = ours[at] != theirs
    return out


def _other_period(figures: Figures, published: Sequence[Published], shown: Conflicts) -> Bools:
    """Where ours is their value of the period before or after."""
    keys = figures.keys[shown.rows]
    out = np.zeros(len(shown), dtype=bool)
    packed = packing.period_of(keys)
    distinct, places = np.unique(packed, return_inverse=True)
    found = [periods.unpack(one) for one in distinct.tolist()]
    for others in ([p.previous.packed for p in found], [p.following.packed for p in found]):
        wanted = keyparts.with_period(keys, np.array(others, dtype=np.int64)[places])
        out |= _shows(published, shown, wanted)
    return out


@frozen
class _Near:
    """Figures of an indicator that stand in the rows of conflicts or beside them.

    Attributes:
        figures: the indicator's.
        cells: where they stand, ascending; shape ``(n,)``.
        keys: their keys.
    """

    figures: Figures
    cells: npt.NDArray[np.int64]
    keys: Keys


def _neighbours(case: Case, rows: npt.NDArray[np.int32]) -> list[_Near]:
    out = []
    wanted = np.concatenate([rows - 1, rows, rows + 1])
    for one in case.candidate.figures:
        at = _within(one.row, wanted)
        cells = _cells(one.table[at], one.row[at], one.column[at])
        order = np.argsort(cells)
        if at.size:
            out.append(_Near(one, cells[order], one.keys[at[order]]))
    return out


def _shifted(
    case: Case, figures: Figures, shown: Conflicts, near: list[_Near], step: tuple[int, int]
) -> Bools:
    """Where ours is the public value of a neighbouring cell, so many rows and columns further."""
    out = np.zeros(len(shown), dtype=bool)
    rows, columns = step
    table, row, column = (a[shown.rows] for a in (figures.table, figures.row, figures.column))
    for sign in (-1, 1):
        wanted = _cells(table, row + sign * rows, column + sign * columns)
        for one in near:
            at = np.minimum(np.searchsorted(one.cells, wanted), one.cells.size - 1)
            there = one.cells[at] == wanted
            if one.figures.indicator.unit == figures.indicator.unit and there.any():
                shows = _shows(case.public(one.figures.indicator), shown, one.keys[at])
                out |= there & shows
    return out


def _within(rows: npt.NDArray[np.int32], wanted: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Positions of the rows that are wanted."""
    if rows.size and bool((rows[1:] > rows[:-1]).all()):
        distinct = np.array(sorted(set(wanted.tolist())), dtype=rows.dtype)
        at = np.minimum(np.searchsorted(rows, distinct), rows.size - 1)
        return at[rows[at] == distinct]
    # A look at each, which is faster than a search.
    is_wanted = np.zeros(int(max(rows.max(initial=0), wanted.max(initial=0))) + 1, dtype=bool)
    is_wanted[wanted[wanted >= 0]] = True
    return np.flatnonzero(is_wanted[rows])


def _cells(
    table: npt.NDArray[np.integer], row: npt.NDArray[np.integer], column: npt.NDArray[np.integer]
) -> npt.NDArray[np.int64]:
    places = (a.astype(np.int64) for a in (table, row, column))
    return reduce(lambda found, place: (found << 24) | (place & 0xFFFFFF), places)


def _shows(published: Sequence[Published], shown: Conflicts, keys: Keys) -> Bools:
    """Where some publication shows our value at other keys."""
    out = np.zeros(len(shown), dtype=bool)
    limit: Floats = np.maximum(shown.half_ours, shown.half_theirs)
    for one in published:
        if not len(one):
            continue
        at = np.minimum(np.searchsorted(one.keys, keys), len(one) - 1)
        out |= (one.keys[at] == keys) & (np.abs(one.values[at] - shown.ours) <= limit)
    return out
