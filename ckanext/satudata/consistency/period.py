"""Reference periods: text <-> an ordinal that sorts by time and fits in 20 bits.

Canonical texts follow SDMX's time formats: ``2025``, ``2025-S1``, ``2025-Q3``,
``2025-07``, ``2025-W05``, ``2025-07-31``; ``2024/2025`` is a school year.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from functools import lru_cache

#: Bits of a packed period: 17 for the first day, 3 for the frequency.
WIDTH = 20
_EPOCH = date(1900, 1, 1).toordinal()
_MAX_DAY = (1 << 17) - 1
_FIRST_YEAR, _LAST_YEAR = 1900, 2258


class Frequency(IntEnum):
    """How long a period is. The numbers are stored; never change them."""

    YEAR = 0
    SEMESTER = 1
    QUARTER = 2
    MONTH = 3
    WEEK = 4
    DAY = 5
    SCHOOL_YEAR = 6


#: Months of the periods that make each other up.
_MONTHS = {
    Frequency.YEAR: 12,
    Frequency.SEMESTER: 6,
    Frequency.QUARTER: 3,
    Frequency.MONTH: 1,
}

#: Length of the text -> patterns; ``re`` compiles and keeps those that are asked for.
_PATTERNS: dict[int, tuple[tuple[Frequency, str], ...]] = {
    4: ((Frequency.YEAR, r"(\d{4})"),),
    7: (
        (Frequency.SEMESTER, r"(\d{4})-S([12])"),
        (Frequency.QUARTER, r"(\d{4})-Q([1-4])"),
        (Frequency.MONTH, r"(\d{4})-(0[1-9]|1[0-2])"),
    ),
    8: ((Frequency.WEEK, r"(\d{4})-W(0[1-9]|[1-4]\d|5[0-3])"),),
    9: ((Frequency.SCHOOL_YEAR, r"(\d{4})/(\d{4})"),),
    10: ((Frequency.DAY, r"(\d{4})-(\d{2})-(\d{2})"),),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A reference period: its frequency and first day."""

    frequency: Frequency
    start: date

    @property
    def packed(self) -> int:
        """The period as an integer below ``2**WIDTH``; sorts by first day, then frequency."""
        return ((self.start.toordinal() - _EPOCH) << 3) | self.frequency

    @property
    def end(self) -> date:
        """The last day of the period."""
        y, m = self.start.year, self.start.month
        match self.frequency:
            case Frequency.YEAR:
                return date(y, 12, 31)
            case Frequency.SCHOOL_YEAR:
                return date(y + 1, 6, 30)
            case Frequency.WEEK:
                return self.start + timedelta(days=6)
            case Frequency.DAY:
                return self.start
        months = {Frequency.SEMESTER: 6, Frequency.QUARTER: 3, Frequency.MONTH: 1}[self.frequency]
        following = date(y + (m + months > 12), (m + months - 1) % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def previous(self) -> Period:
        """The period of the same frequency right before."""
        last = self.start - timedelta(days=1)
        y, m = last.year, last.month
        match self.frequency:
            case Frequency.YEAR:
                start = date(y, 1, 1)
            case Frequency.SCHOOL_YEAR:
                start = date(y - 1, 7, 1)
            case Frequency.SEMESTER:
                start = date(y, m - 5, 1)
            case Frequency.QUARTER:
                start = date(y, m - 2, 1)
            case Frequency.MONTH:
                start = date(y, m, 1)
            case Frequency.WEEK:
                start = last - timedelta(days=6)
            case Frequency.DAY:
                start = last
        return Period(self.frequency, start)

    @property
    def following(self) -> Period:
        """The period of the same frequency right after."""
        return Period(self.frequency, self.end + timedelta(days=1))

    def within(self, frequency: Frequency) -> Period:
        """The year, semester or quarter that a month, quarter or semester lies in.

        Raises:
            ValueError: periods of that frequency are not made of such periods.
        """
        months = _MONTHS.get(self.frequency)
        wanted = _MONTHS.get(frequency)
        if months is None or wanted is None or months > wanted:
            raise ValueError(f"no {frequency.name} is made of a {self.frequency.name}")
        month = (self.start.month - 1) // wanted * wanted + 1
        return Period(frequency, date(self.start.year, month, 1))

    def parts(self, frequency: Frequency) -> list[Period]:
        """The shorter periods that make this one, in order; arguments as :meth:`within`."""
        months, length = _MONTHS.get(frequency), _MONTHS.get(self.frequency)
        if months is None or length is None or months >= length:
            raise ValueError(f"no {self.frequency.name} is made of a {frequency.name}")
        first = self.start.month
        return [
            Period(frequency, date(self.start.year, m, 1))
            for m in range(first, first + length, months)
        ]

    def __str__(self) -> str:
        y, m = self.start.year, self.start.month
        match self.frequency:
            case Frequency.YEAR:
                return f"{y:04d}"
            case Frequency.SEMESTER:
                return f"{y:04d}-S{(m - 1) // 6 + 1}"
            case Frequency.QUARTER:
                return f"{y:04d}-Q{(m - 1) // 3 + 1}"
            case Frequency.MONTH:
                return f"{y:04d}-{m:02d}"
            case Frequency.WEEK:
                iso = self.start.isocalendar()
                return f"{iso.year:04d}-W{iso.week:02d}"
            case Frequency.DAY:
                return self.start.isoformat()
            case Frequency.SCHOOL_YEAR:
                return f"{y:04d}/{y + 1:04d}"


def parse(text: str) -> Period:
    """Read a canonical period text.

    Raises:
        ValueError: the text is not a period, or lies outside 1900-2258.
    """
    for frequency, pattern in _PATTERNS.get(len(text), ()):
        match = re.fullmatch(pattern, text)
        if match:
            return _build(frequency, [int(g) for g in match.groups()], text)
    raise ValueError(f"not a period: {text!r}")


@lru_cache(maxsize=1 << 14)
@lru_cache(maxsize=4096)
def unpack(packed: int) -> Period:
    """The period of a :attr:`Period.packed` integer.

    Raises:
        ValueError: the integer was not made by :attr:`Period.packed`.
    """
    found = Period(Frequency(packed & 7), date.fromordinal(_EPOCH + (packed >> 3)))
    year = found.start.isocalendar().year if found.frequency is Frequency.WEEK else found.start.year
    if not (_begins(found) and _FIRST_YEAR <= year <= _LAST_YEAR and 0 <= packed >> 3 <= _MAX_DAY):
        raise ValueError(f"not the first day of a period: {packed}")
    return found


@lru_cache(maxsize=1 << 14)
def packed_before(packed: int) -> int:
    """The period right before the one of a :attr:`Period.packed` integer, packed as well."""
    return unpack(packed).previous.packed


def _begins(period: Period) -> bool:
    """Whether a period of that frequency begins on that day."""
    day = period.start
    match period.frequency:
        case Frequency.DAY:
            return True
        case Frequency.WEEK:
            return day.isoweekday() == 1
        case Frequency.SCHOOL_YEAR:
            return (day.month, day.day) == (7, 1)
    return day.day == 1 and (day.month - 1) % _MONTHS[period.frequency] == 0


def first_packed(day: date) -> int:
    """The least :attr:`Period.packed` that a period beginning on a day can have."""
    return (day.toordinal() - _EPOCH) << 3


def _build(frequency: Frequency, parts: list[int], text: str) -> Period:
    year = parts[0]
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"year outside 1900-2258: {text!r}")
    match frequency:
        case Frequency.YEAR:
            start = date(year, 1, 1)
        case Frequency.SEMESTER:
            start = date(year, 6 * parts[1] - 5, 1)
        case Frequency.QUARTER:
            start = date(year, 3 * parts[1] - 2, 1)
        case Frequency.MONTH:
            start = date(year, parts[1], 1)
        case Frequency.WEEK:
            start = date.fromisocalendar(year, parts[1], 1)
        case Frequency.DAY:
            start = date(year, parts[1], parts[2])
        case Frequency.SCHOOL_YEAR:
            if parts[1] != year + 1:
                raise ValueError(f"a school year spans two following years: {text!r}")
            start = date(year, 7, 1)
    if not 0 <= start.toordinal() - _EPOCH <= _MAX_DAY:
        raise ValueError(f"outside the supported range: {text!r}")
    return Period(frequency, start)
