"""Parameters of the actions about accounts, progress and practice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text
from ckanext.satudata.model.onboarding import EXERCISES
from ckanext.satudata.workflow.onboarding.account_file import COLUMNS, MOST, Line

_MOST_CELLS, _LONGEST = 100, 500


def _lines(value: Any) -> list[Line]:
    if not isinstance(value, list) or len(value) > MOST:
        raise tk.Invalid(tk._("A list of at most {most} people is expected.").format(most=MOST))
    out: list[Line] = []
    for number, entry in enumerate(value, 1):
        if not isinstance(entry, Mapping):
            raise tk.Invalid(tk._("Each person is an object with nama, email, instansi and peran."))
        cells = [" ".join(str(entry.get(name) or "").split()) for name in COLUMNS]
        row = entry.get("row")
        out.append(Line(row if isinstance(row, int) else number, *cells))
    return out


@validator_args
def accounts(
    ignore: Validator,
    ignore_missing: Validator,
    ignore_empty: Validator,
    default: ValidatorFactory,
    boolean_validator: Validator,
    json_list_or_string: Validator,
) -> Schema:
    """``satudata_account_import``; the file is looked at by the action."""
    return {
        "upload": [ignore_missing],
        "people": [ignore_empty, ignore_missing, json_list_or_string, _lines],
        "only_right": [default(False), boolean_validator],
        "dry_run": [default(False), boolean_validator],
        "__extras": [ignore],
    }


@validator_args
def one(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_invitation_resend``."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text], "__extras": [ignore]}


@validator_args
def none(ignore: Validator) -> Schema:
    """Actions without parameters."""
    return {"__extras": [ignore]}


@validator_args
def begin(
    not_empty: Validator, ignore: Validator, unicode_safe: Validator, one_of: ValidatorFactory
) -> Schema:
    """``satudata_practice_begin``."""
    return {
        "exercise": [not_empty, unicode_safe, one_of(list(EXERCISES))],
        "organization_id": [not_empty, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def table(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_practice_table``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {"organization_id": text, "__extras": [ignore]}


@validator_args
def paste(ignore: Validator, not_empty: Validator, json_list_or_string: Validator) -> Schema:
    """``satudata_practice_paste``."""
    return {"cells": [not_empty, json_list_or_string, _cells], "__extras": [ignore]}


def _cells(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list) or len(value) > _MOST_CELLS:
        raise tk.Invalid(tk._("A list of cells is expected."))
    if not all(isinstance(cell, Mapping) and cell.get("region") for cell in value):
        raise tk.Invalid(tk._("Each cell is an object with region, text and missing."))
    return [
        {name: str(cell.get(name) or "")[:_LONGEST] for name in ("region", "text", "missing")}
        for cell in value
    ]
