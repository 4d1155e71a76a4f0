"""What must be known of public figures before the rules can judge a candidate.

Beside the candidate's own objects: whole periods (a recapitulation needs every region), the
other definitions and lookalikes of each indicator, what formulas name, the weights of
averages, the whole year where months make it, and a little of the past.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from . import keys as packing
from . import period as periods
from .keyparts import distinct_periods
from .observations import Candidate, Figures
from .period import Frequency
from .relations import OverTime, Relation, Relations
from .vocabulary import CodeBook, Indicator

#: Smallest and largest key, both inclusive.
Span = tuple[int, int]

#: How far back a value is compared with its own past: days, by frequency.
_PAST = {
    Frequency.YEAR: 3 * 366,
    Frequency.SCHOOL_YEAR: 3 * 366,
    Frequency.SEMESTER: 3 * 184,
    Frequency.QUARTER: 3 * 92,
    Frequency.MONTH: 3 * 31,
    Frequency.WEEK: 3 * 7,
    Frequency.DAY: 3,
}

#: Frequencies whose periods make up a year.
WITHIN_YEAR = frozenset({Frequency.SEMESTER, Frequency.QUARTER, Frequency.MONTH})


def spans(candidate: Candidate, book: CodeBook, relations: Relations) -> dict[int, Span]:
    """Indicator number -> smallest and largest key needed."""
    out: dict[int, Span] = {}
    for figures in candidate.figures:
        if not len(figures):
            continue
        wide = _widened(figures, relations)
        narrow = packing.period_span(figures.keys)
        _add(out, figures.indicator, wide)
        for other in others(figures.indicator, book, relations):
            _add(out, other, narrow)
    return out


def others(indicator: Indicator, book: CodeBook, relations: Relations) -> Iterator[Indicator]:
    """Other indicators that rules about one look at; some more than once."""
    yield from book.siblings(indicator)
    yield from book.lookalikes(indicator)
    yield from whole(indicator, book, relations)


def register(
    codes: Iterable[str], book: CodeBook, relations: Relations
) -> dict[str, Indicator | None]:
    """The part of the register that figures of these indicators are judged by.

    Beside the indicators themselves it holds those that rules about them look at, so that it
    changes when one is added that looks alike, and not when any other one is.

    Args:
        codes: of the indicators.
        book: the reference data.
        relations: what rules know of indicators.

    Returns:
        Code -> indicator, in order of codes; None for one that does not exist.
    """
    out: dict[str, Indicator | None] = {}
    for code in codes:
        own = out[code] = book.indicators.get(code)
        if own is not None:
            out.update((i.code, i) for i in others(own, book, relations))
    return dict(sorted(out.items()))


def whole(indicator: Indicator, book: CodeBook, relations: Relations) -> Iterator[Indicator]:
    """Those of which objects are needed that the candidate does not show; with itself if so."""
    codes = {c for f in relations.concerning(indicator.code) for c in f.codes()}
    weight = relations.traits(indicator).weight
    if weight is not None:
        codes |= {weight, indicator.code}
    if indicator.is_mean and any(
        relations.component(d.codelist).relation is Relation.EQUALS for d in indicator.dimensions
    ):
        codes.add(indicator.code)
    yield from (book.indicators[c] for c in sorted(codes) if c in book.indicators)


def _add(out: dict[int, Span], indicator: Indicator, span: Span) -> None:
    known = out.get(indicator.id, span)
    out[indicator.id] = min(span[0], known[0]), max(span[1], known[1])


def _widened(figures: Figures, relations: Relations) -> Span:
    """The candidate's periods, with a little of the past and the whole of made-up years."""
    low, high = packing.period_span(figures.keys)
    found = [periods.unpack(p) for p, _ in distinct_periods(figures.keys)]
    days = max(_PAST[p.frequency] for p in found)
    first = found[0].start - timedelta(days=days)
    if relations.traits(figures.indicator).over_time in (None, OverTime.NONE):
        last = None
    else:
        parts = [p for p in found if p.frequency in WITHIN_YEAR or p.frequency is Frequency.YEAR]
        last = date(max(p.start.year for p in parts), 12, 31) if parts else None
        first = min([first, *(date(p.start.year, 1, 1) for p in parts)])
    return min(low, _lowest(first)), max(high, _highest(last)) if last else high


def _lowest(day: date) -> int:
    """Smallest key of periods that begin on a day or later."""
    return max(periods.first_packed(day), 0) << packing.PERIOD_SHIFT


def _highest(day: date) -> int:
    """Largest key of periods that begin on a day or before."""
    return (periods.first_packed(day + timedelta(days=1)) << packing.PERIOD_SHIFT) - 1
