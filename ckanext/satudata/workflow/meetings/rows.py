"""Rows of meetings as whoever changes them holds them, and what stands in the way of a change.

Whoever changes something says which version they saw. A change made from an older version is not
carried out and nothing is lost: :class:`Stale` brings what stands there now, so that both texts can
be shown.
"""

from __future__ import annotations

from typing import Any

from ckanext.satudata import moments
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.meeting import AgendaItem, Meeting
from ckanext.satudata.types import AnySession

from .. import trail


class Stale(SatudataError):
    """Somebody else changed it meanwhile.

    Attributes:
        current: what stands there now: the fields concerned, with their version.
    """

    def __init__(self, current: dict[str, Any]) -> None:
        super().__init__("changed meanwhile")
        self.current = current


class WrongState(SatudataError):
    """The meeting is in a state in which this cannot be done.

    Attributes:
        state: the state it is in.
    """

    def __init__(self, state: str) -> None:
        super().__init__(f"the meeting is {state}")
        self.state = state


def locked(session: AnySession, meeting_id: str) -> Meeting:
    """The meeting, with its row held until the transaction ends.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none.
    """
    return session.get_one(Meeting, meeting_id, with_for_update=True, populate_existing=True)


def locked_item(session: AnySession, item_id: str) -> tuple[Meeting, AgendaItem]:
    """An item and its meeting, held until the transaction ends; the meeting first, as everywhere.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none.
    """
    known = session.get_one(AgendaItem, item_id)
    meeting = locked(session, known.meeting_id)
    item = session.get_one(AgendaItem, item_id, with_for_update=True, populate_existing=True)
    return meeting, item


def demand(meeting: Meeting, *states: str) -> None:
    """Go on only in one of these states.

    Raises:
        WrongState: it is in another one.
    """
    if meeting.state not in states:
        raise WrongState(meeting.state)


def subject_of(meeting: Meeting) -> trail.Subject:
    """The meeting in the audit trail and in notices."""
    return trail.Subject("meeting", meeting.id, title(meeting))


def title(meeting: Meeting) -> str:
    """What the meeting is called in Indonesian: with its day."""
    return f"Rapat sinkronisasi {moments.spoken(meeting.starts_at, 'id')}"
