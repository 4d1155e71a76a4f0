"""Parameters of actions about attachments."""

from __future__ import annotations

from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator


@validator_args
def one(
    not_empty: Validator, ignore: Validator, ignore_missing: Validator, unicode_safe: Validator
) -> Schema:
    """``satudata_attachment_show``."""
    return {
        "id": [not_empty, unicode_safe],
        "secret": [ignore_missing, unicode_safe],
        "__extras": [ignore],
    }
