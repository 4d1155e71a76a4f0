"""Who may begin, join, release, cancel and see joint releases."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.model.joint_release import JointMember, JointRelease

from . import revision
from .asking import as_for, is_walidata, refused


def satudata_joint_release_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the revised dataset."""
    return revision.satudata_revision_release(context, {"id": data_dict["revision_id"]})


def satudata_joint_release_join(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see it and change the revised dataset; nobody joins for another agency."""
    joint = model.Session.get(JointRelease, data_dict["id"])
    if joint is None or not may_see(context, joint):
        return _hidden()
    return revision.satudata_revision_release(context, {"id": data_dict["revision_id"]})


def satudata_joint_release_release(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever edits for the agency that began it, or is walidata."""
    joint = model.Session.get(JointRelease, data_dict["id"])
    if joint is None or not (is_walidata(context) or _edits(context, joint.organization_id)):
        return _hidden()
    return {"success": True}


satudata_joint_release_cancel = satudata_joint_release_release


@tk.auth_allow_anonymous_access
def satudata_joint_release_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody, once it is released; before that the agencies concerned and the walidata."""
    joint = model.Session.get(JointRelease, data_dict["id"])
    return {"success": True} if joint and may_see(context, joint) else _hidden()


@tk.auth_allow_anonymous_access
def satudata_joint_release_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; only those one may see are listed."""
    return {"success": True}


def may_see(context: Context, joint: JointRelease) -> bool:
    """Whether the person may see this joint release."""
    if joint.state == "released" or is_walidata(context):
        return True
    concerned = {m.organization_id for m in JointMember.of(joint.id)} | {joint.organization_id}
    return any(_edits(context, organization) for organization in concerned)


def may_see_dataset(context: Context, package: model.Package) -> bool:
    """Whether the person may see a member of a joint release, which may have become private."""
    return bool(as_for("package_show", context, {"id": package.id}).get("success"))


def _edits(context: Context, organization: str) -> bool:
    user = context.get("user", "")
    return bool(user) and authz.has_user_permission_for_group_or_org(
        organization, user, "update_dataset"
    )


def _hidden() -> AuthResult:
    return refused(tk._("There is no such joint release, or you may not see it."))
