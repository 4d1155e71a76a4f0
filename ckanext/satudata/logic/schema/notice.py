"""Parameters of actions about notices and the audit trail."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata import letters
from ckanext.satudata.logic.validators.text import satudata_clean_text
from ckanext.satudata.model.notice import MAIL


@validator_args
def listed(
    ignore: Validator,
    default: ValidatorFactory,
    boolean_validator: Validator,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_notice_list``."""
    return {
        "unread": [default(False), boolean_validator],
        "limit": [default(100), natural_number_validator],
        "offset": [default(0), natural_number_validator],
        "__extras": [ignore],
    }


@validator_args
def read(
    ignore: Validator, ignore_missing: Validator, natural_number_validator: Validator
) -> Schema:
    """``satudata_notice_read``."""
    return {"id": [ignore_missing, natural_number_validator], "__extras": [ignore]}


@validator_args
def none(ignore: Validator) -> Schema:
    """Actions without parameters."""
    return {"__extras": [ignore]}


@validator_args
def setting(
    ignore: Validator, not_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory
) -> Schema:
    """``satudata_notice_setting_update``."""
    return {
        "mail": [not_empty, one_of(MAIL)],
        "muted": [default([]), _kinds],
        "__extras": [ignore],
    }


@validator_args
def trail(
    ignore: Validator,
    ignore_missing: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_trail_list``."""
    text = [ignore_empty, ignore_missing, unicode_safe, satudata_clean_text]
    return {
        "subject_kind": text,
        "subject_id": text,
        "organization_id": text,
        "action": text,
        "below": [ignore_empty, ignore_missing, natural_number_validator],
        "limit": [default(100), natural_number_validator],
        "__extras": [ignore],
    }


def _kinds(value: Any) -> list[str]:
    wanted = [value] if isinstance(value, str) else value
    if not isinstance(wanted, list) or not set(wanted) <= set(letters.notice_kinds()):
        raise tk.Invalid(tk._("There is no such kind of notice."))
    return sorted(set(wanted))
