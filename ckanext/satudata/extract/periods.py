"""Period texts as agencies write them -> :class:`~ckanext.satudata.consistency.period.Period`."""

from __future__ import annotations

import re
from functools import lru_cache

from ..consistency.patterns import pattern
from ..consistency.period import Period, parse

#: Month names, Indonesian and English, with the usual abbreviations.
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari pebruari february feb peb",
            "maret march mar mrt",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt ags aug agust",
            "september sept sep",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_YEAR = r"(?P<year>(?:19|20|21|22)\d\d)"
_NEXT = r"(?P<next>(?:19|20|21|22)\d\d)"
_SHORT = r"(?P<short>\d\d)"
_SEP = r"[\s\-/.,']*"
_WORD = r"(?:tahun|thn|th|ta)?\.?\s*"
_PART = r"(?:ke\s*-?\s*)?(?P<part>iv|iii|ii|i|[1-4])"
_QUARTER = r"(?:triwulan|kuartal|quarter|trw|twl|tw|q)\.?\s*-?\s*"
_SEMESTER = r"(?:semester|smstr|smt|sem|s)\.?\s*-?\s*"
_TIME = r"(?:[ t]00:00(?::00(?:\.0+)?)?)?"

#: The canonical text of a day, of which a table of prices has a thousand.
_DAY = pattern(r"(?:19|20|21|22)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
#: No period is written longer.
_LONGEST = 100

#: In this order: a text is what the first pattern that fits all of it says. Most tables are of
#: canonical texts; ``re`` compiles and keeps the patterns once some other text asks for them.
_PATTERNS = (
    ("year", rf"{_WORD}{_YEAR}(?:\.0+)?"),
    ("school", rf"{_YEAR}\s*/\s*{_NEXT}"),
    ("school", rf"{_WORD}(?:ajaran|pelajaran)\s*{_YEAR}\s*[/\-–]\s*{_NEXT}"),
    ("day", rf"{_YEAR}[-/.](?P<m>0?[1-9]|1[0-2])[-/.](?P<d>0?[1-9]|[12]\d|3[01]){_TIME}"),
    ("day", rf"(?P<d>0?[1-9]|[12]\d|3[01])[-/.](?P<m>0?[1-9]|1[0-2])[-/.]{_YEAR}{_TIME}"),
    ("day", rf"(?P<d>0?[1-9]|[12]\d|3[01])[\s\-/.]+{_MONTH}[\s\-/.,]+{_YEAR}"),
    ("month", rf"{_YEAR}[-/.](?P<m>0?[1-9]|1[0-2])"),
    ("month", rf"(?P<m>0?[1-9]|1[0-2])[-/.]{_YEAR}"),
    ("month", rf"(?:bulan\s+)?{_MONTH}{_SEP}{_WORD}{_YEAR}"),
    ("month", rf"(?:bulan\s+)?{_MONTH}[\s\-/.']+{_SHORT}"),
    ("month", rf"{_YEAR}[\s\-/.]+{_MONTH}"),
    ("week", rf"{_YEAR}-?w(?P<week>0[1-9]|[1-4]\d|5[0-3])"),
    ("quarter", rf"{_YEAR}{_SEP}{_QUARTER}{_PART}"),
    ("quarter", rf"{_QUARTER}{_PART}{_SEP}{_WORD}{_YEAR}"),
    ("semester", rf"{_YEAR}{_SEP}{_SEMESTER}{_PART}"),
    ("semester", rf"{_SEMESTER}{_PART}{_SEP}{_WORD}{_YEAR}"),
)
_PART_ONLY: dict[str, tuple[str, int]] = {
    "bulan": (rf"(?:bulan\s*(?:ke\s*-?\s*)?)?(?:{_MONTH}|(?P<m>0?[1-9]|1[0-2]))", 12),
    "triwulan": (rf"(?:{_QUARTER})?{_PART}", 4),
    "semester": (rf"(?:{_SEMESTER})?{_PART}", 2),
}
_YEAR_ONLY = rf"{_WORD}{_YEAR}(?:\.0+)?"
_FORMAT = {"bulan": "{}-{:02d}", "triwulan": "{}-Q{}", "semester": "{}-S{}"}


@lru_cache(maxsize=20_000)
def read_period(text: str) -> Period | None:
    """Read a whole cell as a period.

    Understood besides the canonical texts: ``Januari 2025``, ``Jan-25``, ``01/2025``,
    ``Semester I 2025``, ``Triwulan II Tahun 2025``, ``TW II 2025``, ``31 Desember 2024``,
    ``31/12/2024`` (day first, as Indonesia writes it), ``2024/2025`` (a school year), and
    dates with a midnight time as spreadsheets hand them out. A year of two digits is taken
    only behind a month's name.

    Returns:
        The period, or None if the text is none, or not certainly one.
    """
    # Every period has a digit, and most headers, which are tried as well, have none.
    if len(text) > _LONGEST or not any(map(str.isdecimal, text)):
        return None
    if _DAY.fullmatch(text):
        return _parsed(text)
    folded = _fold(text)
    for kind, shape in _PATTERNS:
        match = re.fullmatch(shape, folded)
        if match:
            return _parsed(_canonical(kind, match))
    return None


def _parsed(canonical: str) -> Period | None:
    try:
        return parse(canonical)
    except ValueError:
        return None


def read_year(text: str) -> int | None:
    """The year in a cell of a year column: ``2025``, ``Tahun 2025``, ``2025.0``."""
    match = re.fullmatch(_YEAR_ONLY, _fold(text[: _LONGEST + 1]))
    return int(match["year"]) if match else None


def read_part(concept: str, text: str) -> int | None:
    """The number of a month, quarter or semester in a column of its own.

    Args:
        concept: ``bulan``, ``triwulan`` or ``semester``.
        text: ``Januari``, ``1``, ``TW II``, ``Semester 2`` ...

    Returns:
        1-based number, or None.
    """
    shape, largest = _PART_ONLY[concept]
    match = re.fullmatch(shape, re.sub(r"\.0+$", "", _fold(text[: _LONGEST + 1])))
    if not match:
        return None
    found = match.groupdict()
    if concept == "bulan":
        number = int(found["m"]) if found.get("m") else MONTHS[found["month"]]
    else:
        number = _ROMAN[found["part"]]
    return number if number <= largest else None


def part_of_year(concept: str, year: int, number: int) -> Period:
    """The period of a part of a year.

    Args:
        concept: ``bulan``, ``triwulan`` or ``semester``.
        year: the year.
        number: 1-based number of the part.

    Raises:
        ValueError: there is no such period.
    """
    return parse(_FORMAT[concept].format(year, number))


def _fold(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split()).casefold()


def _canonical(kind: str, match: re.Match[str]) -> str:
    found = match.groupdict()
    year = 2000 + int(found["short"]) if found.get("short") else int(found["year"])
    month = MONTHS[found["month"]] if found.get("month") else int(found.get("m") or 0)
    match kind:
        case "school":
            return f"{year}/{found['next']}"
        case "day":
            return f"{year}-{month:02d}-{int(found['d']):02d}"
        case "month":
            return f"{year}-{month:02d}"
        case "week":
            return f"{year}-W{found['week']}"
        case "quarter":
            return f"{year}-Q{_ROMAN[found['part']]}"
        case "semester":
            return f"{year}-S{_ROMAN[found['part']]}"
    return str(year)
