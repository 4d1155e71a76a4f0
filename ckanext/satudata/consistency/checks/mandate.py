"""``mandat`` and ``tanpa-mandat``: who may set an indicator's figures.

Each indicator has one produsen data (Perpres 39/2019 Ps. 27(3)a). Others may repeat its
figures, never precede them: a figure that the mandate holder has not published cannot be
compared with anything, and not evaluable is not a pass. A repeated figure that differs is
``nilai-berbeda``. A whole that the holder's own parts add up to says nothing that the holder has
not said: who repeats the figures of all desa may add rows of the kecamatan and of the kabupaten.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .. import keys as packing
from ..case import Case, Check, Collector
from ..findings import Finding, Location, Outcome
from ..keys import Keys
from ..lookups import Sources, first_rows
from ..matching import Positions
from ..observations import Figures
from ..relations import Mode, Relation
from ..tolerance import Tolerance
from . import components, recap
from . import sums as adding
from .sums import Axis, Margin

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
    rows = np.setdiff1d(rows, _derived(case, figures, rows), assume_unique=True)
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


def _derived(case: Case, figures: Figures, rows: Positions) -> Positions:
    """Figures that are the sum of parts which the mandate holder has published, at any level.

    A kecamatan made of the holder's desa says no more than these, and so neither does a kabupaten
    made of such kecamatan.

    Args:
        case: the check in progress.
        figures: the candidate's.
        rows: some of them, of distinct objects in ascending order; shape ``(n,)``.
    """
    found = rows[:0]
    if not figures.indicator.additive:
        return found
    while rows.size:
        held = case.held(figures.indicator, figures.take(found))
        wholes = _summed(case, figures, figures.keys[rows], held)
        more = rows[np.isin(figures.keys[rows], wholes)]
        if not more.size:
            break
        found = np.sort(np.concatenate([found, more]))
        rows = np.setdiff1d(rows, more, assume_unique=True)
    return found


def _summed(case: Case, figures: Figures, keys: Keys, held: Sources) -> Keys:
    """Which of the candidate's objects are the sum of parts that are all held."""
    found: list[Keys] = [keys[:0]]
    for axis, tolerance in _axes(case, figures):
        wholes = keys[axis.has_parts(axis.indices(keys))]
        whole = case.sources(figures.indicator).find(wholes)
        for sums in adding.among(held, axis, Mode.NON_NULL, wholes, whole):
            total = sums.total
            near = np.abs(sums.whole.values - total) <= Margin.of(sums, total, tolerance).limit
            found.append(sums.wholes[sums.complete & near])
    return np.concatenate(found)


def _axes(case: Case, figures: Figures) -> Iterator[tuple[Axis, Tolerance]]:
    """Along what parts make the whole, and what is granted there; not lists that are never full."""
    indicator = figures.indicator
    yield Axis(case.book.regions.hierarchy), case.tolerance(indicator, recap.RULE)
    for dimension in indicator.dimensions:
        codelist = case.book.codelists.get(dimension.codelist)
        component = case.rules.relations.component(dimension.codelist)
        if codelist is not None and component.relation is Relation.EQUALS:
            yield Axis(codelist.hierarchy, dimension), case.tolerance(indicator, components.RULE)


CHECKS = (
    Check(
        mandate,
        {RULE: frozenset({"objects", "producer", "producer_title"}), VACANT: frozenset()},
    ),
)
