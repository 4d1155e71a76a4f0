"""``di-luar-batas``: a value that cannot be, by what it measures.

A percentage of something lies between 0 and 100, a count is not negative. The limits by
ukuran stand in the section ``measures`` of the rule files, exceptions in ``indicators``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..case import Case, Check, Collector, NotEvaluable
from ..findings import Finding
from ..observations import Figures

RULE = "di-luar-batas"


def bounds(case: Case, figures: Figures, out: Collector) -> None:
    """Report values below the least or above the largest possible one."""
    lower, upper = _limits(case, figures)
    wrong = np.zeros(len(figures), dtype=bool)
    if lower is not None:
        wrong |= figures.values < lower
    if upper is not None:
        wrong |= figures.values > upper
    rows = np.flatnonzero(wrong)

    def findings() -> Iterator[Finding]:
        for row in rows.tolist():
            low = lower is not None and figures.values[row] < lower
            yield case.finding(
                RULE,
                figures,
                variant="terlalu-kecil" if low else "terlalu-besar",
                key=case.key(figures.indicator, int(figures.keys[row])),
                location=case.location(figures, row),
                value=float(figures.values[row]),
                params={"limit": lower if low else upper},
            )

    out.add(RULE, int(rows.size), findings())


def _limits(case: Case, figures: Figures) -> tuple[float | None, float | None]:
    """The limits in the indicator's unit."""
    found = case.rules.relations.traits(figures.indicator).bounds
    if found.unit is None or (found.lower is None and found.upper is None):
        return found.lower, found.upper
    ratio = case.book.units.ratio(found.unit, figures.indicator.unit)
    if ratio is None:
        raise NotEvaluable(
            "satuan-tak-sebanding", unit_given=found.unit, other=figures.indicator.unit
        )
    factor = float(ratio)
    return (
        None if found.lower is None else found.lower * factor,
        None if found.upper is None else found.upper * factor,
    )


CHECKS = (Check(bounds, {RULE: frozenset({"limit"})}),)
