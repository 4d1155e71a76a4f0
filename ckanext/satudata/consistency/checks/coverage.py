"""``periode-tidak-lengkap`` and ``periode-di-luar``: years the dataset promises or hides."""

from __future__ import annotations

from .. import period as periods
from ..case import Case, Check, Collector
from ..findings import Location
from ..keyparts import distinct_periods
from ..observations import Figures

MISSING = "periode-tidak-lengkap"
BEYOND = "periode-di-luar"


def years(case: Case, figures: Figures, out: Collector) -> None:
    """Report years that the dataset speaks of and the table does not have, or the reverse."""
    promised = case.candidate.declared.years
    if not promised:
        return
    touched: set[int] = set()
    strange: set[int] = set()
    for packed, _ in distinct_periods(figures.keys):
        period = periods.unpack(packed)
        # A school year, or a week at the turn, belongs to either of two years.
        both = {period.start.year, period.end.year}
        touched |= both
        if not both & promised:
            strange.add(period.start.year)
    location = Location(int(figures.table[0]))
    for rule_id, found in ((MISSING, promised - touched), (BEYOND, strange)):
        if found:
            finding = case.finding(
                rule_id,
                figures,
                location=location,
                params={"years": [str(y) for y in sorted(found)], "count": len(found)},
            )
            out.add(rule_id, 1, [finding])


_OFFERED = frozenset({"years", "count"})

CHECKS = (Check(years, {MISSING: _OFFERED, BEYOND: _OFFERED}),)
