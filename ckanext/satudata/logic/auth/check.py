"""Who may check, see reports, declare columns and read figures."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.model.process import Process
from ckanext.satudata.workflow import reports, roles

from .asking import as_for, is_walidata, person, refused


def satudata_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset, or add datasets to the organization."""
    if data_dict.get("id"):
        return as_for("package_update", context, {"id": data_dict["id"]})
    organization = data_dict.get("organization_id")
    group = model.Group.get(organization) if organization else None
    if group is None:
        return refused(tk._("Say for which organization the file is."))
    user = context.get("user", "")
    if authz.has_user_permission_for_group_or_org(group.id, user, "create_dataset"):
        return {"success": True}
    return refused(tk._("You are not an editor of this organization."))


def satudata_report_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever made it, edits for its producer, is walidata, or pembina of such priority data.

    A report that does not exist is refused in the same words, so that ids cannot be probed.
    """
    kept = reports.find(data_dict["id"])
    user = person(context)
    unseen = refused(tk._("There is no such report, or you may not see it."))
    if kept is None or user is None:
        return unseen
    allowed = (
        kept.user == user.id
        or roles.is_walidata(user)
        or authz.has_user_permission_for_group_or_org(
            kept.organization, user.name, "update_dataset"
        )
        or (roles.is_pembina(user) and Process.rests_on(kept.id, priority=True))
    )
    return {"success": True} if allowed else unseen


def satudata_report_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the dataset, or is walidata."""
    if is_walidata(context):
        return {"success": True}
    return as_for("package_update", context, {"id": data_dict["dataset_id"]})


def satudata_declaration_guess(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the resource."""
    return as_for("resource_update", context, {"id": data_dict["id"]})


satudata_declaration_preview = satudata_declaration_guess
satudata_declaration_confirm = satudata_declaration_guess


@tk.auth_allow_anonymous_access
def satudata_observation_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody: only public figures are listed."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_note_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the dataset."""
    return as_for("package_show", context, {"id": data_dict["id"]})


satudata_dataset_status = satudata_note_list
satudata_former_figure_list = satudata_note_list


@tk.auth_allow_anonymous_access
def satudata_template(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody: a template holds no figures."""
    return {"success": True}
