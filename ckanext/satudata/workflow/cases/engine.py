"""How cases move: who may, what happens, and what each move leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.model.case import ANONYMOUS, Case, CaseStep
from ckanext.satudata.types import AnySession
from ckanext.satudata.workflow import trail
from ckanext.satudata.workflow.transitions import SAME, State, Transition

from . import deadlines, effects, identities, telling
from .actors import Actor
from .effects import Move
from .errors import Changed, Needs, NotAllowed, WrongState
from .tables import table


def available(case: Case, actor: Actor, now: datetime) -> list[Transition]:
    """What somebody may do with a case now, in the order of the table."""
    today = workdays.today(now)
    return [
        row
        for row in table(case.kind).leaving(case.state)
        if row.who & actor.parts
        and not ("extend" in row.effects and _extended(case, today))
        and not ("confirm_figure" in row.effects and case.figure is None)
        and not ("become_request" in row.effects and case.mode == ANONYMOUS)
    ]


def _extended(case: Case, today: date) -> bool:
    return case.extended_on is not None or (case.due_on is not None and today > case.due_on)


def locked(case_id: str, session: AnySession | None = None) -> Case:
    """A case that nobody else moves until the transaction ends.

    Raises:
        LookupError: there is none.
    """
    found = (session or model.Session).get(
        Case, case_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise LookupError(case_id)
    return found


def move(
    case: Case | str,
    transition: str,
    actor: Actor,
    *,
    note: str | None = None,
    params: Mapping[str, Any] | None = None,
    version: int | None = None,
    now: datetime,
    session: AnySession | None = None,
) -> CaseStep:
    """Move a case, in the session's transaction.

    Args:
        case: which one, or its id.
        transition: name of the transition.
        actor: who moves it; see :func:`.actors.actor_of`.
        note: what they say.
        params: what else the transition needs, by name.
        version: of the case that was looked at; another one is refused.
        now: the present moment, UTC.
        session: in whose transaction; CKAN's if None.

    Raises:
        LookupError: there is no such case or transition.
        NotAllowed, WrongState, Changed, Needs: why not.
    """
    session = session or model.Session
    found = locked(case if isinstance(case, str) else case.id, session)
    row = table(found.kind).transitions.get(transition)
    if row is None:
        raise LookupError(transition)
    if not row.who & actor.parts:
        raise NotAllowed(transition)
    if found.state not in row.before:
        raise WrongState(found.state)
    if version is not None and version != found.version:
        raise Changed(found.id)
    given = dict(params or {})
    text = (note or "").strip()
    for need in row.needs:
        if not (text if need == "note" else given.get(need)):
            raise Needs(need)
    making = Move(
        session=session,
        case=found,
        row=row,
        actor=actor,
        part=actor.acting_as(row.who),
        note=text,
        params=given,
        now=now,
        today=workdays.today(now),
    )
    for name in row.effects:
        effects.of(name)(making)
    goal = row.goal(making.holds)
    return _write(making, found.state if goal == SAME else goal)


def enter(case: Case, state: State, now: datetime) -> None:
    """Let a case come to a state: since when, until when, and whether it is over."""
    today = workdays.today(now)
    was_over = case.closed_at is not None
    if case.state != state.name:
        case.since = now
    case.state = state.name
    case.due_on = deadlines.in_state(case, state, today)
    case.closed_at = (case.closed_at or now) if state.ends else None
    if case.identity_id and state.ends and not was_over and not _needed_elsewhere(case):
        identities.close(case.identity_id, today)
    if case.identity_id and was_over and not state.ends:
        identities.reopen(case.identity_id)


def _needed_elsewhere(case: Case) -> bool:
    """Whether another case of the same person, such as an objection, is still open."""
    others = (Case.identity_id == case.identity_id, Case.id != case.id, Case.closed_at.is_(None))
    return bool(model.Session.scalar(sa.select(sa.exists().where(*others))))


def _write(making: Move, after: str) -> CaseStep:
    """State, step, audit trail and notices of a move."""
    case, before, session = making.case, making.case.state, making.session
    was_with = case.organization_id
    enter(case, table(case.kind).states[after], making.now)
    case.version += 1
    step = CaseStep(
        case_id=case.id,
        transition=making.row.name,
        before=before,
        after=after,
        part=making.part,
        actor=making.user_id,
        organization_id=making.kept.get("organization") or was_with,
        note="" if "tell" in making.row.effects else making.note,
        params=making.kept,
        due_on=case.due_on,
        at=making.now,
    )
    session.add(step)
    session.flush()
    trail.record(
        f"case.{making.row.name}",
        telling.subject(case),
        actor=making.user_id,
        organization=step.organization_id,
        before={"state": before},
        after={"state": after, "part": making.part, "due_on": case.due_on},
        session=session,
    )
    telling.of_move(making, before)
    return step
