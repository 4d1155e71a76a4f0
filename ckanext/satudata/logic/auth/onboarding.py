"""Who invites people, sees how far they are, and practises."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.workflow import roles

from .asking import is_walidata, person, refused


def satudata_account_import(context: Context, data_dict: DataDict) -> AuthResult:
    """The walidata; into which bodies is asked for each line."""
    if is_walidata(context):
        return {"success": True}
    return refused(tk._("Only the walidata makes accounts for agencies."))


satudata_invitation_list = satudata_account_import
satudata_invitation_resend = satudata_account_import


def satudata_progress_list(context: Context, data_dict: DataDict) -> AuthResult:
    """The walidata."""
    if is_walidata(context):
        return {"success": True}
    return refused(tk._("Only the walidata sees how far others are."))


def satudata_progress_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is signed in sees their own."""
    return {"success": True} if person(context) else refused(tk._("Log in to see this page."))


satudata_tour_finish = satudata_progress_show
satudata_practice_list = satudata_progress_show
satudata_practice_paste = satudata_progress_show


def satudata_practice_begin(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever edits for the body: exactly those who could publish for it in earnest."""
    user = person(context)
    body = model.Group.get(data_dict["organization_id"])
    if user is not None and body is not None and body.id in roles.bodies_of(user):
        return {"success": True}
    return refused(tk._("You may only practise for an agency for which you edit."))


satudata_practice_table = satudata_practice_begin
