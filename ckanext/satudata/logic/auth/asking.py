"""Who asks, and what CKAN would say to them; shared by the auth functions."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.workflow import roles


def person(context: Context) -> model.User | None:
    """The person who asks, or None; CKAN hands visitors over as something else than a user."""
    user = context.get("auth_user_obj")
    return user if isinstance(user, model.User) else None


def is_walidata(context: Context) -> bool:
    """Whether the person who asks works for the walidata."""
    user = person(context)
    return user is not None and roles.is_walidata(user)


def as_for(action: str, context: Context, data_dict: DataDict) -> AuthResult:
    """What CKAN says to this person about another action."""
    fresh: Context = {
        "user": context.get("user", ""),
        "auth_user_obj": context.get("auth_user_obj"),
    }
    try:
        tk.check_access(action, fresh, data_dict)
    except tk.NotAuthorized as error:
        return refused(str(error))
    return {"success": True}


def refused(message: str) -> AuthResult:
    """No, and why."""
    return {"success": False, "msg": message}
