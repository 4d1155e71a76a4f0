"""What follows from a meeting's decisions when it is closed; all in the closing's transaction."""

from __future__ import annotations

from datetime import datetime

from ckanext.satudata.model.meeting import AgendaItem, Meeting
from ckanext.satudata.types import AnySession

from . import notices, trail


def carry_out(
    session: AnySession, meeting: Meeting, item: AgendaItem, *, actor: str, now: datetime
) -> None:
    """Let follow what an item's outcome means.

    Args:
        session: in whose transaction.
        meeting: the meeting, closed in this transaction.
        item: one of its items, with an outcome.
        actor: id of the person who closes the meeting.
        now: the present moment, UTC.
    """
    _tell(session, meeting, item)


def directed(session: AnySession, item: AgendaItem, *, actor: str) -> None:
    """Let follow what the Bupati directed.

    Args:
        session: in whose transaction.
        item: with its direction.
        actor: id of the person who records it.
    """
    notices.tell(
        "arahan-bupati",
        subject=trail.Subject("agenda_item", item.id, item.title),
        organizations=item.organizations,
        params={"title": item.title, "document": (item.direction or {}).get("document", "")},
        address=f"/satudata/rapat/{item.meeting_id}",
        session=session,
    )


def _tell(session: AnySession, meeting: Meeting, item: AgendaItem) -> None:
    kind = f"rapat-{(item.outcome or '').replace('_', '-')}"
    notices.tell(
        kind,
        subject=trail.Subject("agenda_item", item.id, item.title),
        organizations=item.organizations,
        params={"title": item.title, "note": (item.decision or {}).get("note", "")},
        address=f"/satudata/rapat/{meeting.id}",
        session=session,
    )


def in_force(agreement: str) -> bool:
    """Whether an agreement, given by its id, is in force now."""
    return False
