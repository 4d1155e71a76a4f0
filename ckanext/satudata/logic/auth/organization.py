"""Who may give bodies their roles."""

from __future__ import annotations

from typing import Any

from ckan import authz
from ckan.types import AuthResult, Context

from ckanext.satudata.organizations import registry


def satudata_roles_assign(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Sysadmins and the admins of the walidata change roles (Perpres 39/2019 Ps. 21)."""
    user = context.get("user", "")
    allowed = bool(user) and any(
        authz.users_role_for_group_or_org(body.id, user) == "admin"
        for body in registry.with_role("walidata")
    )
    return {"success": allowed}


def satudata_walidata_hand_on(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Only a sysadmin makes another body the walidata."""
    return {"success": False}
