"""Deleting bodies: the portal is never left without a walidata."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, ChainedAction, Context

from . import registry

_GUARDED = ("organization_delete", "organization_purge", "group_delete", "group_purge")


def actions() -> dict[str, ChainedAction]:
    """The actions that take a body away, each asking first whether it may go."""
    return {name: _guarded(name) for name in _GUARDED}


def _guarded(name: str) -> ChainedAction:
    @tk.chained_action
    def action(original: Action, context: Context, data_dict: dict[str, Any]) -> Any:
        tk.check_access(name, context, data_dict)
        body = model.Group.get(tk.get_or_bust(data_dict, "id"))
        if body is not None and body.is_organization and body.state == model.State.ACTIVE:
            _refuse_last(body)
        return original(context, data_dict)

    return action


def _refuse_last(body: model.Group) -> None:
    registry.lock()
    for role in registry.KEPT & set(registry.roles_of(body)):
        if not registry.with_role(role, but=body.id):
            model.Session.rollback()
            raise tk.ValidationError(
                {
                    "peran": [
                        tk._(
                            "{body} is the walidata, which a portal always has. Hand the role on "
                            "to another body before deleting this one."
                        ).format(body=body.title or body.name)
                    ]
                }
            )
