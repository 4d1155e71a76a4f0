"""Moments as people of the kabupaten read them; everything is stored in UTC."""

from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from . import config


def spoken(moment: datetime, lang: str, *, time: bool = False) -> str:
    """A moment in the portal's time zone: ``21 November 2026``, with ``time`` also ``17.25 WIB``.

    Args:
        moment: timezone-aware.
        lang: ``en``, or anything else for Indonesian.
        time: whether to add the time of day.
    """
    local = moment.astimezone(ZoneInfo(config.timezone()))
    text = day(local, lang)
    if not time:
        return text
    return f"{text} {format_time(local, 'HH.mm', locale=_locale(lang))} {local:%Z}"


def day(when: date, lang: str) -> str:
    """A day as it stands, whatever the portal's time zone: ``21 November 2026``.

    Args:
        when: the day.
        lang: as in :func:`spoken`.
    """
    return format_date(when, "d MMMM y", locale=_locale(lang))


def month(when: date, lang: str) -> str:
    """A month: ``November 2026``.

    Args:
        when: a day of it.
        lang: as in :func:`spoken`.
    """
    return format_date(when, "LLLL y", locale=_locale(lang))


def parse(text: str) -> datetime:
    """A moment a person or a program wrote, in UTC; without an offset it is the portal's time.

    Args:
        text: ISO 8601, for example ``2026-11-24T09:00``.

    Raises:
        ValueError: it is none.
    """
    found = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(config.timezone()))
    return found.astimezone(timezone.utc)


def local(moment: datetime) -> datetime:
    """A moment in the portal's time zone.

    Args:
        moment: timezone-aware.
    """
    return moment.astimezone(ZoneInfo(config.timezone()))


def _locale(lang: str) -> str:
    return "en_GB" if lang.startswith("en") else "id_ID"
