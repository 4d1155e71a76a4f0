"""Tables of transitions: states, and who may move something from where to where.

A table is a YAML document. The code reads it, pages show its buttons, documents draw it; so there
is one place that says who may do what from where.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

#: Whose turn it is, or who may: a part somebody plays, ``nobody``, or ``portal`` (by itself).
Who: TypeAlias = str


#: A goal that leaves the state as it is.
SAME = "="


@dataclass(frozen=True, slots=True)
class State:
    """A state.

    Attributes:
        name: term of the law.
        label: in ``id`` and ``en``.
        waits_on: whose turn it is.
        deadline: name of the deadline that runs in it, or None.
        since: what the deadline counts from: ``received`` or ``entered``.
        ends: whether nothing is left to be done.
    """

    name: str
    label: Mapping[str, str]
    waits_on: Who
    deadline: str | None = None
    since: str = "entered"
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """A state a transition leads to.

    Attributes:
        state: its name, or :data:`SAME`.
        when: the condition, or None for otherwise.
    """

    state: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a table.

    Attributes:
        name: as the API calls it.
        label: of its button, in ``id`` and ``en``.
        says: what it does, in ``id`` and ``en``.
        who: parts that may; ``portal`` happens by itself.
        before: states from which it leads.
        goals: states to which it leads; the first whose condition holds.
        needs: what must be there before or be given, in the order of the file.
        effects: what else happens, in this order.
        article: the law it rests on, or empty.
    """

    name: str
    label: Mapping[str, str]
    says: Mapping[str, str]
    who: frozenset[Who]
    before: frozenset[str]
    goals: tuple[Goal, ...]
    needs: tuple[str, ...]
    effects: tuple[str, ...]
    article: str

    def goal(self, holds: Collection[str] = ()) -> str:
        """The state it leads to, or :data:`SAME`.

        Args:
            holds: the conditions that hold.
        """
        return next(g.state for g in self.goals if g.when is None or g.when in holds)


@dataclass(frozen=True, slots=True)
class Table:
    """All states and transitions, in the order of the file."""

    states: Mapping[str, State]
    transitions: Mapping[str, Transition]

    def leaving(self, state: str) -> list[Transition]:
        """The transitions that lead from a state."""
        return [t for t in self.transitions.values() if state in t.before]


def table_of(document: Mapping[str, Any]) -> Table:
    """A table from what its YAML document holds.

    Raises:
        KeyError: a transition names a state that is not there.
    """
    states = {
        name: State(
            name=name,
            label=row["label"],
            waits_on=row["waits_on"],
            deadline=row.get("deadline"),
            since=row.get("since", "entered"),
            ends=row.get("ends", False),
        )
        for name, row in document["states"].items()
    }
    transitions = {
        name: Transition(
            name=name,
            label=row["label"],
            says=row["says"],
            who=frozenset(row["who"]),
            before=frozenset(states[s].name for s in row["from"]),
            goals=tuple(_goal(g, states) for g in row["to"]),
            needs=tuple(row.get("needs", ())),
            effects=tuple(row.get("effects", ())),
            article=row.get("article", ""),
        )
        for name, row in document["transitions"].items()
    }
    return Table(MappingProxyType(states), MappingProxyType(transitions))


def _goal(given: str | Mapping[str, str], states: Mapping[str, State]) -> Goal:
    if given == SAME:
        return Goal(SAME)
    if isinstance(given, str):
        return Goal(states[given].name)
    return Goal(states[given["state"]].name, given["when"])
