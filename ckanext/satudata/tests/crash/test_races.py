"""Agencies that publish at the same moment: what one shows, no other contradicts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ckanext.satudata import faults
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Table,
    act,
    agency,
    figures,
    refusal,
    sysadmin,
    unique,
)
from ckanext.satudata.tests.worlds import indicator as new_indicator

from .portal import violations

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
OTHER = {code: value + 50 for code, value in FIRST.items()}
_PATIENCE = 60


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """What simultaneous calls give, each in a thread and a session of its own; or their errors."""

    def outcome(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            return error
        finally:
            model.Session.remove()

    with ThreadPoolExecutor(len(calls)) as pool:
        tasks = [pool.submit(copy_context().run, outcome, call) for call in calls]
        return [task.result() for task in tasks]


def meeting(number: int) -> Callable[[], Any]:
    """A point that nobody passes before so many have reached it."""
    return threading.Barrier(number, timeout=_PATIENCE).wait


@pytest.fixture
def agencies():
    return [agency("uji-lomba-satu"), agency("uji-lomba-dua")]


def drafts(agencies, code, *tables) -> list[str]:
    out = []
    for one, values in zip(agencies, tables, strict=True):
        dataset = one.draft()
        one.add(dataset["id"], Table(code, values))
        out.append(dataset["id"])
    return out


class TestFirstFigures:
    """A new indicator: there is no figure yet that a row lock could hold."""

    def test_of_two_that_conflict_one_wins(self, agencies, code):
        ids = drafts(agencies, code, FIRST, OTHER)
        with faults.armed(figures_read=meeting(2)):
            outcomes = at_once(
                [lambda o=o, i=i: o.publish(i) for o, i in zip(agencies, ids, strict=True)]
            )
        refused = [o for o in outcomes if isinstance(o, tk.ValidationError)]
        published = [o for o in outcomes if isinstance(o, dict)]
        assert (len(published), len(refused)) == (1, 1), outcomes
        rules = {f["rule"] for f in refusal(refused[0])["findings"] if f["blocks"]}
        assert rules == {"nilai-berbeda"}
        shown = {next(iter(v)) for v in figures(code).values() if len(v) == 1}
        assert shown in (set(FIRST.values()), set(OTHER.values()))
        assert [violations(i) for i in ids] == [[], []]

    def test_two_that_agree_both_win(self, agencies, code):
        ids = drafts(agencies, code, FIRST, FIRST)
        with faults.armed(figures_read=meeting(2)):
            outcomes = at_once(
                [lambda o=o, i=i: o.publish(i) for o, i in zip(agencies, ids, strict=True)]
            )
        assert all(isinstance(o, dict) for o in outcomes), outcomes
        assert figures(code) == {(c, "2025"): {v} for c, v in FIRST.items()}

    def test_parts_and_whole_published_at_once(self, agencies, code):
        """Neither table contradicts itself; together they do not add up."""
        ids = drafts(agencies, code, FIRST, {"61.05": sum(FIRST.values()) + 50})
        with faults.armed(figures_read=meeting(2)):
            outcomes = at_once(
                [lambda o=o, i=i: o.publish(i) for o, i in zip(agencies, ids, strict=True)]
            )
        (refused,) = [o for o in outcomes if isinstance(o, tk.ValidationError)]
        assert "rekap" in {f["rule"] for f in refusal(refused)["findings"] if f["blocks"]}

    @pytest.fixture
    def code(self):
        return new_indicator()


class TestIndicators:
    def test_one_that_is_changed_meanwhile_is_judged_as_it_is(self, agencies):
        """The figures agree by the tolerance there was when they were read, not by the new one."""
        code = new_indicator(abs_tol=10)
        agencies[0].published(Table(code, FIRST))
        (dataset,) = drafts(agencies[1:], code, {c: v + 5 for c, v in FIRST.items()})

        def tighten():
            (outcome,) = at_once(
                [lambda: act("satudata_indicator_update", sysadmin(), id=code, abs_tol=0)]
            )
            assert isinstance(outcome, dict), outcome

        once = iter([tighten])
        with (
            faults.armed(figures_read=lambda: next(once, bool)()),
            pytest.raises(tk.ValidationError) as caught,
        ):
            agencies[1].publish(dataset)
        rules = {f["rule"] for f in refusal(caught.value)["findings"] if f["blocks"]}
        assert "nilai-berbeda" in rules


class TestDeadlocks:
    """PostgreSQL ends one of two transactions that wait for each other."""

    @pytest.fixture
    def dataset(self, agencies):
        code = new_indicator()
        dataset = agencies[0].draft()
        agencies[0].add(dataset["id"], Table(code, FIRST))
        return dataset

    def test_is_begun_again(self, agencies, dataset):
        """The one to be ended holds the dataset and wants a row that its opponent holds."""
        opponent = Opponent(dataset["id"])
        with faults.armed(figures_compared=opponent.meet):
            agencies[0].publish(dataset["id"])
        opponent.finish()
        assert opponent.meetings == 2
        assert act("package_show", None, id=dataset["id"])["state"] == "active"
        assert violations(dataset["id"]) == []

    def test_an_upload_is_begun_again_with_its_file(self, agencies, dataset):
        """What was read of the file in the first attempt is read again."""
        agencies[0].publish(dataset["id"])
        opponent = Opponent(dataset["id"])
        (resource,) = act("package_show", agencies[0].user, id=dataset["id"])["resources"]
        table = Table(code_of(resource), OTHER)
        with faults.armed(figures_compared=opponent.meet):
            act("resource_update", agencies[0].user, id=resource["id"], **table.resource())
        opponent.finish()
        assert opponent.meetings == 2
        assert {next(iter(v)) for v in figures(code_of(resource)).values()} == set(OTHER.values())
        assert violations(dataset["id"]) == []

    def test_in_the_end_people_are_asked_to_try_again(self, agencies, dataset):
        def give_up():
            model.Session.execute(
                sa.text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")
            )

        with faults.armed(figures_compared=give_up), pytest.raises(tk.ValidationError) as caught:
            agencies[0].publish(dataset["id"])
        (message,) = caught.value.error_dict["satudata"]
        assert "try again" in message
        model.Session.remove()
        assert act("package_show", agencies[0].user, id=dataset["id"])["state"] == "draft"
        assert violations(dataset["id"]) == []

    def test_an_attempt_inside_somebody_elses_transaction_is_not_repeated(self, agencies, dataset):
        """With the first attempt the caller's own changes are gone."""
        attempts = []

        def give_up():
            attempts.append(1)
            model.Session.execute(
                sa.text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$")
            )

        user = model.User.by_name(agencies[0].user)
        context = {"user": user.name, "defer_commit": True, "return_id_only": True}
        with faults.armed(figures_compared=give_up), pytest.raises(tk.ValidationError):
            tk.get_action("package_patch")(context, {"id": dataset["id"], "state": "active"})
        assert len(attempts) == 1
        model.Session.rollback()


