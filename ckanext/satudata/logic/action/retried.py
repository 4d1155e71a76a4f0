"""CKAN's actions on datasets that we change in nothing but in beginning them again."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

from ckanext.satudata.logic.retrying import retrying

_NAMES = (
    "bulk_update_delete",
    "bulk_update_private",
    "bulk_update_public",
    "package_delete",
    "package_patch",
    "package_revise",
    "package_update",
    "resource_delete",
    "resource_patch",
    "resource_update",
)


def get_actions() -> dict[str, Any]:
    """The actions by name, chained before CKAN's."""
    return {name: _retried(name) for name in _NAMES}


def _retried(name: str) -> Any:
    def action(original: Action, context: Context, data_dict: DataDict) -> Any:
        return original(context, data_dict)

    action.__name__ = name
    return tk.chained_action(retrying(action))
