"""Who may copy what a resource links to."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


def satudata_link_copy(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the resource."""
    try:
        tk.check_access("resource_update", context, {"id": data_dict.get("id")})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": str(error)}
    return {"success": True}
