"""The agenda of a meeting, made by itself from what is open.

Until the meeting begins the agenda follows what it is made from: what is settled leaves it, what is
new joins it. What people add, take off or put in another order stays as they left it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from ckanext.satudata.model.meeting import KINDS, AgendaItem, Meeting
from ckanext.satudata.types import AnySession

from . import agenda_sources
from .agenda_sources import Proposal

#: Outcomes after which a subject comes back by itself as long as it is open.
_UNSETTLED = (None, "ditunda", "kembali_ke_produsen")


def refresh(session: AnySession, meeting: Meeting, now: datetime) -> bool:
    """Let the agenda say what is open now, in the session's transaction.

    Args:
        session: in whose transaction.
        meeting: in preparation; of any other nothing changes.
        now: the present moment, UTC.

    Returns:
        Whether anything was added or taken away.
    """
    if meeting.state != "disiapkan":
        return False
    before = previous(session, meeting)
    earlier = {i.subject: i for i in AgendaItem.of(before.id)} if before else {}
    proposed = {
        p.subject: p for source in agenda_sources.SOURCES for p in source(session, before, now)
    }
    proposed.update({p.subject: p for p in _kept(earlier.values(), proposed)})
    known = {
        i.subject: i
        for i in session.scalars(sa.select(AgendaItem).where(AgendaItem.meeting_id == meeting.id))
    }
    changed = False
    for subject, item in known.items():
        if item.automatic and subject not in proposed:
            session.delete(item)
            changed = True
        elif item.automatic:
            _renew(item, proposed[subject])
    session.flush()
    for subject, proposal in proposed.items():
        if subject not in known:
            carried = earlier.get(subject)
            _add(session, meeting, proposal, carried if _comes_back(carried) else None)
            changed = True
    session.flush()
    if changed and not meeting.ordered:
        arrange(session, meeting)
    return changed


def previous(session: AnySession, meeting: Meeting | None) -> Meeting | None:
    """The last meeting that was closed before this one, or the last of all."""
    query = sa.select(Meeting).where(Meeting.state == "selesai")
    if meeting is not None:
        query = query.where(Meeting.id != meeting.id)
    return session.scalars(query.order_by(Meeting.closed_at.desc()).limit(1)).first()


def arrange(session: AnySession, meeting: Meeting) -> None:
    """Put the items in the order in which a meeting deals with them: carried ones first."""
    items = AgendaItem.of(meeting.id)
    items.sort(key=lambda i: (i.carried_from is None, KINDS.index(i.kind), i.position, i.id))
    _number(items)
    session.flush()


def move(session: AnySession, item: AgendaItem, by: int) -> None:
    """Move an item up (negative) or down in its meeting, in the session's transaction."""
    items = AgendaItem.of(item.meeting_id)
    at = next(n for n, i in enumerate(items) if i.id == item.id)
    to = min(max(at + by, 0), len(items) - 1)
    items.insert(to, items.pop(at))
    _number(items)
    session.get_one(Meeting, item.meeting_id).ordered = True
    session.flush()


def add(
    session: AnySession,
    meeting: Meeting,
    *,
    title: str,
    text: str,
    organizations: Sequence[str],
) -> AgendaItem:
    """Put something of people's own on the agenda, in the session's transaction.

    Args:
        session: in whose transaction.
        meeting: not ended.
        title: what it is about.
        text: more about it; may be empty.
        organizations: ids of the bodies it concerns.
    """
    proposal = Proposal(
        kind="lain",
        subject=f"lain:{uuid.uuid4()}",
        title=title,
        organizations=tuple(organizations),
        snapshot={"text": text},
    )
    item = _add(session, meeting, proposal, None)
    item.automatic = False
    session.flush()
    return item


def _number(items: Sequence[AgendaItem]) -> None:
    for position, item in enumerate(items, 1):
        item.position = position


def _add(
    session: AnySession, meeting: Meeting, proposal: Proposal, carried: AgendaItem | None
) -> AgendaItem:
    last = session.scalar(
        sa.select(sa.func.max(AgendaItem.position)).where(AgendaItem.meeting_id == meeting.id)
    )
    item = AgendaItem(
        id=str(uuid.uuid4()),
        meeting_id=meeting.id,
        kind=proposal.kind,
        subject=proposal.subject,
        title=proposal.title,
        organizations=sorted(set(proposal.organizations)),
        refs=dict(proposal.refs),
        snapshot=dict(proposal.snapshot),
        position=(last or 0) + 1,
        automatic=True,
        carried_from=carried.id if carried else None,
    )
    session.add(item)
    return item


def _renew(item: AgendaItem, proposal: Proposal) -> None:
    item.title = proposal.title
    item.organizations = sorted(set(proposal.organizations))
    item.refs = dict(proposal.refs)
    item.snapshot = dict(proposal.snapshot)


def _comes_back(item: AgendaItem | None) -> bool:
    return item is not None and item.outcome in _UNSETTLED


def _kept(earlier: Iterable[AgendaItem], proposed: Mapping[str, Proposal]) -> Iterable[Proposal]:
    """What was put off and stands in no list: people's own items and new definitions."""
    for item in earlier:
        told = item.kind in ("lain", "definisi_baru")
        if told and item.outcome in (None, "ditunda") and item.subject not in proposed:
            yield Proposal(
                item.kind,
                item.subject,
                item.title,
                tuple(item.organizations),
                item.refs,
                item.snapshot,
            )
