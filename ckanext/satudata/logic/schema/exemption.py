"""Parameters of the actions about exemptions."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator

from ckanext.satudata.logic.validators.text import satudata_clean_text
from ckanext.satudata.workflow.exemptions import KINDS

#: A reason is a sentence that others must understand years later.
_SHORTEST, _LONGEST = 10, 2000


def _reason(value: str) -> str:
    text = " ".join(value.split())
    if not _SHORTEST <= len(text) <= _LONGEST:
        raise tk.Invalid(
            tk._("Write the reason in a sentence, {shortest} to {longest} characters.").format(
                shortest=_SHORTEST, longest=_LONGEST
            )
        )
    return text


def _kind(value: str) -> str:
    if value not in KINDS:
        raise tk.Invalid(tk._("Choose one of: {known}.").format(known=", ".join(KINDS)))
    return value


@validator_args
def exemption_grant(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_exemption_grant``."""
    return {
        "resource_id": [not_empty, unicode_safe, satudata_clean_text],
        "kind": [not_empty, unicode_safe, _kind],
        "column": [not_empty, unicode_safe, satudata_clean_text],
        "structure": [not_empty, unicode_safe, satudata_clean_text],
        "reason": [not_empty, unicode_safe, satudata_clean_text, _reason],
        "__extras": [ignore],
    }


@validator_args
def exemption_revoke(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_exemption_revoke``."""
    return {
        "id": [not_empty, unicode_safe, satudata_clean_text],
        "reason": [not_empty, unicode_safe, satudata_clean_text, _reason],
        "__extras": [ignore],
    }


@validator_args
def exemption_list(not_empty: Validator, ignore: Validator, unicode_safe: Validator) -> Schema:
    """``satudata_exemption_list``."""
    return {"id": [not_empty, unicode_safe, satudata_clean_text], "__extras": [ignore]}
