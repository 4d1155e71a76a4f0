"""Differences that are a factor: kilograms for tons, a misplaced decimal point."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .compare import Conflicts
from .frozen import frozen
from .tolerance import Tolerance, within
from .vocabulary import Indicator, Units


@frozen(slots=True)
class Scale:
    """One factor and what it probably means.

    Attributes:
        factor: the candidate's value divided by the public one.
        likely: unit in which the candidate's figure probably is, or None for a mere shift
            of the decimal point.
        stated: unit in which it was taken to be, or None.
    """

    factor: float
    likely: str | None = None
    stated: str | None = None


class Scales:
    """The factors worth naming for an indicator.

    A figure written in unit *u* but taken for unit *v* comes out ``factor(v)/factor(u)``
    times too large. Either *v* or *u* is the indicator's unit; the former is tried first.
    """

    def __init__(
        self, indicator: Indicator, units: Units, *, max_power: int, min_factor: float
    ) -> None:
        """Collect the factors.

        Args:
            indicator: whose unit counts.
            units: all units.
            max_power: largest power of ten to consider.
            min_factor: smallest unit factor that can be told from an ordinary difference.
        """
        found: dict[float, Scale] = {}
        own = units.units.get(indicator.unit)
        others = units.of_quantity(own.quantity) if own else ()
        pairs = [(u, own) for u in others] + [(own, u) for u in others] if own else []
        for likely, stated in pairs:
            factor = float(stated.factor / likely.factor)
            if max(factor, 1 / factor) >= min_factor:
                found.setdefault(factor, Scale(factor, likely.code, stated.code))
        for power in range(1, max_power + 1):
            for factor in (float(10**power), 1 / 10**power):
                found.setdefault(factor, Scale(factor))
        self.scales = tuple(sorted(found.values(), key=lambda s: s.factor))
        self._factors = np.array([s.factor for s in self.scales])
        self._logs = np.log10(self._factors)

    def classify(
        self, conflicts: Conflicts, tolerance: Tolerance, max_relative: float
    ) -> npt.NDArray[np.int64]:
        """Which conflicts vanish once one value is multiplied by a known factor.

        Args:
            conflicts: the pairs.
            tolerance: what is granted; rounding counts at the scale of each value.
            max_relative: largest rest, as a share, that still speaks for the factor (small
                whole numbers are within rounding of almost any factor).

        Returns:
            Position in :attr:`scales`, or -1; shape ``(m,)``.
        """
        out = np.full(len(conflicts), -1, dtype=np.int64)
        a, b = conflicts.ours, conflicts.theirs
        usable = np.flatnonzero(np.isfinite(a) & np.isfinite(b) & (a * b > 0))
        if not usable.size or not self.scales:
            return out
        a, b = a[usable], b[usable]
        nearest = self._nearest(np.log10(a / b))
        factor = self._factors[nearest]
        scaled = factor * b
        limit = np.maximum(tolerance.absolute, tolerance.relative * np.abs(a))
        if tolerance.rounding:
            rounding = conflicts.half_ours[usable] + factor * conflicts.half_theirs[usable]
            limit = np.maximum(limit, rounding)
        limit = np.minimum(limit, max_relative * np.abs(a))
        explained = within(a, scaled, limit)
        out[usable[explained]] = nearest[explained]
        return out

    def _nearest(self, logs: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        right = np.clip(np.searchsorted(self._logs, logs), 1, self._logs.size - 1)
        left = right - 1
        closer_left = logs - self._logs[left] <= self._logs[right] - logs
        return np.where(closer_left, left, right)
