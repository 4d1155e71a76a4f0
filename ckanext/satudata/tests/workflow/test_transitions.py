"""The table of transitions is sound: every state can be reached and left, by somebody."""

from __future__ import annotations

import pytest

from ckanext.satudata.model.process import ACCEPTED, OPEN
from ckanext.satudata.workflow.review.transitions import MEETING, PRIORITY, parsed, table

_SMALL = """
states:
  a: {label: {id: A, en: A}, waits_on: produsen}
  b: {label: {id: B, en: B}, waits_on: pembina}
  c: {label: {id: C, en: C}, waits_on: rapat}
transitions:
  maju:
    label: {id: Maju, en: On}
    says: {id: Maju., en: On.}
    who: [produsen]
    from: [a]
    to: [{state: b, when: data prioritas}, {state: c, when: kebijakan rapat}, a]
    article: Ps. 1
"""


class TestTable:
    def test_it_knows_the_states_the_database_knows(self) -> None:
        assert set(table().states) == {*OPEN, *ACCEPTED}

    def test_every_state_is_reached_from_a_draft(self) -> None:
        reached, before = {"draft"}, set[str]()
        while reached != before:
            before = set(reached)
            for row in table().transitions.values():
                if row.before & reached:
                    reached |= {g.state for g in row.goals}
        assert reached == set(table().states)

    def test_who_is_waited_for_can_lead_on(self) -> None:
        stuck = [
            s.name
            for s in table().states.values()
            if s.waits_on in ("produsen", "walidata", "pembina")
            and not any(
                s.waits_on in t.who and any(g.state != s.name for g in t.goals)
                for t in table().leaving(s.name)
            )
        ]
        assert stuck == []

    def test_the_last_goal_needs_no_condition(self) -> None:
        assert [t.name for t in table().transitions.values() if t.goals[-1].when] == []

    def test_nobody_approves_without_a_second_pair_of_eyes(self) -> None:
        approvals = [t for t in table().transitions.values() if t.name.startswith("setujui")]
        lacking = {t.name for t in approvals if "four_eyes" not in t.needs}
        # Whoever publishes without submitting has approved by that; it is on record.
        assert lacking == {"setujui_langsung"}


class TestGoal:
    @pytest.mark.parametrize(
        ("holds", "goal"),
        [({PRIORITY, MEETING}, "b"), ({MEETING}, "c"), (set[str](), "a")],
    )
    def test_the_first_that_holds(self, holds: set[str], goal: str) -> None:
        row = parsed(_SMALL).transitions["maju"]
        assert row.goal(holds) == goal

    def test_unknown_states_are_refused(self) -> None:
        with pytest.raises(KeyError):
            parsed(_SMALL.replace("from: [a]", "from: [z]"))
