"""Agreements: which figure is right, or that both stay and why; proposed, accepted, ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.logic import agreement_texts
from ckanext.satudata.logic.agreement_dictize import dictize, summary
from ckanext.satudata.logic.auth import agreement as auth
from ckanext.satudata.logic.auth.asking import is_walidata, person
from ckanext.satudata.logic.retrying import retrying_own
from ckanext.satudata.logic.schema import agreement as schema
from ckanext.satudata.model.agreement import AgreementRow
from ckanext.satudata.store import agreement_list as listing
from ckanext.satudata.store import agreements as stored
from ckanext.satudata.workflow.agreements import agreements, effects

#: Agreements that one call lists at most.
_MOST = 500


@validate(schema.propose)
@retrying_own
def satudata_agreement_propose(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Propose an agreement; it comes into force when each party has accepted it.

    :param kind: ``angka_disepakati`` (one figure for everybody) or ``keduanya_berlaku`` (each
        party keeps its own, with a public note)
    :param objects: what it speaks of, each with ``indicator``, ``region``, ``period``,
        ``classifications`` (dimension -> code, optional), and ``value``, or ``per_party``
        (id of agency -> figure) where both stay; ``decimals`` tells how exact a figure is
    :param parties: ids or names of the agencies, at least two; the produsen data of each
        indicator is one of them
    :param note: why, in Indonesian, for the public
    :param note_en: the same in English (optional)
    :param organization_id: the agency that proposes it; left out by the walidata
    :param meeting_item: id of an agenda item (optional)
    :param supersedes: id of the agreement in force whose place it takes (optional)
    :param valid_from: first day (optional)
    :param valid_to: last day (optional)
    :returns: see :py:func:`satudata_agreement_show`
    """
    tk.check_access("satudata_agreement_propose", context, data_dict)
    parties = _organizations(data_dict["parties"])
    row = _kept(
        context,
        lambda: agreements.propose(
            model.Session,
            kind=data_dict["kind"],
            objects=[_object(o) for o in data_dict.get("objects", [])],
            parties=parties,
            note=data_dict["note"],
            note_en=data_dict.get("note_en") or "",
            actor=_actor(context),
            proposed_by=data_dict.get("organization_id"),
            meeting_item=data_dict.get("meeting_item"),
            supersedes=data_dict.get("supersedes"),
            valid_from=data_dict.get("valid_from"),
            valid_to=data_dict.get("valid_to"),
        ),
    )
    return dictize(context, row)


