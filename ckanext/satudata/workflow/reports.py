"""Reports of checks: kept, found again, and turned into documents for people and machines."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency.findings import (
    AppliedTolerance,
    Cause,
    Counterpart,
    Finding,
    Location,
    Outcome,
    Report,
    Severity,
)
from ckanext.satudata.consistency.keys import ObjectKey
from ckanext.satudata.consistency.observations import TableRef
from ckanext.satudata.model.publication import ReportRow
from ckanext.satudata.store.batch import Batch, Insertion
from ckanext.satudata.store.transaction import apart

_KEEP = Insertion(ReportRow.__table__)

#: Kind of the reports about what is public already (:mod:`.recheck`).
RECHECK = "recheck"


@dataclass(frozen=True)
class Kept:
    """A report with what is known about the check.

    Attributes:
        id: identifier of the report, or empty for one that is not kept.
        kind: ``publish``, ``check`` or ``recheck``.
        dataset: id of the dataset, or None.
        dataset_title: title at that time, or None.
        organization: id of the producer.
        user: id of the person, or None.
        created: when, UTC.
        tables: the tables that were read.
        report: the findings.
        state: fingerprint of what was looked at, or None.
    """

    id: str
    kind: str
    dataset: str | None
    dataset_title: str | None
    organization: str
    user: str | None
    created: datetime
    tables: tuple[TableRef, ...]
    report: Report
    state: str | None = None


def new_id() -> str:
    """An identifier that cannot be guessed."""
    return str(uuid.uuid4())


def keep(batch: Batch, kept: Kept) -> None:
    """Store a report with a batch of writes."""
    row = {
        "id": kept.id,
        "kind": kept.kind,
        "dataset_id": kept.dataset,
        "dataset_title": kept.dataset_title,
        "organization_id": kept.organization,
        "user_id": kept.user,
        "blocked": kept.report.blocked,
        "ruleset": kept.report.ruleset,
        "checked": kept.report.checked,
        "document": {
            "tables": [_plain(t) for t in kept.tables],
            "findings": [_plain(f) for f in kept.report.findings],
            "counts": dict(kept.report.counts),
            "evaluated": list(kept.report.evaluated),
            "state": kept.state,
        },
        "created_at": kept.created,
    }
    batch.insert(_KEEP, row)


def _plain(value: Any) -> dict[str, Any]:
    """The fields of a dataclass and of those in it; unlike ``asdict`` it copies nothing else."""
    plain = {f: getattr(value, f) for f in type(value).__dataclass_fields__}
    return {
        f: _plain(part) if hasattr(part, "__dataclass_fields__") else part
        for f, part in plain.items()
    }


def keep_apart(kept: Kept) -> None:
    """Store a report in a transaction of its own.

    A refusal rolls CKAN's transaction back; what was found must survive that.
    """
    batch = Batch()
    keep(batch, kept)
    with apart() as session:
        batch.send(session)


def find(report_id: str) -> Kept | None:
    """The report with this id, or None."""
    row = model.Session.get(ReportRow, report_id)
    return restore(row) if row else None


def latest(dataset: str) -> Kept | None:
    """The newest report about a dataset, or None."""
    row = next(iter(newest(dataset, 1)), None)
    return restore(row) if row else None


def newest(dataset: str, limit: int) -> Sequence[ReportRow]:
    """The reports about a dataset as they are stored, newest first."""
    return model.Session.scalars(
        sa.select(ReportRow)
        .where(ReportRow.dataset_id == dataset)
        .order_by(ReportRow.created_at.desc())
        .limit(limit)
    ).all()


def restore(row: ReportRow) -> Kept:
    """A report as it was kept."""
    document = row.document
    return Kept(
        id=row.id,
        kind=row.kind,
        dataset=row.dataset_id,
        dataset_title=row.dataset_title,
        organization=row.organization_id,
        user=row.user_id,
        created=row.created_at,
        tables=tuple(
            TableRef(t["resource"], t["name"], t["sheet"], tuple(t["columns"]))
            for t in document["tables"]
        ),
        report=Report(
            findings=[_finding(f) for f in document["findings"]],
            counts=document["counts"],
            ruleset=row.ruleset,
            checked=row.checked,
            evaluated=document["evaluated"],
        ),
        state=document.get("state"),
    )


def _finding(data: Mapping[str, Any]) -> Finding:
    other = data["other"]
    return Finding(
        **{
            **data,
            "severity": Severity(data["severity"]),
            "outcome": Outcome(data["outcome"]),
            "key": ObjectKey(**data["key"]) if data["key"] else None,
            "location": Location(**data["location"]) if data["location"] else None,
            "other": (
                Counterpart(
                    **{
                        **other,
                        "location": Location(**other["location"]) if other["location"] else None,
                    }
                )
                if other
                else None
            ),
            "tolerance": AppliedTolerance(**data["tolerance"]) if data["tolerance"] else None,
            "cause": Cause(data["cause"]) if data["cause"] else None,
        }
    )
