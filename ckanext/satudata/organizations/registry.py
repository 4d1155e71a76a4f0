"""What the portal's bodies have in common: uniqueness of codes and roles, and their order.

The checks read committed rows, so whoever relies on them holds :func:`lock` until the
transaction ends; two people who claim one role at the same moment then come one after the
other.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, cast

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.schemas.publication import listed

#: Arbitrary, but the same in every process of the portal.
_LOCK = 0x5A7DA7A

#: Set in the context where a form or the API says that a body hangs under no other.
NO_PARENT = "satudata_no_parent"

#: Roles that one body has at most, and whether some body must keep them.
SINGLE = frozenset({"walidata", "koordinator"})
KEPT = frozenset({"walidata"})

#: CKAN maps the column without telling type checkers.
_EXTRAS = model.group_table.c.extras


def value_of(body: model.Group, field: str) -> str | None:
    """What a body's field holds, as stored."""
    return values(body).get(field)


def values(body: model.Group) -> dict[str, str]:
    """What a body's fields hold, as stored; those that CKAN has itself are not among them."""
    return cast("Any", body).extras


def roles_of(body: model.Group) -> list[str]:
    """The roles of a body in Satu Data."""
    return listed(value_of(body, "peran"))


def lock() -> None:
    """Let nobody else change roles and codes of bodies until this transaction ends."""
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def with_value(field: str, value: str, *, but: str | None) -> model.Group | None:
    """An active body, other than ``but`` (an id), whose field has this value."""
    return model.Session.scalars(
        _active().where(_EXTRAS[field].astext == value, model.Group.id != (but or ""))
    ).first()


def with_role(role: str, *, but: str | None = None) -> list[model.Group]:
    """The active bodies, other than ``but`` (an id), that have a role."""
    mentioned = model.Session.scalars(
        _active().where(
            _EXTRAS["peran"].astext.contains(json.dumps(role), autoescape=True),
            model.Group.id != (but or ""),
        )
    )
    return list(mentioned)


def subordinates(body: str) -> list[model.Group]:
    """The active bodies that hang under a body, given by its id."""
    return list(
        model.Session.scalars(
            _active()
            .join(model.Member, model.Member.group_id == model.Group.id)
            .where(
                model.Member.table_name == "group",
                model.Member.state == model.State.ACTIVE,
                model.Member.table_id == body,
            )
        )
    )


def superiors(body: str) -> list[model.Group]:
    """The active bodies under which a body, given by its id, hangs."""
    return list(
        model.Session.scalars(
            _active()
            .join(model.Member, model.Member.table_id == model.Group.id)
            .where(
                model.Member.table_name == "group",
                model.Member.state == model.State.ACTIVE,
                model.Member.group_id == body,
            )
        )
    )


def all_bodies() -> list[model.Group]:
    """All active bodies, by title."""
    return list(model.Session.scalars(_active().order_by(model.Group.title)))


def of_kinds(kinds: Collection[str]) -> list[model.Group]:
    """The active bodies of these kinds, by title."""
    return list(
        model.Session.scalars(
            _active().where(_EXTRAS["jenis"].astext.in_(sorted(kinds))).order_by(model.Group.title)
        )
    )


def _active() -> sa.Select[tuple[model.Group]]:
    return sa.select(model.Group).where(
        model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE
    )
