"""Objections to how a request was dealt with (UU 14/2008 Ps. 35-37)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.model.case import OBJECTION, REQUEST, Case

from . import deadlines, engine, grounds
from .actors import ITSELF
from .effects import Move, effect
from .tables import table


def of_request(request: Case) -> list[Case]:
    """The objections to a request, oldest first."""
    return list(
        model.Session.scalars(
            sa.select(Case)
            .where(Case.parent_id == request.id, Case.kind == OBJECTION)
            .order_by(Case.opened_at)
        )
    )


def open_grounds(request: Case, now: datetime) -> list[grounds.Ground]:
    """The grounds on which one may object to a request today; empty if there is none.

    An objection supposes an answer, or that the time to answer is over; it is lodged within 30
    working days after that (Ps. 36(1)), and one at a time.

    Args:
        request: which one.
        now: the present moment, UTC.
    """
    if request.kind != REQUEST or any(o.closed_at is None for o in of_request(request)):
        return []
    today = workdays.today(now)
    found = []
    for ground in grounds.objections():
        begins = _began(request, ground.after, today)
        if begins is not None and today <= deadlines.due_on(REQUEST, "keberatan", begins):
            found.append(ground)
    return found


def may_object(request: Case, names: Collection[str], now: datetime) -> bool:
    """Whether these are grounds on which one may object to a request today."""
    return bool(names) and set(names) <= {g.name for g in open_grounds(request, now)}


def _began(request: Case, after: str, today: date) -> date | None:
    """The day a ground was found, or None if it does not hold."""
    answered = workdays.today(request.answered_at) if request.answered_at else None
    due = answer_due(request)
    late = due if due is not None and (answered or today) > due else None
    if after == "due":
        return answered if late and answered else late
    return answered if after == "answer" else answered or late


def answer_due(request: Case) -> date | None:
    """The last day for a request's answer, whatever state it is in."""
    if request.received_on is None:
        return None
    return deadlines.in_state(request, table(REQUEST).states["diproses"], request.received_on)


@effect("decide")
def _decide(move: Move) -> None:
    """The superior has decided."""
    move.case.outcome = move.row.goals[0].state
    move.case.answered_at = move.now


@effect("reopen_request")
def _reopen_request(move: Move) -> None:
    """The request goes back to the PPID with the superior's direction."""
    if move.case.parent_id:
        engine.move(
            move.case.parent_id,
            "buka_kembali",
            ITSELF,
            note=move.note,
            now=move.now,
            session=move.session,
        )
