"""``nilai-berbeda`` and ``satuan-skala``: another publication shows another value.

Both look at the same conflicts. One that a known factor explains is reported as a matter of
unit or scale, because that tells the operator where to look; every other one as a plain
difference. Both hold the publication back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    told = ((cause, None) for cause in causes)

    def findings() -> Iterator[Finding]:
        for i, found in enumerate(_findings(case, figures, published, shown, VALUE_RULE, told)):
            if i not in backing:
                yield found
                continue
            yield replace(found, params={**found.params, **backing[i], "variant": "disepakati"})

    out.add(VALUE_RULE, len(plain), findings())


def differing_scale(case: Case, figures: Figures, out: Collector) -> None:
    """Report conflicts that vanish when one value is multiplied by a known factor."""
    conflicts = case.conflicts(figures)
    scales, which = case.scales(figures)
    scaled = np.flatnonzero(which >= 0)
    listed = scaled[: max(out.room(case.rules[SCALE_RULE]), 1)]
    shown = conflicts.take(listed)
    published = case.public(figures.indicator)
    backing = _backing(case, figures, shown)
    told = ((Cause.UNIT_OR_SCALE, scales.scales[n]) for n in which[listed].tolist())

    def findings() -> Iterator[Finding]:
        for i, found in enumerate(_findings(case, figures, published, shown, SCALE_RULE, told)):
            yield replace(found, params={**found.params, **backing.get(i, {})})

    out.add(SCALE_RULE, int(scaled.size), findings())


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


def _findings(
    case: Case,
    figures: Figures,
    published: list[Published],
    pairs: Conflicts,
    rule_id: str,
    told: Iterable[tuple[Cause, Scale | None]],
) -> Iterator[Finding]:
    """One finding for each pair; ``told`` is what is known of it besides."""
    columns = (
        pairs.rows,
        pairs.publication,
        pairs.ours,
        pairs.theirs,
        pairs.half_ours,
        pairs.half_theirs,
        pairs.kind,
        pairs.limit,
    )
    relations: dict[int, tuple[str | None, dict[str, object]]] = {}
    rows = zip(told, *(c.tolist() for c in columns), strict=True)
    for (cause, scale), row, which, ours, theirs, half_ours, half_theirs, kind, limit in rows:
        if which not in relations:
            relations[which] = _related(case, figures, published[which])
        variant, params = relations[which]
        if scale is not None:
            params = {**params, **_explained(case, scale)}
            variant = "satuan" if scale.likely else "desimal"
        yield case.finding(
            rule_id,
            figures,
            variant=variant,
            key=case.key(figures.indicator, int(figures.keys[row])),
            location=case.location(figures, row),
            value=ours,
            other=counterpart(published[which], theirs, figures.indicator),
            difference=tidy(ours - theirs, half_ours, half_theirs),
            tolerance=applied(kind, limit),
            cause=cause,
            params=params,
        )


def _related(
    case: Case, figures: Figures, theirs: Published
) -> tuple[str | None, dict[str, object]]:
    """How two publishers stand to each other, and what a finding tells of that."""
    relation = _relation(case, figures, theirs)
    params: dict[str, object] = {"relation": relation or "lain"}
    producer = figures.indicator.producer
    if producer is not None:
        params |= {"producer": producer, "producer_title": case.organization(producer)}
    return relation, params


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
