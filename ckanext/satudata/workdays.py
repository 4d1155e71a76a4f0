"""Working days of the kabupaten: the national calendar, and what the kabupaten changes in it.

National holidays and collective leave (*cuti bersama*) come from the ``holidays`` library; a file
of the kabupaten's own adds and takes away days, since collective leave is decided anew each year
and local days are in no library.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import yaml

from . import config
from .errors import SatudataError

_SATURDAY = 5


def today(now: datetime) -> date:
    """The day it is in the portal's time zone.

    Args:
        now: timezone-aware.
    """
    return now.astimezone(ZoneInfo(config.timezone())).date()


def is_working(day: date) -> bool:
    """Whether agencies work on a day: Monday to Friday, and no holiday."""
    if day.weekday() >= _SATURDAY:
        return False
    added, removed = _local()
    return day in removed or not (day in added or day in _national(day.year))


def add(day: date, count: int) -> date:
    """The working day that lies a number of working days after (or, if negative, before) a day.

    Args:
        day: where counting begins; it is not counted itself.
        count: working days; 0 gives the day itself, or the next working day if it is none.
    """
    step = timedelta(days=-1 if count < 0 else 1)
    if count == 0:
        while not is_working(day):
            day += step
        return day
    for _ in range(abs(count)):
        day += step
        while not is_working(day):
            day += step
    return day


def between(first: date, last: date) -> int:
    """Working days after ``first`` up to and including ``last``; negative if it lies before."""
    if last < first:
        return -between(last, first)
    return sum(is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def name(day: date) -> str | None:
    """What a holiday is called in Indonesian, or None for any other day."""
    added, removed = _local()
    if day in removed:
        return None
    return added.get(day) or _national(day.year).get(day)


@lru_cache(maxsize=32)
def _national(year: int) -> dict[date, str]:
    found = holidays.country_holidays(
        "ID", years=year, language="id", categories=(holidays.PUBLIC, holidays.GOVERNMENT)
    )
    return dict(found.items())


def _local() -> tuple[dict[date, str], frozenset[date]]:
    path = config.holiday_file()
    return _read(path, Path(path).stat().st_mtime_ns) if path else ({}, frozenset())


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> tuple[dict[date, str], frozenset[date]]:
    """The kabupaten's own days.

    Raises:
        SatudataError: the file does not say what it should.
    """
    content = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
    added, removed = content.get("libur") or {}, content.get("masuk") or []
    days = [*added, *removed]
    if not isinstance(added, dict) or not all(type(d) is date for d in days):
        raise SatudataError(
            f"{path}: 'libur' must map days (2026-12-24) to names, 'masuk' must list days"
        )
    return {day: str(text) for day, text in added.items()}, frozenset(removed)
