"""Every rule of the comparison has an example that passes and one that fails; both are run."""

from __future__ import annotations

import pytest

from ckanext.satudata.consistency.checks import CHECKS
from ckanext.satudata.rules import examples, shipped

EVERY = list(examples.every())

#: Two tables of one dataset cannot be told with one; and the general words of formulas are no
#: rule of their own.
WITHOUT = {"kunci-berulang", "rumus"}


class TestExamples:
    @pytest.mark.parametrize("one", EVERY, ids=lambda e: f"{e.rule}-{e.passes}")
    def test_does_what_it_says(self, one):
        found = one.findings(shipped())
        assert bool(found) is not one.passes
        if one.passes:
            assert set(one.title) == {"id", "en"}

    @pytest.mark.parametrize("one", [e for e in EVERY if e.passes], ids=lambda e: e.rule)
    def test_what_passes_is_not_held_back(self, one):
        blocking = [f.rule for f in one.run(shipped()).findings if f.blocks]
        assert blocking == []

    def test_every_rule_of_the_comparison_has_some(self):
        rules = {rule for check in CHECKS for rule in check.emits} | set(
            shipped().relations.formulas
        )
        assert {e.rule for e in EVERY} == rules - WITHOUT
