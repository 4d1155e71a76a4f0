"""Work that waits for the commit of the transaction it belongs to.

A validation that is queued before the commit can be picked up by a worker that still sees the old
file; one that is queued although the transaction is rolled back reports on a file nobody has. The
waiting list therefore hangs on the SQLAlchemy session, which is one per request and thread, and is
handed to the queue when (and only if) the outermost transaction commits. That also holds for saves
whose commit somebody else makes (``defer_commit``).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Response, after_this_request, has_request_context
from sqlalchemy import event
from sqlalchemy.orm import Session

from ckanext.validation import jobs as upstream_jobs
from ckanext.validation.logic import action as upstream_action

from . import config, jobs

log = logging.getLogger(__name__)

_KEY = "satudata_validation_pending"


@dataclass(frozen=True)
class Waiting:
    """A job for after the commit.

    Attributes:
        resource_id: the resource it is for.
        package_id: its dataset.
        kind: ``validate`` it, or ``announce`` a result that was found while it was saved.
        user: id or name of whoever saved it, to be told of errors; None for nobody.
    """

    resource_id: str
    package_id: str
    kind: str = "validate"
    user: str | None = None


def add(waiting: Waiting) -> None:
    """Let a job wait for the commit of the current transaction."""
    queue = model.Session().info.setdefault(_KEY, [])
    if waiting not in queue:
        queue.append(waiting)


def discard(resource_ids: set[str]) -> None:
    """Take back what waits for resources, because the save it came from failed."""
    session = model.Session()
    queue = session.info.get(_KEY, [])
    session.info[_KEY] = [job for job in queue if job.resource_id not in resource_ids]


def waiting() -> list[Waiting]:
    """What waits for the commit of the current transaction."""
    return list(model.Session().info.get(_KEY, []))


@event.listens_for(model.Session, "after_commit")
def _queue(session: Session) -> None:
    # A released savepoint is announced as a commit as well; only the outermost one counts.
    if session.in_nested_transaction():
        return
    jobs_ = session.info.pop(_KEY, [])
    if jobs_ and has_request_context():
        # Whoever uploads need not wait for that.
        after_this_request(lambda answer: _with(answer, jobs_))
    else:
        _enqueue_all(jobs_)


def _with(answer: Response, waiting: list[Waiting]) -> Response:
    """The answer, after which the jobs are put into the queue."""
    answer.call_on_close(lambda: _enqueue_all(waiting))
    return answer


def _enqueue_all(waiting: list[Waiting]) -> None:
    for job in waiting:
        try:
            enqueue(job)
        except Exception:
            # The data are committed, and the caller must hear so. The result stays "created", and
            # `ckan validation run` queues it again.
            log.exception("Cannot queue the validation of resource %s", job.resource_id)


@event.listens_for(model.Session, "after_rollback")
def _drop(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_KEY, None)


def enqueue(waiting: Waiting, resource: dict[str, Any] | None = None) -> None:
    """Put a job into the queue now.

    Args:
        waiting: the job.
        resource: handed to it where it is known, as upstream's jobs have it.
    """
    if waiting.kind == "announce":
        tk.enqueue_job(jobs.announce_result, [waiting.resource_id])
        return
    # Through upstream's names: they are what other extensions replace.
    upstream_action.enqueue_job(
        upstream_jobs.run_validation_job,
        [resource or {"id": waiting.resource_id, "package_id": waiting.package_id}],
        {"notify": waiting.user},
        title=f"Validate resource {waiting.resource_id}",
        rq_kwargs={"timeout": config.job_timeout()},
    )
