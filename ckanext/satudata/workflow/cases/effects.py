"""What a move does besides leading to a new state: effects by the names of ``transitions.yaml``.

A kind's own effects register themselves with :func:`effect`; :mod:`.cases` imports the modules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ckan import model

from ckanext.satudata.model.case import Case, CaseMessage
from ckanext.satudata.types import AnySession
from ckanext.satudata.workflow.transitions import Transition

from .actors import REPORTER, Actor
from .deadlines import CLASSES
from .errors import Needs


@dataclass(slots=True)
class Move:
    """A move that is being made.

    Attributes:
        session: in whose transaction.
        case: locked.
        row: the transition.
        actor: who makes it.
        part: as what.
        note: what they say.
        params: what they give, by the names of ``needs``.
        now: the present moment, UTC.
        today: the day it is.
        holds: conditions that hold after the effects; they decide where the move leads.
        kept: what of ``params`` is written down with the step; no personal data.
        side: whose message the note is.
    """

    session: AnySession
    case: Case
    row: Transition
    actor: Actor
    part: str
    note: str
    params: Mapping[str, Any]
    now: datetime
    today: date
    holds: set[str] = field(default_factory=set)
    kept: dict[str, Any] = field(default_factory=dict)

    @property
    def user_id(self) -> str | None:
        """Id of the officer; of whoever asked nothing is written down."""
        return None if self.part == REPORTER or self.actor.user is None else self.actor.user.id


Effect = Callable[[Move], None]
_EFFECTS: dict[str, Effect] = {}


def effect(name: str) -> Callable[[Effect], Effect]:
    """Register what an effect of ``transitions.yaml`` does."""

    def keep(function: Effect) -> Effect:
        _EFFECTS[name] = function
        return function

    return keep


def of(name: str) -> Effect:
    """What an effect does.

    Raises:
        KeyError: nobody has registered it.
    """
    return _EFFECTS[name]


def known() -> frozenset[str]:
    """Names of all effects."""
    return frozenset(_EFFECTS)


def side_of(move: Move) -> str:
    """Whose side somebody speaks for."""
    return move.part if move.part in ("pemohon", "instansi", "portal") else "petugas"


@effect("tell")
def _tell(move: Move) -> None:
    """The note is written to the person (or by them)."""
    if move.note:
        move.session.add(
            CaseMessage(
                case_id=move.case.id,
                side=side_of(move),
                user_id=move.user_id,
                organization_id=move.case.organization_id if move.part == "instansi" else None,
                audience="pemohon",
                text=move.note,
                created_at=move.now,
            )
        )


@effect("assign")
def _assign(move: Move) -> None:
    """Hand the case to a body."""
    group = model.Group.get(str(move.params["organization"]))
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        raise Needs("organization", "unknown")
    move.kept["organization"] = group.id
    move.case.organization_id = group.id


@effect("unassign")
def _unassign(move: Move) -> None:
    """The case goes back to the officer; the step says from whom."""
    move.kept["organization"] = move.case.organization_id
    move.case.organization_id = None


@effect("receive")
def _receive(move: Move) -> None:
    """The time counts from today, with another extension at hand."""
    move.case.received_on = move.today
    move.case.extended_on = None


@effect("extend")
def _extend(move: Move) -> None:
    """Once, and only before the time is over (UU 14/2008 Ps. 22(8))."""
    if move.case.extended_on is not None:
        raise Needs("extension", "once")
    if move.case.due_on is not None and move.today > move.case.due_on:
        raise Needs("extension", "late")
    move.case.extended_on = move.today


@effect("classify")
def _classify(move: Move) -> None:
    """The class decides how long a complaint may take."""
    grade = str(move.params["class"])
    if grade not in CLASSES:
        raise Needs("class", "unknown")
    move.kept["class"] = grade
    move.case.grade = grade


@effect("reply")
def _reply(move: Move) -> None:
    """The first reply to a reporter."""
    move.case.answered_at = move.case.answered_at or move.now
