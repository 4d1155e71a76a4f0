"""Who sees the calendar of releases."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def satudata_release_calendar_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody: it is made from what is public."""
    return {"success": True}
