"""Template helpers: those of upstream's plugin, by the same names, and two of our own."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from markupsafe import Markup, escape

from ckanext.validation.helpers import is_url_valid

from . import config, messages, records
from .language import current_language

SHOWN_ERRORS = 200
INLINE_LINES = 6
"""Of a report, above the form of a refused save; the dialog has them all."""


def get_validation_badge(resource: dict[str, Any], in_listing: bool = False) -> str:
    """The badge of a resource's result, linked to its report.

    Args:
        resource: with ``validation_status``; without one there is no badge.
        in_listing: in a list of resources, where the badge can be switched off.

    Returns:
        HTML that is safe: upstream's templates do not escape it a second time.
    """
    status = resource.get("validation_status")
    if not status or (in_listing and not config.badges_in_listings()):
        return ""
    texts = {
        "success": (tk._("valid"), tk._("Valid data")),
        "failure": (tk._("invalid"), tk._("Invalid data")),
        "invalid": (tk._("invalid"), tk._("Invalid data")),
        "error": (tk._("error"), tk._("Error during validation")),
        "unknown": (tk._("unknown"), tk._("Data validation unknown")),
    }
    status = status if status in texts else "unknown"
    word, title = texts[status]
    url = tk.url_for("validation.read", id=resource["package_id"], resource_id=resource["id"])
    return Markup(
        '\n<a href="{url}" class="validation-badge" title="{title} {moment}">\n'
        '    <span class="prefix">{prefix}</span><span class="status {status}">{word}</span>\n</a>'
    ).format(
        url=url,
        title=title,
        moment=resource.get("validation_timestamp", ""),
        prefix=tk._("data"),
        status=status,
        word=word,
    )


def validation_extract_report_from_errors(
    errors: dict[str, Any],
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """Take the report out of a refused save, and put a link to its dialog in its place.

    Args:
        errors: of the form; the list under ``validation`` is replaced, and takes in the first
            lines of ``validation_messages``.

    Returns:
        The report (None where there is none), and the errors.
    """
    found = errors.get("validation")
    if not found or not isinstance(found[0], dict):
        return None, errors
    report = found[0]
    for task in report.get("tasks") or []:
        task["place"] = str(task.get("place", "")).rpartition("/")[2]
    for table in report.get("tables") or []:
        table["source"] = str(table.get("source", "")).rpartition("/")[2]
    link = Markup(
        '<a href="#validation-report" data-module="modal-dialog"'
        ' data-module-div="validation-report-dialog">{}</a>'
    ).format(tk._("report"))
    text = tk._(
        "There are validation issues with this file, please see the {report} for details. "
        "Once you have resolved the issues, click the button below to replace the file."
    )
    before, _, after = text.partition("{report}")
    words = "\n".join(errors.pop("validation_messages", [])).splitlines()[:INLINE_LINES]
    lines = Markup().join(Markup("<li>{}</li>").format(line) for line in words)
    errors["validation"] = [
        escape(before) + link + escape(after) + Markup("<ul>{}</ul>").format(lines)
    ]
    return report, errors


def dump_json_value(value: Any, indent: int | None = None) -> Any:
    """A value as JSON, for an attribute; what is JSON text already is not encoded again.

    Args:
        value: reports are stored as JSON text, and upstream's templates encoded that once more.
        indent: as in :func:`json.dumps`.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return json.dumps(value)
    try:
        return json.dumps(value, indent=indent, sort_keys=True)
    except (TypeError, ValueError):
        return value


def bootstrap_version() -> str:
    """Which of upstream's two dialogs is used: ``3`` is the one that works in CKAN 2.12."""
    return "3"


def validation_hide_source(type: str) -> bool:
    """Whether the form hides a way of giving a schema: ``upload``, ``url`` or ``json``."""
    return config.form_source_hidden(type)


def satudata_validation_messages(report: Any) -> dict[str, Any]:
    """A report for people, in the language of the page.

    Args:
        report: in the shape of frictionless, or JSON text of it.

    Returns:
        ``summary`` (a sentence), ``messages`` (the first ones), ``total`` and ``rest`` (how many
        errors there are, and how many of them are not in ``messages``).
    """
    decoded = records.decoded_report(report) or {}
    lang = current_language()
    total = messages.error_count(decoded)
    shown = messages.translate_report(decoded, lang)[:SHOWN_ERRORS]
    return {
        "summary": messages.report_summary(decoded, lang),
        "messages": shown,
        "total": total,
        "rest": total - len(shown),
    }


def satudata_validation_problem(error: Any) -> list[str]:
    """Why a resource could not be validated, in the language of the page.

    Args:
        error: as stored.
    """
    return messages.error_lines(error if isinstance(error, dict) else None, current_language())


__all__ = [
    "bootstrap_version",
    "dump_json_value",
    "get_validation_badge",
    "is_url_valid",
    "satudata_validation_messages",
    "satudata_validation_problem",
    "validation_extract_report_from_errors",
    "validation_hide_source",
]
