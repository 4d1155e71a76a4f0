"""Cases: seeing, listing, moving, and speaking in requests, objections and complaints."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata import abuse, workdays
from ckanext.satudata.logic import case_shown
from ckanext.satudata.logic.auth import case as auth
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.case_texts import explained
from ckanext.satudata.logic.committing import commit
from ckanext.satudata.logic.retrying import retrying_own
from ckanext.satudata.logic.schema import case as schema
from ckanext.satudata.model.case import CaseFollower
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.privacy import people
from ckanext.satudata.workflow.cases import cases
from ckanext.satudata.workflow.cases.actors import actor_of

#: What a move's parameters are called; the transition says which it needs.
_PARAMS = ("organization", "ground", "consequence", "class", "dataset", "answers")


@tk.side_effect_free
@validate(schema.one)
def satudata_case_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a request, objection, complaint or suggestion, and what you may do with it.

    Who asked is not told; the office that answers sees it masked.

    :param id: id or number of the case
    :param secret: its secret code, for people without an account (optional)
    :returns: ``id``, ``number``, ``kind`` (``permintaan``, ``keberatan``, ``pengaduan``,
        ``aspirasi``), ``lane`` (``publik``, ``pemerintah``), ``state``, ``state_label``,
        ``waits_on``, ``version``, ``title``, ``body``, ``organization``, ``organization_title``,
        ``dataset``, ``figure``, ``mode``, ``details``, ``grade``, ``opened_at``, ``received_on``,
        ``due_on``, ``standing`` (``sisa``, ``hari_ini``, ``lewat``, ``tanpa``) with ``days``
        (working days left or over), ``extended_on``, ``release_on``, ``answered_at``,
        ``closed_at``, ``outcome``, ``outcome_ground``, ``parts`` (what you are in it), ``moves``
        (``name``, ``label``, ``says``, ``needs``, ``article``), ``audiences``, ``items``,
        ``files``, ``messages``, ``steps``, ``objection_grounds`` (on which you may object today),
        ``objections``, ``parent``, ``person`` (masked), ``openings`` (when, and
        for which body, somebody looked who asked; for that person), ``answer`` (published),
        ``followers`` and ``follows``
    """
    tk.check_access("satudata_case_show", context, data_dict)
    case, actor = auth.found(context, data_dict)
    return case_shown.whole(case, actor, utc_now())


