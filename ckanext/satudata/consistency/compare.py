"""Candidate figures against everything published: arrays in, conflicts as arrays out.

One candidate of a million figures may meet one publication of ten million or thousands of
tiny ones (a price table a day). Large publications are searched where they lie; small ones
are put end to end, so that numpy is called once for all of them. Published arrays are never
copied as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from . import matching
from .frozen import frozen
from .keys import Keys
from .matching import Positions
from .observations import Figures, Published
from .tolerance import Floats, Tolerance, agree, half_units

#: Publications below this many figures are put end to end.
SMALL = 16_384


@frozen
class Column:
    """Values at keys, in key order; keys may repeat.

    Attributes:
        keys: packed objects, ascending, shape ``(n,)``.
        values: shape ``(n,)``.
        decimals: shape ``(n,)``.
        rows: positions of these figures where they come from, shape ``(n,)``; None where
            they are all of it.
    """

    keys: Keys
    values: Floats
    decimals: npt.NDArray[np.int8]
    rows: Positions | None = None

    @classmethod
    def of(cls, figures: Figures) -> Column:
        """All figures of a candidate's indicator."""
        return cls(figures.keys, figures.values, figures.decimals)

    def origin(self, positions: Positions) -> Positions:
        """Positions in the figures this column was taken from."""
        return positions if self.rows is None else self.rows[positions]


@frozen
class Conflicts:
    """Pairs of values that do not agree; all arrays have shape ``(m,)``.

    Attributes:
        rows: position of the candidate's figure.
        publication: position in the list of publications.
        places: position in that publication.
        ours: the candidate's value.
        theirs: the published value, in the candidate's unit.
        half_ours: half a unit of the candidate's last written digit.
        half_theirs: the same of the published value, in the candidate's unit.
        limit: the allowed difference.
        kind: :class:`~.tolerance.Kind` of the tolerance that decided.
    """

    rows: Positions
    publication: Positions
    places: Positions
    ours: Floats
    theirs: Floats
    half_ours: Floats
    half_theirs: Floats
    limit: Floats
    kind: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return int(self.rows.shape[0])

    def take(self, where: npt.NDArray[np.bool_] | Positions) -> Conflicts:
        """Only some of the pairs, in the order given."""
        return Conflicts(*(getattr(self, name)[where] for name in self.__dataclass_fields__))


def compare(
    column: Column,
    published: Sequence[Published],
    tolerance: Tolerance,
    *,
    factor: float = 1.0,
    meetings: Meetings | None = None,
) -> Conflicts:
    """Find every pair of values at one key that does not agree.

    Args:
        column: the candidate's figures.
        published: the publications, each sorted with unique keys.
        tolerance: what is granted.
        factor: by what published values are multiplied to be in the candidate's unit.
        meetings: where these publications show the column's keys, if already known.

    Returns:
        All conflicts, by candidate row, then by publication in the given order.

    Raises:
        matching.OrderError: keys are out of order.
    """
    if not column.keys.size:
        return _joined([])
    meetings = meetings or Meetings(column, published)
    pieces = [_judge(meetings.own, met, tolerance, factor) for met in meetings.found]
    found = _joined(pieces)
    return found.take(np.lexsort((found.publication, found.rows)))


@frozen
class Run:
    """Published figures to be searched at once: a large publication, or small ones end to end.

    Attributes:
        keys: shape ``(n,)``; ascending where ``starts`` has one entry.
        values: shape ``(n,)``.
        decimals: shape ``(n,)``.
        members: positions in the list of publications.
        starts: where each member begins.
    """

    keys: Keys
    values: Floats
    decimals: npt.NDArray[np.int8]
    members: Positions
    starts: Positions

    @property
    def single(self) -> bool:
        """Whether all figures are one publication's, and so ascending."""
        return self.members.size == 1

    def owners(self, places: Positions) -> tuple[Positions, Positions]:
        """Publications of figures, and their positions therein."""
        which = np.searchsorted(self.starts, places, side="right") - 1
        return self.members[which], places - self.starts[which]


def runs(published: Sequence[Published]) -> list[Run]:
    """Publications in searchable runs, large ones as they are.

    Raises:
        matching.OrderError: a publication's keys are out of order or repeat.
    """
    out: list[Run] = []
    small: list[int] = []
    for position, one in enumerate(published):
        if len(one) >= SMALL:
            matching.require_sorted(one.keys, unique=True, what=f"publication {one.publication.id}")
            at, zero = np.array([position]), np.zeros(1, dtype=np.int64)
            out.append(Run(one.keys, one.values, one.decimals, at, zero))
        elif len(one):
            small.append(position)
    if small:
        parts = [published[p] for p in small]
        starts = np.cumsum([0, *(len(p) for p in parts[:-1])])
        keys = np.concatenate([p.keys for p in parts])
        ascending = keys[1:] > keys[:-1]
        ascending[starts[1:] - 1] = True
        if not bool(ascending.all()):
            raise matching.OrderError("keys of a publication are not sorted or repeat")
        out.append(
            Run(
                keys,
                np.concatenate([p.values for p in parts]),
                np.concatenate([p.decimals for p in parts]),
                np.array(small),
                starts,
            )
        )
    return out


