"""The table ``validation``: the latest result of each resource.

Nothing here commits, so that a result can become visible in the same moment as the file it is of.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import IntegrityError

from ckanext.validation.model import Validation


def now() -> datetime:
    """The moment as the table keeps it: UTC without a zone."""
    return datetime.now(timezone.utc).replace(tzinfo=None)


@dataclass(frozen=True)
class Outcome:
    """What one validation found.

    Attributes:
        status: ``success``, ``failure`` (errors in the data) or ``error`` (could not be validated).
        report: in the shape of frictionless, where there is one.
        error: ``message`` (list of texts), and ``code`` and ``params`` where it is one of ours.
        finished: UTC without a zone.
    """

    status: str
    report: dict[str, Any] | None
    error: dict[str, Any] | None = None
    finished: datetime = field(default_factory=now)


def find(resource_id: str) -> Any:
    """The result of a resource as the database has it now: a row of upstream's model, or None."""
    query = (
        sa.select(Validation)
        .where(Validation.resource_id == resource_id)
        .order_by(Validation.created.desc().nulls_last())
        .execution_options(populate_existing=True)
    )
    return model.Session.scalars(query).first()


def start(resource_id: str) -> None:
    """Note that a resource waits for a validation; an earlier result is gone with it."""
    wanted = {"id": str(uuid.uuid4()), "resource_id": resource_id, "moment": now()}
    model.Session.execute(_START, wanted)


_START = sa.text(
    "INSERT INTO validation (id, resource_id, status, created) "
    "VALUES (:id, :resource_id, 'created', :moment) ON CONFLICT (resource_id) DO UPDATE "
    "SET status = 'created', created = :moment, finished = NULL, report = NULL, error = NULL"
)


def run(resource_id: str) -> Any:
    """Note that a waiting validation has begun."""
    row = _find_or_add(resource_id)
    row.status = "running"
    model.Session.flush()
    return row


def finish(resource_id: str, outcome: Outcome) -> Any:
    """Keep an outcome as the result of a resource."""
    row = _find_or_add(resource_id)
    row.status, row.error, row.finished = outcome.status, outcome.error, outcome.finished
    # Upstream keeps the report as text inside the JSON column, and its readers decode it again.
    row.report = None if outcome.report is None else json.dumps(outcome.report)
    model.Session.flush()
    return row


def forget(resource_ids: Iterable[str]) -> None:
    """Remove the results of resources, where there are any."""
    for resource_id in resource_ids:
        row = find(resource_id)
        if row is not None:
            model.Session.delete(row)
    model.Session.flush()


def _find_or_add(resource_id: str) -> Any:
    row = find(resource_id)
    if row is not None:
        return row
    row = Validation(resource_id=resource_id)
    try:
        with model.Session.begin_nested():
            model.Session.add(row)
    except IntegrityError:
        # Another process was faster; the unique index says so.
        existing = find(resource_id)
        if existing is None:
            raise
        return existing
    return row


def decoded_report(report: Any) -> dict[str, Any] | None:
    """A report as a dict, however it was stored: as text inside JSON (upstream) or as an object."""
    if isinstance(report, str):
        try:
            report = json.loads(report)
        except ValueError:
            return None
    return report if isinstance(report, dict) else None
