"""Parameters of the actions about complaints and suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text
from ckanext.satudata.model.case import COMPLAINT, MODES, SUGGESTION

#: What a report can be about.
ABOUT = ("angka", "dataset", "layanan", "portal")
#: Characters of a report's title and text.
_TITLE, _BODY = (8, 150), (20, 4000)
_PERSON = 200
_EARLIEST, _LATEST = 2000, 2200


def _between(least: int, most: int) -> Validator:
    def check(value: str) -> str:
        text = value.strip()
        if not least <= len(text) <= most:
            raise tk.Invalid(
                tk._("Write {least} to {most} characters.").format(least=least, most=most)
            )
        return text

    return check


def _codes(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(k): str(v) for k, v in value.items()}
    pairs = [pair.partition(":") for pair in str(value).split(",") if pair.strip()]
    if not all(colon for _, colon, _ in pairs):
        raise tk.Invalid(tk._("Classifications are expected as dimension:code, dimension:code."))
    return {name.strip(): code.strip() for name, _, code in pairs}


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise tk.Invalid(tk._("A day is expected, such as 2026-11-21.")) from None


def _year(value: int) -> int:
    if not _EARLIEST <= value <= _LATEST:
        raise tk.Invalid(tk._("A year is expected, such as 2026."))
    return value


@validator_args
def create(
    ignore: Validator,
    ignore_missing: Validator,
    ignore_empty: Validator,
    not_empty: Validator,
    unicode_safe: Validator,
    email_validator: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_complaint_create``."""
    line = [ignore_missing, unicode_safe, satudata_clean_text, _between(0, _PERSON)]
    return {
        "kind": [not_empty, unicode_safe, one_of([COMPLAINT, SUGGESTION])],
        "about": [ignore_empty, unicode_safe, one_of(list(ABOUT))],
        "title": [not_empty, unicode_safe, satudata_clean_text, _between(*_TITLE)],
        "body": [not_empty, unicode_safe, satudata_clean_text, _between(*_BODY)],
        "mode": [not_empty, unicode_safe, one_of(list(MODES))],
        "dataset": line,
        "indicator": line,
        "region": line,
        "period": line,
        "dimensions": [ignore_empty, _codes],
        "name": line,
        "email": [ignore_empty, unicode_safe, _between(0, _PERSON), email_validator],
        "phone": line,
        "__extras": [ignore],
    }


@validator_args
def suggest(
    ignore: Validator, ignore_missing: Validator, not_empty: Validator, unicode_safe: Validator
) -> Schema:
    """``satudata_complaint_suggest``."""
    return {
        "id": [ignore_missing, unicode_safe, satudata_clean_text],
        "text": [
            ignore_missing,
            unicode_safe,
            satudata_clean_text,
            _between(0, sum(w[1] for w in (_TITLE, _BODY))),
        ],
        "__extras": [ignore],
    }


@validator_args
def one(ignore: Validator, not_empty: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_complaint_mending``."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text], "__extras": [ignore]}


@validator_args
def statistics(
    ignore: Validator, ignore_missing: Validator, natural_number_validator: Validator
) -> Schema:
    """``satudata_complaint_statistics``."""
    return {"year": [ignore_missing, natural_number_validator, _year], "__extras": [ignore]}


@validator_args
def export(
    ignore: Validator,
    not_empty: Validator,
    default: ValidatorFactory,
    unicode_safe: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_complaint_export``."""
    return {
        "first": [not_empty, _day],
        "last": [not_empty, _day],
        "format": [default("json"), unicode_safe, one_of(["json", "csv"])],
        "__extras": [ignore],
    }
