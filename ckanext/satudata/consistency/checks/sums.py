"""Wholes and their parts along one axis of the key: what several rules ask about."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .. import keyparts
from .. import keys as packing
from ..case import Case, counterpart, period_ends
from ..causes import guess, tidy
from ..findings import AppliedTolerance, Counterpart, Finding, Severity
from ..frozen import frozen
from ..hierarchy import Hierarchy, Indices
from ..keys import Keys
from ..lookups import CANDIDATE, Known, Sources, first_rows
from ..observations import Figures
from ..relations import Mode
from ..tolerance import Floats, Kind, Tolerance
from ..vocabulary import REGION, Dimension

#: Parts looked up at once; bounds the memory of the search.
AT_ONCE = 1_000_000
#: Known keys for each whole, up to which looking at all of them costs less than looking for parts.
_FEW = 4
_EPS = float(np.finfo(np.float64).eps)

#: Modes in which a missing part counts as zero.
_ZERO = frozenset({Mode.NON_ZERO, Mode.PARTIAL_ZERO, Mode.ALWAYS_ZERO})

Bools = npt.NDArray[np.bool_]

#: What findings about sums offer to messages.
OFFERED = frozenset({"whole", "sum", "parts", "public_parts", "sources"})


@frozen
class Axis:
    """A hierarchy and where it stands in the key.

    Attributes:
        tree: the codes.
        dimension: the further dimension, or None for the region.
    """

    tree: Hierarchy
    dimension: Dimension | None = None

    @property
    def name(self) -> str:
        """What it is called in findings."""
        return REGION if self.dimension is None else self.dimension.name

    def indices(self, keys: Keys) -> Indices:
        """The keys' codes."""
        if self.dimension is None:
            return packing.region_of(keys)
        return packing.dimension_of(keys, self.dimension)

    def replaced(self, keys: Keys, indices: Indices) -> Keys:
        """The keys with other codes."""
        if self.dimension is None:
            return packing.with_region(keys, indices)
        return keyparts.with_dimension(keys, self.dimension, indices)

    def parts(self, index: int) -> Indices:
        """The codes right below one; below a dimension's total, those that lie below none."""
        if index == 0:
            return self.tree.roots
        return self.tree.children(index)

    def has_parts(self, indices: Indices) -> Bools:
        """Which codes are wholes.

        A region's total has no parts: who leaves the region out says nothing of all regions.
        """
        is_whole = self.tree.has_children(indices)
        if self.dimension is not None:
            is_whole |= indices == 0
        return is_whole

    def touched(self, keys: Keys) -> Keys:
        """Wholes that are among the keys, or of which a part is; distinct and sorted.

        Args:
            keys: ascending, each once.
        """
        indices = self.indices(keys)
        if self.dimension is None:
            above, _, _ = packing.parts_of(keys, self.tree.parent)
        else:
            inside = indices > 0
            above = self.replaced(keys[inside], self.tree.parents_of(indices[inside]))
        wholes = np.concatenate([above, keys[self.has_parts(indices)]])
        # Nearly sorted already, which numpy's hashing np.unique cannot use: an eighth of its time.
        wholes.sort()
        return wholes[first_rows(wholes)]


@frozen
class Sums:
    """Wholes with their parts; shapes ``(n,)`` and ``(n, parts)``.

    Attributes:
        wholes: the keys.
        whole: their figures, all known.
        parts: those of the parts.
        valid: which parts there are at the end of the period.
    """

    wholes: Keys
    whole: Known
    parts: Known
    valid: Bools

    @property
    def counted(self) -> Bools:
        """Which parts are known and count; shape ``(n, parts)``."""
        return self.valid & self.parts.found

    @property
    def complete(self) -> Bools:
        """Where no part is missing; shape ``(n,)``."""
        return np.asarray((self.parts.found | ~self.valid).all(axis=1), dtype=np.bool_)

    @property
    def own(self) -> Bools:
        """Where the candidate shows the whole or a part; shape ``(n,)``."""
        mine: Bools = ((self.parts.origin == CANDIDATE) & self.valid).any(axis=1)
        return np.asarray(mine | (self.whole.origin == CANDIDATE), dtype=np.bool_)

    @property
    def total(self) -> Floats:
        """Sums of the known parts; shape ``(n,)``."""
        return np.where(self.counted, self.parts.values, 0.0).sum(axis=1)

    def take(self, at: Bools) -> Sums:
        """Some of them."""
        return Sums(self.wholes[at], self.whole.take(at), self.parts.take(at), self.valid[at])


