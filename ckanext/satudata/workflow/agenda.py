"""The agenda of a meeting, made by itself from what is open.

Until the meeting begins the agenda follows what it is made from: what is settled leaves it, what is
new joins it. What people add, take off or put in another order stays as they left it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.model.meeting import KINDS, AgendaItem, Meeting
from ckanext.satudata.model.publication import Release
from ckanext.satudata.model.revision import OPEN as OPEN_REVISIONS
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.types import AnySession

from . import conflicts, dossier

#: Value of the dataset field ``status_angka`` that says that figures are final.
_FINAL = "A"
#: Outcomes after which a subject comes back by itself as long as it is open.
_UNSETTLED = (None, "ditunda", "kembali_ke_produsen")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What should be on the agenda.

    Attributes:
        kind: of item.
        subject: what it is about, the same each week.
        title: for lists, in Indonesian.
        organizations: ids of the agencies it concerns.
        refs: ids of what it rests on.
        snapshot: what is shown; JSON-ready.
    """

    kind: str
    subject: str
    title: str
    organizations: tuple[str, ...]
    refs: Mapping[str, Any] = field(default_factory=dict)
    snapshot: Mapping[str, Any] = field(default_factory=dict)


Source = Callable[[AnySession, "Meeting | None", datetime], Iterable[Proposal]]


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
    proposed = {p.subject: p for source in SOURCES for p in source(session, before, now)}
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


def _conflicts(session: AnySession, before: Meeting | None, now: datetime) -> Iterable[Proposal]:
    book = load_codebook(session)
    settled = _awaiting(session)
    for conflict in conflicts.standing(session):
        if conflict.subject in settled:
            continue
        yield Proposal(
            kind="konflik",
            subject=conflict.subject,
            title=dossier.title(conflict, book),
            organizations=(conflict.own.organization, conflict.other.organization),
            refs={
                "report": conflict.report,
                "datasets": [conflict.own.dataset, conflict.other.dataset],
                "indicator": conflict.indicator.code,
            },
            snapshot=dossier.of_conflict(session, conflict, book),
        )


def _awaiting(session: AnySession) -> set[str]:
    """Subjects a meeting has settled, whose outcome waits for others: acceptance or direction."""
    return {i.subject for i in unfinished(session)}


def unfinished(session: AnySession) -> list[AgendaItem]:
    """Items of closed meetings that were escalated and on which no direction has come."""
    return list(
        session.scalars(
            sa.select(AgendaItem)
            .join(Meeting, Meeting.id == AgendaItem.meeting_id)
            .where(
                Meeting.state == "selesai",
                AgendaItem.removed_at.is_(None),
                AgendaItem.outcome == "eskalasi_bupati",
                AgendaItem.direction.is_(None),
            )
            .order_by(Meeting.closed_at, AgendaItem.position)
        )
    )


def _follow_ups(session: AnySession, before: Meeting | None, now: datetime) -> Iterable[Proposal]:
    for item in unfinished(session):
        yield Proposal(
            kind="lanjutan",
            subject=f"lanjutan:{item.id}",
            title=item.title,
            organizations=tuple(item.organizations),
            refs={"item": item.id, "meeting": item.meeting_id},
            snapshot={
                "decided_at": item.decided_at.isoformat() if item.decided_at else None,
                "note": item.note,
                "outcome": item.outcome,
            },
        )


def _final_revisions(
    session: AnySession, before: Meeting | None, now: datetime
) -> Iterable[Proposal]:
    revisions = session.scalars(
        sa.select(Revision)
        .join(Release, Release.dataset_id == Revision.dataset_id)
        .where(Revision.state.in_(OPEN_REVISIONS))
        .order_by(Revision.created_at)
    )
    for revision in revisions:
        package = session.get(model.Package, revision.dataset_id)
        if package is None or package.extras.get("status_angka", _FINAL) != _FINAL:
            continue
        yield Proposal(
            kind="revisi_final",
            subject=f"revisi:{revision.id}",
            title=package.title or package.name,
            organizations=(package.owner_org or "",),
            refs={"revision": revision.id, "dataset": package.id},
            snapshot={
                **dossier.of_dataset(package),
                "since": revision.created_at.isoformat(),
                "note": revision.note,
            },
        )


def _new_definitions(
    session: AnySession, before: Meeting | None, now: datetime
) -> Iterable[Proposal]:
    """Indicators added since the last meeting; before the first one everything is as it is."""
    if before is None or before.closed_at is None:
        return
    rows = session.scalars(
        sa.select(IndicatorRow)
        .where(IndicatorRow.created > before.closed_at, IndicatorRow.created <= now)
        .order_by(IndicatorRow.created, IndicatorRow.code)
    )
    for row in rows:
        yield Proposal(
            kind="definisi_baru",
            subject=f"definisi:{row.code}",
            title=row.name,
            organizations=(row.producer_org,) if row.producer_org else (),
            refs={"indicator": row.code},
            snapshot={
                "code": row.code,
                "definition": row.definition,
                "definition_en": row.definition_en,
                "unit": row.unit,
                "ukuran": row.ukuran,
                "since": row.created.isoformat(),
            },
        )


#: Where items come from, in any order.
SOURCES: tuple[Source, ...] = (_conflicts, _follow_ups, _final_revisions, _new_definitions)
