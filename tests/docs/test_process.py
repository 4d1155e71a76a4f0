"""The page about processes shows exactly what the portal does."""

from __future__ import annotations

import re
from types import ModuleType

from ckanext.satudata.workflow.review.transitions import table


class TestDiagram:
    def test_every_arrow_of_the_table_is_drawn_and_no_other(self, hooks: ModuleType) -> None:
        drawn = "\n".join(hooks.process_diagram.markdown())
        arrows = set(
            re.findall(r'data-transition="(\w+)" data-from="(\w+)" data-to="(\w+)"', drawn)
        )
        assert arrows == {
            (row.name, start, goal.state)
            for row in table().transitions.values()
            for start in row.before
            for goal in row.goals
        }

    def test_every_state_is_drawn(self, hooks: ModuleType) -> None:
        drawn = "\n".join(hooks.process_diagram.markdown())
        assert set(re.findall(r'id="state-(\w+)"', drawn)) == set(table().states)

    def test_every_transition_is_explained(self, hooks: ModuleType) -> None:
        shown = "\n".join(hooks.process_diagram.markdown())
        for row in table().transitions.values():
            (line,) = [text for text in shown.splitlines() if f"(`{row.name}`)" in text]
            assert row.says["id"] in line
            assert all(table().states[s].label["id"] in line for s in row.before)
