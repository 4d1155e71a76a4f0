"""Parameters of the actions."""

from __future__ import annotations

from typing import Any

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
    default: Any = tk.get_validator("default")
    return {**_resource(), "async": [default(True), tk.get_validator("boolean_validator")]}


def validation_show() -> Schema:
    """Of ``resource_validation_show``."""
    one_of: Any = tk.get_validator("one_of")
    return {**_resource(), "lang": [tk.get_validator("ignore_empty"), one_of(["id", "en"])]}


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
