"""Who may prepare, see, release and cancel revisions: whoever may change the dataset."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.model.revision import Revision
from ckanext.satudata.workflow import roles


def satudata_revision_prepare(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset."""
    return _may_change(context, data_dict["id"])


def satudata_revision_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset, or is walidata."""
    if _is_walidata(context):
        return {"success": True}
    return _may_change(context, data_dict["dataset_id"])


def satudata_revision_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset, or is walidata; ids cannot be probed."""
    if _is_walidata(context):
        return {"success": True}
    return _may_change_its_dataset(context, data_dict)


def satudata_revision_release(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset."""
    return _may_change_its_dataset(context, data_dict)


satudata_revision_cancel = satudata_revision_release


def _may_change_its_dataset(context: Context, data_dict: DataDict) -> AuthResult:
    revision = model.Session.get(Revision, data_dict["id"])
    if revision is None or not _may_change(context, revision.dataset_id).get("success"):
        return {"success": False, "msg": tk._("There is no such revision, or you may not see it.")}
    return {"success": True}


def _may_change(context: Context, dataset: str) -> AuthResult:
    fresh: Context = {
        "user": context.get("user", ""),
        "auth_user_obj": context.get("auth_user_obj"),
    }
    try:
        tk.check_access("package_update", fresh, {"id": dataset})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": str(error)}
    return {"success": True}


def _is_walidata(context: Context) -> bool:
    user = context.get("auth_user_obj")
    return isinstance(user, model.User) and roles.is_walidata(user)
