"""Who may see and run synchronisation meetings.

The walidata and the forum's coordinator run them (Perpres 39/2019 Ps. 21 and 23). The pembina sees
everything. An agency sees the items that concern it; the public what a closed meeting decided.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.model.meeting import AgendaItem
from ckanext.satudata.workflow import roles

from .asking import is_walidata, person, refused


@tk.auth_allow_anonymous_access
def satudata_meeting_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody: that there is a meeting is public."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_meeting_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; what they see of it depends on who they are."""
    return {"success": True}


satudata_meeting_minutes = satudata_meeting_show


def satudata_meeting_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Editors and admins of the walidata and of the coordinator, and sysadmins."""
    user = person(context)
    if user is not None and roles.runs_meetings(user):
        return {"success": True}
    return refused(tk._("Only the walidata and the coordinator of the forum run meetings."))


satudata_meeting_update = satudata_meeting_create
satudata_meeting_start = satudata_meeting_create
satudata_meeting_close = satudata_meeting_create
satudata_meeting_cancel = satudata_meeting_create
satudata_meeting_attach = satudata_meeting_create
satudata_attendance_set = satudata_meeting_create
satudata_agenda_item_create = satudata_meeting_create
satudata_agenda_item_update = satudata_meeting_create
satudata_agenda_item_remove = satudata_meeting_create
satudata_agenda_item_decide = satudata_meeting_create


def satudata_escalation_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever edits for a body; they see what concerns it."""
    user = person(context)
    if user is not None and (roles.sees_meetings(user) or roles.bodies_of(user)):
        return {"success": True}
    return refused(tk._("Only the agencies that take part may see this list."))


def satudata_escalation_direct(context: Context, data_dict: DataDict) -> AuthResult:
    """The walidata, who keeps the letter on record."""
    if is_walidata(context):
        return {"success": True}
    return refused(tk._("Only the walidata records directions of the Bupati."))


def may_see_item(user: model.User | None, item: AgendaItem) -> bool:
    """Whether a person may see an item that is not decided or not public."""
    if user is None:
        return False
    return roles.sees_meetings(user) or bool({*roles.bodies_of(user)} & {*item.organizations})
