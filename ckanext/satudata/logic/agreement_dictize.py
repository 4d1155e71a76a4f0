"""Agreements as actions return them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.logic.auth import agreement as auth
from ckanext.satudata.logic.auth.asking import is_walidata, person
from ckanext.satudata.model.agreement import AgreementObject, AgreementParty, AgreementRow
from ckanext.satudata.store import agreement_list as listing
from ckanext.satudata.store import agreements as stored
from ckanext.satudata.store.codebook import codebook_of_transaction
from ckanext.satudata.workflow.agreements import agreements, effects


def dictize(context: Context, row: AgreementRow) -> dict[str, Any]:
    """One agreement with all that belongs to it."""
    session = model.Session
    book = codebook_of_transaction(session())
    things = effects.objects_of(session, row.id)
    stands = stored.stands_of(session, [t.id for t in things])
    parties = agreements.parties_of(session, row.id)
    deviations = effects.deviations(session, row)
    bodies = titles(
        {p.organization_id for p in parties}
        | {d.publication.organization for d in deviations}
        | {row.proposed_by or ""}
    )
    holders = {
        i.producer for t in things if (i := book.indicator_by_id(t.indicator_id)) is not None
    }
    return {
        **_plain(row),
        "proposed_by": _body(row.proposed_by, bodies),
        "direction": _direction(row),
        "parties": _parties(parties, bodies, holders, staff=_staff(context)),
        "objects": [_object(thing, stands.get(thing.id, {}), book, bodies) for thing in things],
        "deviations": [
            {
                "dataset": d.publication.dataset_name,
                "dataset_title": d.publication.dataset_title,
                "organization": d.publication.organization,
                "organization_title": d.publication.organization_title,
                **_named(d.object, book),
                "value": d.value,
                "agreed": d.agreed,
            }
            for d in deviations
        ],
        "chain": [
            {**_short(one), "current": one.id == row.id}
            for one in listing.chain(session, row)
            if one.id == row.id or auth.may_see(context, one)
        ],
    }


def summary(context: Context, rows: Sequence[AgreementRow]) -> list[dict[str, Any]]:
    """Agreements for a list."""
    session = model.Session
    book = codebook_of_transaction(session())
    ids = [row.id for row in rows]
    counted = listing.indicators_of(session, ids)
    asked: dict[str, list[AgreementParty]] = {}
    for party in session.scalars(
        sa.select(AgreementParty)
        .where(AgreementParty.agreement_id.in_(ids))
        .order_by(AgreementParty.organization_id)
    ):
        asked.setdefault(party.agreement_id, []).append(party)
    bodies = titles(
        {p.organization_id for found in asked.values() for p in found}
        | {row.proposed_by or "" for row in rows}
    )
    staff = _staff(context)
    out = []
    for row in rows:
        codes = counted.get(row.id, {})
        known = [book.indicators[c] for c in codes if c in book.indicators]
        out.append(
            {
                **_plain(row),
                "proposed_by": _body(row.proposed_by, bodies),
                "direction": _direction(row),
                "parties": _parties(
                    asked.get(row.id, []), bodies, {i.producer for i in known}, staff=staff
                ),
                "indicators": [{"code": i.code, "name": i.name} for i in known],
                "objects": sum(codes.values()),
            }
        )
    return out


def titles(organizations: set[str]) -> dict[str, tuple[str, str]]:
    """Id of organization -> its name and what it is called."""
    group = model.Group
    rows = model.Session.execute(
        sa.select(group.id, group.name, group.title).where(group.id.in_(organizations))
    )
    return {id_: (name, title or name) for id_, name, title in rows}


def _plain(row: AgreementRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "note": row.note,
        "note_en": row.note_en or None,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "supersedes": row.supersedes,
        "meeting_item": row.meeting_item,
        "created_at": row.created_at.isoformat(),
        "effective_at": row.effective_at.isoformat() if row.effective_at else None,
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "end_reason": row.end_reason or None,
    }


def _short(row: AgreementRow) -> dict[str, Any]:
    names = ("id", "number", "kind", "state", "created_at", "effective_at", "ended_at")
    plain = _plain(row)
    return {name: plain[name] for name in names}


def _direction(row: AgreementRow) -> dict[str, Any] | None:
    if row.directed_at is None:
        return None
    return {
        "ground": row.direction_ground,
        "document": row.direction_document,
        "at": row.directed_at.isoformat(),
    }


def _body(organization: str | None, bodies: Mapping[str, tuple[str, str]]) -> dict[str, Any] | None:
    if not organization:
        return None
    name, title = bodies.get(organization, (organization, organization))
    return {"id": organization, "name": name, "title": title}


def _parties(
    parties: Sequence[AgreementParty],
    bodies: Mapping[str, tuple[str, str]],
    holders: set[str | None],
    *,
    staff: bool,
) -> list[dict[str, Any]]:
    """What each party said; persons and reasons are told to people of agencies only."""
    people = _people(parties) if staff else {}
    out: list[dict[str, Any]] = []
    for party in parties:
        one = {
            **(_body(party.organization_id, bodies) or {}),
            "holder": party.organization_id in holders,
            "accepted_at": party.accepted_at.isoformat() if party.accepted_at else None,
            "declined_at": party.declined_at.isoformat() if party.declined_at else None,
        }
        if staff:
            one["accepted_by"] = people.get(party.accepted_by or "")
            one["declined_by"] = people.get(party.declined_by or "")
            one["decline_reason"] = party.decline_reason
        out.append(one)
    return sorted(out, key=lambda p: (not p["holder"], p["title"]))


def _people(parties: Sequence[AgreementParty]) -> dict[str, str]:
    ids = {u for p in parties for u in (p.accepted_by, p.declined_by) if u}
    user = model.User
    rows = model.Session.execute(
        sa.select(user.id, user.fullname, user.name).where(user.id.in_(ids))
    )
    return {id_: fullname or name for id_, fullname, name in rows}


def _staff(context: Context) -> bool:
    user = person(context)
    return user is not None and (is_walidata(context) or bool(auth.bodies(context)))


def _object(
    thing: AgreementObject,
    stands: Mapping[str, Any],
    book: CodeBook,
    bodies: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    return {
        **_named(thing, book),
        "value": thing.value,
        "decimals": thing.decimals,
        "values": [
            {
                **(_body(who, bodies) or {}),
                "value": one.value,
                "decimals": one.decimals,
            }
            for who, one in sorted(stands.items(), key=lambda s: bodies.get(s[0], ("", ""))[1])
        ],
    }


def _named(thing: AgreementObject, book: CodeBook) -> dict[str, Any]:
    indicator = book.indicator_by_id(thing.indicator_id)
    region = book.regions.get(thing.region)
    unit = book.units.units.get(indicator.unit) if indicator else None
    return {
        "indicator": thing.indicator,
        "indicator_name": indicator.name if indicator else thing.indicator,
        "region": thing.region,
        "region_name": region.label if region else thing.region,
        "period": thing.period,
        "classifications": dict(thing.classifications),
        "items": book.labels(indicator, thing.classifications) if indicator else [],
        "unit": indicator.unit if indicator else None,
        "unit_label": unit.label if unit else None,
    }
