"""Parameters of actions about revisions."""

from __future__ import annotations

from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text


@validator_args
def prepare(
    not_empty: Validator,
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    package_id_or_name_exists: Validator,
) -> Schema:
    """``satudata_revision_prepare``: the dataset, and what is to change."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text, package_id_or_name_exists],
        "fields": [ignore_missing],
        "resource_id": [ignore_missing, unicode_safe, satudata_clean_text],
        "upload": [ignore_missing],
        "schema": [ignore_missing],
        "note": [default(""), unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def one(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """Actions about one revision."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text], "__extras": [ignore]}


@validator_args
def of_dataset(
    not_empty: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
    package_id_or_name_exists: Validator,
) -> Schema:
    """``satudata_revision_list``."""
    return {
        "dataset_id": [not_empty, unicode_safe, satudata_clean_text, package_id_or_name_exists],
        "limit": [default(20), natural_number_validator],
        "__extras": [ignore],
    }
