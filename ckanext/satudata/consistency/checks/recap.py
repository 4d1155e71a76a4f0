"""``rekap``: the parts of a region do not add up to the whole.

Asked at every level of the regions, for additive indicators only, and only where the whole
and all its parts (those valid at the end of the period) are known, whether from the
candidate or already public. So it also holds when a kecamatan publishes the last part of a
total that is public, or the kabupaten the total of parts that are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .. import keys as packing
from ..case import Case, Check, Collector, counterpart, first_rows, period_ends
from ..causes import guess, tidy
from ..compare import Run, runs
from ..findings import AppliedTolerance, Counterpart, Finding
from ..hierarchy import Hierarchy
from ..keys import Keys
from ..matching import Positions, match_overlap
from ..observations import Figures, Published
from ..tolerance import Floats, Kind, half_units

RULE = "rekap"

#: Parts looked up at once; bounds the memory of the search.
_AT_ONCE = 1_000_000
_EPS = float(np.finfo(np.float64).eps)

_CANDIDATE = -1
_UNKNOWN = -2


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
        return self.origin != _UNKNOWN

    def reshape(self, *shape: int) -> Known:
        """The same in another shape."""
        return Known(*(getattr(self, n).reshape(shape) for n in self.__dataclass_fields__))

    def take(self, at: Positions | npt.NDArray[np.bool_]) -> Known:
        """Some of them."""
        return Known(*(getattr(self, n)[at] for n in self.__dataclass_fields__))


class Sources:
    """Looks figures up: the candidate's first, then public ones, the mandate holder's first."""

    def __init__(self, figures: Figures, published: list[Published], *, counted: bool) -> None:
        """Prepare the search.

        Args:
            figures: the candidate's.
            published: the public ones.
            counted: whether whole numbers are exact counts, so that nothing is granted for
                rounding (fourteen exact counts of persons add up to the last person).
        """
        self.published = published
        self._counted = counted
        self._rows = first_rows(figures.keys)
        self._keys = figures.keys[self._rows]
        self._figures = figures
        self._runs = [_ascending(run) for run in runs(published)]

    def find(self, keys: Keys) -> Known:
        """Figures for distinct keys in any order; shapes ``(n,)``."""
        order = np.argsort(keys)
        ordered = keys[order]
        n = keys.size
        known = Known(
            np.zeros(n), np.zeros(n), np.full(n, _UNKNOWN, np.int32), np.zeros(n, np.int64)
        )
        at, mine = match_overlap(ordered, self._keys)
        rows = self._rows[mine]
        known.values[at] = self._figures.values[rows]
        known.halves[at] = self._halves(self._figures.decimals[rows])
        known.origin[at] = _CANDIDATE
        known.place[at] = rows
        for run, places in self._runs:
            missing = np.flatnonzero(~known.found)
            if not missing.size:
                break
            at, theirs = match_overlap(ordered[missing], run.keys)
            at = missing[at]
            known.values[at] = run.values[theirs]
            known.halves[at] = self._halves(run.decimals[theirs])
            known.origin[at] = run.owners(places[theirs] if places is not None else theirs)[0]
        back = np.empty(n, np.int64)
        back[order] = np.arange(n)
        return known.take(back)

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


@dataclass(frozen=True)
class Sums:
    """Wholes whose parts are all known, with their sums; shapes ``(n,)`` and ``(n, parts)``."""

    wholes: Keys
    whole: Known
    parts: Known
    valid: npt.NDArray[np.bool_]

    @property
    def sums(self) -> Floats:
        """Sums of the parts."""
        return np.where(self.valid, self.parts.values, 0.0).sum(axis=1)


def recap(case: Case, figures: Figures, out: Collector) -> None:
    """Report wholes that differ from the sum of their parts."""
    if not figures.indicator.additive:
        return
    tree = case.book.regions.hierarchy
    wholes = _touched(figures.keys[first_rows(figures.keys)], tree)
    if not wholes.size:
        return
    unit = case.book.units.units.get(figures.indicator.unit)
    sources = Sources(
        figures, case.public(figures.indicator), counted=unit is not None and unit.counts
    )
    whole = sources.find(wholes)
    wholes, whole = wholes[whole.found], whole.take(whole.found)
    region = packing.region_of(wholes)
    for index in np.unique(region):
        at = np.flatnonzero(region == index)
        parts = tree.children(int(index))
        step = max(1, _AT_ONCE // parts.size)
        for start in range(0, at.size, step):
            some = at[start : start + step]
            sums = _complete(sources, tree, wholes[some], whole.take(some), parts)
            _report(case, figures, out, sources, sums)


def _touched(keys: Keys, tree: Hierarchy) -> Keys:
    """Keys of the wholes that the candidate shows, or shows a part of."""
    region = packing.region_of(keys)
    parent = tree.parents_of(region)
    above = packing.with_region(keys[parent > 0], parent[parent > 0])
    wholes = np.concatenate([above, keys[tree.has_children(region)]])
    # Nearly sorted already, which numpy's hashing np.unique cannot use: an eighth of its time.
    wholes.sort()
    return wholes[first_rows(wholes)]


def _complete(
    sources: Sources, tree: Hierarchy, wholes: Keys, whole: Known, parts: npt.NDArray[np.int64]
) -> Sums:
    valid = tree.valid(parts[None, :], period_ends(wholes)[:, None])
    # A total without any of its parts is the usual case; one look-up tells.
    first = parts[np.argmax(valid, axis=1)]
    likely = np.flatnonzero(
        valid.any(axis=1) & sources.find(packing.with_region(wholes, first)).found
    )
    wholes, whole, valid = wholes[likely], whole.take(likely), valid[likely]
    keys = packing.with_region(wholes[:, None], parts[None, :])
    found = sources.find(keys.ravel()).reshape(*keys.shape)
    own = (found.origin == _CANDIDATE) & valid
    complete = (found.found | ~valid).all(axis=1) & (own.any(axis=1) | (whole.origin == _CANDIDATE))
    return Sums(wholes[complete], whole.take(complete), found.take(complete), valid[complete])


def _report(case: Case, figures: Figures, out: Collector, sources: Sources, sums: Sums) -> None:
    tolerance = case.tolerance(figures.indicator, RULE)
    total, whole = sums.sums, sums.whole.values
    rounding = (
        sums.whole.halves + np.where(sums.valid, sums.parts.halves, 0.0).sum(axis=1)
        if tolerance.rounding
        else np.zeros(total.shape)
    )
    granted = np.maximum(
        tolerance.absolute, tolerance.relative * np.maximum(np.abs(whole), np.abs(total))
    )
    magnitude = np.where(sums.valid, np.abs(sums.parts.values), 0.0).sum(axis=1) + np.abs(whole)
    noise = (sums.valid.shape[1] + 4) * _EPS * magnitude
    failing = np.flatnonzero(~(np.abs(whole - total) <= rounding + granted + noise))

    def findings() -> Iterator[Finding]:
        for i in failing:
            kind = (
                Kind.ROUNDING
                if rounding[i] > 0 and rounding[i] >= granted[i]
                else Kind.RELATIVE
                if granted[i] > tolerance.absolute
                else Kind.ABSOLUTE
            )
            applied = AppliedTolerance(kind.word, float(rounding[i] + granted[i]))
            yield _finding(case, figures, sources, sums, int(i), float(total[i]), applied)

    out.add(RULE, int(failing.size), findings())


def _finding(
    case: Case,
    figures: Figures,
    sources: Sources,
    sums: Sums,
    i: int,
    total: float,
    applied: AppliedTolerance,
) -> Finding:
    whole, origin = float(sums.whole.values[i]), int(sums.whole.origin[i])
    valid = sums.valid[i]
    origins = sums.parts.origin[i][valid]
    halves = sums.parts.halves[i][valid]
    finest = float(min(halves.min(), sums.whole.halves[i])) or 0.5
    total = tidy(total, finest, finest)
    public = sorted({int(o) for o in origins if o >= 0} | ({origin} if origin >= 0 else set()))
    if origin == _CANDIDATE:
        row = int(sums.whole.place[i])
        value, other = whole, Counterpart(value=total, indicator=figures.indicator.code)
    else:
        row = int(sums.parts.place[i][valid][origins == _CANDIDATE][0])
        value, other = total, counterpart(sources.published[origin], whole, figures.indicator)
    variant = "total-publik" if origin >= 0 else "bagian-publik" if (origins >= 0).any() else None
    titles = {sources.published[p].publication.organization_title for p in public}
    return case.finding(
        RULE,
        figures,
        variant=variant,
        key=case.key(figures.indicator, sums.wholes[i]),
        location=case.location(figures, row),
        value=value,
        other=other,
        difference=tidy(value - other.value, finest, finest),
        tolerance=applied,
        cause=guess(whole, total, finest, finest),
        params={
            "whole": whole,
            "sum": total,
            "parts": int(valid.sum()),
            "public_parts": int((origins >= 0).sum()),
            "sources": sorted(titles),
        },
    )


CHECKS = (Check(recap, {RULE: frozenset({"whole", "sum", "parts", "public_parts", "sources"})}),)
