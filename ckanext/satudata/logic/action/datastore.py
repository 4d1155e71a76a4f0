"""The DataStore's actions: its tables are a second way of showing figures, which stays closed.

Rows in the DataStore are shown beside the file they were taken from, and any editor, loader or
trigger can change them without the file. Only files are compared, so no row gets in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Action, ChainedAction, Context, DataDict

#: The plugin whose actions these are.
PLUGIN = "datastore"


def get_actions() -> Mapping[str, ChainedAction]:
    """What is put before the DataStore's actions, if there is a DataStore."""
    if not p.plugin_loaded(PLUGIN):
        return {}
    return {name: globals()[name] for name in __all__}


@tk.chained_action
def datastore_create(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Refused: a table of the DataStore would be shown without having been compared."""
    tk.check_access("datastore_create", context, data_dict)
    _refuse()


@tk.chained_action
def datastore_upsert(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Refused: rows would change without the file from which they were compared."""
    tk.check_access("datastore_upsert", context, data_dict)
    _refuse()


@tk.chained_action
def datastore_run_triggers(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Refused: a trigger changes rows without the file from which they were compared."""
    tk.check_access("datastore_run_triggers", context, data_dict)
    _refuse()


@tk.chained_action
def datastore_records_delete(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Refused: what is left would be another table; ``datastore_delete`` takes all of it."""
    tk.check_access("datastore_records_delete", context, data_dict)
    _refuse()


@tk.chained_action
def datastore_delete(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Take a whole table out; some of its rows or columns alone are refused."""
    tk.check_access("datastore_delete", context, data_dict)
    if data_dict.get("filters") or data_dict.get("fields"):
        _refuse()
    return original(context, data_dict)


def _refuse() -> NoReturn:
    """Whoever asks, also with ``force`` or ``ignore_auth``: that is how loaders call.

    Raises:
        tk.ValidationError: always.
    """
    text = tk._(
        "Rows of the DataStore are not compared with what is public, so they cannot be changed. "
        "Upload the table as a file; its figures are served by satudata_observation_list."
    )
    raise tk.ValidationError({"resource_id": [text]})


__all__ = [
    "datastore_create",
    "datastore_delete",
    "datastore_records_delete",
    "datastore_run_triggers",
    "datastore_upsert",
]
