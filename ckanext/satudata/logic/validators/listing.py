"""Fields with several values, stored as a JSON list in one extra.

Web forms send one text, several texts or lines; the API sends lists. Blank entries are
ignored: a form sends one so that "nothing chosen" can be told from "not asked".
"""

from __future__ import annotations

import json
import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import (
    Context,
    FlattenDataDict,
    FlattenErrorDict,
    FlattenKey,
    Validator,
)

from ckanext.satudata.schemas.publication import listed
from ckanext.scheming.helpers import scheming_field_choices
from ckanext.scheming.validation import scheming_validator

_YEARS = re.compile(r"^(\d{4})(?:\s*[-–/]\s*(\d{4}))?$")
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_LONGEST_RANGE = 60


@scheming_validator
def satudata_multiple_choice(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Any number of a field's choices, kept in the order of the choices."""

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if errors[key]:
            return
        values = _entries(data.get(key))
        if values is None:
            errors[key].append(tk._("A list of texts expected."))
            return
        order = [c["value"] for c in scheming_field_choices(field) or ()]
        unknown = [v for v in values if v not in order]
        if unknown:
            errors[key].append(
                tk._("'{values}' is not among the choices of this field.").format(
                    values=", ".join(unknown)
                )
            )
            return
        data[key] = json.dumps([v for v in order if v in values])

    return validator


@scheming_validator
def satudata_lines(field: dict[str, Any], schema: dict[str, Any]) -> Validator:
    """Texts, one a line in a form, a list in the API; kept in their order without repeats."""

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if errors[key]:
            return
        values = _entries(data.get(key))
        if values is None:
            errors[key].append(tk._("A list of texts expected."))
            return
        lines = [line.strip() for value in values for line in value.splitlines()]
        data[key] = json.dumps(list(dict.fromkeys(filter(None, lines))), ensure_ascii=False)

    return validator


def satudata_years(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Years and ranges of years (``2020-2024, 2026``), kept as a sorted list of texts."""
    if errors[key]:
        return
    value = data.get(key)
    if isinstance(value, list):
        value = [str(v) if isinstance(v, int) else v for v in value]
    elif isinstance(value, int):
        value = str(value)
    values = _entries(value)
    if values is None:
        errors[key].append(tk._("A list of years expected."))
        return
    years: set[int] = set()
    for part in (p.strip() for v in values for p in re.split(r"[,;\n]", v)):
        if not part:
            continue
        span = _span(part)
        if span is None:
            errors[key].append(
                tk._("'{value}' is not a year. Write 2025, or a range such as 2020-2025.").format(
                    value=part
                )
            )
            return
        years.update(span)
    data[key] = json.dumps([str(y) for y in sorted(years)])


def satudata_list_output(value: Any) -> list[Any]:
    """The stored list as a list."""
    return listed(value)


def _entries(value: Any) -> list[str] | None:
    """The texts in what a form or the API sent; None if it is something else."""
    if value is tk.missing or value is None:
        return []
    if isinstance(value, str):
        decoded = listed(value)
        value = decoded if value.lstrip().startswith("[") else [value]
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        return None
    return [v.replace("\r\n", "\n").strip() for v in value if v.strip()]


def _span(text: str) -> range | None:
    match = _YEARS.match(text)
    if not match:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    if not _FIRST_YEAR <= first <= last <= _LAST_YEAR or last - first > _LONGEST_RANGE:
        return None
    return range(first, last + 1)
