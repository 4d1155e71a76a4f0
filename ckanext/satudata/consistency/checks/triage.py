"""Why a figure probably differs from a public one: looked at from all sides, decides nothing.

Only conflicts that a report lists are looked at. The order is that of the evidence: another
definition or status is known, a rounding or two swapped digits can be seen in the numbers; that
a value stands one row, one column or one period further needs at least three digits, or chance
would explain it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from .. import keyparts
from .. import keys as packing
from .. import period as periods
from ..case import Case
from ..causes import guess, mistyped
from ..compare import Conflicts
from ..findings import Cause
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
    looks: list[tuple[Cause, Callable[[Positions], Bools]]] = [
        (Cause.SHIFTED_ROW, lambda at: _shifted(case, figures, shown.take(at), 1, 0)),
        (Cause.SHIFTED_COLUMN, lambda at: _shifted(case, figures, shown.take(at), 0, 1)),
        (Cause.REFERENCE_DATE, lambda at: _other_period(figures, published, shown.take(at))),
    ]
    out: list[Cause] = []
    for i in range(len(shown)):
        if definition[i]:
            out.append(Cause.DEFINITION)
        elif vintage[i]:
            out.append(Cause.VINTAGE)
        else:
            out.append(
                guess(shown.ours[i], shown.theirs[i], shown.half_ours[i], shown.half_theirs[i])
            )
    for cause, look in looks:
        at = np.array([i for i, c in enumerate(out) if c is Cause.UNKNOWN], dtype=np.int64)
        at = at[telling[at]]
        if at.size:
            for i in at[look(at)].tolist():
                out[i] = cause
    for i, cause in enumerate(out):
        if cause is Cause.UNKNOWN and mistyped(
            shown.ours[i], shown.theirs[i], shown.half_ours[i], shown.half_theirs[i]
        ):
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


def _shifted(case: Case, figures: Figures, shown: Conflicts, rows: int, columns: int) -> Bools:
    """Where ours is the public value of a neighbouring cell."""
    out = np.zeros(len(shown), dtype=bool)
    place = (figures.table[shown.rows], figures.row[shown.rows], figures.column[shown.rows])
    table, row, column = (a.astype(np.int64) for a in place)
    for step in (-1, 1):
        wanted = _cells(table, row + step * rows, column + step * columns)
        for one in case.candidate.figures:
            near = _within(one.row, row + step * rows)
            if not near.size:
                continue
            cells = _cells(*(a[near].astype(np.int64) for a in (one.table, one.row, one.column)))
            order = np.argsort(cells)
            at = np.minimum(np.searchsorted(cells[order], wanted), cells.size - 1)
            there = cells[order][at] == wanted
            if one.indicator.unit == figures.indicator.unit and there.any():
                keys = one.keys[near[order[at]]]
                out |= there & _shows(case.public(one.indicator), shown, keys)
    return out


def _within(rows: npt.NDArray[np.int32], wanted: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Positions of the rows that are wanted; a look at each, which is faster than a search."""
    is_wanted = np.zeros(int(max(rows.max(initial=0), wanted.max(initial=0))) + 1, dtype=bool)
    is_wanted[wanted[wanted >= 0]] = True
    return np.flatnonzero(is_wanted[rows])


def _cells(
    table: npt.NDArray[np.int64], row: npt.NDArray[np.int64], column: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    return (table << 48) | (row << 16) | (column & 0xFFFF)


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
