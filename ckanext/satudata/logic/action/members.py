"""Who belongs to a body, and as what: every change goes on record."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.committing import commit
from ckanext.satudata.workflow import trail


@tk.chained_action
def member_create(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Write down who became what in a body, in the same transaction.

    CKAN's other actions about members come through here.
    """
    found = _membership(data_dict)
    if found is None:
        return original(context, data_dict)
    body, user, before = found
    done = original({**context, "defer_commit": True}, data_dict)
    after = data_dict.get("capacity")
    if after != before:
        _record(context, body, user, before, after)
    commit(context)
    return done


@tk.chained_action
def member_delete(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Write down who left a body; CKAN commits it with the change."""
    found = _membership(data_dict)
    if found is not None:
        tk.check_access("member_delete", context, data_dict)
        body, user, before = found
        if before is not None:
            _record(context, body, user, before, None)
    return original(context, data_dict)


def _membership(data_dict: DataDict) -> tuple[model.Group, model.User, str | None] | None:
    """The body, the person and what they are there; None for what is no person in a body."""
    if data_dict.get("object_type") != "user":
        return None
    body = model.Group.get(data_dict.get("id"))
    user = model.User.get(data_dict.get("object"))
    if body is None or user is None or not body.is_organization:
        return None
    member = model.Member
    capacity = model.Session.scalar(
        sa.select(member.capacity).where(
            member.table_name == "user",
            member.table_id == user.id,
            member.group_id == body.id,
            member.state == model.State.ACTIVE,
        )
    )
    return body, user, capacity


def _record(
    context: Context, body: model.Group, user: model.User, before: str | None, after: str | None
) -> None:
    actor = person(context)
    trail.record(
        "organization.member",
        trail.Subject("organization", body.id, body.title or body.name),
        actor=actor.id if actor else None,
        organization=body.id,
        before={"user": user.id, "capacity": before} if before else None,
        after={"user": user.id, "capacity": after} if after else None,
    )
