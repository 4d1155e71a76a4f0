"""Who may see what no longer agrees: the walidata, who changes what figures are judged by."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from .asking import is_walidata, refused


def satudata_conflict_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Editors and admins of the walidata's organization, and sysadmins."""
    if is_walidata(context):
        return {"success": True}
    return refused(tk._("Only the walidata may see this list."))