def groups(case: Case, figures: Figures, axis: Axis, mode: Mode) -> Iterator[Sums]:
    """Wholes that are known and that the candidate shows itself or in a part.

    Args:
        case: the check in progress.
        figures: the candidate's.
        axis: along which.
        mode: what becomes of missing parts; where all must be known, a whole of which the first
            part is missing is left out early.
    """
    wholes = axis.touched(figures.keys[first_rows(figures.keys)])
    if not wholes.size:
        return
    sources = case.sources(figures.indicator)
    whole = sources.find(wholes)
    for sums in among(sources, axis, mode, wholes[whole.found], whole.take(whole.found)):
        found = sums.take(sums.own)
        if found.wholes.size:
            yield found


def among(sources: Sources, axis: Axis, mode: Mode, wholes: Keys, whole: Known) -> Iterator[Sums]:
    """Wholes with the parts that some sources know, whoever shows them.

    Args:
        sources: where the parts are looked up.
        axis: along which.
        mode: as for :func:`groups`.
        wholes: distinct keys in ascending order; shape ``(n,)``.
        whole: their figures, all known; shape ``(n,)``.
    """
    indices = axis.indices(wholes)
    if mode is Mode.NON_NULL and wholes.size:
        begun = _begun(sources, axis, wholes, indices)
        wholes, whole, indices = wholes[begun], whole.take(begun), indices[begun]
    for index in np.unique(indices):
        parts = axis.parts(int(index))
        if not parts.size:
            continue
        at = np.flatnonzero(indices == index)
        step = max(1, AT_ONCE // parts.size)
        for start in range(0, at.size, step):
            some = at[start : start + step]
            yield _with_parts(sources, axis, mode, wholes[some], whole.take(some), parts)


def _begun(sources: Sources, axis: Axis, wholes: Keys, indices: Indices) -> Bools:
    """Wholes of which a part may be known: one is, somewhere in their periods.

    Nobody publishes prices by desa; without this each kecamatan would be looked at for it.

    Args:
        sources: where figures are looked up.
        axis: along which.
        wholes: the keys.
        indices: their codes.
    """
    pieces = sources.between(*packing.period_span(wholes))
    if sum(p.size for p in pieces) > _FEW * wholes.size:
        return np.ones(wholes.shape, dtype=np.bool_)
    begun = np.zeros(axis.tree.parent.size, dtype=np.bool_)
    for piece in pieces:
        begun[axis.tree.parents_of(axis.indices(piece))] = True
    return begun[indices]


def _with_parts(
    sources: Sources, axis: Axis, mode: Mode, wholes: Keys, whole: Known, parts: Indices
) -> Sums:
    valid = np.ones((wholes.size, parts.size), dtype=np.bool_)
    if axis.tree.timed[parts].any():
        valid = axis.tree.valid(parts[None, :], period_ends(wholes)[:, None])
    if mode is Mode.NON_NULL:
        # A total without any of its parts is the usual case; one look-up tells.
        first = parts[np.argmax(valid, axis=1)]
        likely = np.flatnonzero(
            valid.any(axis=1) & sources.find(axis.replaced(wholes, first)).found
        )
        wholes, whole, valid = wholes[likely], whole.take(likely), valid[likely]
    # One part after the other: each is an ascending run, which sorts in a fraction of the time.
    keys = axis.replaced(wholes[None, :], parts[:, None])
    found = sources.find(keys.ravel()).reshape(*keys.shape).transposed()
    return Sums(wholes, whole, found, valid)


def judged(sums: Sums, mode: Mode) -> tuple[Bools, Bools]:
    """Which wholes are judged under a mode, and which are said to be not evaluable."""
    complete = sums.complete
    some = np.asarray(sums.counted.any(axis=1), dtype=np.bool_)
    nothing = np.zeros(complete.shape, dtype=bool)
    match mode:
        case Mode.NON_NULL:
            return complete & some, nothing
        case Mode.PARTIAL_NULL:
            return complete & some, some & ~complete
        case Mode.ALWAYS_NULL:
            return complete & some, ~(complete & some)
        case Mode.PARTIAL_ZERO:
            return some, nothing
        case Mode.NON_ZERO:
            touched = (sums.whole.values != 0) | (sums.total != 0)
            return np.asarray(touched, dtype=np.bool_), nothing
        case Mode.ALWAYS_ZERO:
            return ~nothing, nothing


@frozen
class Margin:
    """What is granted to a whole against the sum of its parts; shapes ``(n,)``.

    Attributes:
        rounding: half units of all figures together.
        granted: by the indicator or the rule.
        noise: float noise.
    """

    rounding: Floats
    granted: Floats
    noise: Floats

    @classmethod
    def of(cls, sums: Sums, total: Floats, tolerance: Tolerance) -> Margin:
        """For wholes against totals."""
        whole = sums.whole.values
        rounding = (
            sums.whole.halves + np.where(sums.counted, sums.parts.halves, 0.0).sum(axis=1)
            if tolerance.rounding
            else np.zeros(total.shape)
        )
        granted = np.maximum(
            tolerance.absolute, tolerance.relative * np.maximum(np.abs(whole), np.abs(total))
        )
        magnitude = np.where(sums.counted, np.abs(sums.parts.values), 0.0).sum(axis=1)
        noise = (sums.valid.shape[1] + 4) * _EPS * (magnitude + np.abs(whole))
        return cls(rounding, granted, noise)

    @property
    def limit(self) -> Floats:
        """The allowed differences."""
        return self.rounding + self.granted + self.noise

    def applied(self, i: int, tolerance: Tolerance) -> AppliedTolerance:
        """The tolerance that decided at one whole."""
        rounding, granted = float(self.rounding[i]), float(self.granted[i])
        if rounding > 0 and rounding >= granted:
            kind = Kind.ROUNDING
        else:
            kind = Kind.RELATIVE if granted > tolerance.absolute else Kind.ABSOLUTE
        return AppliedTolerance(kind.word, rounding + granted)


def describe(
    case: Case,
    figures: Figures,
    rule_id: str,
    sums: Sums,
    i: int,
    total: float,
    applied: AppliedTolerance | None,
    severity: Severity | None = None,
    **extra: object,
) -> Finding:
    """A finding about one whole and what its parts make.

    Args:
        case: the check in progress.
        figures: the candidate's.
        rule_id: the rule.
        sums: the wholes.
        i: which of them.
        total: what the parts make.
        applied: the tolerance that decided.
        severity: other than the rule's.
        extra: more params; ``variant`` for a case of the rule's own.
    """
    sources = case.sources(figures.indicator)
    whole, origin = float(sums.whole.values[i]), int(sums.whole.origin[i])
    counted = sums.counted[i]
    origins = sums.parts.origin[i][counted]
    halves = sums.parts.halves[i][counted]
    finest = float(halves.min(initial=sums.whole.halves[i])) or 0.5
    total = tidy(total, finest, finest)
    public = sorted({int(o) for o in origins if o >= 0} | ({origin} if origin >= 0 else set()))
    if origin == CANDIDATE:
        row = int(sums.whole.place[i])
        value, other = whole, Counterpart(value=total, indicator=figures.indicator.code)
    else:
        row = int(sums.parts.place[i][counted][origins == CANDIDATE][0])
        value, other = total, counterpart(sources.published[origin], whole, figures.indicator)
    variant = "total-publik" if origin >= 0 else "bagian-publik" if (origins >= 0).any() else None
    titles = {sources.published[p].publication.organization_title for p in public}
    return case.finding(
        rule_id,
        figures,
        variant=str(extra.pop("variant")) if "variant" in extra else variant,
        severity=severity or case.rules[rule_id].severity,
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
            "parts": int(counted.sum()),
            "public_parts": int((origins >= 0).sum()),
            "sources": sorted(titles),
            **extra,
        },
    )
