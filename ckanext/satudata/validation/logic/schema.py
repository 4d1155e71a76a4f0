"""Parameters of the actions."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema


def _resource() -> Schema:
    return {
        "resource_id": [
            tk.get_validator("not_missing"),
            tk.get_validator("not_empty"),
            tk.get_validator("unicode_safe"),
        ],
        "__extras": [tk.get_validator("ignore")],
    }


def validation_run() -> Schema:
    """Of ``resource_validation_run``."""
    default_true, boolean = tk.get_validator("default")(True), tk.get_validator("boolean_validator")
    return {**_resource(), "async": [default_true, boolean]}


def validation_show() -> Schema:
    """Of ``resource_validation_show``."""
    languages = tk.get_validator("one_of")(["id", "en"])
    return {**_resource(), "lang": [tk.get_validator("ignore_empty"), languages]}


def validation_delete() -> Schema:
    """Of ``resource_validation_delete``."""
    return _resource()


def validation_run_batch() -> Schema:
    """Of ``resource_validation_run_batch``: both take text, and lists or objects as well."""
    optional = tk.get_validator("ignore_missing")
    return {
        "dataset_ids": [optional],
        "query": [optional],
        "__junk": [tk.get_validator("ignore")],
        "__extras": [tk.get_validator("ignore")],
    }
