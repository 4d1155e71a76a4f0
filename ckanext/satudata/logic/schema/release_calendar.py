"""Parameters of the release calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator

from ckanext.satudata.logic.validators.text import satudata_clean_text


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise tk.Invalid(tk._("A day is expected, such as 2026-11-21.")) from None


@validator_args
def listed(
    ignore: Validator, ignore_empty: Validator, ignore_missing: Validator, unicode_safe: Validator
) -> Schema:
    """``satudata_release_calendar_list``."""
    return {
        "first": [ignore_empty, ignore_missing, _day],
        "last": [ignore_empty, ignore_missing, _day],
        "organization": [ignore_empty, ignore_missing, unicode_safe, satudata_clean_text],
        "__extras": [ignore],
    }
