"""Deleting bodies: the portal keeps a walidata, and each public figure its producer."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Action, ChainedAction, Context

from . import registry

_GUARDED = ("organization_delete", "organization_purge", "group_delete", "group_purge")
#: By these a body can be given the state of a deleted one.
_CHANGING = ("organization_update", "group_update")


def actions() -> dict[str, ChainedAction]:
    """The actions that take a body away, each asking first whether it may go."""
    return {
        **{name: _guarded(name) for name in _GUARDED},
        **{name: _changing(name) for name in _CHANGING},
    }


def _guarded(name: str) -> ChainedAction:
    @tk.chained_action
    def action(original: Action, context: Context, data_dict: dict[str, Any]) -> Any:
        tk.check_access(name, context, data_dict)
        body = model.Group.get(tk.get_or_bust(data_dict, "id"))
        if body is not None and body.is_organization and body.state == model.State.ACTIVE:
            _refuse_last(body)
            if name.startswith("group_"):
                # For an organization CKAN asks this itself.
                _refuse_producer(body)
        return original(context, data_dict)

    return action


def _changing(name: str) -> ChainedAction:
    @tk.chained_action
    def action(original: Action, context: Context, data_dict: dict[str, Any]) -> Any:
        if data_dict.get("state") not in (None, "", model.State.ACTIVE):
            tk.check_access(name, context, data_dict)
            body = model.Group.get(tk.get_or_bust(data_dict, "id"))
            if body is not None and body.is_organization:
                _refuse_producer(body)
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


def _refuse_producer(body: model.Group) -> None:
    """Refuse while datasets belong to the body: their figures would be nobody's."""
    package = model.Package
    owned = sa.select(sa.func.count()).where(
        package.owner_org == body.id, package.state != model.State.DELETED
    )
    number = model.Session.scalar(owned)
    if number:
        raise tk.ValidationError(
            {
                "state": [
                    tk._(
                        "{body} still has {count} dataset(s). Move them to another body or "
                        "delete them before deleting this one."
                    ).format(body=body.title or body.name, count=number)
                ]
            }
        )
