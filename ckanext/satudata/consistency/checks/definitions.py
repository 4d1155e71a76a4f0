"""``definisi-lain``: the same konsep under another definisi shows another value.

Residents by census and persons in the civil registry are two objects that look alike. Both
may be public, but the public is told that they are not the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ..case import Case, Check, Collector, NotEvaluable, counterpart
from ..causes import tidy
from ..compare import Conflicts, agreeing, compare
from ..findings import Cause, Finding
from ..lookups import first_rows
from ..matching import Positions
from ..observations import Figures, Published
from ..tolerance import Tolerance, applied
from ..vocabulary import Indicator
from .related import comparable, in_layout_of

RULE = "definisi-lain"


def other_definitions(case: Case, figures: Figures, out: Collector) -> None:
    """Report values that differ from those under another definition."""
    tolerance = case.tolerance(figures.indicator, RULE)
    for other, factor in comparable(case, case.book.siblings(figures.indicator), figures.indicator):
        published = case.public(other)
        found = compare(in_layout_of(other, figures), published, tolerance, factor=factor)
        out.add(RULE, len(found), _findings(case, figures, other, published, found))


def _findings(
    case: Case,
    figures: Figures,
    other: Indicator,
    published: list[Published],
    found: Conflicts,
) -> Iterator[Finding]:
    for i in range(len(found)):
        row = int(found.rows[i])
        yield case.finding(
            RULE,
            figures,
            key=case.key(figures.indicator, figures.keys[row]),
            location=case.location(figures, row),
            value=float(found.ours[i]),
            other=counterpart(published[found.publication[i]], found.theirs[i], other),
            difference=tidy(
                float(found.ours[i] - found.theirs[i]),
                float(found.half_ours[i]),
                float(found.half_theirs[i]),
            ),
            tolerance=applied(int(found.kind[i]), float(found.limit[i])),
            cause=Cause.DEFINITION,
            params={
                "konsep": figures.indicator.konsep,
                "definition": figures.indicator.definition,
                "other_definition": other.definition,
            },
        )


def confirmed_by_another_definition(
    case: Case, figures: Figures, rows: Positions
) -> npt.NDArray[np.bool_]:
    """Which figures agree with what is public under another definition of their konsep.

    Such a figure was probably filed under the wrong indicator.

    Args:
        case: the check in progress.
        figures: the candidate's figures.
        rows: positions therein, ascending; may repeat. Shape ``(m,)``.
    """
    out = np.zeros(rows.size, dtype=bool)
    for other, factor in comparable(case, case.book.siblings(figures.indicator), figures.indicator):
        try:
            published = case.public(other)
        except NotEvaluable:
            continue
        column = in_layout_of(other, figures, rows[first_rows(rows)])
        same = agreeing(column, published, Tolerance.of(figures.indicator), factor=factor)
        out |= np.isin(rows, same)
    return out


CHECKS = (
    Check(
        other_definitions,
        {RULE: frozenset({"konsep", "definition", "other_definition"})},
    ),
)
