"""Who may open, see and move cases; a case that one may not see does not exist for one."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.model.case import GOVERNMENT, REQUEST, Case
from ckanext.satudata.workflow import roles
from ckanext.satudata.workflow.cases import cases, tracking
from ckanext.satudata.workflow.cases.actors import OFFICER, REPORTER, Actor, actor_of
from ckanext.satudata.workflow.cases.tables import UNCONFIRMED, table

from .asking import person, refused


@tk.auth_allow_anonymous_access
def satudata_case_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever asked, the officials concerned, and whoever knows the secret code."""
    return _if(seen(context, data_dict) is not None)


@tk.auth_allow_anonymous_access
def satudata_case_track(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; the secret code is what is asked."""
    return {"success": True}


def satudata_case_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody who is signed in; only what one may see is listed."""
    if person(context) is None:
        return refused(tk._("Sign in to see requests and complaints."))
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_case_move(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever the table of transitions names."""
    found = seen(context, data_dict)
    if found is None:
        return hidden()
    case, actor = found
    row = table(case.kind).transitions.get(str(data_dict.get("transition") or ""))
    if row is None or row.who & actor.parts:
        return {"success": True}
    return refused(tk._("You may not do this; somebody else has to."))


@tk.auth_allow_anonymous_access
def satudata_case_say(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see it; internal notes are for officials."""
    found = seen(context, data_dict)
    if found is None:
        return hidden()
    wanted = data_dict.get("audience") or "pemohon"
    if wanted in cases.audiences(found[1]):
        return {"success": True}
    return refused(tk._("You may not write to them."))


@tk.auth_allow_anonymous_access
def satudata_case_file_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may write to those for whom it is."""
    return satudata_case_say(context, data_dict)


def satudata_case_follow(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody who is signed in, of what was published."""
    case = find(data_dict.get("id"))
    return _if(case is not None and case.published_at is not None)


def satudata_case_identity(context: Context, data_dict: DataDict) -> AuthResult:
    """The office that decides about it, with a reason that goes on record."""
    found = seen(context, data_dict)
    user = person(context)
    if found is None or user is None:
        return hidden()
    case, actor = found
    if OFFICER in actor.parts and roles.opens_identities(user, confidential=case.mode == "rahasia"):
        return {"success": True}
    return refused(tk._("Only the office that answers may see who asked."))


def satudata_case_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """The office that decides about a request."""
    found = seen(context, data_dict)
    if found is None:
        return hidden()
    if OFFICER in found[1].parts and found[0].kind == REQUEST:
        return {"success": True}
    return refused(tk._("Only the office that answers publishes an answer."))


@tk.auth_allow_anonymous_access
def satudata_request_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; for a body whoever edits for it (Perpres 39/2019 Ps. 37(6))."""
    if data_dict.get("lane") != GOVERNMENT:
        return {"success": True}
    user = person(context)
    if user is not None and roles.bodies_of(user):
        return {"success": True}
    return refused(tk._("Only people who work for a body ask in the government lane."))


@tk.auth_allow_anonymous_access
def satudata_request_confirm(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; the letter's token is what is asked."""
    return {"success": True}


satudata_request_suggest = satudata_request_confirm
satudata_request_answered = satudata_request_confirm
satudata_request_public_list = satudata_request_confirm
satudata_request_report = satudata_request_confirm


@tk.auth_sysadmins_check
@tk.auth_allow_anonymous_access
def satudata_objection_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever made the request."""
    found = seen(context, data_dict)
    if found is None:
        return hidden()
    if REPORTER in found[1].parts:
        return {"success": True}
    return refused(tk._("Only whoever made the request may object."))


def seen(context: Context, data_dict: DataDict) -> tuple[Case, Actor] | None:
    """The case that is asked about and what the person may act as, or None if it is hidden."""
    case = find(data_dict.get("id"))
    if case is None or case.state == UNCONFIRMED:
        return None
    actor = actor_of(
        person(context), case, secret_ok=tracking.matches(case, data_dict.get("secret"))
    )
    return (case, actor) if actor.parts else None


def find(reference: Any) -> Case | None:
    """The case with this id or number, or None."""
    try:
        return cases.get(str(reference or ""))
    except LookupError:
        return None


def found(context: Context, data_dict: DataDict) -> tuple[Case, Actor]:
    """As :func:`seen`; CKAN asks sysadmins nothing, also of what is not there.

    Raises:
        tk.ObjectNotFound: there is no such case.
    """
    got = seen(context, data_dict)
    if got is None:
        raise tk.ObjectNotFound(tk._("There is no such case, or you may not see it."))
    return got


def _if(allowed: bool) -> AuthResult:
    return {"success": True} if allowed else hidden()


def hidden() -> AuthResult:
    """The same answer for what is not there and what one may not see."""
    return refused(tk._("There is no such case, or you may not see it."))
