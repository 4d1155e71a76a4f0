"""Reading the DataStore: what stands in it was never compared, so nobody is shown it."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, ChainedAuthFunction, Context, DataDict

from ckanext.satudata.logic.action.datastore import PLUGIN


def get_auth_functions() -> Mapping[str, ChainedAuthFunction]:
    """What is put before the DataStore's auth functions, if there is a DataStore."""
    if not p.plugin_loaded(PLUGIN):
        return {}
    return {name: globals()[name] for name in __all__}


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def datastore_search(
    original: AuthFunction, context: Context, data_dict: DataDict | None
) -> AuthResult:
    """Nobody but sysadmins, who find there what was loaded before the portal was Satu Data."""
    text = tk._(
        "Rows of the DataStore are not compared with what is public. "
        "Use the file, or satudata_observation_list."
    )
    return {"success": False, "msg": text}


datastore_info = datastore_search
datastore_search_sql = datastore_search

__all__ = ["datastore_info", "datastore_search", "datastore_search_sql"]
