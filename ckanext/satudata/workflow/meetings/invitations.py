"""Invitations: letters with an entry for people's calendars (RFC 5545, RFC 5546 iTIP).

Each person is sent what they were not sent yet: an invitation, an update after the meeting was
moved, or its cancellation. What cannot be delivered is tried again with the next run.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.mailer import MailerException
from icalendar import Calendar, Event, vCalAddress, vText

from ckanext.satudata import config, letters, moments, workdays
from ckanext.satudata.model.meeting import AgendaItem, Invitation, Meeting
from ckanext.satudata.types import AnySession

from . import attendance

log = logging.getLogger(__name__)

REQUEST, CANCEL = "REQUEST", "CANCEL"


def send(now: datetime) -> list[str]:
    """Send what is due, a transaction for each letter.

    Args:
        now: the present moment, UTC.

    Returns:
        A line for each meeting people were written about.
    """
    session = model.Session
    wanted = session.scalars(
        sa.select(Meeting.id)
        .where(Meeting.state.in_(("disiapkan", "dibatalkan")), Meeting.starts_at > now)
        .order_by(Meeting.starts_at)
    ).all()
    lines = []
    for name in wanted:
        meeting = session.get_one(Meeting, name)
        method = REQUEST if meeting.state == "disiapkan" else CANCEL
        sent = sum(_send(session, name, user, method, now) for user in _due(session, meeting, now))
        if sent:
            lines.append(f"{'invited' if method == REQUEST else 'cancelled'}: {sent} to {name}")
    return lines


def calendar(meeting: Meeting, person: model.User, method: str) -> bytes:
    """The entry for one person's calendar.

    Args:
        meeting: the meeting.
        person: who is invited.
        method: ``REQUEST`` or ``CANCEL``.

    Returns:
        An iCalendar object.
    """
    lang = letters.site_language()
    address = _address(meeting)
    event = Event()
    event.add("uid", f"{meeting.id}@{urlsplit(address).hostname}")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.updated_at.astimezone(timezone.utc))
    event.add("dtstart", meeting.starts_at.astimezone(timezone.utc))
    end = meeting.starts_at + timedelta(minutes=config.meeting_minutes())
    event.add("dtend", end.astimezone(timezone.utc))
    event.add("summary", _title(meeting, lang))
    event.add("url", address)
    event.add("status", "CONFIRMED" if method == REQUEST else "CANCELLED")
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.link:
        event.add("description", meeting.link)
    organizer = vCalAddress(f"mailto:{tk.config.get('smtp.mail_from') or 'portal@localhost'}")
    organizer.params["CN"] = vText(tk.config.get("ckan.site_title") or "Satu Data")
    event["organizer"] = organizer
    attendee = vCalAddress(f"mailto:{person.email}")
    attendee.params["CN"] = vText(person.fullname or person.name)
    attendee.params["RSVP"] = vText("TRUE")
    attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
    event.add("attendee", attendee, encode=False)
    out = Calendar()
    out.add("prodid", "-//ckanext-satudata//rapat//ID")
    out.add("version", "2.0")
    out.add("method", method)
    out.add_component(event)
    return out.to_ical()


def _due(session: AnySession, meeting: Meeting, now: datetime) -> list[str]:
    """Ids of the people who were not sent how the meeting stands now."""
    known = {
        row.user_id: row
        for row in session.scalars(sa.select(Invitation).where(Invitation.meeting_id == meeting.id))
    }
    if meeting.state == "dibatalkan":
        return [user for user, row in known.items() if row.method != CANCEL]
    first = workdays.add(workdays.today(meeting.starts_at), -config.invitation_days())
    if not known and workdays.today(now) < first:
        return []
    bodies = [b.id for b in attendance.concerned(session, meeting)]
    return [
        user
        for user in dict.fromkeys(_editors(session, bodies))
        if user not in known or known[user].sequence < meeting.sequence
    ]


def _editors(session: AnySession, bodies: list[str]) -> Iterator[str]:
    member, user = model.Member, model.User
    yield from session.scalars(
        sa.select(user.id)
        .join(member, member.table_id == user.id)
        .where(
            member.group_id.in_(bodies),
            member.table_name == "user",
            member.state == model.State.ACTIVE,
            member.capacity.in_(("admin", "editor")),
            user.state == model.State.ACTIVE,
            user.email.is_not(None),
        )
        .order_by(user.id)
    )


def _send(session: AnySession, meeting_id: str, user_id: str, method: str, now: datetime) -> bool:
    """Whether the person was sent a letter; the row is held, so nobody is sent it twice."""
    meeting = session.get_one(Meeting, meeting_id)
    person = session.get_one(model.User, user_id)
    subject, body = _letter(session, meeting, person, method)
    session.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:text, 0))"),
        {"text": f"satudata-invitation:{meeting_id}:{user_id}"},
    )
    row = session.get(Invitation, (meeting_id, user_id), populate_existing=True)
    if row is not None and row.method == method and row.sequence >= meeting.sequence:
        session.rollback()
        return False
    attachment = (
        "rapat.ics",
        io.BytesIO(calendar(meeting, person, method)),
        f'text/calendar; method={method}; charset="utf-8"',
    )
    try:
        letters.send(person, subject, body, attachments=[attachment])
    except MailerException:
        log.warning("an invitation to meeting %s could not be delivered", meeting_id)
        session.rollback()
        return False
    if row is None:
        row = Invitation(meeting_id=meeting_id, user_id=user_id)
        session.add(row)
    row.method, row.sequence, row.sent_at = method, meeting.sequence, now
    session.commit()
    return True


def _letter(
    session: AnySession, meeting: Meeting, person: model.User, method: str
) -> tuple[str, str]:
    lang = letters.site_language()
    if method == CANCEL:
        return letters.written(
            "rapat-batal", lang, title=_title(meeting, lang), reason=meeting.reason
        )
    bodies = {g.id for g in person.get_groups("organization")}
    own = [i.title for i in AgendaItem.of(meeting.id) if bodies & set(i.organizations)]
    return letters.written(
        "rapat-undangan",
        lang,
        title=_title(meeting, lang),
        time=moments.spoken(meeting.starts_at, lang, time=True),
        place=meeting.place or "-",
        link=meeting.link or "-",
        items="\n".join(f"- {t}" for t in own) or "-",
        address=_address(meeting),
    )


def _title(meeting: Meeting, lang: str) -> str:
    day = moments.spoken(meeting.starts_at, lang)
    return f"Synchronisation meeting, {day}" if lang == "en" else f"Rapat sinkronisasi, {day}"


def _address(meeting: Meeting) -> str:
    return tk.url_for("satudata_meeting.show", id=meeting.id, _external=True)
