"""The life of a meeting: made by the calendar or by people, begun, closed, or called off."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config, workdays
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.meeting import Meeting
from ckanext.satudata.types import AnySession

from .. import trail
from . import agenda, conflicts
from .attendance import expect
from .rows import Stale, demand, locked, subject_of

#: Arbitrary, but the same in every process: who numbers meetings or makes the next one, waits.
_LOCK = 0x5A7DA7B
_WEEK = 7


def next_start(now: datetime) -> tuple[date, datetime] | None:
    """When the next meeting of the calendar is.

    Args:
        now: the present moment, UTC.

    Returns:
        The day of the calendar and the moment it begins, UTC: on a working day, so a meeting whose
        day is a holiday is on the next day people work. None if the calendar makes no meetings.
    """
    weekday = config.meeting_weekday()
    if not weekday:
        return None
    zone = ZoneInfo(config.timezone())
    day = workdays.today(now)
    slot = day + timedelta(days=(weekday - day.isoweekday()) % _WEEK)
    while True:
        held = workdays.add(slot, 0)
        local = datetime.combine(held, time.fromisoformat(config.meeting_time()), zone)
        starts = local.astimezone(timezone.utc)
        if starts > now:
            return slot, starts
        slot += timedelta(days=_WEEK)


def prepare_next(session: AnySession, now: datetime) -> Meeting | None:
    """Make the next meeting of the calendar if it was not made yet, in the session's transaction.

    Args:
        session: in whose transaction.
        now: the present moment, UTC.

    Returns:
        The meeting if it was made now.
    """
    found = next_start(now)
    if found is None:
        return None
    slot, starts = found
    _lock(session)
    if session.scalar(sa.select(Meeting.id).where(Meeting.slot == slot)):
        return None
    return create(session, starts_at=starts, place=config.meeting_place(), slot=slot, actor=None)


def create(
    session: AnySession,
    *,
    starts_at: datetime,
    place: str = "",
    link: str = "",
    slot: date | None = None,
    actor: str | None,
) -> Meeting:
    """Make a meeting with its agenda, in the session's transaction.

    Args:
        session: in whose transaction.
        starts_at: when it begins, timezone-aware.
        place: where it is.
        link: address of a video conference, or empty.
        slot: the day of the calendar it is made for, or None.
        actor: id of the person, or None for the calendar.
    """
    meeting = Meeting(
        id=str(uuid.uuid4()),
        state="disiapkan",
        slot=slot,
        starts_at=starts_at,
        place=place,
        link=link,
        created_by=actor,
    )
    session.add(meeting)
    session.flush()
    agenda.refresh(session, meeting, utc_now())
    expect(session, meeting)
    trail.record(
        "meeting.create",
        subject_of(meeting),
        actor=actor,
        after={"starts_at": starts_at.isoformat(), "place": place},
        session=session,
    )
    return meeting


def refresh(session: AnySession, meeting: Meeting, now: datetime) -> bool:
    """Let the agenda follow what is open (:func:`agenda.refresh`), and expect whom it concerns."""
    changed = agenda.refresh(session, meeting, now)
    expect(session, meeting)
    return changed


def update(
    session: AnySession,
    meeting_id: str,
    *,
    version: int,
    actor: str,
    starts_at: datetime | None = None,
    place: str | None = None,
    link: str | None = None,
    notes: str | None = None,
) -> Meeting:
    """Change a meeting; what is None stays as it is. In the session's transaction.

    Args:
        session: in whose transaction.
        meeting_id: its id.
        version: the version the person saw.
        actor: id of the person.
        starts_at: when it begins, timezone-aware; only before it begins.
        place: where it is.
        link: address of a video conference.
        notes: what is said that belongs to no item.

    Raises:
        WrongState: it has ended, or its time is changed after it began.
        Stale: somebody changed it meanwhile.
    """
    meeting = locked(session, meeting_id)
    demand(meeting, "disiapkan", "berlangsung")
    if meeting.version != version:
        raise Stale(
            {
                "version": meeting.version,
                "notes": meeting.notes,
                "place": meeting.place,
                "link": meeting.link,
                "starts_at": meeting.starts_at.isoformat(),
            }
        )
    wanted = {"starts_at": starts_at, "place": place, "link": link, "notes": notes}
    changes = {k: v for k, v in wanted.items() if v is not None and v != getattr(meeting, k)}
    if not changes:
        return meeting
    if "starts_at" in changes:
        demand(meeting, "disiapkan")
    before = {k: getattr(meeting, k) for k in changes}
    for name, value in changes.items():
        setattr(meeting, name, value)
    meeting.version += 1
    meeting.updated_at = utc_now()
    if set(changes) - {"notes"}:
        meeting.sequence += 1
    trail.record(
        "meeting.update",
        subject_of(meeting),
        actor=actor,
        before=before,
        after=changes,
        session=session,
    )
    session.flush()
    return meeting


def start(session: AnySession, meeting_id: str, *, actor: str, now: datetime) -> Meeting:
    """Begin a meeting: from now on its agenda stands, in the session's transaction.

    Raises:
        WrongState: it is not in preparation.
    """
    meeting = locked(session, meeting_id)
    demand(meeting, "disiapkan")
    refresh(session, meeting, now)
    meeting.state, meeting.started_at = "berlangsung", now
    trail.record("meeting.start", subject_of(meeting), actor=actor, session=session)
    session.flush()
    return meeting


def cancel(session: AnySession, meeting_id: str, *, reason: str, actor: str) -> Meeting:
    """Call a meeting off before it begins, in the session's transaction; the invited are told.

    Raises:
        WrongState: it is not in preparation.
    """
    meeting = locked(session, meeting_id)
    demand(meeting, "disiapkan")
    meeting.state, meeting.reason = "dibatalkan", reason
    meeting.sequence += 1
    meeting.updated_at = utc_now()
    trail.record(
        "meeting.cancel",
        subject_of(meeting),
        actor=actor,
        after={"reason": reason},
        session=session,
    )
    session.flush()
    return meeting


def number(session: AnySession, year: int) -> int:
    """The next number of a year, without gaps; others who close a meeting wait."""
    _lock(session)
    last = session.scalar(sa.select(sa.func.max(Meeting.number)).where(Meeting.year == year))
    return (last or 0) + 1


def keep(now: datetime) -> list[str]:
    """What the calendar does: make the next meeting, and let agendas follow what is open.

    Args:
        now: the present moment, UTC.

    Returns:
        What was done, a line each.
    """
    session = model.Session
    lines = []
    conflicts.renew(session)
    made = prepare_next(session, now)
    if made is not None:
        lines.append(f"prepared: meeting {made.id} on {made.starts_at:%Y-%m-%d %H:%M} UTC")
    session.commit()
    open_ones = session.scalars(sa.select(Meeting.id).where(Meeting.state == "disiapkan")).all()
    for name in open_ones:
        meeting = locked(session, name)
        if refresh(session, meeting, now) and (made is None or name != made.id):
            lines.append(f"agenda renewed: meeting {name}")
        session.commit()
    return lines


def _lock(session: AnySession) -> None:
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
