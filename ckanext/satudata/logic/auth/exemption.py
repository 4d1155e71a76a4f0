"""Who may let a column pass: the walidata, but nobody for data of their own agency."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.workflow import roles

from .asking import as_for, is_walidata, person


def satudata_exemption_grant(context: Context, data_dict: DataDict) -> AuthResult:
    """The walidata, for a table of another agency; sysadmins for any."""
    resource = model.Resource.get(data_dict.get("resource_id") or "")
    return _judge(context, resource)


def satudata_exemption_revoke(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever might grant it."""
    exemption = model.Session.get(Exemption, data_dict.get("id") or "")
    resource = model.Resource.get(exemption.resource_id) if exemption else None
    return _judge(context, resource)


@tk.auth_allow_anonymous_access
def satudata_exemption_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the dataset, and the walidata."""
    if is_walidata(context):
        return {"success": True}
    return as_for("package_show", context, {"id": data_dict.get("id")})


def _judge(context: Context, resource: model.Resource | None) -> AuthResult:
    """In the same words for what does not exist, so that ids cannot be probed."""
    user = person(context)
    producer = resource.package.owner_org if resource is not None else None
    if user is not None and resource is not None and roles.may_exempt(user, producer):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._(
            "Only the walidata grants and revokes exemptions, and not for data of its own."
        ),
    }
