"""``rasio-dijumlahkan`` and ``rata-rata-tertimbang``: shares and averages do not add up.

The average of a kabupaten lies between those of its kecamatan, whatever the weights, and that of
all people between those of men and women; a total that is the sum of percentages does not. Where
a weight is declared (section ``indicators`` of the rule files), the whole must be the weighted
mean of the parts.

A list of codes that does not hold every part says nothing of the whole's range. Its weighted mean
is judged where the parts' weights make that of the whole, so that no part can be missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .. import keys as packing
from ..case import Case, Check, Collector, NotEvaluable
from ..findings import Finding, Location, Outcome, Severity
from ..observations import Figures
from ..relations import Mode, Relation
from ..tolerance import Floats, Tolerance
from ..vocabulary import Indicator
from . import sums as adding
from .sums import Axis, Bools, Margin, Sums

RULE = "rasio-dijumlahkan"
WEIGHTED = "rata-rata-tertimbang"


def averages(case: Case, figures: Figures, out: Collector) -> None:
    """Report wholes that no weighting of their parts can give."""
    indicator = figures.indicator
    if not indicator.is_mean:
        return
    tolerance = case.tolerance(indicator, RULE)
    for axis, is_open in _axes(case, indicator):
        if is_open:
            continue
        for sums in adding.groups(case, figures, axis, Mode.NON_NULL):
            sums = sums.take(sums.complete & ~_distributed(case, indicator, sums))
            if sums.wholes.size:
                _outside(case, figures, out, sums, axis, tolerance)


def _axes(case: Case, indicator: Indicator) -> Iterator[tuple[Axis, bool]]:
    """Regions and further dimensions, and whether a list may lack parts."""
    yield Axis(case.book.regions.hierarchy), False
    for dimension in indicator.dimensions:
        codelist = case.book.codelists.get(dimension.codelist)
        if codelist is None:
            raise NotEvaluable("daftar-kode-tak-ada", codelist=dimension.codelist)
        component = case.rules.relations.component(dimension.codelist)
        yield Axis(codelist.hierarchy, dimension), component.relation is Relation.AT_LEAST


def _outside(
    case: Case, figures: Figures, out: Collector, sums: Sums, axis: Axis, tolerance: Tolerance
) -> None:
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
                severity=_severity(axis) if added[i] else None,
                variant=_variant(axis) if added[i] else "di-luar-rentang",
                lowest=float(np.where(sums.counted[i], sums.parts.values[i], np.inf).min()),
                highest=float(np.where(sums.counted[i], sums.parts.values[i], -np.inf).max()),
                dimension=axis.name,
            )
            for i in failing.tolist()
        ),
    )


def _severity(axis: Axis) -> Severity | None:
    """How heavy an added up whole is; None for as heavy as the rule says.

    Parts of a classification may share one denominator (cases of each disease for each thousand
    people), and then they do add up; those of a region never do.
    """
    return None if axis.dimension is None else Severity.WARNING


def _variant(axis: Axis) -> str:
    return "dijumlahkan" if axis.dimension is None else "rincian-dijumlahkan"


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
    for axis, is_open in _axes(case, figures.indicator):
        if not _splits(weight, axis):
            continue
        mode = Mode.PARTIAL_ZERO if is_open else Mode.NON_NULL
        for sums in adding.groups(case, figures, axis, mode):
            if not is_open:
                sums = sums.take(sums.complete)
            if not sums.counted.any():
                continue
            sums = sums.take(np.asarray(sums.counted.any(axis=1), dtype=np.bool_))
            if sums.wholes.size:
                _unlike(case, figures, out, sums, axis, weight, tolerance, is_open=is_open)


def _splits(weight: Indicator, axis: Axis) -> bool:
    """Whether the weights of an axis' parts can be published at all."""
    if axis.dimension is None:
        return True
    other = weight.dimension(axis.dimension.name)
    return other is not None and other.codelist == axis.dimension.codelist


def _unlike(
    case: Case,
    figures: Figures,
    out: Collector,
    sums: Sums,
    axis: Axis,
    weight: Indicator,
    tolerance: Tolerance,
    *,
    is_open: bool,
) -> None:
    weights, known = _weights(case, figures.indicator, weight, sums, axis)
    judged = known
    if is_open:
        judged = known & _all_there(case, figures.indicator, weight, sums, weights)
    mean, spread = _means(sums, weights)
    whole = sums.whole.values
    granted = np.maximum(
        tolerance.absolute, tolerance.relative * np.maximum(np.abs(whole), np.abs(mean))
    )
    limit = granted + (sums.whole.halves + spread if tolerance.rounding else 0.0)
    failing = np.flatnonzero(judged & ~(np.abs(whole - mean) <= limit * (1 + 1e-9)))
    told: dict[str, Any] = {"weight": weight.name, "dimension": axis.name}
    out.add(
        WEIGHTED,
        int(failing.size),
        (
            adding.describe(case, figures, WEIGHTED, sums, i, float(mean[i]), None, **told)
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
    codes = np.unique(axis.indices(sums.wholes))
    parts = axis.parts(int(codes[0]))
    keys = axis.replaced(sums.wholes[:, None], parts[None, :]).ravel()
    wanted, possible = packing.translate(keys, indicator, weight)
    found = case.sources(weight).find(wanted).reshape(*sums.valid.shape)
    there = found.found & possible.reshape(sums.valid.shape)
    values = np.where(sums.counted & there, found.values, 0.0)
    complete = (there | ~sums.counted).all(axis=1) & (values >= 0).all(axis=1)
    return values, np.asarray(complete & (values.sum(axis=1) > 0))


def _all_there(
    case: Case, indicator: Indicator, weight: Indicator, sums: Sums, weights: Floats
) -> Bools:
    """Where the weights of the known parts make the whole's, so that no part is missing."""
    wanted, possible = packing.translate(sums.wholes, indicator, weight)
    found = case.sources(weight).find(wanted)
    same = np.isclose(weights.sum(axis=1), found.values, rtol=1e-3, atol=0.0)
    return np.asarray(found.found & possible & same, dtype=np.bool_)


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
    Check(averages, {RULE: adding.OFFERED | {"lowest", "highest", "dimension"}}),
    Check(weighted, {WEIGHTED: adding.OFFERED | {"weight", "objects", "dimension"}}),
)
