"""``mandat`` and ``tanpa-mandat``: who may set an indicator's figures.

Each indicator has one produsen data (Perpres 39/2019 Ps. 27(3)a). Others may repeat its
figures, never precede them: a figure that the mandate holder has not published cannot be
compared with anything, and not evaluable is not a pass. A repeated figure that differs is
``nilai-berbeda``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import keys as packing
from ..case import Case, Check, Collector
from ..findings import Finding, Location, Outcome
from ..lookups import first_rows
from ..observations import Figures

RULE = "mandat"
VACANT = "tanpa-mandat"


def mandate(case: Case, figures: Figures, out: Collector) -> None:
    """Report figures of an agency without the mandate that its holder has not published."""
    holder = figures.indicator.producer
    if holder is None:
        location = Location(int(figures.table[0]))
        out.add(VACANT, 1, iter([case.finding(VACANT, figures, location=location)]))
        return
    if holder == case.candidate.organization:
        return
    held = [p.publication.organization == holder for p in case.public(figures.indicator)]
    shown = case.meetings(figures).shown_by(np.array(held, dtype=bool))
    rows = first_rows(figures.keys)[~shown]
    periods = packing.period_of(figures.keys[rows])
    starts = first_rows(periods)
    counts = np.diff(np.append(starts, periods.size))

    def findings() -> Iterator[Finding]:
        for row, count in zip(rows[starts], counts, strict=True):
            yield case.finding(
                RULE,
                figures,
                variant="belum-terbit",
                outcome=Outcome.NOT_EVALUABLE,
                key=case.key(figures.indicator, int(figures.keys[row])),
                location=case.location(figures, int(row)),
                value=float(figures.values[row]),
                params={
                    "objects": int(count),
                    "producer": holder,
                    "producer_title": case.organization(holder),
                },
            )

    out.add(RULE, int(starts.size), findings())


CHECKS = (
    Check(
        mandate,
        {RULE: frozenset({"objects", "producer", "producer_title"}), VACANT: frozenset()},
    ),
)
