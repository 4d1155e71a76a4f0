"""Overview of all results, for ``ckan validation report`` and ``report-full``."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk

from . import messages, records, search
from .changes import has_table
from .language import site_locale

PER_KIND = 10
COLUMNS = ("dataset", "resource_id", "format", "url", "status")
FULL_COLUMNS = (*COLUMNS, "error_code", "error_message")
SHORT_COLUMNS = (*COLUMNS, "validation_report_url")


def write(path: str, *, full: bool = False, lang: str | None = None) -> str:
    """Write the resources with errors to a CSV file.

    Args:
        path: of the file.
        full: one row per error instead of one per resource.
        lang: of the errors; the site's own by default.

    Returns:
        The overview as text.
    """
    statuses: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    faulty: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    datasets = 0
    lang = lang or messages.language(site_locale())
    with open(path, "w", newline="", encoding="utf-8") as out:
        writer: csv.DictWriter[str] = csv.DictWriter(out, FULL_COLUMNS if full else SHORT_COLUMNS)
        writer.writeheader()
        for dataset in search.datasets():
            datasets += 1
            for resource in [r for r in dataset.get("resources") or [] if has_table(r)]:
                status = resource.get("validation_status") or "unknown"
                statuses[status] += 1
                failed = status in ("failure", "error")
                if failed:
                    faulty[resource["format"]] += 1
                elif status == "success":
                    passed[resource["format"]] += 1
                if failed and full:
                    writer.writerows(_errors(dataset, resource, lang, kinds))
                elif failed:
                    writer.writerow(_resource(dataset, resource))
    return _overview(path, datasets, statuses, passed, faulty, kinds if full else None)


def _row(dataset: dict[str, Any], resource: dict[str, Any]) -> dict[str, Any]:
    return {
        "dataset": dataset["name"],
        "resource_id": resource["id"],
        "format": resource["format"],
        "url": tk.url_for(
            "dataset_resource.read",
            id=dataset["name"],
            resource_id=resource["id"],
            _external=True,
        ),
        "status": resource["validation_status"],
    }


def _resource(dataset: dict[str, Any], resource: dict[str, Any]) -> dict[str, Any]:
    page = tk.url_for(
        "validation.read", id=dataset["name"], resource_id=resource["id"], _external=True
    )
    return {**_row(dataset, resource), "validation_report_url": page}


def _errors(
    dataset: dict[str, Any], resource: dict[str, Any], lang: str, kinds: Counter[str]
) -> Iterator[dict[str, Any]]:
    row = records.find(resource["id"])
    if row is None:
        return
    report = records.decoded_report(row.report)
    found = [(m.type, m.text) for m in messages.translate_report(report or {}, lang)]
    # What could not be read has no report, but a reason.
    found = found or [("error", text) for text in messages.error_lines(row.error, lang)]
    written: Counter[str] = Counter()
    for kind, text in found:
        kinds[kind] += 1
        written[kind] += 1
        if written[kind] <= PER_KIND:
            yield {**_row(dataset, resource), "error_code": kind, "error_message": text}


def _overview(
    path: str,
    datasets: int,
    statuses: Counter[str],
    passed: Counter[str],
    faulty: Counter[str],
    kinds: Counter[str] | None,
) -> str:
    lines = [
        f"{datasets} datasets with tabular resources",
        f"{statuses.total()} tabular resources",
        f"{statuses['success']} resources - validation success",
        f"{statuses['failure']} resources - validation failure",
        f"{statuses['error']} resources - validation error",
        "Formats breakdown (validation passed):",
        *_counted(passed),
        "Formats breakdown (validation failed or errored):",
        *_counted(faulty),
    ]
    if kinds is not None:
        lines += ["Errors breakdown:", *_counted(kinds)]
    return "\n".join([*lines, f"CSV report stored in {path}"])


def _counted(counter: Counter[str]) -> list[str]:
    return [f"* {name}: {count}" for name, count in counter.most_common()]
