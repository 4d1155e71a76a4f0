"""``objek-serupa``: another code for the same thing shows another value.

Choosing an indicator of one's own is no way round a comparison. Where konsep or name of two
indicators speak of the same thing by the same measure, and neither has been put into the
other's konsep, their figures must agree. Two definitions of one konsep are another matter
(``definisi-lain``): there the public is told what the difference is.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..case import Case, Check, Collector, counterpart
from ..causes import tidy
from ..compare import Conflicts, compare
from ..findings import Cause, Finding
from ..lookups import first_rows
from ..observations import Figures, Publication, Published
from ..tolerance import applied
from ..vocabulary import Indicator
from .related import comparable, in_layout_of

RULE = "objek-serupa"


def similar_objects(case: Case, figures: Figures, out: Collector) -> None:
    """Report values that differ from those under a code that means the same."""
    tolerance = case.tolerance(figures.indicator, RULE)
    lookalikes = case.book.lookalikes(figures.indicator)
    for other, factor in comparable(case, lookalikes, figures.indicator):
        published = [*case.public(other), *_own(case, figures, other)]
        found = compare(in_layout_of(other, figures), published, tolerance, factor=factor)
        out.add(RULE, len(found), _findings(case, figures, other, published, found))


def _own(case: Case, figures: Figures, other: Indicator) -> list[Published]:
    """The candidate's own figures of the other indicator, each pair of indicators once."""
    mine = case.figures(other)
    if mine is None or other.id < figures.indicator.id:
        return []
    rows = first_rows(mine.keys)
    candidate = case.candidate
    about = Publication(
        id=0,
        dataset=candidate.dataset or "",
        dataset_name="",
        dataset_title=candidate.tables[int(mine.table[0])].name if candidate.tables else "",
        organization=candidate.organization,
        organization_title=candidate.organization_title,
        resource="",
        resource_name="",
    )
    return [
        Published(about, mine.keys[rows], mine.values[rows], mine.decimals[rows], mine.status[rows])
    ]


def _findings(
    case: Case,
    figures: Figures,
    other: Indicator,
    published: list[Published],
    found: Conflicts,
) -> Iterator[Finding]:
    for i in range(len(found)):
        row = int(found.rows[i])
        theirs = published[found.publication[i]]
        yield case.finding(
            RULE,
            figures,
            variant=None if theirs.publication.id else "sendiri",
            key=case.key(figures.indicator, figures.keys[row]),
            location=case.location(figures, row),
            value=float(found.ours[i]),
            other=counterpart(theirs, found.theirs[i], other),
            difference=tidy(
                float(found.ours[i] - found.theirs[i]),
                float(found.half_ours[i]),
                float(found.half_theirs[i]),
            ),
            tolerance=applied(int(found.kind[i]), float(found.limit[i])),
            cause=Cause.DEFINITION,
            params={"other_code": other.code, "indicator_code": figures.indicator.code},
        )


CHECKS = (Check(similar_objects, {RULE: frozenset({"other_code", "indicator_code"})}),)
