"""Who is expected at a meeting, and who came."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.meeting import AgendaItem, Attendance, Meeting
from ckanext.satudata.organizations import registry
from ckanext.satudata.types import AnySession

from .. import trail
from .rows import Stale, demand, locked, subject_of

#: Bodies that are expected at every meeting, by their role (Perpres 39/2019 Ps. 23).
STANDING_ROLES = ("walidata", "pembina", "koordinator")


def expect(session: AnySession, meeting: Meeting) -> None:
    """Write down the bodies that are expected and not in the list of those present."""
    if not meeting.open:
        return
    known = {a.organization_id for a in Attendance.of(meeting.id)}
    for number, body in enumerate(b for b in concerned(session, meeting) if b.id not in known):
        session.add(
            Attendance(
                id=str(uuid.uuid4()),
                meeting_id=meeting.id,
                organization_id=body.id,
                created_at=utc_now() + timedelta(microseconds=number),
            )
        )
    session.flush()


def concerned(session: AnySession, meeting: Meeting) -> list[model.Group]:
    """The bodies a meeting concerns: those that are always there, then its items' agencies."""
    standing = [b for role in STANDING_ROLES for b in registry.with_role(role)]
    ids = {o for i in AgendaItem.of(meeting.id) for o in i.organizations}
    ids -= {b.id for b in standing}
    others = session.scalars(
        sa.select(model.Group)
        .where(model.Group.id.in_(ids), model.Group.state == model.State.ACTIVE)
        .order_by(model.Group.title, model.Group.id)
    )
    return [*dict.fromkeys(standing), *others]


def attend(
    session: AnySession,
    meeting_id: str,
    *,
    actor: str,
    row: str | None = None,
    version: int = 0,
    organization: str | None = None,
    name: str = "",
    position: str = "",
    present: bool = True,
) -> Attendance:
    """Write down that somebody came, or is expected, in the session's transaction.

    Args:
        session: in whose transaction.
        meeting_id: of the meeting; not ended.
        actor: id of the person who writes.
        row: id of the line that is changed, or None for a new one.
        version: the version of the line that the person saw.
        organization: id of the body the person comes from, or None.
        name: of the person who came.
        position: their office.
        present: whether they came.

    Raises:
        WrongState: the meeting has ended.
        Stale: somebody changed the line meanwhile.
        sqlalchemy.exc.NoResultFound: there is no such line in this meeting.
    """
    meeting = locked(session, meeting_id)
    demand(meeting, "disiapkan", "berlangsung")
    if row is None:
        found = Attendance(id=str(uuid.uuid4()), meeting_id=meeting_id, version=0)
        found.organization_id = organization
        session.add(found)
    else:
        found = session.scalars(
            sa.select(Attendance).where(Attendance.id == row, Attendance.meeting_id == meeting_id)
        ).one()
        if found.version != version:
            raise Stale(
                {
                    "version": found.version,
                    "name": found.name,
                    "position": found.position,
                    "present": found.present,
                }
            )
    found.name, found.position, found.present = name, position, present
    found.version = (found.version or 0) + 1
    trail.record(
        "meeting.attend",
        subject_of(meeting),
        actor=actor,
        after={"present": present, "position": position},
        organization=found.organization_id,
        session=session,
    )
    session.flush()
    return found
