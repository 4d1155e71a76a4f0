"""``rasio-dijumlahkan`` and ``rata-rata-tertimbang``: shares and averages do not add up.

The average of a kabupaten lies between those of its kecamatan, whatever the weights; a total
that is the sum of percentages does not. Where a weight is declared (section ``indicators`` of
the rule files), the whole must be the weighted mean of the parts.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import keys as packing
from ..case import Case, Check, Collector
from ..findings import Finding, Location, Outcome, Severity
from ..observations import Figures
from ..relations import Mode
from ..tolerance import Floats
from ..vocabulary import Indicator, normalise
from . import sums as adding
from .sums import Axis, Bools, Margin, Sums

RULE = "rasio-dijumlahkan"
WEIGHTED = "rata-rata-tertimbang"

#: Measures whose whole is a mean of its parts, by some weight that is not negative.
MEANS = frozenset(
    {
        *("harga", "kecepatan", "kepadatan", "persentase", "produktivitas", "proporsi"),
        *("rasio", "rata rata", "umur"),
    }
)


def averages(case: Case, figures: Figures, out: Collector) -> None:
    """Report wholes that no weighting of their parts can give."""
    indicator = figures.indicator
    if indicator.additive or normalise(indicator.ukuran) not in MEANS:
        return
    tolerance = case.tolerance(indicator, RULE)
    axis = Axis(case.book.regions.hierarchy)
    for sums in adding.groups(case, figures, axis, Mode.NON_NULL):
        sums = sums.take(sums.complete & ~_distributed(case, indicator, sums))
        if not sums.wholes.size:
            continue
        whole, total = sums.whole.values, sums.total
        margin = Margin.of(sums, total, tolerance)
        low = np.where(sums.counted, sums.parts.values - sums.parts.halves, np.inf).min(axis=1)
        high = np.where(sums.counted, sums.parts.values + sums.parts.halves, -np.inf).max(axis=1)
        slack = sums.whole.halves + margin.granted + margin.noise
        failing = np.flatnonzero((whole < low - slack) | (whole > high + slack))
        added = np.abs(whole - total) <= margin.limit
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
                    float(total[i]),
                    None,
                    variant="dijumlahkan" if added[i] else "di-luar-rentang",
                    lowest=float(np.where(sums.counted[i], sums.parts.values[i], np.inf).min()),
                    highest=float(np.where(sums.counted[i], sums.parts.values[i], -np.inf).max()),
                )
                for i in failing.tolist()
            ),
        )


def _distributed(case: Case, indicator: Indicator, sums: Sums) -> Bools:
    """Where parts are shares of the whole, which is all of it: 100 % made of 60 % and 40 %."""
    ratio = case.book.units.ratio("persen", indicator.unit)
    if ratio is None:
        return np.zeros(sums.wholes.shape, dtype=bool)
    every = 100 * float(ratio)
    margin = sums.whole.halves + np.where(sums.counted, sums.parts.halves, 0.0).sum(axis=1)
    return np.asarray(
        (np.abs(sums.whole.values - every) <= sums.whole.halves)
        & (np.abs(sums.total - every) <= margin)
    )


def weighted(case: Case, figures: Figures, out: Collector) -> None:
    """Report wholes that are not the mean of their parts by the declared weight."""
    code = case.rules.relations.traits(figures.indicator).weight
    weight = case.book.indicators.get(code) if code else None
    if weight is None or figures.indicator.additive:
        return
    tolerance = case.tolerance(figures.indicator, WEIGHTED)
    axis = Axis(case.book.regions.hierarchy)
    for sums in adding.groups(case, figures, axis, Mode.NON_NULL):
        sums = sums.take(sums.complete)
        if not sums.wholes.size:
            continue
        weights, known = _weights(case, figures.indicator, weight, sums, axis)
        mean, spread = _means(sums, weights)
        whole = sums.whole.values
        granted = np.maximum(
            tolerance.absolute, tolerance.relative * np.maximum(np.abs(whole), np.abs(mean))
        )
        limit = granted + (sums.whole.halves + spread if tolerance.rounding else 0.0)
        failing = np.flatnonzero(known & ~(np.abs(whole - mean) <= limit * (1 + 1e-9)))
        out.add(
            WEIGHTED,
            int(failing.size),
            (
                adding.describe(
                    case, figures, WEIGHTED, sums, i, float(mean[i]), None, weight=weight.name
                )
                for i in failing.tolist()
            ),
        )
        lacking = np.flatnonzero(~known)
        if lacking.size:
            out.add(WEIGHTED, 1, _unweighted(case, figures, weight, sums, lacking))


def _weights(
    case: Case, indicator: Indicator, weight: Indicator, sums: Sums, axis: Axis
) -> tuple[Floats, Bools]:
    """Weights of the parts, and where all are known and some is above zero."""
    regions = np.unique(axis.indices(sums.wholes))
    parts = axis.parts(int(regions[0]))
    keys = axis.replaced(sums.wholes[:, None], parts[None, :]).ravel()
    wanted, possible = packing.translate(keys, indicator, weight)
    found = case.sources(weight).find(wanted).reshape(*sums.valid.shape)
    there = found.found & possible.reshape(sums.valid.shape)
    values = np.where(sums.counted & there, found.values, 0.0)
    complete = (there | ~sums.counted).all(axis=1) & (values >= 0).all(axis=1)
    return values, np.asarray(complete & (values.sum(axis=1) > 0))


def _means(sums: Sums, weights: Floats) -> tuple[Floats, Floats]:
    """Weighted means, and what rounding of the parts may change about them."""
    total = weights.sum(axis=1)
    total = np.where(total > 0, total, 1.0)
    mean = (weights * np.where(sums.counted, sums.parts.values, 0.0)).sum(axis=1) / total
    spread = (weights * np.where(sums.counted, sums.parts.halves, 0.0)).sum(axis=1) / total
    return mean, spread


def _unweighted(
    case: Case, figures: Figures, weight: Indicator, sums: Sums, lacking: np.ndarray
) -> Iterator[Finding]:
    yield case.finding(
        WEIGHTED,
        figures,
        variant="bobot-tak-ada",
        severity=Severity.INFORMATION,
        outcome=Outcome.NOT_EVALUABLE,
        key=case.key(figures.indicator, int(sums.wholes[lacking[0]])),
        location=Location(int(figures.table[0])),
        params={"weight": weight.name, "objects": int(lacking.size)},
    )


CHECKS = (
    Check(averages, {RULE: adding.OFFERED | {"lowest", "highest"}}),
    Check(weighted, {WEIGHTED: adding.OFFERED | {"weight", "objects"}}),
)
