"""``jumlah-rincian``: the codes of a classification do not add up to the code above them.

Male and female make all persons, five-year age groups make the broader ones. What the codes
of a list make is told in the section ``components`` of the rule files: whether those listed
are all there are (a list of commodities never is), and what becomes of missing ones (VTL's
modes; ``non_null`` unless something else is said).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..case import Case, Check, Collector, NotEvaluable
from ..findings import Outcome, Severity
from ..observations import Figures
from ..relations import Component, Relation
from . import sums as adding
from .sums import Axis, Margin, Sums

RULE = "jumlah-rincian"


def components(case: Case, figures: Figures, out: Collector) -> None:
    """Report wholes that differ from the sum of their parts, along each further dimension."""
    if not figures.indicator.additive:
        return
    for dimension in figures.indicator.dimensions:
        codelist = case.book.codelists.get(dimension.codelist)
        if codelist is None:
            raise NotEvaluable("daftar-kode-tak-ada", codelist=dimension.codelist)
        component = case.rules.relations.component(dimension.codelist)
        axis = Axis(codelist.hierarchy, dimension)
        for sums in adding.groups(case, figures, axis, component.mode):
            _judge(case, figures, out, sums, component, dimension.name)


def _judge(
    case: Case, figures: Figures, out: Collector, sums: Sums, component: Component, dimension: str
) -> None:
    tolerance = case.tolerance(figures.indicator, RULE)
    judged, missing = adding.judged(sums, component.mode)
    total = sums.total
    margin = Margin.of(sums, total, tolerance)
    whole = sums.whole.values
    at_least = component.relation is Relation.AT_LEAST
    beyond = total - whole if at_least else np.abs(whole - total)
    failing = np.flatnonzero(judged & ~(beyond <= margin.limit))
    extra: dict[str, Any] = {
        "dimension": dimension,
        **({"variant": "melebihi"} if at_least else {}),
    }
    out.add(
        RULE,
        int(failing.size),
        (
            adding.describe(
                case, figures, RULE, sums, i, float(total[i]), margin.applied(i, tolerance), **extra
            )
            for i in failing.tolist()
        ),
    )
    unknown = np.flatnonzero(missing)
    out.add(
        RULE,
        int(unknown.size),
        (
            case.finding(
                RULE,
                figures,
                variant="tidak-lengkap",
                severity=Severity.INFORMATION,
                outcome=Outcome.NOT_EVALUABLE,
                key=case.key(figures.indicator, int(sums.wholes[i])),
                params={
                    "dimension": dimension,
                    "whole": float(whole[i]),
                    "parts": int(sums.counted[i].sum()),
                    "expected": int(sums.valid[i].sum()),
                },
            )
            for i in unknown.tolist()
        ),
    )


CHECKS = (Check(components, {RULE: adding.OFFERED | {"dimension", "expected"}}),)
