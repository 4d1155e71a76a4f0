"""Who may report, route and export complaints: anybody may report, the walidata routes."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from .asking import is_walidata, refused


@tk.auth_allow_anonymous_access
def satudata_complaint_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; what keeps programs away is asked in the action."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_complaint_statistics(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody."""
    return {"success": True}


def satudata_complaint_suggest(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever hands reports to agencies."""
    return _walidata(context)


def satudata_complaint_export(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever hands reports to agencies."""
    return _walidata(context)


def _walidata(context: Context) -> AuthResult:
    if is_walidata(context):
        return {"success": True}
    return refused(tk._("Only the walidata hands reports to agencies."))
