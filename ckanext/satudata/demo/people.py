"""The people of the demonstration: each step is an action, taken as somebody who may take it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context


def act(user: str, action: str, **data: Any) -> Any:
    """Call an action as a person.

    Args:
        user: name of the person.
        action: name of the action.
        data: its parameters.
    """
    context: Context = {"user": user, "auth_user_obj": model.User.by_name(user)}
    return tk.get_action(action)(context, data)
