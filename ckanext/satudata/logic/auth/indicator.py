"""Who may say what is measured: the walidata (Perpres 39/2019 Ps. 21)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.workflow import roles


def satudata_indicator_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Editors and admins of the walidata's organization, and sysadmins."""
    user = context.get("auth_user_obj")
    if isinstance(user, model.User) and roles.is_walidata(user):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the walidata keeps the list of indicators.")}


satudata_indicator_update = satudata_indicator_create
satudata_indicator_preview = satudata_indicator_create
satudata_indicator_delete = satudata_indicator_create


@tk.auth_allow_anonymous_access
def satudata_indicator_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody: what is measured is public."""
    return {"success": True}


satudata_indicator_list = satudata_indicator_show
