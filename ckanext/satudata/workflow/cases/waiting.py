"""The cases in which it is somebody's turn."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import defer

from ckanext.satudata.model.case import COMPLAINT, GOVERNMENT, OBJECTION, REQUEST, SUGGESTION, Case

from .actors import AGENCY, OFFICER, PPID, REPORTER, SUPERIOR, WALIDATA, actor_of
from .tables import UNCONFIRMED, waiting_on


def on(user: model.User, *, limit: int) -> list[Case]:
    """The open cases that wait on a person or those who work with them, what is due first on top.

    Args:
        user: the person.
        limit: how many at most.
    """
    actor = actor_of(user, None)
    mine: list[Any] = [
        sa.and_(Case.user_id == user.id, Case.state.in_(_states(REPORTER) - {UNCONFIRMED}))
    ]
    if actor.bodies:
        handed = Case.organization_id.in_(sorted(actor.bodies))
        mine.append(sa.and_(handed, Case.state.in_(_states(AGENCY))))
    if WALIDATA in actor.parts:
        mine.append(sa.and_(Case.kind.in_((COMPLAINT, SUGGESTION)), _turn(WALIDATA)))
        mine.append(sa.and_(Case.kind == REQUEST, Case.lane == GOVERNMENT, _turn(OFFICER)))
    if PPID in actor.parts:
        mine.append(sa.and_(Case.kind == REQUEST, Case.lane != GOVERNMENT, _turn(OFFICER)))
    if SUPERIOR in actor.parts:
        mine.append(sa.and_(Case.kind == OBJECTION, _turn(SUPERIOR)))
    return list(
        model.Session.scalars(
            sa.select(Case)
            .options(defer(Case.words))
            .where(Case.closed_at.is_(None), sa.or_(*mine))
            .order_by(Case.due_on.asc().nulls_last(), Case.id)
            .limit(limit)
        )
    )


def _turn(part: str) -> Any:
    return Case.state.in_(_states(part))


def _states(part: str) -> frozenset[str]:
    """States, of any kind, in which it is a part's turn."""
    return waiting_on(part)
