"""``bertentangan-kesepakatan`` and ``kesepakatan-keduanya``: what agencies have agreed upon.

A figure that an agreement in force names is the reference for everybody until another agreement
takes its place. Where an agreement lets two agencies' figures stand side by side, their difference
is told instead of held back, with the reason that the agreement gives.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..agreements import NONE, Agreed, Agreement, contradictions
from ..case import VALUE_RULE, Case, Check, Collector, counterpart
from ..causes import tidy
from ..findings import Counterpart, Finding
from ..observations import Figures
from ..tolerance import applied, half_units

RULE = "bertentangan-kesepakatan"
BOTH = "kesepakatan-keduanya"


def contradicting(case: Case, figures: Figures, out: Collector) -> None:
    """Report figures that are not the agreed ones."""
    agreed = case.agreed(figures.indicator)
    if agreed is None:
        return
    found = contradictions(
        figures.keys,
        figures.values,
        figures.decimals,
        case.candidate.organization,
        agreed,
        case.tolerance(figures.indicator, VALUE_RULE),
    )

    def findings() -> Iterator[Finding]:
        for i in range(len(found)):
            row, entry = int(found.rows[i]), int(found.entries[i])
            value, right = float(figures.values[row]), float(agreed.values[entry])
            halves = half_units(np.array([figures.decimals[row], agreed.decimals[entry]]))
            yield case.finding(
                RULE,
                figures,
                variant=None if agreed.party[entry] == NONE else "keduanya",
                key=case.key(figures.indicator, int(figures.keys[row])),
                location=case.location(figures, row),
                value=value,
                other=Counterpart(value=right, indicator=figures.indicator.code),
                difference=tidy(value - right, float(halves[0]), float(halves[1])),
                tolerance=applied(int(found.kind[i]), float(found.limit[i])),
                params=described(agreed, entry),
            )

    out.add(RULE, len(found), findings())


def both_standing(case: Case, figures: Figures, out: Collector) -> None:
    """Tell of pairs that differ because an agreement says so."""
    pairs, which = case.settled(figures)
    agreed = case.agreed(figures.indicator)
    if agreed is None:
        return
    published = case.public(figures.indicator)

    def findings() -> Iterator[Finding]:
        for i, agreement in enumerate(which.tolist()):
            row = int(pairs.rows[i])
            theirs = published[pairs.publication[i]]
            yield case.finding(
                BOTH,
                figures,
                key=case.key(figures.indicator, int(figures.keys[row])),
                location=case.location(figures, row),
                value=float(pairs.ours[i]),
                other=counterpart(theirs, pairs.theirs[i], figures.indicator),
                difference=tidy(
                    float(pairs.ours[i] - pairs.theirs[i]),
                    float(pairs.half_ours[i]),
                    float(pairs.half_theirs[i]),
                ),
                tolerance=applied(int(pairs.kind[i]), float(pairs.limit[i])),
                params=told(agreed.agreements[agreement]),
            )

    out.add(BOTH, len(pairs), findings())


def described(agreed: Agreed, entry: int) -> dict[str, object]:
    """The params by which a finding names the agreement of an entry."""
    return told(agreed.about(entry))


def told(agreement: Agreement) -> dict[str, object]:
    """The params by which a finding names an agreement."""
    return {"agreement": agreement.id, "number": agreement.number, "note": dict(agreement.note)}


#: What findings that rest on an agreement offer to their messages.
OFFERED = frozenset({"agreement", "number", "note"})

CHECKS = (
    Check(contradicting, {RULE: OFFERED}),
    Check(both_standing, {BOTH: OFFERED}),
)