def code_of(resource) -> str:
    """The indicator of a test's table."""
    return model.Session.scalar(
        sa.text(
            "SELECT i.code FROM satudata_indicator i JOIN satudata_publication p "
            "ON p.indicator_id = i.id WHERE p.resource_id = :id"
        ),
        {"id": resource["id"]},
    )


class Opponent:
    """Somebody for whom we wait, and who then waits for us, until PostgreSQL ends our part."""

    def __init__(self, dataset: str) -> None:
        self.meetings = 0
        self._dataset = dataset
        self._threads: list[threading.Thread] = []

    def meet(self) -> None:
        """Wait for each other, at the first meeting; called in our transaction."""
        self.meetings += 1
        us = model.Session.scalar(sa.text("SELECT pg_backend_pid()"))
        while self.meetings == 1:
            # PostgreSQL may end his part instead: then it is tried again.
            lock, holds = unique("lawan"), threading.Event()
            thread = threading.Thread(target=self._oppose, args=[us, lock, holds])
            self._threads.append(thread)
            thread.start()
            assert holds.wait(_PATIENCE)
            model.Session.execute(_ADVISORY, {"name": lock})

    def finish(self) -> None:
        """Wait until he has gone."""
        for thread in self._threads:
            thread.join()

    def _oppose(self, us: int, lock: str, holds: threading.Event) -> None:
        with Session(bind=model.ensure_engine()) as session, suppress(OperationalError):
            session.execute(_ADVISORY, {"name": lock})
            holds.set()
            while not session.scalar(_WAITS, {"pid": us}):
                pass
            session.execute(_LOCK, {"id": self._dataset})


_ADVISORY = sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))")
_WAITS = sa.text("SELECT cardinality(pg_blocking_pids(:pid)) > 0")
_LOCK = sa.text("SELECT FROM package WHERE id = :id FOR UPDATE")
