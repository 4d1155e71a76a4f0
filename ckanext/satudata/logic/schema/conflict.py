"""Parameters of actions about what no longer agrees."""

from __future__ import annotations

from ckan.logic.schema import validator_args
from ckan.types import Schema, Validator


@validator_args
def listed(ignore: Validator) -> Schema:
    """``satudata_conflict_list``: nothing is asked for."""
    return {"__extras": [ignore]}
