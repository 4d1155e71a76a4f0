"""Rows as the actions about processes return them."""

from __future__ import annotations

from typing import Any

from ckan import model

from ckanext.satudata.model.process import Process, ProcessStep, ReviewComment
from ckanext.satudata.workflow.review.transitions import table


def process(shown: Process) -> dict[str, Any]:
    """A process."""
    return {
        "id": shown.id,
        "dataset": shown.dataset_id,
        "organization": shown.organization_id,
        "revision_id": shown.revision_id,
        "kind": shown.kind,
        "state": shown.state,
        "since": shown.since.isoformat(),
        "waits_on": table().states[shown.state].waits_on,
        "priority": shown.priority,
        "report_id": shown.report_id,
        "responsible": shown.responsible,
        "note": shown.note,
        "release_on": shown.release_on.isoformat() if shown.release_on else None,
        "restriction": _restriction(shown),
        "submitted_by": name(shown.submitted_by),
        "created_at": shown.created_at.isoformat(),
        "published_at": shown.published_at.isoformat() if shown.published_at else None,
    }


def _restriction(shown: Process) -> dict[str, Any] | None:
    if shown.restriction is None:
        return None
    return {"ground": shown.restriction["ground"], "at": shown.restriction["at"]}


def step(one: ProcessStep) -> dict[str, Any]:
    """One step of a process."""
    return {
        "transition": one.transition,
        "before": one.before,
        "after": one.after,
        "actor": name(one.actor),
        "note": one.note,
        "report_id": one.report_id,
        "at": one.at.isoformat(),
    }


def comment(one: ReviewComment) -> dict[str, Any]:
    """A review comment."""
    return {
        "id": one.id,
        "process": one.process_id,
        "field": one.field,
        "resource_id": one.resource_id,
        "column": one.column_name,
        "text": one.text,
        "author": name(one.author),
        "created_at": one.created_at.isoformat(),
        "resolved_at": one.resolved_at.isoformat() if one.resolved_at else None,
        "resolved_by": name(one.resolved_by),
    }


def name(user: str | None) -> str | None:
    """What a person is called, by their id."""
    found = model.User.get(user) if user else None
    return found.display_name if found else None
