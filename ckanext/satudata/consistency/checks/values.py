"""``nilai-berbeda`` and ``satuan-skala``: another publication shows another value.

Both look at the same conflicts. One that a known factor explains is reported as a matter of
unit or scale, because that tells the operator where to look; every other one as a plain
difference. Both hold the publication back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ..agreements import NONE, backed
from ..case import SCALE_RULE, VALUE_RULE, Case, Check, Collector, counterpart
from ..causes import tidy
from ..compare import Conflicts
from ..findings import Cause, Finding
from ..observations import Figures, Published
from ..scales import Scale
from ..tolerance import applied
from .agreements import OFFERED as AGREED
from .agreements import described
from .triage import triage


def differing_values(case: Case, figures: Figures, out: Collector) -> None:
    """Report conflicts that no factor explains."""
    conflicts = case.conflicts(figures)
    _, scale = case.scales(figures)
    plain = conflicts.take(scale < 0)
    shown = plain.take(np.arange(min(len(plain), max(out.room(case.rules[VALUE_RULE]), 1))))
    published = case.public(figures.indicator)
    causes = triage(case, figures, published, shown)
    backing = _backing(case, figures, shown)

    def findings() -> Iterator[Finding]:
        for i, cause in enumerate(causes):
            found = _finding(case, figures, published, shown, i, VALUE_RULE, cause)
            if i in backing:
                words = {**found.params, **backing[i], "variant": "disepakati"}
                found = replace(found, params=words)
            yield found

    out.add(VALUE_RULE, len(plain), findings())


def differing_scale(case: Case, figures: Figures, out: Collector) -> None:
    """Report conflicts that vanish when one value is multiplied by a known factor."""
    conflicts = case.conflicts(figures)
    scales, which = case.scales(figures)
    scaled = conflicts.take(which >= 0)
    which = which[which >= 0]
    published = case.public(figures.indicator)
    backing = _backing(case, figures, scaled)

    def findings() -> Iterator[Finding]:
        for i in range(len(scaled)):
            scale = scales.scales[which[i]]
            cause = Cause.UNIT_OR_SCALE
            found = _finding(case, figures, published, scaled, i, SCALE_RULE, cause, scale)
            yield replace(found, params={**found.params, **backing.get(i, {})})

    out.add(SCALE_RULE, len(scaled), findings())


def _backing(case: Case, figures: Figures, pairs: Conflicts) -> dict[int, dict[str, object]]:
    """Pairs of which the candidate's figure is the agreed one, and the agreement that says so."""
    agreed = case.agreed(figures.indicator)
    if agreed is None:
        return {}
    entries = backed(
        figures.keys[pairs.rows],
        (pairs.ours, pairs.half_ours),
        (pairs.theirs, pairs.half_theirs),
        agreed,
        case.tolerance(figures.indicator, VALUE_RULE),
    )
    return {i: described(agreed, int(entries[i])) for i in np.flatnonzero(entries != NONE).tolist()}


def _finding(
    case: Case,
    figures: Figures,
    published: list[Published],
    conflicts: Conflicts,
    i: int,
    rule_id: str,
    cause: Cause,
    scale: Scale | None = None,
) -> Finding:
    row = int(conflicts.rows[i])
    theirs = published[conflicts.publication[i]]
    relation = _relation(case, figures, theirs)
    variant = relation
    params: dict[str, object] = {"relation": relation or "lain"}
    producer = figures.indicator.producer
    if producer is not None:
        params |= {"producer": producer, "producer_title": case.organization(producer)}
    if scale is not None:
        params |= _explained(case, scale)
        variant = "satuan" if scale.likely else "desimal"
    return case.finding(
        rule_id,
        figures,
        variant=variant,
        key=case.key(figures.indicator, figures.keys[row]),
        location=case.location(figures, row),
        value=float(conflicts.ours[i]),
        other=counterpart(theirs, conflicts.theirs[i], figures.indicator),
        difference=tidy(
            float(conflicts.ours[i] - conflicts.theirs[i]),
            float(conflicts.half_ours[i]),
            float(conflicts.half_theirs[i]),
        ),
        tolerance=applied(int(conflicts.kind[i]), float(conflicts.limit[i])),
        cause=cause,
        params=params,
    )


def _relation(case: Case, figures: Figures, theirs: Published) -> str | None:
    """How the two publishers stand to the indicator's mandate (Perpres 39/2019 Ps. 27(3)a)."""
    holder = figures.indicator.producer
    mine, other = case.candidate.organization, theirs.publication.organization
    if mine == other:
        return "sendiri"
    if holder is not None and other == holder:
        return "pemegang-mandat"
    if holder is not None and mine == holder:
        return "kutipan"
    return None


def _explained(case: Case, scale: Scale) -> dict[str, object]:
    units = case.book.units.units
    larger = scale.factor > 1
    bigger, smaller = {"id": "lebih besar", "en": "larger"}, {"id": "lebih kecil", "en": "smaller"}
    return {
        "factor": scale.factor if larger else 1 / scale.factor,
        "direction": bigger if larger else smaller,
        "likely_unit": units[scale.likely].in_text if scale.likely else None,
        "stated_unit": units[scale.stated].in_text if scale.stated else None,
    }


_OFFERED = frozenset({"relation", "producer", "producer_title"})

CHECKS = (
    Check(differing_values, {VALUE_RULE: _OFFERED | AGREED}),
    Check(
        differing_scale,
        {SCALE_RULE: _OFFERED | AGREED | {"factor", "direction", "likely_unit", "stated_unit"}},
    ),
)
