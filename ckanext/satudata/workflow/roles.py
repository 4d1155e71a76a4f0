"""Who is what: CKAN's capacities in an organization times its role in Satu Data.

There is no role table of our own (Perpres 39/2019 Ps. 19-23 gives roles to bodies, CKAN
gives people capacities in bodies). Every "may this person" question is answered here.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from ckan import authz, model

WALIDATA = "walidata"
PEMBINA = "pembina"
KOORDINATOR = "koordinator"
PPID = "ppid"
PRODUSEN = "produsen"

#: Organization field that holds its roles.
FIELD = "peran"


def roles_of(organization: model.Group) -> frozenset[str]:
    """The Satu Data roles of a body."""
    extras: dict[str, str] = getattr(organization, "extras", None) or {}
    value: list[str] | str = extras.get(FIELD) or []
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else [value]
    return frozenset(value)


def bodies_with(role: str) -> list[model.Group]:
    """The active bodies that have a role."""
    groups = model.Session.scalars(
        sa.select(model.Group).where(
            model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE
        )
    )
    return [g for g in groups if role in roles_of(g)]


def is_walidata(user: model.User) -> bool:
    """Whether a person works for the walidata as editor or admin (or is sysadmin).

    CKAN hands visitors to auth functions as a user without a name.
    """
    return bool(user.name) and _works_for(user, WALIDATA)


def _works_for(user: model.User, role: str) -> bool:
    if user.sysadmin:
        return True
    return any(
        authz.has_user_permission_for_group_or_org(body.id, user.name, "update_dataset")
        for body in bodies_with(role)
    )
