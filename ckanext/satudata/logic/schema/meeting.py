"""Parameters of actions about meetings."""

from __future__ import annotations

from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text
from ckanext.satudata.model.meeting import OUTCOMES, STATES


@validator_args
def one(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """Actions that take nothing but an id."""
    return {"id": [not_empty, unicode_safe], "__extras": [ignore]}


@validator_args
def listed(
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_meeting_list``."""
    return {
        "state": [ignore_missing, unicode_safe, one_of(list(STATES))],
        "limit": [default(100), natural_number_validator],
        "__extras": [ignore],
    }


@validator_args
def create(
    not_empty: Validator, ignore: Validator, ignore_missing: Validator, unicode_safe: Validator
) -> Schema:
    """``satudata_meeting_create``."""
    text = [ignore_missing, unicode_safe, satudata_clean_text]
    return {
        "starts_at": [not_empty, unicode_safe],
        "place": text,
        "link": text,
        "__extras": [ignore],
    }


@validator_args
def update(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_meeting_update``."""
    text = [ignore_missing, unicode_safe, satudata_clean_text]
    return {
        "id": [not_empty, unicode_safe],
        "version": [not_empty, natural_number_validator],
        "starts_at": [ignore_missing, unicode_safe],
        "place": text,
        "link": text,
        "notes": [ignore_missing, unicode_safe],
        "__extras": [ignore],
    }


@validator_args
def cancel(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_meeting_cancel``."""
    return {
        "id": [not_empty, unicode_safe],
        "reason": [not_empty, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def attend(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
    boolean_validator: Validator,
) -> Schema:
    """``satudata_attendance_set``."""
    text = [default(""), unicode_safe, satudata_clean_text]
    return {
        "id": [not_empty, unicode_safe],
        "row": [ignore_missing, unicode_safe],
        "version": [default(0), natural_number_validator],
        "organization_id": [ignore_missing, unicode_safe],
        "name": text,
        "position": text,
        "present": [default(False), boolean_validator],
        "__extras": [ignore],
    }


@validator_args
def attach(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_meeting_attach``."""
    return {"id": [not_empty, unicode_safe], "upload": [not_empty], "__extras": [ignore]}


@validator_args
def item_create(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    list_of_strings: Validator,
) -> Schema:
    """``satudata_agenda_item_create``."""
    return {
        "meeting_id": [not_empty, unicode_safe],
        "title": [not_empty, unicode_safe, satudata_clean_text],
        "text": [default(""), unicode_safe, satudata_clean_text],
        "organizations": [ignore_missing, list_of_strings],
        "__extras": [ignore],
    }


@validator_args
def item_update(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    natural_number_validator: Validator,
    int_validator: Validator,
) -> Schema:
    """``satudata_agenda_item_update``."""
    return {
        "id": [not_empty, unicode_safe],
        "note": [ignore_missing, unicode_safe],
        "version": [ignore_missing, natural_number_validator],
        "move": [ignore_missing, int_validator],
        "__extras": [ignore],
    }


@validator_args
def decide(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
    list_of_strings: Validator,
) -> Schema:
    """``satudata_agenda_item_decide``."""
    return {
        "id": [not_empty, unicode_safe],
        "version": [not_empty, natural_number_validator],
        "outcome": [ignore_empty, unicode_safe, one_of(list(OUTCOMES))],
        "choice": [ignore_empty, unicode_safe],
        "values": [ignore_missing, list_of_strings],
        "note": [default(""), unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def direct(
    not_empty: Validator,
    ignore: Validator,
    ignore_missing: Validator,
    unicode_safe: Validator,
    list_of_strings: Validator,
) -> Schema:
    """``satudata_escalation_direct``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {
        "id": [not_empty, unicode_safe],
        "choice": [not_empty, unicode_safe],
        "values": [ignore_missing, list_of_strings],
        "document": text,
        "ground": text,
        "__extras": [ignore],
    }


@validator_args
def escalations(
    ignore: Validator, default: ValidatorFactory, natural_number_validator: Validator
) -> Schema:
    """``satudata_escalation_list``."""
    return {"limit": [default(200), natural_number_validator], "__extras": [ignore]}
