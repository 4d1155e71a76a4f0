"""``kecamatan-tidak-lengkap``: some parts of a whole are missing.

A table with thirteen of fourteen kecamatan is read as "the kabupaten". A missing one is
named. A table about a few kecamatan only is no mistake, so the rule speaks from a share of
the parts on, unless the dataset promised to cover all of them: then it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .. import keys as packing
from ..case import Case, Check, Collector, NotEvaluable, period_ends
from ..findings import Finding, Location, Severity
from ..hierarchy import Indices
from ..keys import Keys
from ..lookups import first_rows
from ..matching import Positions
from ..observations import Figures

RULE = "kecamatan-tidak-lengkap"

#: Names listed in one finding; the number of missing ones is always exact.
_NAMED = 50


@dataclass(frozen=True)
class _Gap:
    """Objects whose parts are incomplete.

    Attributes:
        whole: index of the region they are parts of.
        parts: indices of all parts, valid or not.
        groups: keys with that region, ascending.
        present: number of parts present in each group.
        expected: number of parts valid at the end of each group's period.
        rows: a figure of each group.
    """

    whole: int
    parts: Indices
    groups: Keys
    present: npt.NDArray[np.int64]
    expected: npt.NDArray[np.int64]
    rows: Positions


def incomplete_regions(case: Case, figures: Figures, out: Collector) -> None:
    """Report groups of one period and classification that lack parts of a region."""
    tree = case.book.regions.hierarchy
    params = case.rules[RULE].params
    rows = first_rows(figures.keys)
    keys = figures.keys if rows.size == len(figures) else figures.keys[rows]
    region = packing.region_of(keys)
    ends = period_ends(keys)
    promised = _promised(case)
    covered = np.zeros(len(tree.parent), dtype=bool)
    if promised:
        covered[promised] = True
        weight = Severity(str(params["promised_severity"]))
        for parts in tree.levels_below(promised).values():
            covered[parts] = True
            inside = np.isin(region, parts)
            gap = _gap(case, promised, parts, keys, ends, rows, inside, 0.0)
            _report(case, figures, out, gap, weight, "dijanjikan")
    parent = tree.parents_of(region)
    for whole in np.flatnonzero(np.bincount(parent)[1:]) + 1:
        if not covered[whole]:
            inside = parent == whole
            parts = tree.children(int(whole))
            share = float(params["share"])
            gap = _gap(case, int(whole), parts, keys, ends, rows, inside, share)
            _report(case, figures, out, gap, case.rules[RULE].severity, None)


def _promised(case: Case) -> int:
    """Index of the region the dataset promises to cover, 0 for none."""
    code = case.candidate.coverage
    if code is None:
        return 0
    entry = case.book.regions.get(code)
    if entry is None:
        raise NotEvaluable("cakupan-tak-dikenal", coverage=code)
    return entry.index


def _gap(
    case: Case,
    whole: int,
    parts: Indices,
    keys: Keys,
    ends: npt.NDArray[np.int64],
    rows: Positions,
    inside: npt.NDArray[np.bool_],
    share: float,
) -> _Gap:
    tree = case.book.regions.hierarchy
    at = np.flatnonzero(inside)
    at = at[tree.valid(packing.region_of(keys[at]), ends[at])]
    groups, first, present = np.unique(
        packing.with_region(keys[at], whole), return_index=True, return_counts=True
    )
    end = ends[at[first]]
    days, of_day = np.unique(end, return_inverse=True)
    expected = tree.valid(parts[None, :], days[:, None]).sum(axis=1)[of_day]
    lacking = (present < expected) & (present >= share * expected)
    return _Gap(
        whole, parts, groups[lacking], present[lacking], expected[lacking], rows[at[first[lacking]]]
    )


def _report(
    case: Case,
    figures: Figures,
    out: Collector,
    gap: _Gap,
    severity: Severity,
    variant: str | None,
) -> None:
    def findings() -> Iterator[Finding]:
        for i in range(gap.groups.size):
            missing = _missing(case, figures, gap, i)
            yield case.finding(
                RULE,
                figures,
                variant=variant,
                severity=severity,
                key=case.key(figures.indicator, gap.groups[i]),
                location=Location(int(figures.table[gap.rows[i]])),
                params={
                    "present": int(gap.present[i]),
                    "expected": int(gap.expected[i]),
                    "missing_count": len(missing),
                    "missing": [code for code, _ in missing[:_NAMED]],
                    "missing_names": [name for _, name in missing[:_NAMED]],
                },
            )

    out.add(RULE, int(gap.groups.size), findings())


def _missing(case: Case, figures: Figures, gap: _Gap, i: int) -> list[tuple[str, str]]:
    tree = case.book.regions.hierarchy
    wanted = np.sort(packing.with_region(np.full(gap.parts.size, gap.groups[i]), gap.parts))
    at = np.searchsorted(figures.keys, wanted)
    at[at == len(figures)] = 0
    absent = packing.region_of(wanted[figures.keys[at] != wanted])
    end = period_ends(gap.groups[i : i + 1])
    codes = (case.book.regions.at(int(index)) for index in absent[tree.valid(absent, end)])
    return sorted((c.code, c.label) for c in codes if c is not None)


CHECKS = (
    Check(
        incomplete_regions,
        {RULE: frozenset({"present", "expected", "missing_count", "missing", "missing_names"})},
    ),
)
