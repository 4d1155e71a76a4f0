"""``kutipan-tanpa-sumber``: the mandate holder's figures repeated without naming it.

Repeating is allowed; who reads must be able to find the source. A dataset cites another one if
its sources or references have the other's address, title, or the name of its producer.
"""

from __future__ import annotations

import numpy as np

from ..case import Case, Check, Collector, counterpart
from ..findings import Location
from ..observations import Figures, Publication
from ..vocabulary import normalise

RULE = "kutipan-tanpa-sumber"


def copies(case: Case, figures: Figures, out: Collector) -> None:
    """Report publications of the mandate holder that agree, and are not named as a source."""
    holder = figures.indicator.producer
    if holder is None or holder == case.candidate.organization:
        return
    published = case.public(figures.indicator)
    if not any(p.publication.organization == holder for p in published):
        return
    meetings = case.meetings(figures)
    conflicts = case.differing(figures)
    repeated = -np.bincount(conflicts.publication, minlength=len(published))
    example: dict[int, tuple[int, float]] = {}
    for met in meetings.found:
        if not met.places.size:
            continue
        if met.run.single:
            first = {int(met.run.members[0]): 0}
            repeated[met.run.members[0]] += met.places.size
        else:
            owners = met.run.owners(met.places)[0]
            repeated += np.bincount(owners, minlength=len(published))
            listed, places = np.unique(owners, return_index=True)
            first = dict(zip(listed.tolist(), places.tolist(), strict=True))
        for position, at in first.items():
            example[position] = int(met.mine[at]), float(met.run.values[met.places[at]])
    cited = f" {normalise(case.candidate.declared.cited)} "
    for position in np.flatnonzero(repeated > 0).tolist():
        theirs = published[position]
        if theirs.publication.organization != holder or _names(cited, theirs.publication):
            continue
        mine, value = example[position]
        row = int(np.searchsorted(figures.keys, meetings.own.keys[mine]))
        finding = case.finding(
            RULE,
            figures,
            key=case.key(figures.indicator, int(figures.keys[row])),
            location=Location(int(figures.table[row])),
            value=float(figures.values[row]),
            other=counterpart(theirs, value, figures.indicator),
            params={"objects": int(repeated[position])},
        )
        out.add(RULE, 1, [finding])


def _names(cited: str, about: Publication) -> bool:
    named = (about.dataset, about.dataset_name, about.dataset_title, about.organization_title)
    return any(f" {normalise(name)} " in cited for name in named if normalise(name))


CHECKS = (Check(copies, {RULE: frozenset({"objects"})}),)
