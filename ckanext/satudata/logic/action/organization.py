"""Handing the walidata's role from one body to another."""

from __future__ import annotations

from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context

from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.schema import organization as schema
from ckanext.satudata.logic.validators.organization import HANDING_ON, ROLES
from ckanext.satudata.organizations import registry
from ckanext.satudata.workflow import trail

WALIDATA = "walidata"


@validate(schema.walidata_hand_on)
def satudata_walidata_hand_on(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Make another body the portal's walidata, in one transaction.

    A portal has exactly one walidata (Perpres 39/2019 Ps. 21), so neither can a second be
    named nor the only one resign; this action does both at once. The body that was the
    walidata keeps its other roles, or becomes a supporting custodian if it has none.

    You must be a sysadmin.

    :param id: id or name of the body that becomes the walidata
    :returns: the body, as ``organization_show`` gives it
    """
    tk.check_access("satudata_walidata_hand_on", context, data_dict)
    target = model.Group.get(data_dict["id"])
    if target is None or not target.is_organization or target.state != model.State.ACTIVE:
        raise tk.ObjectNotFound(tk._("There is no such body."))
    registry.lock()
    before = registry.with_role(WALIDATA, but=target.id)
    for body in before:
        rest = [r for r in registry.roles_of(body) if r != WALIDATA]
        _set_roles(context, body, rest or ["walidata_pendukung"])
    _set_roles(context, target, [*registry.roles_of(target), WALIDATA])
    user = person(context)
    trail.record(
        "organization.hand_on_walidata",
        trail.Subject("organization", target.id, target.title or target.name),
        actor=user.id if user else None,
        organization=target.id,
        before={"walidata": [body.id for body in before]},
        after={"walidata": [target.id]},
    )
    model.repo.commit()
    return tk.get_action("organization_show")({"user": context.get("user", "")}, {"id": target.id})


def _set_roles(context: Context, body: model.Group, roles: list[str]) -> None:
    inner = {
        "user": context.get("user", ""),
        "ignore_auth": True,
        "defer_commit": True,
        HANDING_ON: True,
    }
    tk.get_action("organization_patch")(cast("Context", inner), {"id": body.id, ROLES: roles})
