"""Who may prepare, see, release and cancel revisions: whoever may change the dataset."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.model.revision import Revision

from .asking import as_for, is_walidata, refused


def satudata_revision_prepare(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset."""
    return as_for("package_update", context, {"id": data_dict["id"]})


def satudata_revision_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset, or is walidata."""
    if is_walidata(context):
        return {"success": True}
    return as_for("package_update", context, {"id": data_dict["dataset_id"]})


def satudata_revision_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset, or is walidata; ids cannot be probed."""
    if is_walidata(context):
        return {"success": True}
    return _may_change_its_dataset(context, data_dict)


def satudata_revision_release(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset."""
    return _may_change_its_dataset(context, data_dict)


satudata_revision_cancel = satudata_revision_release


def _may_change_its_dataset(context: Context, data_dict: DataDict) -> AuthResult:
    revision = model.Session.get(Revision, data_dict["id"])
    if revision is None or not as_for("package_update", context, {"id": revision.dataset_id}).get(
        "success"
    ):
        return refused(tk._("There is no such revision, or you may not see it."))
    return {"success": True}
