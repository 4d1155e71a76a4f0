"""``kecamatan-tidak-lengkap``: some parts of a whole are missing.

A table with thirteen of fourteen kecamatan is read as "the kabupaten". A missing one is
named. A table about a few kecamatan only is no mistake, so the rule speaks from a share of
the parts on, unless the dataset promised to cover all of them: then it is an error.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from .. import keys as packing
from ..case import Case, Check, Collector, NotEvaluable, period_ends
from ..findings import Finding, Location, Severity
from ..frozen import frozen
from ..hierarchy import Hierarchy, Indices
from ..keys import Keys
from ..lookups import first_rows
from ..matching import Positions
from ..observations import Figures

RULE = "kecamatan-tidak-lengkap"

#: Names listed in one finding; the number of missing ones is always exact.
_NAMED = 50


@frozen
class _Gap:
    """Objects whose parts are incomplete.

    Attributes:
        parts: indices of all parts, valid or not.
        groups: keys with that region, ascending.
        present: number of parts present in each group.
        expected: number of parts valid at the end of each group's period.
        rows: a figure of each group.
    """

    parts: Indices
    groups: Keys
    present: npt.NDArray[np.int64]
    expected: npt.NDArray[np.int64]
    rows: Positions


def incomplete_regions(case: Case, figures: Figures, out: Collector) -> None:
    """Report groups of one period and classification that lack parts of a region."""
    tree = case.book.regions.hierarchy
    params = case.rules[RULE].params
    keys, rows = _valid(tree, figures)
    promised = _promised(case)
    covered = np.zeros(len(tree.parent), dtype=bool)
    if promised:
        covered[promised] = True
        weight = Severity(str(params["promised_severity"]))
        for parts in tree.levels_below(promised).values():
            covered[parts] = True
            whole_of = np.zeros(len(tree.parent), dtype=np.int64)
            whole_of[parts] = promised
            for gap in _gaps(tree, whole_of, keys, rows, 0.0):
                _report(case, figures, out, gap, weight, "dijanjikan")
    whole_of = np.where(covered[tree.parent], 0, tree.parent)
    for gap in _gaps(tree, whole_of, keys, rows, float(params["share"])):
        _report(case, figures, out, gap, case.rules[RULE].severity, None)


def _valid(tree: Hierarchy, figures: Figures) -> tuple[Keys, Positions | None]:
    """Each key once whose region holds at the end of its period, and its first row.

    Rows are None where they are all of the figures'.
    """
    keys, rows = figures.keys, None
    if bool((keys[1:] == keys[:-1]).any()):
        rows = first_rows(keys)
        keys = keys[rows]
    if not tree.timed.any():
        return keys, rows
    region = packing.region_of(keys)
    known = region < len(tree.parent)
    holds = known & tree.valid(np.where(known, region, 0), period_ends(keys))
    return keys[holds], np.flatnonzero(holds) if rows is None else rows[holds]


def _promised(case: Case) -> int:
    """Index of the region the dataset promises to cover, 0 for none."""
    code = case.candidate.coverage
    if code is None:
        return 0
    entry = case.book.regions.get(code)
    if entry is None:
        raise NotEvaluable("cakupan-tak-dikenal", coverage=code)
    return entry.index


def _gaps(
    tree: Hierarchy, whole_of: Indices, keys: Keys, rows: Positions | None, share: float
) -> Iterator[_Gap]:
    """Objects of which some parts are there, and not all.

    Args:
        tree: the regions.
        whole_of: region index -> index of the region it is looked at as a part of, 0 for none.
        keys: ascending, each once.
        rows: rows of their figures, or None where they are counted as these are.
        share: least share of the parts with which the others are missed.
    """
    groups, first, present = packing.parts_of(keys, whole_of)
    order = np.lexsort((groups, packing.region_of(groups)))
    groups, first, present = groups[order], first[order], present[order]
    wholes = packing.region_of(groups)
    expected = _expected(tree, whole_of, groups)
    lacking = (present < expected) & (present >= share * expected)
    for whole in sorted(set(wholes[lacking].tolist())):
        mine = lacking & (wholes == whole)
        at = first[mine]
        yield _Gap(
            np.flatnonzero(whole_of == whole),
            groups[mine],
            present[mine],
            expected[mine],
            at if rows is None else rows[at],
        )


def _expected(tree: Hierarchy, whole_of: Indices, groups: Keys) -> npt.NDArray[np.int64]:
    """How many parts of each object there are at the end of its period."""
    wholes = packing.region_of(groups)
    if not tree.timed.any():
        return np.bincount(whole_of, minlength=len(whole_of))[wholes]
    out = np.zeros(groups.size, dtype=np.int64)
    for whole in set(wholes.tolist()):
        mine = np.flatnonzero(wholes == whole)
        days, of_day = np.unique(period_ends(groups[mine]), return_inverse=True)
        parts = np.flatnonzero(whole_of == whole)
        out[mine] = tree.valid(parts[None, :], days[:, None]).sum(axis=1)[of_day]
    return out


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
