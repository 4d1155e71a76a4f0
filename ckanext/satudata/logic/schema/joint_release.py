"""Parameters of actions about joint releases."""

from __future__ import annotations

from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text


@validator_args
def create(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_joint_release_create``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {"revision_id": text, "reason": text, "__extras": [ignore]}


@validator_args
def join(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_joint_release_join``."""
    text = [not_empty, unicode_safe, satudata_clean_text]
    return {"id": text, "revision_id": text, "__extras": [ignore]}


@validator_args
def listed(
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
    one_of: ValidatorFactory,
) -> Schema:
    """``satudata_joint_release_list``."""
    return {
        "state": [ignore_missing, unicode_safe, one_of(["open", "released", "cancelled"])],
        "limit": [default(100), natural_number_validator],
        "__extras": [ignore],
    }
