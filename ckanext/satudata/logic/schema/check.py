"""Parameters of checks, reports, declarations, templates and observations."""

from __future__ import annotations

from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudata.logic.validators.text import satudata_clean_text


@validator_args
def check(
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    boolean_validator: Validator,
    default: ValidatorFactory,
    package_id_or_name_exists: Validator,
) -> Schema:
    """``satudata_check``: a saved dataset, or a file with the organization it is for."""
    return {
        "id": [ignore_missing, unicode_safe, satudata_clean_text, package_id_or_name_exists],
        "organization_id": [ignore_missing, unicode_safe, satudata_clean_text],
        "upload": [ignore_missing],
        "schema": [ignore_missing],
        "coverage": [ignore_missing, unicode_safe, satudata_clean_text],
        "lang": [ignore_missing, unicode_safe, satudata_clean_text],
        "keep": [default(False), boolean_validator],
        "__extras": [ignore],
    }


@validator_args
def report_show(
    not_empty: Validator,
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
) -> Schema:
    """``satudata_report_show``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "lang": [ignore_missing, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def report_list(
    not_empty: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_report_list``."""
    return {
        "dataset_id": [not_empty, unicode_safe, satudata_clean_text],
        "limit": [default(20), natural_number_validator],
        "__extras": [ignore],
    }


@validator_args
def observation_list(
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """``satudata_observation_list``."""
    return {
        "indicator": [ignore_missing, unicode_safe, satudata_clean_text],
        "region": [ignore_missing, unicode_safe, satudata_clean_text],
        "period": [ignore_missing, unicode_safe, satudata_clean_text],
        "producer": [ignore_missing, unicode_safe, satudata_clean_text],
        "dataset": [ignore_missing, unicode_safe, satudata_clean_text],
        "limit": [default(100), natural_number_validator],
        "after": [ignore_missing, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def resource(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """Actions about one resource."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text], "__extras": [ignore]}


@validator_args
def declaration_guess(
    not_empty: Validator,
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
) -> Schema:
    """``satudata_declaration_guess``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "lang": [ignore_missing, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def declaration(
    not_empty: Validator,
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
) -> Schema:
    """Actions about one resource and a declaration for it."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "declaration": [not_empty],
        "lang": [ignore_missing, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }


@validator_args
def template(
    not_empty: Validator,
    ignore_missing: Validator,
    ignore: Validator,
    unicode_safe: Validator,
    default: ValidatorFactory,
    json_list_or_string: Validator,
) -> Schema:
    """``satudata_template``."""
    return {
        "indicator": [not_empty, unicode_safe, satudata_clean_text],
        "periods": [not_empty, json_list_or_string],
        "regions": [ignore_missing, json_list_or_string],
        "codes": [ignore_missing],
        "format": [default("xlsx"), unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }
