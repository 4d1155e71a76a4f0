"""Parameters of the actions about agreements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text
from ckanext.satudata.model.agreement import KINDS, STATES

#: A note or a reason is a sentence that others must understand years later.
_SHORTEST, _LONGEST = 10, 2000


def sentence(value: str) -> str:
    """A text that is neither too short to say something nor too long to be read, on one line."""
    text = " ".join(value.split())
    if not _SHORTEST <= len(text) <= _LONGEST:
        raise tk.Invalid(
            tk._("Write the reason in a sentence, {shortest} to {longest} characters.").format(
                shortest=_SHORTEST, longest=_LONGEST
            )
        )
    return text


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise tk.Invalid(tk._("A number is expected, such as 1234.5."))
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise tk.Invalid(tk._("A number is expected, such as 1234.5.")) from None
    if not number.is_finite():
        raise tk.Invalid(tk._("A number is expected, such as 1234.5."))
    return number


def _figures(value: Any) -> dict[str, Decimal]:
    if not isinstance(value, Mapping):
        raise tk.Invalid(tk._("An object is expected: the id of each agency with its figure."))
    return {str(who): _number(figure) for who, figure in value.items()}


def _codes(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise tk.Invalid(tk._("An object is expected: the name of each dimension with its code."))
    return {str(name): str(code) for name, code in value.items()}


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise tk.Invalid(tk._("A day is expected, such as 2026-11-21.")) from None


def _proposal(
    ignore_missing: Validator, not_empty: Validator, unicode_safe: Validator, int_: Validator
) -> Schema:
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {
        "note_en": [ignore_missing, unicode_safe, satudata_clean_text],
        "valid_from": [ignore_missing, _day],
        "valid_to": [ignore_missing, _day],
        "objects": {
            "indicator": text,
            "region": text,
            "period": text,
            "classifications": [ignore_missing, _codes],
            "value": [ignore_missing, _number],
            "decimals": [ignore_missing, int_],
            "per_party": [ignore_missing, _figures],
        },
    }


@validator_args
def propose(
    ignore: Validator,
    ignore_missing: Validator,
    not_empty: Validator,
    unicode_safe: Validator,
    int_validator: Validator,
    json_list_or_string: Validator,
    list_of_strings: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_agreement_propose``; what it may speak of is decided by the service."""
    return {
        "kind": [not_empty, unicode_safe, one_of(list(KINDS))],
        "note": [not_empty, unicode_safe, satudata_clean_text, sentence],
        "parties": [not_empty, json_list_or_string, list_of_strings],
        "organization_id": [ignore_missing, unicode_safe, satudata_clean_text],
        "meeting_item": [ignore_missing, unicode_safe, satudata_clean_text],
        "supersedes": [ignore_missing, unicode_safe, satudata_clean_text],
        **_proposal(ignore_missing, not_empty, unicode_safe, int_validator),
        "__extras": [ignore],
    }


@validator_args
def revise(
    ignore: Validator,
    ignore_missing: Validator,
    not_empty: Validator,
    unicode_safe: Validator,
    int_validator: Validator,
    json_list_or_string: Validator,
    list_of_strings: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_agreement_revise``; what is not sent stays as it was agreed."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "kind": [ignore_missing, unicode_safe, one_of(list(KINDS))],
        "note": [not_empty, unicode_safe, satudata_clean_text, sentence],
        "parties": [ignore_missing, json_list_or_string, list_of_strings],
        "organization_id": [ignore_missing, unicode_safe, satudata_clean_text],
        "meeting_item": [ignore_missing, unicode_safe, satudata_clean_text],
        **_proposal(ignore_missing, not_empty, unicode_safe, int_validator),
        "__extras": [ignore],
    }


@validator_args
def one(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_agreement_show``."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text], "__extras": [ignore]}


@validator_args
def accept(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_agreement_accept``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {"id": text, "organization_id": text, "__extras": [ignore]}


@validator_args
def decline(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_agreement_decline``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {
        "id": text,
        "organization_id": text,
        "reason": [*text, sentence],
        "__extras": [ignore],
    }


@validator_args
def withdraw(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_agreement_withdraw``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {"id": text, "reason": [*text, sentence], "__extras": [ignore]}


@validator_args
def direct(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_agreement_direct``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {"id": text, "ground": [*text, sentence], "document": text, "__extras": [ignore]}


@validator_args
def listed(
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_agreement_list``."""
    text = [ignore_missing, unicode_safe, satudata_clean_text]
    return {
        "q": text,
        "indicator": text,
        "organization": text,
        "state": [ignore_missing, unicode_safe, one_of(list(STATES))],
        "kind": [ignore_missing, unicode_safe, one_of(list(KINDS))],
        "limit": [default(50), natural_number_validator],
        "offset": [default(0), natural_number_validator],
        "__extras": [ignore],
    }
