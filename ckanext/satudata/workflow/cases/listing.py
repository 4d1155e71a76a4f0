"""Lists of cases: what one may see, filtered, page by page along an index.

Pages begin after a key instead of counting rows, so the last page costs what the first does.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import defer

from ckanext.satudata.model.case import COMPLAINT, OBJECTION, REQUEST, SUGGESTION, Case

from .actors import PPID, SUPERIOR, WALIDATA, Actor
from .tables import UNCONFIRMED, waiting_on

#: Cases on one page at most.
MOST = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Cases in order, and the key after which the next page begins (None at the end)."""

    rows: list[Case]
    next: str | None


def listing(
    actor: Actor,
    *,
    kind: str | None = None,
    state: str | None = None,
    lane: str | None = None,
    organization: str | None = None,
    overdue: date | None = None,
    text: str | None = None,
    mine: bool = False,
    open_only: bool = False,
    order: str = "opened",
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """The cases that somebody may see.

    Args:
        actor: who looks, without a case (:func:`.actors.actor_of`).
        kind: only of this kind.
        state: only in this state.
        lane: only in this lane.
        organization: only handed to this body (its id).
        overdue: only those that officials should have dealt with before this day.
        text: words of the title and the text, or a number.
        mine: those the person opened, instead of those of their office.
        open_only: only what is not over.
        order: ``opened`` (newest first) or ``due`` (the earliest last day first; open ones only).
        after: the key a page ended with.
        limit: how many, at most :data:`MOST`.
    """
    by_due = order == "due" or overdue is not None
    wanted: list[Any] = [Case.state != UNCONFIRMED, _visible(actor, mine=mine)]
    wanted += [
        column == value
        for column, value in (
            (Case.kind, kind),
            (Case.state, state),
            (Case.lane, lane),
            (Case.organization_id, organization),
        )
        if value
    ]
    if by_due:
        wanted += [Case.closed_at.is_(None), Case.due_on.is_not(None)]
    elif open_only:
        wanted.append(Case.closed_at.is_(None))
    if overdue is not None:
        wanted += [Case.due_on < overdue, Case.state.in_(sorted(on_officials()))]
    if text:
        words = Case.words.op("@@")(sa.func.plainto_tsquery(sa.literal_column("'simple'"), text))
        wanted.append(sa.or_(words, Case.number == text.strip().upper()))
    key = Case.due_on if by_due else Case.opened_at
    if after:
        wanted.append(_beyond(key, after, descending=not by_due))
    order_by = (key, Case.id) if by_due else (key.desc(), Case.id.desc())
    count = max(1, min(limit, MOST))
    rows = list(
        model.Session.scalars(
            sa.select(Case)
            .options(defer(Case.words))
            .where(*wanted)
            .order_by(*order_by)
            .limit(count + 1)
        )
    )
    if len(rows) <= count:
        return Page(rows, None)
    last = rows[count - 1]
    return Page(rows[:count], _key(last.due_on if by_due else last.opened_at, last.id))


def on_officials() -> frozenset[str]:
    """The states in which it is an official's turn."""
    return waiting_on("petugas", "instansi", WALIDATA, PPID, SUPERIOR)


def _visible(actor: Actor, *, mine: bool) -> Any:
    """The condition that somebody may see a case."""
    if actor.user is None:
        return sa.false()
    own = [Case.user_id == actor.user.id]
    if actor.bodies:
        own.append(Case.body_id.in_(sorted(actor.bodies)))
    if mine:
        return sa.or_(*own)
    kinds: set[str] = set()
    if WALIDATA in actor.parts:
        kinds |= {REQUEST, OBJECTION, COMPLAINT, SUGGESTION}
    if actor.parts & {PPID, SUPERIOR}:
        kinds |= {REQUEST, OBJECTION}
    if len(kinds) == len((REQUEST, OBJECTION, COMPLAINT, SUGGESTION)):
        return sa.true()
    seen: list[Any] = [Case.kind.in_(sorted(kinds))] if kinds else []
    if actor.bodies:
        handed = Case.organization_id.in_(sorted(actor.bodies))
        seen.append(sa.and_(handed, Case.kind != OBJECTION))
    return sa.or_(*seen) if seen else sa.false()


def _key(value: date | datetime | None, case_id: str) -> str:
    text = json.dumps([value.isoformat() if value else "", case_id])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _beyond(column: Any, after: str, *, descending: bool) -> Any:
    """The condition that a row comes after a page's last one.

    Raises:
        ValueError: nobody gave out this key.
    """
    try:
        value, case_id = json.loads(base64.urlsafe_b64decode(after.encode()))
        moment = datetime.fromisoformat(value) if descending else date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise ValueError(after) from error
    pair = sa.tuple_(column, Case.id)
    bound = sa.tuple_(
        sa.literal(moment, sa.DateTime(timezone=True) if descending else sa.Date()),
        sa.literal(str(case_id), sa.UnicodeText()),
    )
    return pair < bound if descending else pair > bound
