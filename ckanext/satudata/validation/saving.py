"""Validation around the actions that save datasets and resources.

All saves of resources end in ``package_create`` or ``package_update`` (``resource_create``,
``resource_update``, the ``_patch`` actions, ``package_revise`` and the forms call them), so these
two are where tables are validated: before anything is stored in the synchronous modes, so that a
refused save leaves file, metadata and report as they were; after the commit in the others.

What a save has to do is kept in its ``context``, which nobody else has, and is taken out of it
again however the save ends.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import fresh_context
from ckan.types import Action, Context, DataDict

from . import config, jobs, messages, pending, records
from .changes import (
    RESULT_FIELDS,
    Change,
    becomes_public,
    changes,
    file_or_rules_changed,
    has_table,
    is_public,
    keep_results_ours,
    may_validate,
    unproven,
)
from .language import current_language
from .problems import Problem, TooLarge
from .records import Outcome
from .tables import validate_resource

PLAN = "satudata_validation_plan"
SKIP = "satudata_validation_skip"
PERFORMED = "_validation_performed"


@dataclass
class Plan:
    """What one save does about validation.

    Attributes:
        outcomes: results found before the save, by the place of the resource.
        queued: places of resources that the worker validates after the commit.
        forgotten: places of resources whose old result no longer holds.
        saved: ids of resources this plan was carried out for.
        carried_out: whether it was.
    """

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    queued: list[int] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    carried_out: bool = False

    @property
    def has_work(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.outcomes or self.queued or self.forgotten)


def create(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """``package_create`` with validation of the resources in it."""
    if context.get(PERFORMED):
        return up_func(context, data_dict)
    return _save("package_create", up_func, context, data_dict, None)


def update(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """``package_update`` with validation of the resources it adds or changes."""
    # A result that is being stored changes no table.
    performed = context.pop(PERFORMED, None)  # type: ignore[misc]
    package = model.Package.get(data_dict.get("id") or data_dict.get("name"))
    if performed or package is None:
        return up_func(context, data_dict)
    own = context.get("original_package")
    if not own or own.get("id") != package.id:
        # What package_update would do itself; it takes this one over.
        own = tk.get_action("package_show")(
            fresh_context(context, ignore_auth=True), {"id": package.id}
        )
        context["original_package"] = own
        try:
            return _save("package_update", up_func, context, data_dict, own)
        finally:
            context.pop("original_package", None)
    return _save("package_update", up_func, context, data_dict, own)


def update_resource(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """``resource_update``: extensions are asked about the call, and again about the dataset's save.

    Upstream asks twice on a synchronous update, and its interface's users count on the first call
    getting the caller's own dict.
    """
    if (
        config.update_mode() != "sync"
        or context.get(PERFORMED)
        or not has_table(data_dict)
        or may_validate(context, data_dict)
    ):
        return up_func(context, data_dict)
    context[SKIP] = data_dict.get("id")  # type: ignore[literal-required]
    try:
        return up_func(context, data_dict)
    finally:
        context.pop(SKIP, None)  # type: ignore[misc]


def _save(
    action: str,
    up_func: Action,
    context: Context,
    data_dict: DataDict,
    original: dict[str, Any] | None,
) -> Any:
    tk.check_access(action, fresh_context(context), data_dict)
    for resource in data_dict.get("resources") or []:
        if isinstance(resource, dict):
            # Upstream's own way to skip a validation; no client may.
            resource.pop("_skip_next_validation", None)
    keep_results_ours(context, data_dict, original)
    plan = _plan(context, data_dict, original)
    dry_run = context.get("defer_commit") and not context.get("return_id_only")
    if not dry_run:
        context[PLAN] = plan  # type: ignore[literal-required]
    try:
        result = up_func(context, data_dict)
    except BaseException:
        pending.discard(set(plan.saved))
        raise
    finally:
        context.pop(PLAN, None)  # type: ignore[misc]
    if plan.has_work and not (plan.carried_out or dry_run):
        # CKAN found nothing to save, and so called no hook: a resource was sent with the file (or
        # an equal schema) it already has.
        package_id = result["id"] if isinstance(result, dict) else result
        _carry_out(plan, package_id, context)
        if not context.get("defer_commit"):
            model.repo.commit()
    return result


def _plan(context: Context, data_dict: DataDict, original: dict[str, Any] | None) -> Plan:
    plan = Plan()
    refused: dict[int, dict[str, Any]] = {}
    public = is_public({**(original or {}), **data_dict})
    changed = changes(data_dict, original)
    for change in changed:
        wanted = (
            change.mode is not None
            and has_table(change.resource)
            and change.resource.get("id") != (context.get(SKIP) or "-")
            and may_validate(context, change.resource)
        )
        if not wanted:
            _forget(plan, change)
        elif change.mode == "async":
            _queue(plan, change)
        else:
            _validate(plan, change, refused, public=public)
    if (
        original is not None
        and config.update_mode() == "sync"
        and becomes_public(data_dict, original)
    ):
        for change in unproven(data_dict, original, {change.index for change in changed}):
            if may_validate(context, dict(change.current or {})):
                _validate_stored(plan, change, refused)
                _show_result(plan, change, data_dict, original)
    if refused:
        raise tk.ValidationError(
            {"resources": [refused.get(index, {}) for index in range(max(refused) + 1)]}
        )
    return plan


def _validate(
    plan: Plan, change: Change, refused: dict[int, dict[str, Any]], *, public: bool
) -> None:
    resource = {**change.resource, "id": (change.current or change.resource).get("id")}
    try:
        outcome = _run(resource)
    except TooLarge as problem:
        if public:
            refused[change.index] = _refusal(problem, "large-public")
        else:
            _queue(plan, change)
        return
    except Problem as problem:
        refused[change.index] = _refusal(problem)
        return
    _judge(plan, change, outcome, refused)
    if change.index in plan.outcomes:
        change.resource.update(_result_fields(outcome))


def _validate_stored(plan: Plan, change: Change, refused: dict[int, dict[str, Any]]) -> None:
    """Validate a table that the save does not touch, because the save makes it public."""
    current = dict(change.current or {})
    try:
        outcome = _run(current)
    except TooLarge as problem:
        name = current.get("name") or current.get("url")
        problem.params["name"] = str(name)
        refused[change.index] = _refusal(problem, "large-waiting")
    except Problem as problem:
        refused[change.index] = _refusal(problem)
    else:
        _judge(plan, change, outcome, refused)


def _show_result(plan: Plan, change: Change, data_dict: DataDict, original: dict[str, Any]) -> None:
    outcome = plan.outcomes.get(change.index)
    if outcome is None:
        return
    resources = list(data_dict.get("resources") or original["resources"])
    # A new dict: the old one can be the very object that CKAN compares with to find what changed.
    resources[change.index] = {**resources[change.index], **_result_fields(outcome)}
    data_dict["resources"] = resources


def _result_fields(outcome: Outcome) -> dict[str, str]:
    return dict(zip(RESULT_FIELDS, (outcome.status, outcome.finished.isoformat()), strict=True))


def _run(resource: dict[str, Any]) -> Outcome:
    limit = config.sync_max_bytes()
    return validate_resource(resource, max_bytes=limit, fetch_max_bytes=limit)


def _judge(
    plan: Plan, change: Change, outcome: Outcome, refused: dict[int, dict[str, Any]]
) -> None:
    if outcome.status == "success":
        plan.outcomes[change.index] = outcome
        return
    lines = messages.error_lines(outcome.error, current_language())
    if outcome.report is not None:
        lines = messages.report_lines(outcome.report, current_language())
    refused[change.index] = {
        "validation": [outcome.report or {}],
        "validation_messages": ["\n".join(lines)],
    }


def _refusal(problem: Problem, code: str | None = None) -> dict[str, Any]:
    return {
        problem.field: [messages.problem(code or problem.code, current_language(), problem.params)]
    }


def _queue(plan: Plan, change: Change) -> None:
    plan.queued.append(change.index)
    # The result of another file is not shown beside this one, however short the wait.
    if change.current is not None:
        _clear(change.resource)


def _forget(plan: Plan, change: Change) -> None:
    current = change.current
    if current is None:
        return
    other_table = change.resource.get("upload") or file_or_rules_changed(change.resource, current)
    if other_table or config.clean_reports():
        plan.forgotten.append(change.index)
        _clear(change.resource)


def _clear(resource: dict[str, Any]) -> None:
    for name in RESULT_FIELDS:
        resource.pop(name, None)


def carry_out(context: Context, package_id: str) -> None:
    """Write what a save planned, inside its transaction; its resources have their ids by now.

    Called from the hooks ``after_dataset_create`` and ``after_dataset_update``.
    """
    plan: Plan | None = context.get(PLAN)  # type: ignore[assignment]
    if plan is not None:
        _carry_out(plan, package_id, context)


def _carry_out(plan: Plan, package_id: str, context: Context) -> None:
    plan.carried_out = True
    package = model.Package.get(package_id)
    if package is None:
        return
    ids = [resource.id for resource in package.resources]
    for index, outcome in plan.outcomes.items():
        records.finish(ids[index], outcome)
        if jobs.has_listeners():
            _wait(plan, pending.Waiting(ids[index], package.id, "announce"))
    for index in plan.queued:
        records.start(ids[index])
        user = context.get("user") if config.notify_uploader() else None
        _wait(plan, pending.Waiting(ids[index], package.id, "validate", user or None))
    records.forget(ids[index] for index in plan.forgotten)


def _wait(plan: Plan, waiting: pending.Waiting) -> None:
    pending.add(waiting)
    plan.saved.append(waiting.resource_id)


def index_results(index_dict: dict[str, Any]) -> dict[str, Any]:
    """Add the results of a dataset's resources to what Solr knows of it.

    Args:
        index_dict: of ``before_dataset_index``; it is changed.
    """
    dataset = json.loads(index_dict["validated_data_dict"])
    found = [resource.get("validation_status") for resource in dataset.get("resources") or []]
    if any(found):
        index_dict["vocab_validation_status"] = [status for status in found if status]
    return index_dict
