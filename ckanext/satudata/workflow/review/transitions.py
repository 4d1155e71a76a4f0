"""The table of transitions (``transitions.yaml``): who may move a publication where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import yaml

#: Whose turn it is, or who may: roles in Satu Data, the meeting, nobody, or the portal itself.
Who = Literal["produsen", "walidata", "pembina", "rapat", "nobody", "portal"]

PRIORITY, MEETING = "data prioritas", "kebijakan rapat"


@dataclass(frozen=True, slots=True)
class State:
    """A state of a process.

    Attributes:
        name: term of the law.
        label: in ``id`` and ``en``.
        waits_on: whose turn it is.
    """

    name: str
    label: Mapping[str, str]
    waits_on: Who


@dataclass(frozen=True, slots=True)
class Goal:
    """A state a transition leads to.

    Attributes:
        state: its name.
        when: the condition, or None for otherwise.
    """

    state: str
    when: str | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table.

    Attributes:
        name: as the API calls it.
        label: of its button, in ``id`` and ``en``.
        says: what it does, in ``id`` and ``en``.
        who: roles that may; ``portal`` happens by itself.
        before: states from which it leads.
        goals: states to which it leads; the first whose condition holds.
        needs: what must hold before.
        effects: what else happens.
        article: of Perpres 39/2019.
    """

    name: str
    label: Mapping[str, str]
    says: Mapping[str, str]
    who: frozenset[Who]
    before: frozenset[str]
    goals: tuple[Goal, ...]
    needs: frozenset[str]
    effects: frozenset[str]
    article: str

    def goal(self, *, priority: bool, meeting: bool) -> str:
        """The state it leads to.

        Args:
            priority: whether the data are priority data that no pembina has approved.
            meeting: whether the policy asks for the meeting, which has not approved them.
        """
        holds = {PRIORITY: priority, MEETING: meeting, None: True}
        return next(g.state for g in self.goals if holds[g.when])


@dataclass(frozen=True, slots=True)
class Table:
    """All states and transitions, in the order of the file."""

    states: Mapping[str, State]
    transitions: Mapping[str, Transition]

    def leaving(self, state: str) -> list[Transition]:
        """The transitions that lead from a state."""
        return [t for t in self.transitions.values() if state in t.before]


@cache
def table() -> Table:
    """The table, read once."""
    return parsed(Path(__file__).with_name("transitions.yaml").read_text("utf-8"))


def parsed(text: str) -> Table:
    """A table from YAML.

    Raises:
        KeyError: a transition names a state that is not there.
    """
    document: dict[str, Any] = yaml.safe_load(text)
    states = {
        name: State(name, row["label"], row["waits_on"]) for name, row in document["states"].items()
    }
    transitions = {
        name: Transition(
            name=name,
            label=row["label"],
            says=row["says"],
            who=frozenset(row["who"]),
            before=frozenset(states[s].name for s in row["from"]),
            goals=tuple(_goal(g, states) for g in row["to"]),
            needs=frozenset(row.get("needs", ())),
            effects=frozenset(row.get("effects", ())),
            article=row["article"],
        )
        for name, row in document["transitions"].items()
    }
    return Table(MappingProxyType(states), MappingProxyType(transitions))


def _goal(given: str | Mapping[str, str], states: Mapping[str, State]) -> Goal:
    if isinstance(given, str):
        return Goal(states[given].name)
    return Goal(states[given["state"]].name, given["when"])
