"""Schemas of the actions on bodies."""

from __future__ import annotations

from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator

from ckanext.satudata.logic.validators.text import satudata_clean_text


@validator_args
def walidata_hand_on(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Schema of ``satudata_walidata_hand_on``."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text]}
