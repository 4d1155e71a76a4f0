"""``kunci-ganda`` and ``kunci-berulang``: one dataset names an object more than once.

Within one table that is always an error, even with equal values: the next reader adds them
up. Two tables of one dataset may repeat a figure (a summary sheet), as long as they agree.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from ..case import Case, Check, Collector
from ..causes import guess, tidy
from ..findings import Counterpart, Finding
from ..keys import Keys
from ..matching import Positions
from ..observations import Figures
from ..tolerance import agree, applied, half_units

RULE = "kunci-ganda"
REPEATED = "kunci-berulang"


def duplicate_keys(case: Case, figures: Figures, out: Collector) -> None:
    """Report objects that stand in the candidate more than once."""
    rows = _repeated(figures.keys)
    if not rows.size:
        return
    rows = rows[np.lexsort((figures.table[rows], figures.keys[rows]))]
    keys, table = figures.keys[rows], figures.table[rows]
    again = (keys[1:] == keys[:-1]) & (table[1:] == table[:-1])
    _report(case, figures, out, RULE, rows[:-1][again], rows[1:][again])
    one_per_table = rows[np.concatenate(([True], ~again))]
    _across_tables(case, figures, out, one_per_table)


def _repeated(keys: Keys) -> Positions:
    same = keys[1:] == keys[:-1]
    if not same.any():
        return np.empty(0, np.int64)
    member = np.zeros(keys.size, dtype=bool)
    member[1:] |= same
    member[:-1] |= same
    return np.flatnonzero(member)


def _across_tables(case: Case, figures: Figures, out: Collector, rows: Positions) -> None:
    """Compare every pair of tables: agreeing with a third table is no agreement of two."""
    tolerance = case.tolerance(figures.indicator, RULE)
    keys = figures.keys[rows]
    for distance in range(1, np.unique(figures.table[rows]).size):
        pair = keys[distance:] == keys[:-distance]
        if not pair.any():
            break
        first, second = rows[:-distance][pair], rows[distance:][pair]
        same, _, _ = agree(
            figures.values[first],
            figures.values[second],
            half_units(figures.decimals[first]),
            half_units(figures.decimals[second]),
            tolerance,
        )
        _report(case, figures, out, RULE, first[~same], second[~same])
        if distance == 1:
            _report(case, figures, out, REPEATED, first[same], second[same])


def _report(
    case: Case,
    figures: Figures,
    out: Collector,
    rule_id: str,
    first: Positions,
    second: Positions,
) -> None:
    def findings() -> Iterator[Finding]:
        for one, two in zip(first, second, strict=True):
            yield _finding(case, figures, rule_id, int(one), int(two))

    out.add(rule_id, int(first.size), findings())


def _finding(case: Case, figures: Figures, rule_id: str, first: int, second: int) -> Finding:
    pair: npt.NDArray[np.int64] = np.array([second, first])
    halves = half_units(figures.decimals[pair])
    same, limit, kind = agree(
        figures.values[pair[:1]],
        figures.values[pair[1:]],
        halves[:1],
        halves[1:],
        case.tolerance(figures.indicator, RULE),
    )
    table = int(figures.table[first])
    tables = case.candidate.tables
    across = table != int(figures.table[second])
    variant = "antar-tabel" if across else "nilai-sama" if same[0] else None
    a, b = (float(v) for v in figures.values[pair])
    return case.finding(
        rule_id,
        figures,
        variant=variant if rule_id == RULE else None,
        key=case.key(figures.indicator, figures.keys[second]),
        location=case.location(figures, second),
        value=a,
        other=Counterpart(
            value=b,
            organization=case.candidate.organization,
            organization_title=case.candidate.organization_title,
            dataset=case.candidate.dataset,
            resource=tables[table].resource if table < len(tables) else None,
            indicator=figures.indicator.code,
            location=case.location(figures, first),
        ),
        difference=tidy(a - b, float(halves[0]), float(halves[1])),
        tolerance=applied(int(kind[0]), float(limit[0])),
        cause=None if same[0] else guess(a, b, float(halves[0]), float(halves[1])),
    )


CHECKS = (Check(duplicate_keys, {RULE: frozenset(), REPEATED: frozenset()}),)
