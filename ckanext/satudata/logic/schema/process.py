"""Parameters of the actions about processes and review comments."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text
from ckanext.satudata.model.process import OPEN
from ckanext.satudata.workflow.review.transitions import table

#: Characters of a note or comment.
_LONGEST = 4000
#: Processes that are approved in one call.
_AT_ONCE = 200


def _long_enough(value: str) -> str:
    text = value.strip()
    if len(text) > _LONGEST:
        raise tk.Invalid(tk._("Write at most {longest} characters.").format(longest=_LONGEST))
    return text


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise tk.Invalid(tk._("Write the day as YEAR-MONTH-DAY.")) from None


def _ids(value: Any) -> list[str]:
    ids = value if isinstance(value, list) else [value]
    if not ids or not all(isinstance(i, str) and i for i in ids):
        raise tk.Invalid(tk._("Choose at least one."))
    if len(ids) > _AT_ONCE:
        raise tk.Invalid(tk._("Choose at most {most}.").format(most=_AT_ONCE))
    return list(dict.fromkeys(ids))


@validator_args
def one(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """Actions about one dataset, process or comment."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text], "__extras": [ignore]}


@validator_args
def listed(
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_process_list``."""
    turns = sorted({table().states[s].waits_on for s in OPEN})
    return {
        "state": [ignore_missing, unicode_safe, one_of(list(OPEN))],
        "waits_on": [ignore_missing, unicode_safe, one_of(turns)],
        "organization": [ignore_missing, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def submit(
    not_empty: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    boolean_validator: Validator,
) -> Schema:
    """``satudata_process_submit``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "note": [default(""), unicode_safe, satudata_clean_text, _long_enough],
        "meeting": [default(False), boolean_validator],
        "__extras": [ignore],
    }


@validator_args
def move(
    not_empty: Validator,
    ignore: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_process_move``."""
    names = [
        t.name
        for t in table().transitions.values()
        if t.who - {"portal"} and not t.name.startswith("ajukan")
    ]
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "transition": [not_empty, unicode_safe, one_of(names)],
        "note": [default(""), unicode_safe, satudata_clean_text, _long_enough],
        "release_on": [ignore_empty, _day],
        "__extras": [ignore],
    }


@validator_args
def bulk(not_empty: Validator, ignore: Validator) -> Schema:
    """``satudata_process_bulk_accept``."""
    return {"ids": [not_empty, _ids], "__extras": [ignore]}


@validator_args
def comment(
    not_empty: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
) -> Schema:
    """``satudata_review_comment_create``."""
    name = [default(""), unicode_safe, satudata_clean_text]
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "field": name,
        "resource_id": name,
        "column": name,
        "text": [not_empty, unicode_safe, satudata_clean_text, _long_enough],
        "__extras": [ignore],
    }
