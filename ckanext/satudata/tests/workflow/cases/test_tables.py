"""The tables of transitions of cases are sound."""

from __future__ import annotations

from itertools import chain

import pytest

from ckanext.satudata.model.case import KINDS
from ckanext.satudata.workflow.cases import cases, deadlines, effects, grounds
from ckanext.satudata.workflow.cases.tables import FIRST, UNCONFIRMED, table, tables
from ckanext.satudata.workflow.transitions import SAME

assert cases  # registers the effects


@pytest.mark.parametrize("kind", KINDS)
class TestTables:
    def test_every_state_is_reached(self, kind: str) -> None:
        reached, before = {FIRST[kind], UNCONFIRMED} & set(table(kind).states), set[str]()
        while reached != before:
            before = set(reached)
            for row in table(kind).transitions.values():
                if row.before & reached:
                    reached |= {g.state for g in row.goals} - {SAME}
        assert reached == set(table(kind).states)

    def test_every_state_that_does_not_end_can_be_left_by_whom_it_waits_on(self, kind: str) -> None:
        offices = {"petugas": {"petugas", "ppid", "walidata"}}
        stuck = [
            s.name
            for s in table(kind).states.values()
            if not s.ends
            and not any(
                row.who & offices.get(s.waits_on, {s.waits_on})
                and any(g.state not in (SAME, s.name) for g in row.goals)
                for row in table(kind).leaving(s.name)
            )
        ]
        assert stuck == []

    def test_whoever_asked_can_withdraw_until_it_is_answered(self, kind: str) -> None:
        begun = {FIRST[kind]} | ({UNCONFIRMED} & set(table(kind).states))
        assert begun <= table(kind).transitions["cabut"].before

    def test_effects_and_deadlines_exist(self, kind: str) -> None:
        used = set(chain.from_iterable(t.effects for t in table(kind).transitions.values()))
        assert used <= effects.known()
        named = {s.deadline for s in table(kind).states.values()} - {None, "janji", "kelas"}
        assert named <= set(deadlines.all_of(kind))

    def test_the_last_goal_needs_no_condition(self, kind: str) -> None:
        assert [t.name for t in table(kind).transitions.values() if t.goals[-1].when] == []


class TestLaw:
    def test_the_public_lane_refuses_on_a_ground_only(self) -> None:
        refusing = {
            t.name: t
            for t in table("permintaan").transitions.values()
            if "refuse" in t.effects and "ppid" in t.who | {"petugas"} and "walidata" not in t.who
        }
        assert list(refusing) == ["tolak"]
        assert {"ground", "consequence"} <= set(refusing["tolak"].needs)

    def test_grounds_are_those_of_the_law(self) -> None:
        assert [g.name for g in grounds.exemptions()] == list("abcdefghij")
        assert [g.name for g in grounds.objections()] == list("abcdefg")

    def test_classes_are_deadlines(self) -> None:
        assert set(deadlines.CLASSES) <= set(deadlines.all_of("pengaduan"))

    def test_all_kinds_have_a_table(self) -> None:
        assert set(tables()) == set(KINDS)
