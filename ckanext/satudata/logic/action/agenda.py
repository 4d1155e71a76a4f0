"""Agenda items: what a meeting deals with and decides, and what it hands to the Bupati."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.logic.auth import meeting as auth
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.meeting_dicts import escalation_dict, item_dict, viewer
from ckanext.satudata.logic.meeting_errors import explained
from ckanext.satudata.logic.schema import meeting as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.meeting import AgendaItem
from ckanext.satudata.workflow.agreements import effects as agreement_effects
from ckanext.satudata.workflow.meetings import agenda, attendance, decisions
from ckanext.satudata.workflow.meetings import rows as meeting_rows


@validate(schema.item_create)
def satudata_agenda_item_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Put something on the agenda that the portal does not know of.

    :param meeting_id: id of a meeting that has not ended
    :param title: what it is about
    :param text: more about it
    :param organizations: ids or names of the bodies it concerns
    :returns: the item: ``id``, ``kind``, ``title``, ``outcome``, ``version`` ...
    """
    tk.check_access("satudata_agenda_item_create", context, data_dict)
    bodies = [_body(name) for name in data_dict.get("organizations") or ()]
    with explained():
        meeting = meeting_rows.locked(model.Session, data_dict["meeting_id"])
        meeting_rows.demand(meeting, "disiapkan", "berlangsung")
        item = agenda.add(
            model.Session,
            meeting,
            title=data_dict["title"],
            text=data_dict["text"],
            organizations=bodies,
        )
        attendance.expect(model.Session, meeting)
    return _saved(item.id)


@validate(schema.item_update)
def satudata_agenda_item_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write an item's note, or move it up or down.

    :param id: id of the item
    :param note: the whole note
    :param version: ``note_version`` you saw; if it has changed since, nothing is saved and
        ``satudata_current`` of the error holds the note that stands there now
    :param move: -1 moves it one place up, 1 one place down
    :returns: the item, see :py:func:`satudata_agenda_item_create`
    """
    tk.check_access("satudata_agenda_item_update", context, data_dict)
    with explained():
        if data_dict.get("note") is not None:
            if data_dict.get("version") is None:
                raise tk.ValidationError({"version": [tk._("Say which version you saw.")]})
            decisions.annotate(
                model.Session,
                data_dict["id"],
                version=data_dict["version"],
                note=data_dict["note"],
                actor=viewer(context).id or "",
            )
        if data_dict.get("move"):
            meeting, item = meeting_rows.locked_item(model.Session, data_dict["id"])
            meeting_rows.demand(meeting, "disiapkan", "berlangsung")
            agenda.move(model.Session, item, data_dict["move"])
    return _saved(data_dict["id"])


@validate(schema.one)
def satudata_agenda_item_remove(context: Context, data_dict: DataDict) -> None:
    """Take an item off the agenda of a meeting that has not begun.

    :param id: id of the item
    """
    tk.check_access("satudata_agenda_item_remove", context, data_dict)
    with explained():
        decisions.remove(
            model.Session, data_dict["id"], actor=viewer(context).id or "", now=utc_now()
        )
    model.Session.commit()


@validate(schema.decide)
def satudata_agenda_item_decide(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Choose an item's outcome, change it, or take it back; it takes effect when the meeting ends.

    :param id: id of the item
    :param version: the version you saw; if it has changed since, nothing is saved and
        ``satudata_current`` of the error says what was decided meanwhile
    :param outcome: ``angka_disepakati``, ``keduanya_berlaku``, ``kembali_ke_produsen``,
        ``ditunda``, ``eskalasi_bupati``, ``disetujui`` or ``dicatat``, as far as the kind of item
        allows; without it the outcome is taken back
    :param choice: whose figure was agreed on or goes back: ``own`` (the side that is held back),
        ``other`` (the side that is public), or ``lain`` (another figure)
    :param values: for ``lain`` the figures, one per object, as decimal texts
    :param note: why; needed where both stay and where data goes back
    :returns: the item, see :py:func:`satudata_agenda_item_create`
    """
    tk.check_access("satudata_agenda_item_decide", context, data_dict)
    with explained():
        decisions.decide(
            model.Session,
            data_dict["id"],
            version=data_dict["version"],
            outcome=data_dict.get("outcome"),
            choice=data_dict.get("choice"),
            values=data_dict.get("values") or (),
            note=data_dict["note"],
            actor=viewer(context).id or "",
            now=utc_now(),
        )
    return _saved(data_dict["id"])


@tk.side_effect_free
@validate(schema.escalations)
def satudata_escalation_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List what meetings escalated to the Bupati and you may see, those without direction first.

    :param limit: how many, at most 1,000
    :returns: of each item ``id``, ``title``, ``meeting_id``, ``decided_at``, ``organizations``,
        ``snapshot`` and ``direction`` (None until there is one)
    """
    tk.check_access("satudata_escalation_list", context, data_dict)
    user = person(context)
    found = decisions.escalations(model.Session, limit=min(data_dict["limit"], 1000))
    return [escalation_dict(i) for i in found if auth.may_see_item(user, i)]


@validate(schema.direct)
def satudata_escalation_direct(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Record what the Bupati directed about an escalated conflict (Perpres 39/2019 Ps. 23(10)).

    You must work for the walidata.

    :param id: id of the item
    :param choice: ``own``, ``other``, ``lain`` or ``keduanya`` (both figures stay)
    :param values: for ``lain`` the figures, one per object, as decimal texts
    :param document: number of the letter
    :param ground: what it says; public
    :returns: the item, see :py:func:`satudata_escalation_list`
    """
    tk.check_access("satudata_escalation_direct", context, data_dict)
    with explained():
        decisions.direct(
            model.Session,
            data_dict["id"],
            choice=data_dict["choice"],
            values=data_dict.get("values") or (),
            document=data_dict["document"],
            ground=data_dict["ground"],
            actor=viewer(context).id or "",
            now=utc_now(),
        )
    model.Session.commit()
    agreement = model.Session.get_one(AgendaItem, data_dict["id"]).agreement_id
    if agreement:
        agreement_effects.judge_again(agreement)
    return escalation_dict(model.Session.get_one(AgendaItem, data_dict["id"]))


def _saved(item_id: str) -> dict[str, Any]:
    model.Session.commit()
    return item_dict(model.Session.get_one(AgendaItem, item_id))


def _body(name: str) -> str:
    group = model.Group.get(name)
    if group is None or not group.is_organization:
        raise tk.ValidationError({"organizations": [tk._("There is no such organization.")]})
    return group.id
