"""Agreements that begin or end while somebody publishes: what is public is always as agreed."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata import faults
from ckanext.satudata.tests.workflow.test_agreements import (
    CONTRADICTS,
    FIRST,
    NOTE,
    SECOND,
    WHERE,
    World,
    refused,
)
from ckanext.satudata.tests.worlds import Table, act, figures

from .portal import violations
from .test_races import at_once, meeting

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def world():
    return World()


def in_between(call) -> Any:
    """What is done by somebody else when the figures were read and compared, once."""

    def other() -> None:
        (outcome,) = at_once([call])
        assert isinstance(outcome, dict), outcome

    once = iter([other])
    return lambda: next(once, bool)()


class TestWhileSomebodyPublishes:
    def test_an_agreement_that_comes_into_force_binds_it(self, world):
        proposed = world.accept(world.propose(world.thing(value=250)), world.other)
        draft = world.holder.draft()
        world.holder.add(draft["id"], Table(world.code, FIRST))
        with faults.armed(figures_read=in_between(lambda: world.accept(proposed, world.holder))):
            assert refused(lambda: world.holder.publish(draft["id"])) == {CONTRADICTS}
        assert figures(world.code) == {}

    def test_an_agreement_that_ends_lets_nothing_pass_any_more(self, world):
        public = world.holder.published(Table(world.code, FIRST))
        holds = world.both(100, 250)
        draft = world.other.draft()
        world.other.add(draft["id"], Table(world.code, SECOND))
        ended = {"id": holds["id"], "reason": NOTE}

        def end():
            return act("satudata_agreement_withdraw", world.walidata, **ended)

        with faults.armed(figures_read=in_between(end)):
            assert refused(lambda: world.other.publish(draft["id"])) == {"nilai-berbeda"}
        assert figures(world.code)[WHERE, "2025"] == {100}
        assert violations(public["id"]) == []

    def test_what_holds_the_locks_first_is_seen_by_the_other(self, world):
        """The publisher has all locks: the last acceptance waits, and then finds its figures."""
        proposed = world.accept(world.propose(world.thing(value=250)), world.other)
        draft = world.holder.draft()
        world.holder.add(draft["id"], Table(world.code, FIRST))
        together = meeting(2)
        with faults.armed(indicators_locked=together, agreement_accepted=together):
            outcomes = at_once(
                [
                    lambda: world.holder.publish(draft["id"]),
                    lambda: world.accept(proposed, world.holder),
                ]
            )
        assert all(isinstance(o, dict) for o in outcomes), outcomes
        holds = act("satudata_agreement_show", None, id=proposed["id"])
        assert holds["state"] == "berlaku"
        assert [d["value"] for d in holds["deviations"]] == [100.0]


class TestSeveralAgreements:
    def test_of_two_about_one_object_one_holds(self, world):
        proposed = [world.propose(world.thing(value=v)) for v in (250, 260)]
        for one in proposed:
            world.accept(one, world.other)
        with faults.armed(agreement_accepted=meeting(2)):
            outcomes = at_once([lambda o=o: world.accept(o, world.holder) for o in proposed])
        assert sum(isinstance(o, dict) for o in outcomes) == 1
        (error,) = [o for o in outcomes if not isinstance(o, dict)]
        assert isinstance(error, tk.ValidationError)
        assert "objects" in error.error_dict
        found = act("satudata_agreement_list", world.walidata, indicator=world.code)["results"]
        assert sorted(a["state"] for a in found) == ["berlaku", "usulan"]

    def test_the_last_two_acceptances_at_once(self, world):
        proposed = world.propose(world.thing(value=250))
        outcomes = at_once(
            [lambda o=o: world.accept(proposed, o) for o in (world.holder, world.other)]
        )
        assert all(isinstance(o, dict) for o in outcomes), outcomes
        assert act("satudata_agreement_show", None, id=proposed["id"])["state"] == "berlaku"


class TestFailures:
    @pytest.mark.parametrize(
        "point", ["agreement_accepted", "agreement_locked", "agreement_enforced"]
    )
    def test_all_of_it_or_nothing(self, world, point):
        first = world.one_figure(250)
        revised = act(
            "satudata_agreement_revise",
            world.walidata,
            id=first["id"],
            note=NOTE,
            objects=[world.thing(value=260)],
        )
        world.accept(revised, world.other)

        def fail():
            raise faults.Fault(point)

        (outcome,) = at_once(
            [lambda: _armed(point, fail, lambda: world.accept(revised, world.holder))]
        )
        assert isinstance(outcome, faults.Fault)
        shown = act("satudata_agreement_show", world.walidata, id=revised["id"])
        assert shown["state"] == "usulan"
        (holder,) = [p for p in shown["parties"] if p["holder"]]
        assert holder["accepted_at"] is None
        assert act("satudata_agreement_show", None, id=first["id"])["state"] == "berlaku"
        world.holder.published(Table(world.code, SECOND))


def _armed(point, handler, call):
    with faults.armed(**{point: handler}):
        return call()
