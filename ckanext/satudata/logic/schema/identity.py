"""Parameters of the actions about who people are."""

from __future__ import annotations

from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text

from .agreement import sentence


@validator_args
def open_(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_identity_open``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {"id": text, "why": [*text, sentence], "__extras": [ignore]}


@validator_args
def accesses(
    ignore: Validator,
    ignore_missing: Validator,
    ignore_empty: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_identity_access_list``."""
    text = [ignore_empty, ignore_missing, unicode_safe, satudata_clean_text]
    return {
        "identity_id": text,
        "actor": text,
        "below": [ignore_empty, ignore_missing, natural_number_validator],
        "limit": [default(100), natural_number_validator],
        "__extras": [ignore],
    }