@validate(schema.track)
def satudata_case_track(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Find a case by its number and secret code; how often one may try is limited.

    :param number: of the case
    :param secret: its code, as the receipt has it
    :returns: see :py:func:`satudata_case_show`
    """
    tk.check_access("satudata_case_track", context, data_dict)
    abuse.attempt()
    case = cases.by_secret(data_dict["number"], data_dict["secret"])
    if case is None:
        raise tk.ObjectNotFound(tk._("There is no such case, or you may not see it."))
    actor = actor_of(person(context), case, secret_ok=True)
    return case_shown.whole(case, actor, utc_now())


@tk.side_effect_free
@validate(schema.listed)
def satudata_case_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the cases that concern your office, or those you opened yourself.

    :param kind: see :py:func:`satudata_case_show`
    :param state: only in this state
    :param lane: ``publik`` or ``pemerintah``
    :param organization: id or name of the body to which it was handed
    :param overdue: only those that officials should have dealt with already
    :param open: only what is not over
    :param mine: those you opened
    :param q: words of the text, or a number
    :param order: ``opened`` (newest first) or ``due`` (the earliest last day first)
    :param after: the ``next`` of the page before
    :param limit: how many, at most 200
    :returns: ``results`` and ``next`` (None at the end)
    """
    tk.check_access("satudata_case_list", context, data_dict)
    now = utc_now()
    body = data_dict.get("organization")
    if body:
        group = model.Group.get(body)
        body = group.id if group is not None else body
    try:
        found = cases.listing(
            actor_of(person(context), None),
            kind=data_dict.get("kind"),
            state=data_dict.get("state"),
            lane=data_dict.get("lane"),
            organization=body,
            overdue=workdays.today(now) if data_dict["overdue"] else None,
            text=data_dict.get("q"),
            mine=data_dict["mine"],
            open_only=data_dict["open"],
            order=data_dict["order"],
            after=data_dict.get("after"),
            limit=data_dict["limit"],
        )
    except ValueError as error:
        raise tk.ValidationError({"after": [tk._("There is no such page.")]}) from error
    return {"results": case_shown.rows(found.rows, now), "next": found.next}


@validate(schema.move)
@retrying_own
def satudata_case_move(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Move a case; if somebody else was faster nothing is changed (409).

    :param id: id or number of the case
    :param transition: name of one of its ``moves``
    :param secret: its secret code, for people without an account (optional)
    :param version: of the case you looked at (optional); another one is refused
    :param note: what you say
    :param organization: id or name of the body it is handed to
    :param answers: a list with ``item`` (id), ``how`` (``dataset``, ``berkas``, ``keterangan``,
        ``janji``, ``tidak_dikuasai``, ``ditolak``), ``dataset``, ``attachment``, ``release_on``,
        ``text``, ``ground`` and ``consequence``, as the way needs it
    :param ground: letter of UU 14/2008 Ps. 17
    :param consequence: the consequence test
    :param class: of a complaint
    :param dataset: a public dataset that answers
    :returns: see :py:func:`satudata_case_show`
    """
    tk.check_access("satudata_case_move", context, data_dict)
    abuse.paced()
    case, actor = auth.found(context, data_dict)
    now = utc_now()
    with explained():
        cases.move(
            case,
            data_dict["transition"],
            actor,
            note=data_dict.get("note"),
            params={n: data_dict[n] for n in _PARAMS if data_dict.get(n)},
            version=data_dict.get("version"),
            now=now,
        )
    commit(context)
    return _after(context, case.id, data_dict, now)


@validate(schema.say)
def satudata_case_say(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Write a message in a case.

    :param id: id or number of the case
    :param secret: its secret code, for people without an account (optional)
    :param text: the message, in Markdown
    :param audience: ``pemohon`` (between the person and the officials) or ``internal``
    :returns: see :py:func:`satudata_case_show`
    """
    tk.check_access("satudata_case_say", context, data_dict)
    abuse.paced()
    case, actor = auth.found(context, data_dict)
    now = utc_now()
    with explained():
        cases.say(case, actor, data_dict["text"], audience=data_dict["audience"], now=now)
    commit(context)
    return _after(context, case.id, data_dict, now)


@validate(schema.follow)
def satudata_case_follow(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Be told when a published request goes on, or no longer.

    :param id: id or number of the request
    :param follow: whether to follow it
    :returns: ``follows``
    """
    tk.check_access("satudata_case_follow", context, data_dict)
    case, user = auth.find(data_dict["id"]), person(context)
    if case is None or case.published_at is None or user is None:  # CKAN asks sysadmins nothing
        raise tk.ObjectNotFound(tk._("There is no such case, or you may not see it."))
    kept = CaseFollower.__table__
    if data_dict["follow"]:
        row = insert(kept).values(case_id=case.id, user_id=user.id, since=utc_now())
        model.Session.execute(row.on_conflict_do_nothing())
    else:
        mine = (kept.c.case_id == case.id, kept.c.user_id == user.id)
        model.Session.execute(kept.delete().where(*mine))
    commit(context)
    return {"follows": data_dict["follow"]}


@validate(schema.identity)
def satudata_case_identity(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Tell who asked; that you were told, and why, goes on record for good.

    :param id: id or number of the case
    :param why: the reason, a sentence
    :returns: what the person told of themselves; empty if nothing is left of it
    """
    tk.check_access("satudata_case_identity", context, data_dict)
    case, actor = auth.found(context, data_dict)
    if case.identity_id is None or actor.user is None:
        return {}
    try:
        return people.open_identity(case.identity_id, user=actor.user.id, why=data_dict["why"])
    except people.Unknown:
        return {}


def _after(context: Context, case_id: str, data_dict: DataDict, now: Any) -> dict[str, Any]:
    """The case as it is now; of one that was moved out of sight only the number."""
    again = auth.seen(context, {**data_dict, "id": case_id})
    if again is None:
        return {"id": case_id}
    return case_shown.whole(*again, now)
