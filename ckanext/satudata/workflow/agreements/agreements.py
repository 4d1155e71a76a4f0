"""Agreements: proposed, accepted by each party, in force, and ended; everything stays on record.

An agreement holds only when each party's own people have accepted it, or the Bupati has decided
(Perpres 39/2019 Ps. 23(10)) and the walidata has recorded the document. Whoever lets one hold or
end locks the indicators concerned first, so that nobody publishes by what held before. The clock
alone changes nothing: what begins or ends with a day does so in a transaction of ``ckan satudata
due``.

All functions work in the session's transaction; the caller commits.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudata import faults, workdays
from ckanext.satudata.model.agreement import (
    DECLINED,
    EXPIRED,
    IN_FORCE,
    PROPOSED,
    REPLACED,
    WITHDRAWN,
    AgreementObject,
    AgreementParty,
    AgreementRow,
)
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.store import publications
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.types import AnySession

from .. import notices, trail
from . import proposals
from .proposals import AgreedObject, InvalidAgreement

__all__ = [
    "AgreedObject",
    "InvalidAgreement",
    "accept",
    "decline",
    "direct",
    "in_force",
    "parties_of",
    "propose",
    "ripe",
    "settle",
    "withdraw",
]


def propose(
    session: AnySession,
    *,
    kind: str,
    objects: Sequence[AgreedObject],
    parties: Collection[str],
    note: str,
    note_en: str = "",
    actor: str | None,
    proposed_by: str | None = None,
    meeting_item: str | None = None,
    supersedes: str | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    now: datetime | None = None,
) -> AgreementRow:
    """Write a proposal down and tell the parties. It holds nothing back and lets nothing pass.

    Args:
        session: whose transaction.
        kind: ``angka_disepakati`` or ``keduanya_berlaku``.
        objects: what it speaks of.
        parties: ids of the agencies that have to accept.
        note: why, for the public, in Indonesian.
        note_en: the same in English, or empty.
        actor: id of the person.
        proposed_by: id of the agency that proposes it; None for the walidata or a meeting.
        meeting_item: id of the agenda item it comes from.
        supersedes: id of the agreement in force whose place it takes.
        valid_from: first day, or None for the day of the last acceptance.
        valid_to: last day, or None.
        now: the moment.

    Raises:
        InvalidAgreement: it cannot be proposed.
    """
    now = now or utc_now()
    book = load_codebook(session)
    placed = proposals.placed(objects, kind, parties, book)
    proposals.demand_parties(parties, placed)
    if valid_to is not None and valid_to < max(valid_from or date.min, workdays.today(now)):
        raise InvalidAgreement("valid_to", "validity")
    if supersedes is not None:
        replaced = _found(session, supersedes)
        proposals.demand_replacing(session, replaced, parties, placed)
    _demand_free(session, [(o.indicator.id, o.key) for o in placed], but=[supersedes])
    year, serial = proposals.next_number(session, now)
    row = AgreementRow(
        id=str(uuid.uuid4()),
        year=year,
        serial=serial,
        number=f"{serial:03d}/BA-SDI/{year}",
        kind=kind,
        state=PROPOSED,
        note=note,
        note_en=note_en,
        valid_from=valid_from,
        valid_to=valid_to,
        supersedes=supersedes,
        meeting_item=meeting_item,
        proposed_by=proposed_by,
        created_by=actor,
        created_at=now,
    )
    session.add(row)
    session.flush()
    session.add_all(
        AgreementParty(agreement_id=row.id, organization_id=party) for party in set(parties)
    )
    proposals.write(session, row.id, placed)
    _record(session, row, "propose", actor, before=None)
    _tell(session, row, "kesepakatan-diusulkan")
    return row


def accept(
    session: AnySession,
    agreement_id: str,
    organization: str,
    actor: str | None,
    *,
    now: datetime | None = None,
) -> AgreementRow:
    """Accept a proposal for one party; with the last acceptance it comes into force.

    Args:
        session: whose transaction.
        agreement_id: id of the agreement.
        organization: id of the party; the caller has made sure that the person edits for it.
        actor: id of the person.
        now: the moment.

    Raises:
        InvalidAgreement: it is no proposal, the organization is no party or has spoken already,
            or another agreement speaks of one of its objects by now.
    """
    now = now or utc_now()
    row, party = _asked(session, agreement_id, organization, actor)
    party.accepted_by, party.accepted_at = actor, now
    session.flush()
    _record(session, row, "accept", actor, organization=organization)
    if _complete(session, row):
        _enforce(session, row, actor, now)
    return row


def decline(
    session: AnySession,
    agreement_id: str,
    organization: str,
    actor: str | None,
    *,
    reason: str,
    now: datetime | None = None,
) -> AgreementRow:
    """Decline a proposal for one party, which ends it; arguments as :func:`accept`.

    Raises:
        InvalidAgreement: it is no proposal, or the organization is no party or has spoken already.
    """
    now = now or utc_now()
    row, party = _asked(session, agreement_id, organization, actor)
    party.declined_by, party.declined_at, party.decline_reason = actor, now, reason
    _end(session, row, DECLINED, actor, reason, now, "decline", organization=organization)
    _tell(session, row, "kesepakatan-ditolak")
    return row


def withdraw(
    session: AnySession,
    agreement_id: str,
    actor: str | None,
    *,
    reason: str,
    now: datetime | None = None,
) -> AgreementRow:
    """Take a proposal back, or end an agreement in force.

    Raises:
        InvalidAgreement: it has ended before.
    """
    now = now or utc_now()
    row = _locked(session, agreement_id)
    if row.state not in (PROPOSED, IN_FORCE):
        raise InvalidAgreement("id", "ended", number=row.number)
    if row.state == IN_FORCE:
        _lock_indicators(session, [row.id])
    _end(session, row, WITHDRAWN, actor, reason, now, "withdraw")
    _tell(session, row, "kesepakatan-dicabut")
    return row


def direct(
    session: AnySession,
    agreement_id: str,
    actor: str | None,
    *,
    ground: str,
    document: str,
    now: datetime | None = None,
) -> AgreementRow:
    """Record the Bupati's direction (Perpres 39/2019 Ps. 23(10)) in place of missing acceptances.

    Args:
        session: whose transaction.
        agreement_id: id of a proposal; also of one that a party declined.
        actor: id of the person, of the walidata.
        ground: what was decided and why, for the public.
        document: number of the document.
        now: the moment.

    Raises:
        InvalidAgreement: there is nothing left to decide.
    """
    now = now or utc_now()
    row = _locked(session, agreement_id)
    if row.state not in (PROPOSED, DECLINED):
        raise InvalidAgreement("id", "no-proposal", number=row.number)
    before = row.state
    row.directed_by, row.directed_at = actor, now
    row.direction_ground, row.direction_document = ground, document
    row.state, row.ended_at, row.ended_by, row.end_reason = PROPOSED, None, None, None
    session.flush()
    _record(session, row, "direct", actor, before={"state": before})
    if _complete(session, row):
        _enforce(session, row, actor, now)
    return row


def ripe(session: AnySession, now: datetime) -> list[str]:
    """Ids of the agreements whose first day has come, or whose last day is over."""
    today = workdays.today(now)
    row = AgreementRow
    over = sa.and_(row.state.in_((IN_FORCE, PROPOSED)), row.valid_to < today)
    begins = sa.and_(row.state == PROPOSED, row.valid_from <= today)
    return list(session.scalars(sa.select(row.id).where(sa.or_(over, begins)).order_by(row.id)))


def settle(session: AnySession, agreement_id: str, now: datetime) -> AgreementRow | None:
    """Let an agreement hold that begins by now, or end it if it is over.

    Returns:
        The agreement in its new state, or None if nothing has changed.

    Raises:
        InvalidAgreement: another agreement speaks of one of its objects by now.
    """
    today = workdays.today(now)
    row = _locked(session, agreement_id)
    before = row.state
    if before not in (PROPOSED, IN_FORCE):
        return None
    if row.valid_to is not None and row.valid_to < today:
        if before == IN_FORCE:
            _lock_indicators(session, [row.id])
        _end(session, row, EXPIRED, None, "", now, "expire")
        _tell(session, row, "kesepakatan-berakhir")
    elif before == PROPOSED and _complete(session, row):
        _enforce(session, row, None, now)
    return row if row.state != before else None


def in_force(session: AnySession) -> list[AgreementRow]:
    """The agreements in force, oldest first."""
    row = AgreementRow
    query = sa.select(row).where(row.state == IN_FORCE).order_by(row.year, row.serial)
    return list(session.scalars(query))


def parties_of(session: AnySession, agreement_id: str) -> list[AgreementParty]:
    """The parties of an agreement, by id of organization."""
    party = AgreementParty
    query = sa.select(party).where(party.agreement_id == agreement_id)
    return list(session.scalars(query.order_by(party.organization_id)))


def _found(session: AnySession, agreement_id: str) -> AgreementRow:
    row = session.get(AgreementRow, agreement_id)
    if row is None:
        raise InvalidAgreement("id", "unknown")
    return row


def _locked(session: AnySession, agreement_id: str) -> AgreementRow:
    row = session.get(AgreementRow, agreement_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise InvalidAgreement("id", "unknown")
    return row


def _asked(
    session: AnySession, agreement_id: str, organization: str, actor: str | None
) -> tuple[AgreementRow, AgreementParty]:
    """A proposal, locked, and the party that has not spoken yet; one person speaks for one."""
    row = _locked(session, agreement_id)
    if row.state != PROPOSED:
        raise InvalidAgreement("id", "no-proposal", number=row.number)
    party = session.get(AgreementParty, (agreement_id, organization), populate_existing=True)
    if party is None:
        raise InvalidAgreement("organization_id", "no-party")
    if party.accepted_at is not None:
        raise InvalidAgreement("organization_id", "spoken")
    others = [p for p in parties_of(session, row.id) if p.organization_id != organization]
    if actor is not None and any(p.accepted_by == actor for p in others):
        raise InvalidAgreement("organization_id", "same-person")
    return row, party


def _complete(session: AnySession, row: AgreementRow) -> bool:
    """Whether nobody has to be asked any more."""
    return row.directed_at is not None or all(
        p.accepted_at is not None for p in parties_of(session, row.id)
    )


def _enforce(session: AnySession, row: AgreementRow, actor: str | None, now: datetime) -> None:
    """Let an accepted proposal hold, unless its first day is still to come."""
    today = workdays.today(now)
    if row.valid_from is not None and row.valid_from > today:
        return
    if row.valid_to is not None and row.valid_to < today:
        raise InvalidAgreement("id", "ended", number=row.number)
    faults.reach("agreement-accepted")
    replaced = _locked(session, row.supersedes) if row.supersedes else None
    _lock_indicators(session, [row.id, *([replaced.id] if replaced else [])])
    faults.reach("agreement-locked")
    if replaced is not None:
        if replaced.state != IN_FORCE:
            raise InvalidAgreement("supersedes", "not-in-force", number=replaced.number)
        _end(session, replaced, REPLACED, actor, row.number, now, "replace")
    thing = AgreementObject
    pairs = session.execute(
        sa.select(thing.indicator_id, thing.key).where(thing.agreement_id == row.id)
    )
    _demand_free(session, [(number, key) for number, key in pairs], but=[row.id])
    row.state, row.effective_at = IN_FORCE, now
    session.flush()
    faults.reach("agreement-enforced")
    _record(session, row, "enforce", actor, before={"state": PROPOSED})
    _tell(session, row, "kesepakatan-berlaku")


def _end(
    session: AnySession,
    row: AgreementRow,
    state: str,
    actor: str | None,
    reason: str,
    now: datetime,
    action: str,
    *,
    organization: str | None = None,
) -> None:
    before = {"state": row.state}
    row.state, row.ended_at, row.ended_by, row.end_reason = state, now, actor, reason
    session.flush()
    _record(session, row, action, actor, before=before, organization=organization)


def _lock_indicators(session: AnySession, agreements: Collection[str]) -> None:
    thing = AgreementObject
    numbers = session.scalars(
        sa.select(thing.indicator_id).where(thing.agreement_id.in_(agreements)).distinct()
    )
    publications.lock_indicators(session, numbers)


def _demand_free(
    session: AnySession, objects: Sequence[tuple[int, int]], *, but: Collection[str | None]
) -> None:
    other = proposals.overlapping(session, objects, but=[b for b in but if b])
    if other is not None:
        raise InvalidAgreement("objects", "overlap", number=other.number)


def _subject(row: AgreementRow) -> trail.Subject:
    return trail.Subject("agreement", row.id, row.number)


def _record(
    session: AnySession,
    row: AgreementRow,
    action: str,
    actor: str | None,
    *,
    before: dict[str, Any] | None = None,
    organization: str | None = None,
) -> None:
    trail.record(
        f"agreement.{action}",
        _subject(row),
        actor=actor,
        before=before,
        after={"state": row.state, "document": row.direction_document},
        organization=organization or row.proposed_by,
        session=session,
    )


def _tell(session: AnySession, row: AgreementRow, kind: str) -> None:
    notices.tell(
        kind,
        organizations=[p.organization_id for p in parties_of(session, row.id)],
        roles=["walidata"],
        subject=_subject(row),
        params={"number": row.number},
        address=f"/satudata/kesepakatan/{row.id}",
        session=session,
    )