@validate(schema.revise)
def satudata_agreement_revise(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Propose an agreement that takes the place of one in force.

    Until each party has accepted it, the one in force goes on.

    :param id: id or number of the agreement in force
    :param note: why it changes
    :param objects: what changes; without it everything stays as agreed
    :param kind: the other kind (optional; then ``objects`` is needed)
    :param parties: more parties (optional)
    :param note_en: see :py:func:`satudata_agreement_propose`, as the following
    :param organization_id: the agency that proposes it
    :param meeting_item: id of an agenda item
    :param valid_from: first day
    :param valid_to: last day
    :returns: see :py:func:`satudata_agreement_show`
    """
    tk.check_access("satudata_agreement_revise", context, data_dict)
    row = _found(data_dict["id"])
    asked = [p.organization_id for p in agreements.parties_of(model.Session, row.id)]
    more = _organizations(data_dict.get("parties") or [])
    wanted = {
        name: data_dict[name]
        for name in ("note_en", "organization_id", "meeting_item", "valid_from", "valid_to")
        if data_dict.get(name)
    }
    return tk.get_action("satudata_agreement_propose")(
        context,
        {
            **{n: v.isoformat() if n.startswith("valid") else v for n, v in wanted.items()},
            "kind": data_dict.get("kind") or row.kind,
            "note": data_dict["note"],
            "objects": data_dict.get("objects") or _objects(row),
            "parties": list(dict.fromkeys([*asked, *more])),
            "supersedes": row.id,
        },
    )


@validate(schema.accept)
@retrying_own
def satudata_agreement_accept(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Accept a proposal for one's own agency; with the last acceptance it comes into force.

    :param id: id or number of the agreement
    :param organization_id: id of the agency
    :returns: see :py:func:`satudata_agreement_show`
    """
    tk.check_access("satudata_agreement_accept", context, data_dict)
    name = _found(data_dict["id"]).id
    who = data_dict["organization_id"]
    row = _kept(context, lambda: agreements.accept(model.Session, name, who, _actor(context)))
    return dictize(context, row)


@validate(schema.decline)
@retrying_own
def satudata_agreement_decline(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Decline a proposal for one's own agency, which ends it.

    :param id: id or number of the agreement
    :param organization_id: id of the agency
    :param reason: why, in a sentence; people of agencies read it, the public does not
    :returns: see :py:func:`satudata_agreement_show`
    """
    tk.check_access("satudata_agreement_decline", context, data_dict)
    name = _found(data_dict["id"]).id
    who, reason = data_dict["organization_id"], data_dict["reason"]
    row = _kept(
        context,
        lambda: agreements.decline(model.Session, name, who, _actor(context), reason=reason),
    )
    return dictize(context, row)


@validate(schema.withdraw)
@retrying_own
def satudata_agreement_withdraw(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a proposal back, or end an agreement; what it let stand contradicts from then on.

    :param id: id or number of the agreement
    :param reason: why, in a sentence, for the public
    :returns: see :py:func:`satudata_agreement_show`
    """
    tk.check_access("satudata_agreement_withdraw", context, data_dict)
    name, reason = _found(data_dict["id"]).id, data_dict["reason"]
    row = _kept(
        context, lambda: agreements.withdraw(model.Session, name, _actor(context), reason=reason)
    )
    return dictize(context, row)


@validate(schema.direct)
@retrying_own
def satudata_agreement_direct(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Record the Bupati's direction (Perpres 39/2019 Ps. 23(10)) in place of acceptances.

    :param id: id or number of a proposal, also of a declined one
    :param ground: what was decided and why, for the public
    :param document: number of the document
    :returns: see :py:func:`satudata_agreement_show`
    """
    tk.check_access("satudata_agreement_direct", context, data_dict)
    name = _found(data_dict["id"]).id
    ground, document = data_dict["ground"], data_dict["document"]
    row = _kept(
        context,
        lambda: agreements.direct(
            model.Session, name, _actor(context), ground=ground, document=document
        ),
    )
    return dictize(context, row)


@tk.side_effect_free
@validate(schema.one)
def satudata_agreement_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show an agreement.

    :param id: id or number of the agreement
    :returns: ``id``, ``number``, ``kind``, ``state`` (``usulan``, ``berlaku``, ``diganti``,
        ``dicabut``, ``ditolak``, ``berakhir``), ``note``, ``note_en``, ``valid_from``,
        ``valid_to``, ``created_at``, ``effective_at``, ``ended_at``, ``end_reason``,
        ``direction`` (``ground``, ``document``, ``at``) or None, ``parties`` (with
        ``accepted_at``, ``declined_at``, ``holder``: whether it is the produsen data; persons and
        reasons only for people of agencies), ``objects`` (with ``value``, or ``values`` by agency),
        ``deviations`` (public figures that are not as agreed) and ``chain`` (the agreements that
        took each other's place, oldest first)
    """
    tk.check_access("satudata_agreement_show", context, data_dict)
    return dictize(context, _found(data_dict["id"]))


@tk.side_effect_free
@validate(schema.listed)
def satudata_agreement_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the agreements one may see, the newest first.

    :param q: a word of the number, the note, or the name of an indicator
    :param indicator: code of an indicator
    :param organization: id or name of a party
    :param state: see :py:func:`satudata_agreement_show`
    :param kind: ``angka_disepakati`` or ``keduanya_berlaku``
    :param limit: how many, at most 500
    :param offset: how many newer ones to leave out
    :returns: ``count`` and ``results``: each with what :py:func:`satudata_agreement_show` tells,
        but objects, deviations and chain; with ``indicators`` and the number of ``objects``
    """
    tk.check_access("satudata_agreement_list", context, data_dict)
    organization = data_dict.get("organization")
    if organization:
        group = model.Group.get(organization)
        organization = group.id if group is not None else organization
    wanted = listing.Wanted(
        text=data_dict.get("q") or "",
        indicator=data_dict.get("indicator"),
        organization=organization,
        state=data_dict.get("state"),
        kind=data_dict.get("kind"),
        seen_by=None if is_walidata(context) else frozenset(auth.bodies(context)),
    )
    limit = min(data_dict["limit"], _MOST)
    count, rows = listing.find(model.Session, wanted, limit=limit, offset=data_dict["offset"])
    return {"count": count, "results": summary(context, rows)}


def _kept(context: Context, change: Callable[[], AgreementRow]) -> AgreementRow:
    """Make a change and commit it; what is public is then looked at again."""
    try:
        row = change()
    except agreements.InvalidAgreement as error:
        model.Session.rollback()
        raise tk.ValidationError({error.field: [agreement_texts.sentence(error)]}) from error
    name = row.id
    if not context.get("defer_commit"):
        touched = row.effective_at is not None
        model.repo.commit()
        if touched:
            effects.judge_again(name)
    return _found(name)


def _found(reference: str) -> AgreementRow:
    row = auth.find(reference)
    if row is None:
        raise tk.ObjectNotFound(tk._("There is no such agreement."))
    return row


def _actor(context: Context) -> str | None:
    user = person(context)
    return user.id if user is not None else None


def _organizations(names: list[str]) -> list[str]:
    found = [model.Group.get(name) for name in names]
    return [g.id if g else n for g, n in zip(found, names, strict=True)]


def _object(data: Mapping[str, Any]) -> agreements.AgreedObject:
    decimals = data.get("decimals")
    return agreements.AgreedObject(
        indicator=data["indicator"],
        region=data["region"],
        period=data["period"],
        classifications=data.get("classifications") or {},
        value=data.get("value"),
        decimals=None if decimals in (None, "") else int(decimals),
        per_party=data.get("per_party") or {},
    )


def _objects(row: AgreementRow) -> list[dict[str, Any]]:
    """What an agreement speaks of, as it was proposed."""
    things = effects.objects_of(model.Session, row.id)
    stands = stored.stands_of(model.Session, [t.id for t in things])
    return [
        {
            "indicator": thing.indicator,
            "region": thing.region,
            "period": thing.period,
            "classifications": thing.classifications,
            **(
                {"value": _written(thing.value, thing.decimals or 0), "decimals": thing.decimals}
                if thing.value is not None
                else {
                    "per_party": {
                        who: _written(one.value, one.decimals)
                        for who, one in stands.get(thing.id, {}).items()
                    }
                }
            ),
        }
        for thing in things
    ]


def _written(value: float, decimals: int) -> str:
    """A figure as it was agreed, with its digits."""
    return str(Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals)))
