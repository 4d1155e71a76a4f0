"""What the portal's bodies have in common: uniqueness of codes and roles, and their order.

The checks read committed rows, so whoever relies on them holds :func:`lock` until the
transaction ends; two people who claim one role at the same moment then come one after the
other.
"""

from __future__ import annotations

import json
from collections.abc import Collection

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import Session

#: Arbitrary, but the same in every process of the portal.
_LOCK = 0x5A7DA7A

#: Set in the context where a form or the API says that a body hangs under no other.
NO_PARENT = "satudata_no_parent"

#: Roles that one body has at most, and whether some body must keep them.
SINGLE = frozenset({"walidata", "koordinator"})
KEPT = frozenset({"walidata"})


def lock(session: Session) -> None:
    """Let nobody else change roles and codes of bodies until this transaction ends."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def with_value(session: Session, field: str, value: str, *, but: str | None) -> model.Group | None:
    """An active body, other than ``but`` (an id), whose field has this value."""
    return session.scalars(
        _active().where(model.Group.extras[field].astext == value, model.Group.id != (but or ""))
    ).first()


def with_role(session: Session, role: str, *, but: str | None = None) -> list[model.Group]:
    """The active bodies, other than ``but`` (an id), that have a role."""
    mentioned = session.scalars(
        _active().where(
            model.Group.extras["peran"].astext.contains(json.dumps(role), autoescape=True),
            model.Group.id != (but or ""),
        )
    )
    return list(mentioned)


def subordinates(session: Session, body: str) -> list[model.Group]:
    """The active bodies that hang under a body, given by its id."""
    return list(
        session.scalars(
            _active()
            .join(model.Member, model.Member.group_id == model.Group.id)
            .where(
                model.Member.table_name == "group",
                model.Member.state == model.State.ACTIVE,
                model.Member.table_id == body,
            )
        )
    )


def superiors(session: Session, body: str) -> list[model.Group]:
    """The active bodies under which a body, given by its id, hangs."""
    return list(
        session.scalars(
            _active()
            .join(model.Member, model.Member.table_id == model.Group.id)
            .where(
                model.Member.table_name == "group",
                model.Member.state == model.State.ACTIVE,
                model.Member.group_id == body,
            )
        )
    )


def of_kinds(session: Session, kinds: Collection[str]) -> list[model.Group]:
    """The active bodies of these kinds, by title."""
    return list(
        session.scalars(
            _active()
            .where(model.Group.extras["jenis"].astext.in_(sorted(kinds)))
            .order_by(model.Group.title)
        )
    )


def _active() -> sa.Select[tuple[model.Group]]:
    return sa.select(model.Group).where(
        model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE
    )
