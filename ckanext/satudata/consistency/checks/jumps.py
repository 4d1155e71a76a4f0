"""``lonjakan``: a value far from its own past.

Told where a value is many times (or a small part of) the one before it and of the median of
the last three: a single odd value in the past does not hide a jump, nor make one. Small
counts jump by themselves and are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .. import keyparts
from .. import period as periods
from ..case import Case, Check, Collector
from ..findings import Counterpart, Finding
from ..frozen import frozen
from ..keyparts import below_period, distinct_periods
from ..lookups import first_rows
from ..matching import Positions, match
from ..observations import Figures
from ..tolerance import Floats

RULE = "lonjakan"


@frozen
class _Threshold:
    """From where on two values are far apart.

    Attributes:
        factor: how many times.
        least: the larger of the two is at least this.
    """

    factor: float
    least: float

    def far(self, a: Floats, b: Floats) -> npt.NDArray[np.bool_]:
        """Whether values of one sign are far apart."""
        one, two = np.abs(a), np.abs(b)
        larger, smaller = np.maximum(one, two), np.minimum(one, two)
        return np.asarray((a * b > 0) & (larger > self.factor * smaller) & (larger >= self.least))


def jumps(case: Case, figures: Figures, out: Collector) -> None:
    """Report values far from the one before and from the median of the last few."""
    rule = case.rules[RULE]
    own = case.rules.relations.traits(figures.indicator).jump
    unit = case.book.units.units.get(figures.indicator.unit)
    counts = unit is not None and unit.counts
    threshold = _Threshold(
        own or float(rule.params["factor"]), float(rule.params["least_count"]) if counts else 0.0
    )
    rows, before = _suspects(case, figures, threshold)
    if not rows.size:
        return
    median = _medians(case, figures, rows, int(rule.params["window"]))
    stays = threshold.far(figures.values[rows], median)
    rows, before, median = rows[stays], before[stays], median[stays]

    def findings() -> Iterator[Finding]:
        for i, row in enumerate(rows.tolist()):
            value, past = float(figures.values[row]), float(before[i])
            up = abs(value) > abs(past)
            yield case.finding(
                RULE,
                figures,
                variant="naik" if up else "turun",
                key=case.key(figures.indicator, int(figures.keys[row])),
                location=case.location(figures, row),
                value=value,
                other=Counterpart(value=past, indicator=figures.indicator.code),
                difference=value - past,
                params={
                    "factor": float(f"{value / past if up else past / value:.3g}"),
                    "median": float(median[i]),
                },
            )

    out.add(RULE, int(rows.size), findings())


def _suspects(case: Case, figures: Figures, threshold: _Threshold) -> tuple[Positions, Floats]:
    """Rows that are far from the period before, and the values they are far from.

    Periods are matched one with the next: most tables have the same objects in each, and two
    equal runs of keys need no search.
    """
    every = first_rows(figures.keys)
    keys = figures.keys[every]
    series, values = below_period(keys), figures.values[every]
    before = np.full(keys.size, np.nan)
    known = dict(distinct_periods(keys))
    for packed, place in known.items():
        previous = periods.packed_before(packed)
        if previous in known:
            past = known[previous]
            mine, theirs = series[place], series[past]
            if mine.size == theirs.size and bool((mine == theirs).all()):
                before[place] = values[past]
            else:
                at, there = match(mine, theirs)
                before[place][at] = values[past][there]
        elif case.public(figures.indicator):
            found = case.sources(figures.indicator).find(
                keyparts.with_period(keys[place], previous)
            )
            before[place] = np.where(found.found, found.values, np.nan)
    far = np.flatnonzero(threshold.far(values, before))
    return every[far], before[far]


def _medians(case: Case, figures: Figures, rows: Positions, window: int) -> Floats:
    """Medians of what is known of the last periods, at least one of which is."""
    sources = case.sources(figures.indicator)
    past = np.full((window, rows.size), np.nan)
    keys = figures.keys[rows]
    for packed, place in distinct_periods(keys):
        period = periods.unpack(packed)
        for i in range(window):
            period = period.previous
            found = sources.find(keyparts.with_period(keys[place], period.packed))
            past[i, place] = np.where(found.found, found.values, np.nan)
    return np.nanmedian(past, axis=0)


CHECKS = (Check(jumps, {RULE: frozenset({"factor", "median"})}),)
