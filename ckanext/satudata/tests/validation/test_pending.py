"""Jobs that wait for the commit of their transaction, against the real session and queue."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from ckan import model

from ckanext.satudata.validation import jobs, pending
from ckanext.satudata.validation.pending import Waiting

pytestmark = pytest.mark.usefixtures("portal")


def names(queued: Callable) -> list[str]:
    return [job["resource"] for job in queued()]


def touch() -> None:
    """Make the session take part in a transaction, without which a commit is none."""
    model.Session.connection()


class TestCommit:
    def test_nothing_is_queued_before_it(self, queued: Callable) -> None:
        touch()
        pending.add(Waiting("r1", "p"))
        assert queued() == []
        model.Session.commit()
        assert names(queued) == ["r1"]

    def test_each_job_is_queued_once(self, queued: Callable) -> None:
        touch()
        pending.add(Waiting("r1", "p"))
        pending.add(Waiting("r1", "p"))
        model.Session.commit()
        model.Session.commit()
        assert names(queued) == ["r1"]

    def test_a_released_savepoint_is_not_the_commit(self, queued: Callable) -> None:
        touch()
        with model.Session.begin_nested():
            pending.add(Waiting("r1", "p"))
        assert queued() == []
        model.Session.commit()
        assert names(queued) == ["r1"]

    def test_a_queue_that_is_down_does_not_undo_the_commit(
        self, queued: Callable, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        def down(*args: object) -> None:
            raise ConnectionError("no redis")

        monkeypatch.setattr(pending, "enqueue", down)
        touch()
        pending.add(Waiting("r1", "p"))
        model.Session.commit()
        assert "r1" in caplog.text
        assert pending.waiting() == []

    def test_a_job_may_announce_a_result(self, queued: Callable) -> None:
        touch()
        pending.add(Waiting("r1", "p", "announce"))
        model.Session.commit()
        [job] = queued()
        assert job["function"] == f"{jobs.__name__}.announce_result"


class TestRollback:
    def test_drops_what_waits(self, queued: Callable) -> None:
        touch()
        pending.add(Waiting("r1", "p"))
        model.Session.rollback()
        touch()
        model.Session.commit()
        assert queued() == []

    def test_to_a_savepoint_keeps_what_waited_before(self, queued: Callable) -> None:
        touch()
        pending.add(Waiting("r1", "p"))
        savepoint = model.Session.begin_nested()
        touch()
        savepoint.rollback()
        model.Session.commit()
        assert names(queued) == ["r1"]


class TestDiscard:
    def test_takes_back_the_named_ones(self, queued: Callable) -> None:
        touch()
        pending.add(Waiting("r1", "p"))
        pending.add(Waiting("r2", "p"))
        pending.discard({"r1"})
        model.Session.commit()
        assert names(queued) == ["r2"]


class TestThreads:
    def test_the_commit_of_one_does_not_queue_the_jobs_of_another(self, queued: Callable) -> None:
        touch()
        pending.add(Waiting("mine", "p"))

        def other() -> None:
            touch()
            pending.add(Waiting("theirs", "p"))
            model.Session.commit()
            model.Session.remove()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert names(queued) == ["theirs"]
        model.Session.rollback()
        assert pending.waiting() == []