class _Distinct:
    """A column's distinct keys, with the way back to every figure that has them."""

    def __init__(self, column: Column) -> None:
        self.column = column
        first = np.ones(column.keys.size, dtype=bool)
        np.not_equal(column.keys[1:], column.keys[:-1], out=first[1:])
        self.starts = None if bool(first.all()) else np.flatnonzero(first)
        self.keys = column.keys if self.starts is None else column.keys[self.starts]

    def expand(self, mine: Positions, places: Positions) -> tuple[Positions, Positions]:
        """From distinct keys to all figures that have them; ``places`` repeat along."""
        if self.starts is None:
            return mine, places
        counts = np.diff(np.append(self.starts, self.column.keys.size))[mine]
        source = np.repeat(np.arange(mine.size), counts)
        offset = np.arange(source.size) - np.repeat(np.cumsum(counts) - counts, counts)
        return self.starts[mine][source] + offset, places[source]


@frozen
class Met:
    """Keys that a run shows.

    Attributes:
        run: the published figures.
        mine: positions among the column's distinct keys, shape ``(m,)``.
        places: positions in the run, shape ``(m,)``.
    """

    run: Run
    mine: Positions
    places: Positions


class Meetings:
    """Where publications show a column's keys; searched once, used by several rules.

    Args:
        column: the candidate's figures.
        published: the publications, each sorted with unique keys.

    Raises:
        matching.OrderError: keys are out of order.
    """

    def __init__(self, column: Column, published: Sequence[Published]) -> None:
        matching.require_sorted(column.keys, unique=False, what="the candidate")
        self.own = _Distinct(column)
        self.found = [self._meet(run) for run in runs(published)]

    def _meet(self, run: Run) -> Met:
        if run.single:
            return Met(run, *matching.match(self.own.keys, run.keys))
        places, mine = matching.look_up(run.keys, self.own.keys)
        return Met(run, mine, places)

    def shown_by(self, wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Which of the column's distinct keys some of these publications show.

        Args:
            wanted: which publications, in the order they were given.
        """
        out = np.zeros(self.own.keys.size, dtype=bool)
        for met in self.found:
            if not met.run.single:
                owners, _ = met.run.owners(met.places)
                out[met.mine[wanted[owners]]] = True
            elif wanted[met.run.members[0]]:
                out[met.mine] = True
        return out


@frozen
class _Pairs:
    """Values at equal keys; all arrays have shape ``(m,)``, names as in :class:`Conflicts`."""

    rows: Positions
    places: Positions
    ours: Floats
    theirs: Floats
    half_ours: Floats
    half_theirs: Floats


def agreeing(
    column: Column,
    published: Sequence[Published],
    tolerance: Tolerance,
    *,
    factor: float = 1.0,
) -> Positions:
    """Rows of the column's figures that some publication confirms; arguments as :func:`compare`."""
    if not column.keys.size:
        return np.empty(0, np.int64)
    meetings = Meetings(column, published)
    found = []
    for met in meetings.found:
        p = _pairs(meetings.own, met, factor, unequal_only=False)
        same, _, _ = agree(p.ours, p.theirs, p.half_ours, p.half_theirs, tolerance)
        found.append(column.origin(p.rows[same]))
    return np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)


def _pairs(own: _Distinct, met: Met, factor: float, *, unequal_only: bool) -> _Pairs:
    """Values at equal keys. Most are exactly equal; those can be dropped before all else."""
    column, run = own.column, met.run
    rows, places = own.expand(met.mine, met.places)
    if unequal_only:
        keep = matching.unequal(column.values, rows, run.values, places, factor)
        rows, places = rows[keep], places[keep]
    theirs = run.values[places]
    return _Pairs(
        rows,
        places,
        column.values[rows],
        theirs if factor == 1.0 else theirs * factor,
        half_units(column.decimals[rows]),
        half_units(run.decimals[places]) * factor,
    )


def _judge(own: _Distinct, met: Met, tolerance: Tolerance, factor: float) -> Conflicts:
    p = _pairs(own, met, factor, unequal_only=True)
    same, limit, kind = agree(p.ours, p.theirs, p.half_ours, p.half_theirs, tolerance)
    owners, inside = met.run.owners(p.places)
    every = Conflicts(
        own.column.origin(p.rows),
        owners,
        inside,
        p.ours,
        p.theirs,
        p.half_ours,
        p.half_theirs,
        limit,
        kind,
    )
    return every.take(~same)


def _joined(pieces: Sequence[Conflicts]) -> Conflicts:
    if not pieces:
        at, value = np.empty(0, np.int64), np.empty(0, np.float64)
        kind = np.empty(0, np.uint8)
        return Conflicts(at, at, at, value, value, value, value, value, kind)
    if len(pieces) == 1:
        return pieces[0]
    return Conflicts(
        *(
            np.concatenate([getattr(p, name) for p in pieces])
            for name in pieces[0].__dataclass_fields__
        )
    )
