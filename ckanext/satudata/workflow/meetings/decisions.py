"""What a meeting decides, and what follows from it.

Until the meeting is closed an outcome can be changed and taken back, so nothing follows from it
yet. Closing carries everything out in one transaction: agreements are proposed to the parties,
datasets go back or on, and the minutes are kept as they stood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config, workdays
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.meeting import AgendaItem, Meeting
from ckanext.satudata.types import AnySession

from .. import notices, trail
from . import effects, escalated, meetings, minutes
from . import rows as meeting_rows

#: What a meeting may decide about each kind of item.
POSSIBLE: Mapping[str, tuple[str, ...]] = {
    "konflik": (
        "angka_disepakati",
        "keduanya_berlaku",
        "kembali_ke_produsen",
        "ditunda",
        "eskalasi_bupati",
    ),
    "dataset": ("disetujui", "kembali_ke_produsen", "ditunda"),
    "revisi_final": ("disetujui", "kembali_ke_produsen", "ditunda"),
    "definisi_baru": ("disetujui", "kembali_ke_produsen", "ditunda"),
    "angka_keliru": ("kembali_ke_produsen", "dicatat", "ditunda"),
    "setoran_terlambat": ("dicatat", "ditunda"),
    "lanjutan": ("dicatat", "ditunda"),
    "lain": ("disetujui", "dicatat", "ditunda"),
}
#: Whose figure was agreed on: the first side's, the second's, or another one.
CHOICES = ("own", "other", "lain")
#: Outcomes that say nothing without words.
_NEED_NOTE = ("keduanya_berlaku", "kembali_ke_produsen")


class Unfit(SatudataError):
    """A decision that cannot be.

    Attributes:
        field: ``outcome``, ``choice``, ``values`` or ``note``.
    """

    def __init__(self, field: str) -> None:
        super().__init__(f"unfit {field}")
        self.field = field


def decide(
    session: AnySession,
    item_id: str,
    *,
    version: int,
    outcome: str | None,
    choice: str | None = None,
    values: Sequence[str] = (),
    note: str = "",
    actor: str,
    now: datetime,
) -> AgendaItem:
    """Choose an item's outcome, or take it back, in the session's transaction.

    Args:
        session: in whose transaction.
        item_id: of an item whose meeting is being held.
        version: the version of the outcome that the person saw.
        outcome: one of :data:`POSSIBLE`, or None to take it back.
        choice: for an agreed figure one of :data:`CHOICES`; for one that goes back ``own`` or
            ``other``: whose.
        values: for ``lain`` the agreed figures as decimal texts, one per object.
        note: why; both differ because of this, or what the producer shall do.
        actor: id of the person.
        now: the present moment, UTC.

    Raises:
        meeting_rows.WrongState: the meeting is not being held.
        meeting_rows.Stale: somebody else decided meanwhile.
        Unfit: the decision cannot be.
    """
    meeting, item = meeting_rows.locked_item(session, item_id)
    meeting_rows.demand(meeting, "berlangsung")
    if item.version != version:
        raise meeting_rows.Stale(state_of(item))
    before = {"outcome": item.outcome, "decision": item.decision}
    item.decision = _decision(item, outcome, choice, values, note.strip())
    item.outcome = outcome
    item.decided_by, item.decided_at = (actor, now) if outcome else (None, None)
    item.version += 1
    trail.record(
        "agenda_item.decide",
        trail.Subject("agenda_item", item.id, item.title),
        actor=actor,
        before=before,
        after={"outcome": outcome, "decision": item.decision},
        session=session,
    )
    session.flush()
    return item


def annotate(
    session: AnySession, item_id: str, *, version: int, note: str, actor: str
) -> AgendaItem:
    """Write down what was said about an item, in the session's transaction.

    Args:
        session: in whose transaction.
        item_id: of an item whose meeting has not ended.
        version: the version of the note that the person saw.
        note: the whole note.
        actor: id of the person.

    Raises:
        meeting_rows.WrongState: the meeting has ended.
        meeting_rows.Stale: somebody else wrote meanwhile.
    """
    meeting, item = meeting_rows.locked_item(session, item_id)
    meeting_rows.demand(meeting, "disiapkan", "berlangsung")
    if item.note == note:
        return item
    if item.note_version != version:
        raise meeting_rows.Stale({"note": item.note, "version": item.note_version})
    item.note, item.note_by = note, actor
    item.note_version += 1
    session.flush()
    return item


def remove(session: AnySession, item_id: str, *, actor: str, now: datetime) -> None:
    """Take an item off the agenda of a meeting that was not held yet; it stays off this one.

    Raises:
        meeting_rows.WrongState: the meeting has begun.
    """
    meeting, item = meeting_rows.locked_item(session, item_id)
    meeting_rows.demand(meeting, "disiapkan")
    item.removed_at = now
    item.automatic = False
    trail.record(
        "agenda_item.remove",
        trail.Subject("agenda_item", item.id, item.title),
        actor=actor,
        session=session,
    )
    session.flush()


def state_of(item: AgendaItem) -> dict[str, Any]:
    """What is decided about an item, for those who see it."""
    return {
        "id": item.id,
        "outcome": item.outcome,
        "decision": item.decision,
        "version": item.version,
        "note": item.note,
        "note_version": item.note_version,
        "decided_at": item.decided_at.isoformat() if item.decided_at else None,
    }


def close(session: AnySession, meeting_id: str, *, actor: str, now: datetime) -> Meeting:
    """Close a meeting: number it, carry out what was decided, keep its minutes.

    Everything is done in the session's transaction. What nobody decided on is postponed.

    Args:
        session: in whose transaction.
        meeting_id: of a meeting that is being held.
        actor: id of the person.
        now: the present moment, UTC.

    Raises:
        meeting_rows.WrongState: it is not being held.
    """
    meeting = meeting_rows.locked(session, meeting_id)
    meeting_rows.demand(meeting, "berlangsung")
    items = AgendaItem.of(meeting.id)
    for item in items:
        if item.outcome is None:
            item.outcome, item.decision = "ditunda", {"choice": None, "values": [], "note": ""}
            item.version += 1
    year = workdays.today(now).year
    meeting.year, meeting.number = year, meetings.number(session, year)
    meeting.state, meeting.closed_at, meeting.closed_by = "selesai", now, actor
    for item in items:
        effects.carry_out(session, meeting, item, actor=actor, now=now)
    session.flush()
    # Whoever publishes these figures looks, under the same locks, whether they wait.
    escalated.lock(session, items)
    meeting.minutes = minutes.write(session, meeting)
    trail.record(
        "meeting.close",
        meeting_rows.subject_of(meeting),
        actor=actor,
        after={
            "number": f"{meeting.number}/{meeting.year}",
            "outcomes": {i.id: i.outcome for i in items},
        },
        session=session,
    )
    session.flush()
    return meeting


def direct(
    session: AnySession,
    item_id: str,
    *,
    choice: str,
    values: Sequence[str] = (),
    document: str,
    ground: str,
    actor: str,
    now: datetime,
) -> AgendaItem:
    """Record what the Bupati directed about an escalated conflict, in the session's transaction.

    Args:
        session: in whose transaction.
        item_id: of an item that a closed meeting escalated.
        choice: one of :data:`CHOICES`, or ``keduanya``: both figures stay.
        values: as for :func:`decide`.
        document: number of the letter.
        ground: what it says.
        actor: id of the person.
        now: the present moment, UTC.

    Raises:
        Unfit: it was not escalated, or has been directed before, or the figures are none.
    """
    _, item = meeting_rows.locked_item(session, item_id)
    if item.outcome != "eskalasi_bupati" or item.direction is not None:
        raise Unfit("outcome")
    chosen = [] if choice == "keduanya" else _values(item, choice, values)
    item.direction = {
        "choice": choice,
        "values": chosen,
        "document": document,
        "ground": ground,
        "at": now.isoformat(),
        "by": actor,
    }
    effects.directed(session, item, actor=actor, now=now)
    trail.record(
        "agenda_item.direct",
        trail.Subject("agenda_item", item.id, item.title),
        actor=actor,
        after=item.direction,
        session=session,
    )
    session.flush()
    return item


def remind(now: datetime) -> list[str]:
    """Remind people of escalations on which no direction has come; for the scheduler.

    Args:
        now: the present moment, UTC.

    Returns:
        A line for each item people were reminded of.
    """
    session = model.Session
    out = []
    for item in AgendaItem.escalated(session):
        since = item.reminded_at or item.decided_at
        if since is None:
            continue
        waited = workdays.between(workdays.today(since), workdays.today(now))
        if waited < config.escalation_days():
            continue
        item.reminded_at = now
        notices.tell(
            "eskalasi-menunggu",
            subject=trail.Subject("agenda_item", item.id, item.title),
            roles=("walidata", "koordinator"),
            params={"title": item.title, "days": waited},
            address="/satudata/rapat/eskalasi",
            session=session,
        )
        out.append(f"reminded: escalated item {item.id}")
    session.commit()
    return out


def escalations(session: AnySession, *, limit: int = 200) -> list[AgendaItem]:
    """What closed meetings escalated, open ones first, then the newest."""
    return list(
        session.scalars(
            sa.select(AgendaItem)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .where(
                Meeting.state == "selesai",
                AgendaItem.removed_at.is_(None),
                AgendaItem.outcome == "eskalasi_bupati",
            )
            .order_by(AgendaItem.direction.is_not(None), AgendaItem.decided_at.desc())
            .limit(limit)
        )
    )


def _decision(
    item: AgendaItem, outcome: str | None, choice: str | None, values: Sequence[str], note: str
) -> dict[str, Any] | None:
    if outcome is None:
        return None
    if outcome not in POSSIBLE[item.kind]:
        raise Unfit("outcome")
    if outcome in _NEED_NOTE and not note:
        raise Unfit("note")
    if outcome == "angka_disepakati":
        return {"choice": choice, "values": _values(item, choice, values), "note": note}
    if outcome == "kembali_ke_produsen" and item.kind == "konflik":
        if choice not in ("own", "other"):
            raise Unfit("choice")
        return {"choice": choice, "values": [], "note": note}
    return {"choice": None, "values": [], "note": note}


def _values(item: AgendaItem, choice: str | None, values: Sequence[str]) -> list[str]:
    """The agreed figure of each object, as a plain decimal text."""
    objects = item.snapshot.get("objects", [])
    if choice in ("own", "other"):
        return [o[choice] for o in objects]
    if choice != "lain":
        raise Unfit("choice")
    if len(values) != len(objects):
        raise Unfit("values")
    out = []
    for text in values:
        try:
            number = Decimal(str(text).strip())
        except InvalidOperation:
            raise Unfit("values") from None
        if not number.is_finite():
            raise Unfit("values")
        out.append(f"{number:f}")
    return out
