"""Who may read the audit trail: those who edit for a body (what concerns it), and the walidata."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.workflow import roles

from .asking import person, refused


def satudata_trail_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Walidata, and editors of any body; the action shows them no other body's entries."""
    user = person(context)
    if user is None or not (roles.is_walidata(user) or roles.bodies_of(user)):
        return refused(tk._("The audit trail is open to those who work for an agency."))
    return {"success": True}
