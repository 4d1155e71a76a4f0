"""API actions: those of upstream's plugin, by the same names and with the same parameters."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.validation.utils import validation_dictize

from .. import config, jobs, messages, pending, records, saving, search
from ..changes import has_table
from ..language import current_language
from . import schema

__all__ = [
    "package_create",
    "package_update",
    "resource_update",
    "resource_validation_delete",
    "resource_validation_run",
    "resource_validation_run_batch",
    "resource_validation_show",
]


@tk.validate_action_data(schema.validation_run)
def resource_validation_run(context: Context, data_dict: DataDict) -> None:
    """Validate a resource, and keep the result in the place of an earlier one.

    Args:
        context: of CKAN.
        data_dict: ``resource_id``; ``async`` (default true): by the worker, or at once.

    Raises:
        ValidationError: the resource has no file or link, or a format that is not validated.
        ObjectNotFound: there is no such resource.
        NotAuthorized: the user may not change it.
    """
    tk.check_access("resource_validation_run", context, data_dict)
    resource = tk.get_action("resource_show")(
        {"ignore_auth": True}, {"id": data_dict["resource_id"]}
    )
    if not has_table({**resource, "url": "-"}):
        known = ", ".join(config.formats())
        raise tk.ValidationError(
            {"format": [tk._("Unsupported resource format. Must be one of %s") % known]}
        )
    if not has_table(resource):
        raise tk.ValidationError(
            {"url": [tk._("Resource must have a valid URL or an uploaded file")]}
        )
    records.start(resource["id"])
    model.Session.commit()
    if data_dict.get("async", True):
        user = context.get("user") if config.notify_uploader() else None
        waiting = pending.Waiting(resource["id"], resource["package_id"], "validate", user or None)
        pending.enqueue(waiting, resource)
    else:
        jobs.run_validation_job(resource)


@tk.side_effect_free
@tk.validate_action_data(schema.validation_show)
def resource_validation_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The latest result of a resource.

    Args:
        context: of CKAN.
        data_dict: ``resource_id``; ``lang`` (``id`` or ``en``, default: the language of the
            request) for the texts.

    Returns:
        As upstream ``id``, ``resource_id``, ``status``, ``created``, ``finished``, ``error`` and
        ``report`` (JSON text in the shape of frictionless). Beside them, in a language: ``lang``,
        ``summary`` (one sentence) and ``messages``, one per error, each with ``type``, ``title``,
        ``text``, ``advice``, ``row``, ``column``, ``letter``, ``field`` and ``cell``.

        ``status`` is ``created`` (waits for the worker), ``running``, ``success``, ``failure``
        (errors in the data) or ``error`` (the data could not be validated).

    Raises:
        ObjectNotFound: there is no such resource, or no result of it.
        NotAuthorized: the user may not see it.
    """
    tk.check_access("resource_validation_show", context, data_dict)
    row = _result_or_not_found(data_dict["resource_id"])
    result = validation_dictize(row)
    lang = data_dict.get("lang") or current_language()
    report = records.decoded_report(row.report)
    result["lang"] = lang
    result["messages"] = [
        message.as_dict() for message in messages.translate_report(report or {}, lang)
    ]
    result["summary"] = _summary(row.status, report, row.error, lang)
    return result


def _summary(
    status: str, report: dict[str, Any] | None, error: dict[str, Any] | None, lang: str
) -> str:
    if status == "created":
        return messages.summary("waiting", lang)
    if status == "running":
        return messages.summary("running", lang)
    if status == "error":
        return " ".join(messages.error_lines(error, lang))
    return messages.report_summary(report, lang) if report else ""


@tk.validate_action_data(schema.validation_delete)
def resource_validation_delete(context: Context, data_dict: DataDict) -> None:
    """Remove the result of a resource.

    Args:
        context: of CKAN.
        data_dict: ``resource_id``.

    Raises:
        ObjectNotFound: there is no such resource, or no result of it.
        NotAuthorized: the user may not change it.
    """
    tk.check_access("resource_validation_delete", context, data_dict)
    row = _result_or_not_found(data_dict["resource_id"])
    records.forget([row.resource_id])
    model.Session.commit()


@tk.validate_action_data(schema.validation_run_batch)
def resource_validation_run_batch(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Let the worker validate the resources of many datasets. System administrators only.

    Args:
        context: of CKAN.
        data_dict: ``dataset_ids`` (an id or name, or a list of them, also as JSON text), or
            ``query`` (``q``, ``fq`` and ``fq_list`` of package_search, also as JSON text), or
            neither for all datasets with a format that is validated.

    Returns:
        ``output``: what was done, in a sentence.
    """
    tk.check_access("resource_validation_run_batch", context, data_dict)
    try:
        query = search.parse_query(data_dict.get("query"))
    except ValueError:
        return {"output": f"Error parsing search parameters {data_dict.get('query')}"}
    dataset_ids = search.parse_ids(data_dict.get("dataset_ids"))
    found = sent = 0
    for dataset in search.datasets(dataset_ids=dataset_ids, query=query):
        found += 1
        for resource in dataset.get("resources") or []:
            sent += has_table(resource) and _sent(resource["id"])
    if not found:
        return {"output": "No suitable datasets for validation"}
    return {"output": f"Done. {sent} resources sent to the validation queue"}


def _sent(resource_id: str) -> bool:
    try:
        tk.get_action("resource_validation_run")(
            {"ignore_auth": True}, {"resource_id": resource_id, "async": True}
        )
    except tk.ObjectNotFound:
        # The search index can still know what the database no longer has.
        return False
    return True


def _result_or_not_found(resource_id: str) -> Any:
    row = records.find(resource_id)
    if row is None:
        raise tk.ObjectNotFound(tk._("No validation report exists for this resource"))
    return row


@tk.chained_action
def package_create(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Create a dataset; its resources are validated as the options say.

    Raises:
        ValidationError: in synchronous mode, with ``validation`` (a list of one report) and
            ``validation_messages`` under the place of each refused resource.
    """
    return saving.create(up_func, context, data_dict)


@tk.chained_action
def package_update(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Update a dataset; new and changed resources are validated as the options say.

    Raises:
        ValidationError: as :func:`package_create`.
    """
    return saving.update(up_func, context, data_dict)


@tk.chained_action
def resource_update(up_func: Action, context: Context, data_dict: DataDict) -> Any:
    """Update a resource; a changed file, link, format or schema is validated as the options say.

    Raises:
        ValidationError: as :func:`package_create`, without the place.
    """
    return saving.update_resource(up_func, context, data_dict)
