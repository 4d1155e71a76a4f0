"""``rekap-waktu``: a year is not what its months make.

What they make is told by ukuran or indicator (``over_time`` in the rule files): the year's
production is the sum of its months', a stock that of December, a price lies between the
lowest and the highest of its months. Where nobody said, nothing is judged: a number of
inhabitants and a number of accidents are both a ``jumlah``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import period as periods
from ..case import Case, Check, Collector
from ..keyparts import distinct_periods, with_period
from ..keys import Keys
from ..lookups import Sources, first_rows
from ..needs import WITHIN_YEAR
from ..observations import Figures
from ..period import Frequency, Period
from ..relations import OverTime
from . import sums as adding
from .sums import Bools, Margin, Sums

RULE = "rekap-waktu"

_WHOLES = (Frequency.YEAR, Frequency.SEMESTER, Frequency.QUARTER)
_PARTS = (Frequency.SEMESTER, Frequency.QUARTER, Frequency.MONTH)


def over_time(case: Case, figures: Figures, out: Collector) -> None:
    """Report longer periods that differ from what the shorter ones make."""
    how = case.rules.relations.traits(figures.indicator).over_time
    if how is None or how is OverTime.NONE:
        return
    keys = figures.keys[first_rows(figures.keys)]
    found = [(periods.unpack(packed), keys[place]) for packed, place in distinct_periods(keys)]
    if not any(p.frequency in WITHIN_YEAR or p.frequency is Frequency.YEAR for p, _ in found):
        return
    tolerance = case.tolerance(figures.indicator, RULE)
    for frequency, sums in _groups(case, figures, found, how):
        total = sums.parts.values[:, -1] if how is OverTime.LAST else sums.total
        margin = Margin.of(sums, total, tolerance)
        failing = np.flatnonzero(_wrong(sums, how, margin, total))
        made = sums.parts.values.mean(axis=1) if how is OverTime.AVERAGE else total
        out.add(
            RULE,
            int(failing.size),
            (
                adding.describe(
                    case,
                    figures,
                    RULE,
                    sums,
                    i,
                    float(made[i]),
                    None if how is OverTime.AVERAGE else margin.applied(i, tolerance),
                    variant=_VARIANTS[how],
                    frequency=_WORDS[frequency],
                )
                for i in failing.tolist()
            ),
        )


def _wrong(sums: Sums, how: OverTime, margin: Margin, total: np.ndarray) -> Bools:
    whole = sums.whole.values
    if how is OverTime.AVERAGE:
        slack = sums.whole.halves + margin.granted + margin.noise
        low = (sums.parts.values - sums.parts.halves).min(axis=1) - slack
        high = (sums.parts.values + sums.parts.halves).max(axis=1) + slack
        return np.asarray((whole < low) | (whole > high))
    return np.asarray(~(np.abs(whole - total) <= margin.limit))


def _groups(
    case: Case, figures: Figures, found: list[tuple[Period, Keys]], how: OverTime
) -> Iterator[tuple[Frequency, Sums]]:
    """Longer periods with all the shorter ones that make them, by frequency of these."""
    sources = case.sources(figures.indicator)
    for longer in _WHOLES:
        for shorter in _PARTS[_WHOLES.index(longer) :]:
            touched: dict[Period, list[Keys]] = {}
            for period, keys in found:
                if period.frequency is longer:
                    touched.setdefault(period, []).append(keys)
                elif period.frequency is shorter:
                    whole = period.within(longer)
                    touched.setdefault(whole, []).append(with_period(keys, whole.packed))
            for whole, listed in touched.items():
                wholes = np.unique(np.concatenate(listed))
                sums = _with_parts(sources, wholes, whole.parts(shorter), how)
                if sums.wholes.size:
                    yield shorter, sums


def _with_parts(sources: Sources, wholes: Keys, parts: list[Period], how: OverTime) -> Sums:
    known = sources.find(wholes)
    wholes, known = wholes[known.found], known.take(known.found)
    needed = parts[-1:] if how is OverTime.LAST else parts
    packed = np.array([p.packed for p in needed], dtype=np.int64)
    keys = with_period(wholes[:, None], packed[None, :])
    shown = sources.find(keys.ravel()).reshape(*keys.shape)
    sums = Sums(wholes, known, shown, np.ones(keys.shape, dtype=bool))
    return sums.take(np.asarray(sums.complete & sums.own))


_VARIANTS = {OverTime.SUM: "jumlah", OverTime.AVERAGE: "rata-rata", OverTime.LAST: "akhir"}

_WORDS = {
    Frequency.SEMESTER: {"id": "semester", "en": "half-years"},
    Frequency.QUARTER: {"id": "triwulan", "en": "quarters"},
    Frequency.MONTH: {"id": "bulan", "en": "months"},
}

CHECKS = (Check(over_time, {RULE: adding.OFFERED | {"frequency"}}),)
