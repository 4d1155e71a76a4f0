"""What a dataset must say before the public sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import (
    Context,
    FlattenDataDict,
    FlattenErrorDict,
    FlattenKey,
    Validator,
)

from ckanext.satudata.schemas import publication
from ckanext.scheming.validation import scheming_validator

from .text import localised

_STATES = (model.State.ACTIVE, "draft", model.State.DELETED)


@scheming_validator
def satudata_ready_to_publish(field: None, schema: dict[str, Any]) -> Validator:
    """Ask for the metadata the law requires, on the fields, once a dataset is to be public.

    It runs after the fields, when CKAN has decided whether the person may change ``state``.
    Only public datasets are asked: a draft is unfinished, and an internal dataset
    (``private``) is not disseminated in the sense of Perpres 39/2019 Ps. 36.
    """
    fields = schema["dataset_fields"]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if not _known_state(data, errors) or not _becomes_public(data, context):
            return
        values = _values(data)
        for item in publication.missing(fields, values):
            _report(errors, item, tk._("Fill this in before publishing."))
        for item in publication.unexpected(fields, values):
            other = ", ".join(_label(fields, name) for name in item["only_if"])
            _report(
                errors,
                item,
                tk._(
                    "This does not go with the answer to '{field}'. Clear it or change the answer."
                ).format(field=other),
            )
        licence = values.get("license_id")
        if licence and licence not in model.Package.get_license_register():
            errors.setdefault(("license_id",), []).append(
                tk._("The portal has no licence '{id}'. Choose one from the list.").format(
                    id=licence
                )
            )
        if values.get("akses_umum") == "tidak":
            errors.setdefault(("akses_umum",), []).append(
                tk._(
                    "The dataset says it is not open to the public. Change this answer, or set "
                    "the visibility to internal."
                )
            )

    return validator


def _known_state(data: FlattenDataDict, errors: FlattenErrorDict) -> bool:
    """Whether the state is one that CKAN gives datasets; it saves any text, and shows none."""
    state = data.get(("state",))
    if state in (None, "", tk.missing, *_STATES):
        return True
    errors.setdefault(("state",), []).append(
        tk._("'{state}' is no state of a dataset. Choose one of: {known}.").format(
            state=state, known=", ".join(_STATES)
        )
    )
    return False


def _becomes_public(data: FlattenDataDict, context: Context) -> bool:
    package = context.get("package")
    state = data.get(("state",)) or (package.state if package else model.State.ACTIVE)
    private = data.get(("private",))
    if private in (None, tk.missing):
        private = package.private if package else False
    return state == model.State.ACTIVE and not tk.asbool(private)


def _values(data: FlattenDataDict) -> dict[str, Any]:
    """Field name -> value; of repeating fields a list that is empty if all cells are blank."""
    values: dict[str, Any] = {}
    for key, value in data.items():
        if value is tk.missing:
            continue
        if len(key) == 1:
            values[key[0]] = value
        elif len(key) == 3 and key[0] not in ("extras", "resources", "tags", "groups"):
            filled = values.setdefault(key[0], [])
            if value not in (None, ""):
                filled.append(value)
    return values


def _report(errors: FlattenErrorDict, field: Mapping[str, Any], message: str) -> None:
    help_text = localised(field.get("help_text"))
    text = f"{message} {help_text}".strip()
    if "repeating_subfields" in field:
        first = field["repeating_subfields"][0]["field_name"]
        errors.setdefault((field["field_name"], 0, first), []).append(text)
    else:
        errors.setdefault((field["field_name"],), []).append(text)


def _label(fields: list[dict[str, Any]], name: str) -> str:
    found = next((f for f in fields if f["field_name"] == name), {"label": name})
    return localised(found["label"])
