"""Find the datasets whose resources are validated, drafts and private ones included."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from . import config

PAGE = 100


def parse_ids(value: Any) -> list[str]:
    """Ids or names of datasets: a list, one of them, or JSON text of either."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = [value]
    if not value:
        return []
    return [str(entry) for entry in value] if isinstance(value, (list, tuple)) else [str(value)]


def parse_query(value: Any) -> dict[str, Any]:
    """Parameters of package_search: an object, or JSON text of one.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, str):
        value = json.loads(value) if value.strip() else {}
    value = value or {}
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - callers give text as well
    return {name: value[name] for name in ("q", "fq", "fq_list") if value.get(name)}


def datasets(
    *, dataset_ids: Sequence[str] = (), query: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Datasets, one by one.

    Args:
        dataset_ids: these ones, by id or name; unknown ones are passed over.
        query: of :func:`parse_query`; without either, all datasets with a validated format.
    """
    if dataset_ids:
        for dataset_id in dataset_ids:
            try:
                yield tk.get_action("package_show")({"ignore_auth": True}, {"id": dataset_id})
            except tk.ObjectNotFound:
                continue
        return
    yield from _search(query or {"fq_list": [_formats_filter()]})


def _formats_filter() -> str:
    names = [name for fmt in config.formats() for name in (fmt, fmt.upper())]
    return " OR ".join(f'res_format:"{name}"' for name in names)


def _search(query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    start = 0
    while True:
        page = tk.get_action("package_search")(
            {"ignore_auth": True},
            {
                "q": "*:*",
                **query,
                "include_private": True,
                "include_drafts": True,
                "sort": "id asc",
                "rows": PAGE,
                "start": start,
            },
        )
        yield from page["results"]
        start += PAGE
        if start >= page["count"]:
            return
