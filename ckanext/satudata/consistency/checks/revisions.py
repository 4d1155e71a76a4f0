"""``angka-tetap-berubah`` and ``angka-direvisi``: what was public is given another value.

A provisional figure becomes final, an estimate a count: that is what they are for, and it is
kept and told. A final figure changes only with a reason, which readers are shown beside the
former value. What a dataset showed before counts even if it was withdrawn in between.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..case import Case, Check, Collector
from ..causes import guess, tidy
from ..findings import Cause, Counterpart, Finding
from ..lookups import first_rows
from ..matching import match
from ..observations import Figures, Published, Status
from ..tolerance import Tolerance, agree, half_units

CHANGED = "angka-tetap-berubah"
REVISED = "angka-direvisi"

#: A figure written with more digits than before is the same figure.
_ROUNDING_ONLY = Tolerance()


def revisions(case: Case, figures: Figures, out: Collector) -> None:
    """Report figures that the dataset showed with another value, or as more than they are now."""
    rows = first_rows(figures.keys)
    keys = figures.keys[rows]
    reason = case.candidate.declared.reason.strip()
    for before in case.previous(figures.indicator):
        mine, theirs = match(keys, before.keys)
        at = rows[mine]
        same, _, _ = agree(
            figures.values[at],
            before.values[theirs],
            half_units(figures.decimals[at]),
            half_units(before.decimals[theirs]),
            _ROUNDING_ONLY,
        )
        was_final = before.status[theirs] == Status.NORMAL
        demoted = was_final & (figures.status[at] != Status.NORMAL)
        touched = ~same | demoted
        unexplained = touched & was_final & (not reason)
        for rule_id, which in ((CHANGED, unexplained), (REVISED, touched & ~unexplained)):
            found = np.flatnonzero(which)
            out.add(
                rule_id,
                int(found.size),
                _findings(case, figures, rule_id, before, at[found], theirs[found], demoted[found]),
            )


def _findings(
    case: Case,
    figures: Figures,
    rule_id: str,
    before: Published,
    rows: np.ndarray,
    places: np.ndarray,
    demoted: np.ndarray,
) -> Iterator[Finding]:
    for row, place, lower in zip(rows.tolist(), places.tolist(), demoted.tolist(), strict=True):
        ours, theirs = float(figures.values[row]), float(before.values[place])
        halves = half_units(np.array([figures.decimals[row], before.decimals[place]]))
        provisional = before.status[place] != Status.NORMAL
        if ours == theirs:
            variant = "turun-status"
        elif rule_id == REVISED and provisional:
            variant = "dari-sementara"
        else:
            variant = None
        yield case.finding(
            rule_id,
            figures,
            variant=variant,
            key=case.key(figures.indicator, int(figures.keys[row])),
            location=case.location(figures, row),
            value=ours,
            # Not named as a dataset: it is the candidate's own, which contradicts nobody.
            other=Counterpart(
                value=theirs,
                organization=case.candidate.organization,
                organization_title=case.candidate.organization_title,
                indicator=figures.indicator.code,
            ),
            difference=tidy(ours - theirs, float(halves[0]), float(halves[1])),
            cause=(
                Cause.VINTAGE
                if provisional or lower
                else guess(ours, theirs, float(halves[0]), float(halves[1]))
            ),
            params={
                "reason": case.candidate.declared.reason or None,
                "was": Status(int(before.status[place])).name.lower(),
                "now": Status(int(figures.status[row])).name.lower(),
            },
        )


_OFFERED = frozenset({"reason", "was", "now"})

CHECKS = (Check(revisions, {CHANGED: _OFFERED, REVISED: _OFFERED}),)
