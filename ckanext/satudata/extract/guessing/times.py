"""Periods as they stand in titles, headers and file names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...consistency.frozen import frozen
from ...consistency.period import Frequency, Period, parse
from ..periods import MONTHS, read_period

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?P<year>(?:19[5-9]|20\d)\d)"
_MONTH = r"(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")"
_PART = r"(?P<part>iv|iii|ii|i|[1-4])"
_GAP = r"[\s.,_\-/]*(?:(?:tahun|thn|th|ta|t\.a|anggaran)[\s.,_\-:]*)*"
_UNTIL = r"\s*(?:-|–|s\.?/?d\.?|sampai(?:\s+dengan)?|hingga)\s*"
_QUARTER = r"(?:triwulan|kuartal|trw|tw|q)[\s._\-]*(?:ke[\s\-]*)?"
_SEMESTER = r"(?:semester|smt|sem|s)[\s._\-]*(?:ke[\s\-]*)?"

#: Most exact first: what a longer pattern has read is not read again by a shorter one.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(r"(?<![\w])" + pattern + r"(?![\w])", re.IGNORECASE))
    for kind, pattern in (
        (
            "range",
            _YEAR + r"\s*(?:-|–|s\.?/?d\.?|sampai(?:\s+dengan)?|hingga)\s*" + "(?:19|20)\\d\\d",
        ),
        ("iso_day", _YEAR + r"-(?P<mon>0[1-9]|1[0-2])-(?P<day>[0-3]\d)"),
        ("day", r"(?P<day>[0-3]?\d)[\s\-]+" + _MONTH + r"[\s\-]+" + _YEAR),
        ("school", _YEAR + r"\s*/\s*(?P<next>20\d\d)"),
        ("iso_quarter", _YEAR + r"[\s\-]*[Qq](?P<part>[1-4])"),
        ("iso_semester", _YEAR + r"[\s\-]*[Ss](?P<part>[12])"),
        ("quarter", _QUARTER + _PART + _GAP + _YEAR),
        ("semester", _SEMESTER + _PART + _GAP + _YEAR),
        ("month", _MONTH + _GAP + _YEAR),
        ("iso_month", _YEAR + r"-(?P<mon>0[1-9]|1[0-2])"),
        ("slash_month", r"(?P<mon>0?[1-9]|1[0-2])/" + _YEAR),
        ("year", _YEAR),
    )
)
#: Characters looked at. No title says its period later, and the work grows faster than the text.
_LONGEST = 300
_PARTIAL = (
    ("bulan", re.compile(r"(?:bulan|bln)?[\s.:]*" + _MONTH + r"\.?", re.IGNORECASE)),
    ("triwulan", re.compile(_QUARTER + _PART, re.IGNORECASE)),
    ("semester", re.compile(_SEMESTER.replace("|s)", ")") + _PART, re.IGNORECASE)),
)


@frozen(slots=True)
class Found:
    """Periods found in a text.

    Attributes:
        periods: the periods, in order of appearance.
        rest: the text without them.
        spans_years: whether the text names a range such as ``2021-2025``.
    """

    periods: tuple[Period, ...]
    rest: str
    spans_years: bool


def find(text: str) -> Found:
    """Find every period a title, header or file name speaks of.

    ``Triwulan II Tahun 2025``, ``Keadaan 31 Desember 2024``, ``Jan-25`` in prose is not
    tried: two digits are no year outside a period column. Periods are looked for in the first
    300 characters; what follows them is only rest.
    """
    rest, beyond = text[:_LONGEST].replace("_", " "), text[_LONGEST:].replace("_", " ")
    found: list[tuple[int, Period]] = []
    spans = False
    for kind, pattern in _PATTERNS:
        while (match := pattern.search(rest)) is not None:
            if kind == "range":
                spans = True
            else:
                period = _period(kind, match)
                if period is not None:
                    found.append((match.start(), period))
            # Same length, so that positions of later matches stay comparable.
            rest = rest[: match.start()] + " " * len(match.group()) + rest[match.end() :]
    periods = tuple(p for _, p in sorted(found, key=lambda f: f[0]))
    return Found(periods, " ".join((rest + beyond).split()), spans)


def whole(text: str) -> Period | None:
    """The period that a header part is, with at most "Tahun" beside it; None otherwise."""
    exact = read_period(text)
    if exact is not None:
        return exact
    found = find(text)
    left = set(re.sub(r"[^a-z]+", " ", found.rest.casefold()).split())
    spare = {"tahun", "thn", "th", "ta", "t", "a", "bulan", "bln", "periode", "per"}
    if found.spans_years or len(found.periods) != 1 or left - spare:
        return None
    return found.periods[0]


def partial(text: str) -> tuple[str, int] | None:
    """A month, quarter or semester without its year: (concept, number), or None."""
    for concept, pattern in _PARTIAL:
        match = pattern.fullmatch(text.strip())
        if match:
            if concept == "bulan":
                return concept, MONTHS[match["month"].casefold()]
            number = _number(match["part"])
            if concept == "triwulan" or number <= 2:
                return concept, number
    return None


def common(texts: Sequence[str]) -> Period | None:
    """The one period that the first text naming any speaks of; None if it names several.

    Of a period and a part of it the part is meant, except that a day beside a year
    ("Tahun 2025, keadaan 31 Desember 2025") only says when the year's figure was taken.
    """
    for text in texts:
        found = find(text)
        if found.spans_years:
            return None
        different = tuple(dict.fromkeys(found.periods))
        if len(different) > 1:
            different = tuple(p for p in different if p.frequency is not Frequency.DAY)
        if different:
            shortest = min(different, key=lambda p: (p.end - p.start).days)
            inside = all(p.start <= shortest.start and shortest.end <= p.end for p in different)
            return shortest if inside else None
    return None


def _number(part: str) -> int:
    return _ROMAN.get(part.casefold()) or int(part)


def _period(kind: str, match: re.Match[str]) -> Period | None:
    year = match["year"]
    try:
        match kind:
            case "iso_day":
                return parse(f"{year}-{match['mon']}-{match['day']}")
            case "day":
                month = MONTHS[match["month"].casefold()]
                return parse(f"{year}-{month:02d}-{int(match['day']):02d}")
            case "school":
                return parse(f"{year}/{match['next']}")
            case "iso_quarter" | "quarter":
                return parse(f"{year}-Q{_number(match['part'])}")
            case "iso_semester" | "semester":
                return parse(f"{year}-S{_number(match['part'])}")
            case "month":
                return parse(f"{year}-{MONTHS[match['month'].casefold()]:02d}")
            case "iso_month" | "slash_month":
                return parse(f"{year}-{int(match['mon']):02d}")
    except ValueError:
        return None
    return parse(year)
