"""Validation in the job worker."""

from __future__ import annotations

import logging
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import mailer

from ckanext.validation.interfaces import IPipeValidation
from ckanext.validation.utils import validation_dictize

from . import config, messages, records
from .changes import content_changed
from .language import site_locale
from .problems import Problem
from .records import Outcome
from .tables import validate_resource

log = logging.getLogger(__name__)


def run_validation_job(resource: dict[str, Any] | str, notify: str | None = None) -> None:
    """Validate a resource and keep the result.

    Takes the place of upstream's job of this name. The resource is read again when the job runs:
    it can have changed since it was queued. If it changes (or goes) *while* it is validated, the
    result is of a file that is no longer there and is dropped; that save queued a job of its own.

    Args:
        resource: a resource dict, of which the id is enough, or an id.
        notify: name or id of the user who is told by e-mail if there are errors.
    """
    given = {"id": resource} if isinstance(resource, str) else resource
    resource_id = given["id"]
    before = _stored(resource_id)
    records.run(resource_id)
    model.Session.commit()
    try:
        outcome = validate_resource(
            before or given,
            max_bytes=config.stored_max_bytes(),
            fetch_max_bytes=config.fetch_max_bytes(),
        )
    except Problem as problem:
        outcome = _failed(problem.code, problem.params)
    except Exception:
        model.Session.rollback()
        records.finish(resource_id, _failed("failed", {}))
        model.Session.commit()
        raise
    # What another process has committed meanwhile is only seen by a new transaction.
    model.Session.rollback()
    if before is not None and not _still_the_same(before):
        log.info("Resource %s changed while it was validated; its result is dropped", resource_id)
        return
    records.finish(resource_id, outcome)
    model.Session.commit()
    _show_in_resource(resource_id, outcome)
    announce_result(resource_id)
    if notify and outcome.status != "success":
        _tell(notify, before or given, outcome)


def announce_result(resource_id: str) -> None:
    """Hand a stored result to the extensions that wait for it (``IPipeValidation``).

    Args:
        resource_id: of the resource; one without a result is passed over.
    """
    row = records.find(resource_id)
    if row is None:
        return
    result = validation_dictize(row)
    for plugin in p.PluginImplementations(IPipeValidation):
        plugin.receive_validation_report(result)


def has_listeners() -> bool:
    """Whether any extension waits for results."""
    return any(True for _ in p.PluginImplementations(IPipeValidation))


def _stored(resource_id: str) -> dict[str, Any] | None:
    try:
        return tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id})
    except tk.ObjectNotFound:
        return None


def _still_the_same(before: dict[str, Any]) -> bool:
    now = _stored(before["id"])
    return (
        now is not None
        and not content_changed(now, before)
        # A file that replaced another of the same name shows here only.
        and now.get("last_modified") == before.get("last_modified")
        and now.get("hash") == before.get("hash")
    )


def _failed(code: str, params: dict[str, str]) -> Outcome:
    lang = messages.language(site_locale())
    error = {"message": [messages.problem(code, lang, params)], "code": code, "params": params}
    return Outcome("error", None, error)


def _show_in_resource(resource_id: str, outcome: Outcome) -> None:
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    context = {"ignore_auth": True, "user": site_user["name"], "_validation_performed": True}
    values = {
        "id": resource_id,
        "validation_status": outcome.status,
        "validation_timestamp": outcome.finished.isoformat(),
    }
    try:
        tk.get_action("resource_patch")(context, values)  # type: ignore[arg-type]
    except tk.ObjectNotFound:
        # Gone since the last look. Nobody can ask for its result any more.
        records.forget([resource_id])
        model.Session.commit()
    except tk.ValidationError as error:
        # A dataset that no longer fits its schema (a field became required, say) cannot be saved,
        # not even by us. The result is kept and shown; only the badge stays without it.
        log.warning("Cannot show the result in resource %s: %s", resource_id, error)


def _tell(user_id: str, resource: dict[str, Any], outcome: Outcome) -> None:
    user = model.User.get(user_id)
    if user is None or not user.email or user.state != "active":
        return
    lang = messages.language(site_locale())
    lines = messages.error_lines(outcome.error, lang)
    if outcome.report is not None:
        lines = messages.report_lines(outcome.report, lang)
    name = resource.get("name") or resource.get("url") or resource["id"]
    subject = messages.summary("subject", lang, name=name)
    link = tk.url_for(
        "validation.read", id=resource["package_id"], resource_id=resource["id"], _external=True
    )
    try:
        mailer.mail_user(user, subject, "\n".join([*lines, "", link]))
    except mailer.MailerException:
        log.exception("Cannot write to %s about resource %s", user_id, resource["id"])
