"""Who may see what no longer agrees: the walidata, who changes what figures are judged by."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.workflow import roles


def satudata_conflict_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Editors and admins of the walidata's organization, and sysadmins."""
    user = context.get("auth_user_obj")
    if isinstance(user, model.User) and roles.is_walidata(user):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the walidata may see this list.")}
