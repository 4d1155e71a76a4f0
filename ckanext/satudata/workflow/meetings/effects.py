"""What follows from a meeting's decisions when it is closed; all in the closing's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import moments
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.agreement import BOTH, FIGURE, IN_FORCE, AgreementRow
from ckanext.satudata.model.meeting import AgendaItem, Meeting
from ckanext.satudata.types import AnySession

from .. import notices, trail
from ..agreements import agreements
from ..agreements import proposals as agreement_proposals
from ..review import process

#: The outcome that sends data back to its producer.
GIVEN_BACK = "kembali_ke_produsen"


class NotCarriedOut(SatudataError):
    """A decision cannot be carried out, so the meeting is not closed.

    Attributes:
        title: of the item.
        error: why.
    """

    def __init__(self, title: str, error: agreements.InvalidAgreement) -> None:
        super().__init__(f"{title}: {error}")
        self.title = title
        self.error = error


def carry_out(
    session: AnySession, meeting: Meeting, item: AgendaItem, *, actor: str, now: datetime
) -> None:
    """Let follow what an item's outcome means.

    An agreement is proposed in the name of the meeting; each party's own people accept it in the
    portal. What was postponed or escalated changes nothing that is public.

    Args:
        session: in whose transaction.
        meeting: the meeting, closed in this transaction.
        item: one of its items, with an outcome.
        actor: id of the person who closes the meeting.
        now: the present moment, UTC.

    Raises:
        NotCarriedOut: an agreement cannot be proposed as decided.
    """
    if item.kind == "konflik" and item.outcome in (FIGURE, BOTH):
        item.agreement_id = _propose(session, meeting, item, item.decision or {}, actor, now)
    for dataset, approved in _processes(item):
        _move(session, meeting, item, dataset, approved=approved)
    _tell(session, meeting, item)


def _processes(item: AgendaItem) -> list[tuple[str, bool]]:
    """The datasets whose publication the outcome lets go on, or sends back."""
    outcome, choice = item.outcome, (item.decision or {}).get("choice")
    if item.kind in ("dataset", "revisi_final") and outcome in ("disetujui", GIVEN_BACK):
        return [(item.refs["dataset"], outcome == "disetujui")]
    if item.kind != "konflik":
        return []
    own, other = (item.snapshot[side]["dataset"] for side in ("own", "other"))
    if outcome == BOTH:
        return [(own, True)]
    if outcome == FIGURE:
        return [(own, choice == "own")]
    if outcome == GIVEN_BACK:
        return [(own if choice == "own" else other, False)]
    return []


def _move(
    session: AnySession, meeting: Meeting, item: AgendaItem, dataset: str, *, approved: bool
) -> None:
    """Let a publication that waits for the meeting go on, or send it back to its producer.

    The portal moves it, since the meeting has decided and no single person. What was changed after
    it had been submitted is not what the meeting saw, and goes back as well.
    """
    waiting = process.open_of(dataset)
    if waiting is None or waiting.state != "menunggu_rapat":
        return
    note = (item.decision or {}).get("note") or ""
    said = f"Rapat sinkronisasi {meeting.number:03d}/BA-RS/{meeting.year}. {note}".strip()
    if approved:
        try:
            process.move(session, waiting.id, "setujui_rapat", None, note=said)
        except process.Needs:
            said = f"{said} Dataset berubah setelah diajukan; ajukan lagi."
        else:
            return
    process.move(session, waiting.id, "kembalikan", None, note=said)


def directed(session: AnySession, item: AgendaItem, *, actor: str, now: datetime) -> None:
    """Let follow what the Bupati directed: an agreement that is in force at once.

    Args:
        session: in whose transaction.
        item: with its direction.
        actor: id of the person who records it, of the walidata.
        now: the present moment, UTC.

    Raises:
        NotCarriedOut: an agreement cannot be made as directed.
    """
    direction = item.direction or {}
    meeting = session.get_one(Meeting, item.meeting_id)
    said = {**direction, "note": direction["ground"]}
    agreement = item.agreement_id = _propose(session, meeting, item, said, actor, now)
    try:
        agreements.direct(
            session,
            agreement,
            actor,
            ground=direction["ground"],
            document=direction["document"],
            now=now,
        )
    except agreements.InvalidAgreement as error:
        raise NotCarriedOut(item.title, error) from error
    notices.tell(
        "arahan-bupati",
        subject=trail.Subject("agenda_item", item.id, item.title),
        organizations=item.organizations,
        params={"title": item.title, "document": direction["document"]},
        address=f"/satudata/rapat/{item.meeting_id}",
        session=session,
    )


def in_force(agreement: str) -> bool:
    """Whether an agreement, given by its id, is in force now."""
    row = model.Session.get(AgreementRow, agreement)
    return row is not None and row.state == IN_FORCE


def _propose(
    session: AnySession,
    meeting: Meeting,
    item: AgendaItem,
    decision: Mapping[str, Any],
    actor: str,
    now: datetime,
) -> str:
    """Id of the proposal of what was decided about a conflict."""
    snapshot = item.snapshot
    sides = [snapshot[name]["organization"] for name in ("own", "other")]
    holder = snapshot["indicator"]["producer"]
    values = decision.get("values") or []
    day = {lang: moments.spoken(now, lang) for lang in ("id", "en")}
    proposal: dict[str, Any] = {
        "kind": FIGURE if values else BOTH,
        "objects": [
            agreement_proposals.AgreedObject(
                indicator=snapshot["indicator"]["code"],
                region=one["region"],
                period=one["period"],
                classifications=one["dimensions"],
                value=Decimal(values[place]) if values else None,
                per_party={}
                if values
                else {sides[0]: Decimal(one["own"]), sides[1]: Decimal(one["other"])},
            )
            for place, one in enumerate(snapshot["objects"])
        ],
        "parties": [*sides, *([holder] if values and holder and holder not in sides else [])],
        "note": decision.get("note") or f"Disepakati dalam rapat sinkronisasi {day['id']}.",
        "note_en": ""
        if decision.get("note")
        else f"Agreed in the synchronisation meeting of {day['en']}.",
        "actor": actor,
        "meeting_item": item.id,
        "now": now,
    }
    try:
        return _replacing(session, proposal)
    except agreements.InvalidAgreement as error:
        raise NotCarriedOut(item.title, error) from error


def _replacing(session: AnySession, proposal: Mapping[str, Any]) -> str:
    """Id of the proposal, which takes the place of the agreement that speaks of its objects."""
    try:
        return agreements.propose(session, **proposal).id
    except agreements.InvalidAgreement as error:
        if error.reason != "overlap":
            raise
        number = error.params["number"]
    replaced = session.scalars(sa.select(AgreementRow).where(AgreementRow.number == number)).one()
    return agreements.propose(session, **proposal, supersedes=replaced.id).id


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
