"""What metadata must be complete before a dataset is public. Pure functions.

Which fields the law requires is said in the schema files: ``required_to_publish: true``, or
``required_to_publish_if: {other_field: [values]}`` for items that depend on another answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any


def missing(
    fields: Iterable[Mapping[str, Any]], values: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """The fields that must be filled in before publishing and are not.

    Args:
        fields: fields of a schema.
        values: field name -> value as validated; lists may be JSON texts.
    """
    return [f for f in fields if _required(f, values) and empty(values.get(f["field_name"]))]


def unexpected(
    fields: Iterable[Mapping[str, Any]], values: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """The filled fields that belong to another answer (``only_if``) than the one given."""
    return [
        f
        for f in fields
        if "only_if" in f
        and not empty(values.get(f["field_name"]))
        and not _holds(f["only_if"], values)
    ]


def empty(value: Any) -> bool:
    """Whether a value says nothing: None, blank text, or a list without entries."""
    if isinstance(value, str):
        return value.strip() in ("", "[]", "{}")
    return not value and value is not False and value != 0


def listed(value: Any) -> list[Any]:
    """A multi-valued field's entries, stored as JSON, as a list or as one text."""
    if isinstance(value, str):
        try:
            decoded = json.loads(value)
        except ValueError:
            return [value] if value else []
        return decoded if isinstance(decoded, list) else [value]
    return list(value) if isinstance(value, (list, tuple)) else []


def _required(field: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    if field.get("required_to_publish"):
        return True
    return "required_to_publish_if" in field and _holds(field["required_to_publish_if"], values)


def _holds(condition: Mapping[str, Iterable[str]], values: Mapping[str, Any]) -> bool:
    for name, wanted in condition.items():
        value = values.get(name)
        chosen = listed(value) if isinstance(value, (str, list, tuple)) else [value]
        if not {str(c) for c in chosen} & {str(w) for w in wanted}:
            return False
    return True
