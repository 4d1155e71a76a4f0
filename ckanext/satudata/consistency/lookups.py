"""Figures looked up by key, wherever they are: in the candidate or public."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .compare import Run, runs
from .keys import Keys
from .matching import Positions, look_up, match
from .observations import Figures, Published
from .tolerance import Floats, half_units

#: Origins of figures that are of no publication.
CANDIDATE = -1
UNKNOWN = -2

#: Keys that ascend in runs of so many are found one after the other; others are sorted first.
_LEAST_RUN = 64

#: Positions of the keys of one array that another one has, and where it has them.
_Search = Callable[[Keys, Keys], tuple[Positions, Positions]]


def first_rows(keys: Keys) -> Positions:
    """Positions of the first figure of each key, in a sorted array."""
    first = np.ones(keys.size, dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=first[1:])
    return np.flatnonzero(first)


@dataclass
class Known:
    """Figures found for keys; arrays of one shape.

    Attributes:
        values: the figures, 0 where unknown.
        halves: half units of their last written digits, 0 where unknown.
        origin: position of the publication, -1 for the candidate, -2 where unknown.
        place: row of the candidate where it is the origin.
    """

    values: Floats
    halves: Floats
    origin: npt.NDArray[np.int32]
    place: Positions

    @property
    def found(self) -> npt.NDArray[np.bool_]:
        """Where a figure is known."""
        return self.origin != UNKNOWN

    def reshape(self, *shape: int) -> Known:
        """The same in another shape."""
        return Known(*(getattr(self, n).reshape(shape) for n in self.__dataclass_fields__))

    def transposed(self) -> Known:
        """The same with its two axes exchanged."""
        return Known(*(getattr(self, n).T for n in self.__dataclass_fields__))

    def take(self, at: Positions | npt.NDArray[np.bool_]) -> Known:
        """Some of them."""
        return Known(*(getattr(self, n)[at] for n in self.__dataclass_fields__))


class Sources:
    """Looks figures up: the candidate's first, then public ones, the mandate holder's first."""

    def __init__(
        self, figures: Figures | None, published: list[Published], *, counted: bool
    ) -> None:
        """Prepare the search.

        Args:
            figures: the candidate's; None where it has none of this indicator.
            published: the public ones.
            counted: whether whole numbers are exact counts, so that nothing is granted for
                rounding (fourteen exact counts of persons add up to the last person).
        """
        self.published = published
        self._counted = counted
        self._figures = figures if figures is not None and len(figures) else None
        if self._figures is not None:
            self._rows = first_rows(self._figures.keys)
            self._keys = self._figures.keys[self._rows]
        self._runs = [_ascending(run) for run in runs(published)]

    def find(self, keys: Keys) -> Known:
        """Figures for keys in any order, equal ones too; shapes ``(n,)``."""
        descents = np.count_nonzero(keys[1:] <= keys[:-1])
        if descents * _LEAST_RUN <= keys.size:
            return self._find(keys, look_up)
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        first = first_rows(ordered)
        # Back from distinct keys in order to the keys as they were asked for.
        back = np.empty(keys.size, np.int64)
        back[order] = np.repeat(np.arange(first.size), np.diff(np.append(first, keys.size)))
        return self._find(ordered[first], match).take(back)

    def between(self, low: int, high: int) -> list[Keys]:
        """The known keys from ``low`` to ``high``, both inclusive, as sorted pieces."""
        known = [run.keys for run, _ in self._runs]
        if self._figures is not None:
            known.append(self._keys)
        ends = ((k, *np.searchsorted(k, [low, high + 1])) for k in known)
        return [k[start:stop] for k, start, stop in ends if stop > start]

    def _find(self, keys: Keys, search: _Search) -> Known:
        n = keys.size
        known = Known(
            np.zeros(n), np.zeros(n), np.full(n, UNKNOWN, np.int32), np.zeros(n, np.int64)
        )
        if self._figures is not None:
            at, mine = search(keys, self._keys)
            rows = self._rows[mine]
            if at.size == n:
                origin = np.full(n, CANDIDATE, np.int32)
                halves = self._halves(self._figures.decimals[rows])
                return Known(self._figures.values[rows], halves, origin, rows)
            known.values[at] = self._figures.values[rows]
            known.halves[at] = self._halves(self._figures.decimals[rows])
            known.origin[at] = CANDIDATE
            known.place[at] = rows
        for run, places in self._runs:
            missing = np.flatnonzero(~known.found)
            if not missing.size:
                break
            at, theirs = search(keys[missing], run.keys)
            at = missing[at]
            known.values[at] = run.values[theirs]
            known.halves[at] = self._halves(run.decimals[theirs])
            known.origin[at] = run.owners(places[theirs] if places is not None else theirs)[0]
        return known

    def _halves(self, decimals: npt.NDArray[np.int8]) -> Floats:
        halves = half_units(decimals)
        if self._counted:
            halves[decimals == 0] = 0.0
        return halves


def _ascending(run: Run) -> tuple[Run, Positions | None]:
    """A run that can be searched, and where its figures stood; the first of equal keys stays."""
    if run.single:
        return run, None
    order = np.argsort(run.keys, kind="stable")
    order = order[first_rows(run.keys[order])]
    return (
        Run(run.keys[order], run.values[order], run.decimals[order], run.members, run.starts),
        order,
    )
