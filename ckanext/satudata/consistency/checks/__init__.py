"""The checks, one module per rule or pair of rules. A new one is added to :data:`CHECKS`."""

from __future__ import annotations

from collections.abc import Mapping

from ..case import Check
from . import (
    agreements,
    averages,
    bounds,
    completeness,
    components,
    copies,
    coverage,
    definitions,
    duplicates,
    formulas,
    jumps,
    mandate,
    recap,
    revisions,
    rollups,
    similar,
    validity,
    values,
)

#: In the order in which they run.
CHECKS: tuple[Check, ...] = (
    *duplicates.CHECKS,
    *values.CHECKS,
    *agreements.CHECKS,
    *mandate.CHECKS,
    *bounds.CHECKS,
    *recap.CHECKS,
    *components.CHECKS,
    *averages.CHECKS,
    *rollups.CHECKS,
    *formulas.CHECKS,
    *similar.CHECKS,
    *definitions.CHECKS,
    *completeness.CHECKS,
    *coverage.CHECKS,
    *validity.CHECKS,
    *jumps.CHECKS,
    *copies.CHECKS,
    *revisions.CHECKS,
)

#: Rules that no check of ours emits: ``tanpa-indikator`` comes from the reader, the other two
#: carry the words for a rule that failed or could not be judged.
RESERVED: Mapping[str, frozenset[str]] = {
    "tanpa-indikator": frozenset(),
    "aturan-galat": frozenset({"detail"}),
    "tidak-dapat-dinilai": frozenset({"codelist", "coverage", "other", "unit_given"}),
}

#: Rule id -> placeholders its findings offer beyond the common ones.
OFFERS: Mapping[str, frozenset[str]] = {
    **RESERVED,
    **{rule: names for check in CHECKS for rule, names in check.emits.items()},
}
