"""``kode-tidak-berlaku``: a region or code that did not exist in the period.

A kecamatan that was split off in 2023 has no figures of 2020, unless somebody counted back;
one that is gone has none of this year at all.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import period as periods
from ..case import Case, Check, Collector, NotEvaluable, period_ends
from ..findings import Finding, Severity
from ..keyparts import distinct_periods
from ..observations import Figures
from ..vocabulary import REGION, CodeList
from .sums import Axis

RULE = "kode-tidak-berlaku"


def validity(case: Case, figures: Figures, out: Collector) -> None:
    """Report codes outside the time in which they hold, one finding for each code."""
    _judge(case, figures, out, case.book.regions, Axis(case.book.regions.hierarchy), REGION)
    for dimension in figures.indicator.dimensions:
        codelist = case.book.codelists.get(dimension.codelist)
        if codelist is None:
            raise NotEvaluable("daftar-kode-tak-ada", codelist=dimension.codelist)
        axis = Axis(codelist.hierarchy, dimension)
        _judge(case, figures, out, codelist, axis, dimension.name)


def _judge(
    case: Case, figures: Figures, out: Collector, codelist: CodeList, axis: Axis, name: str
) -> None:
    tree = axis.tree
    if not tree.timed.any():
        return
    indices = axis.indices(figures.keys)
    known = indices < tree.timed.size
    rows = np.flatnonzero(known & tree.timed[np.where(known, indices, 0)])
    if not rows.size:
        return
    keys, indices = figures.keys[rows], indices[rows]
    starts = np.empty(rows.size, np.int64)
    for packed, place in distinct_periods(keys):
        starts[place] = periods.unpack(packed).start.toordinal()
    ended = tree.valid_to[indices] < starts
    early = tree.valid_from[indices] > period_ends(keys)
    for wrong, variant in ((ended, "berakhir"), (early, "belum-berlaku")):
        found = np.unique(indices[wrong])
        weight = case.rules[RULE].severity
        if variant == "belum-berlaku":
            weight = Severity(str(case.rules[RULE].params["early_severity"]))

        def findings(
            wrong: np.ndarray = wrong,
            variant: str = variant,
            found: np.ndarray = found,
            weight: Severity = weight,
        ) -> Iterator[Finding]:
            for index in found.tolist():
                at = rows[np.flatnonzero(wrong & (indices == index))]
                code = codelist.at(index)
                since = code.valid_from if code else None
                until = code.valid_to if code else None
                yield case.finding(
                    RULE,
                    figures,
                    variant=variant,
                    severity=weight,
                    key=case.key(figures.indicator, int(figures.keys[at[0]])),
                    location=case.location(figures, int(at[0])),
                    params={
                        "dimension": name,
                        "code": code.code if code else f"#{index}",
                        "label": code.label if code else "",
                        "since": since.isoformat() if since else None,
                        "until": until.isoformat() if until else None,
                        "objects": int(at.size),
                    },
                )

        out.add(RULE, int(found.size), findings())


CHECKS = (
    Check(
        validity,
        {RULE: frozenset({"dimension", "code", "label", "since", "until", "objects"})},
    ),
)
