"""The next synchronisation meeting, prepared from what the demonstration leaves open."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from ckan import model

from ckanext.satudata import moments, workdays
from ckanext.satudata.model.meeting import AgendaItem, Meeting
from ckanext.satudata.workflow.meetings import meetings

PLACE = "Ruang Rapat Bappeda (CONTOH)"
#: Nine in the morning in the west of Indonesia.
_HOUR = 2


def prepare(now: datetime) -> list[str]:
    """Let there be a meeting in preparation, and say what is on its agenda; commits.

    Args:
        now: the present moment, UTC.

    Returns:
        A line for the meeting, and one for each matter.
    """
    session = model.Session
    ready = Meeting.newest(1, ("disiapkan",))
    if ready:
        meetings.refresh(session, ready[0], now)
    else:
        made = meetings.prepare_next(session, now)
        if made is None:
            day = workdays.add(workdays.today(now), 3)
            starts = datetime.combine(day, datetime.min.time(), timezone.utc)
            starts += timedelta(hours=_HOUR)
            made = meetings.create(session, starts_at=starts, actor=None)
        ready = [made]
    ready[0].place = ready[0].place or PLACE
    session.commit()
    items = AgendaItem.of(ready[0].id)
    when = moments.spoken(ready[0].starts_at, "id", time=True)
    return [f"Rapat sinkronisasi disiapkan: {when}", *(f"  - {i.title}" for i in items)]
