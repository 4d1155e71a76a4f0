"""Parameters of the actions about indicators."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text


@validator_args
def indicator_create(
    ignore: Validator,
    ignore_missing: Validator,
    not_empty: Validator,
    unicode_safe: Validator,
    boolean_validator: Validator,
    json_list_or_string: Validator,
    list_of_strings: Validator,
) -> Schema:
    """``satudata_indicator_create``; what a field may hold is decided by the service."""
    return {
        "code": [not_empty, unicode_safe, satudata_clean_text],
        "name": [not_empty, unicode_safe, satudata_clean_text],
        "definition": [not_empty, unicode_safe, satudata_clean_text],
        "ukuran": [not_empty, unicode_safe, satudata_clean_text],
        "unit": [not_empty, unicode_safe, satudata_clean_text],
        **_optional(
            ignore_missing,
            unicode_safe,
            boolean_validator,
            json_list_or_string,
            list_of_strings,
        ),
        "__extras": [ignore],
    }


@validator_args
def indicator_update(
    ignore: Validator,
    ignore_missing: Validator,
    not_empty: Validator,
    unicode_safe: Validator,
    boolean_validator: Validator,
    json_list_or_string: Validator,
    list_of_strings: Validator,
) -> Schema:
    """``satudata_indicator_update``; fields that are not sent stay."""
    texts = ("code", "name", "definition", "ukuran", "unit", "status")
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        **{field: [ignore_missing, unicode_safe, satudata_clean_text] for field in texts},
        **_optional(
            ignore_missing,
            unicode_safe,
            boolean_validator,
            json_list_or_string,
            list_of_strings,
        ),
        "__extras": [ignore],
    }


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise tk.Invalid(tk._("Write a number with a decimal point.")) from None


def _optional(
    ignore_missing: Validator,
    unicode_safe: Validator,
    boolean_validator: Validator,
    json_list_or_string: Validator,
    list_of_strings: Validator,
) -> Schema:
    return {
        "name_en": [ignore_missing, unicode_safe, satudata_clean_text],
        "konsep": [ignore_missing, unicode_safe, satudata_clean_text],
        "definition_en": [ignore_missing, unicode_safe, satudata_clean_text],
        "dimensions": [ignore_missing, json_list_or_string, list_of_strings],
        "abs_tol": [ignore_missing, _number],
        "rel_tol": [ignore_missing, _number],
        "additive": [ignore_missing, boolean_validator],
        "producer_org": [ignore_missing, unicode_safe, satudata_clean_text],
    }


@validator_args
def indicator(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """Actions about one indicator."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text], "__extras": [ignore]}


@validator_args
def indicator_list(
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    boolean_validator: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_indicator_list``."""
    return {
        "q": [ignore_missing, unicode_safe, satudata_clean_text],
        "konsep": [ignore_missing, unicode_safe, satudata_clean_text],
        "producer_org": [ignore_missing, unicode_safe, satudata_clean_text],
        "mandate": [ignore_missing, boolean_validator],
        "status": [ignore_missing, unicode_safe, satudata_clean_text],
        "limit": [default(100), natural_number_validator],
        "offset": [default(0), natural_number_validator],
        "__extras": [ignore],
    }
