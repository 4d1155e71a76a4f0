"""Who may read notices and tasks, and choose how to be told: everybody their own."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from .asking import person, refused


def satudata_notice_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever is signed in; actions look at nobody else's notices."""
    if person(context) is None:
        return refused(tk._("Sign in to see your notices."))
    return {"success": True}


satudata_notice_read = satudata_notice_list
satudata_notice_setting_show = satudata_notice_list
satudata_notice_setting_update = satudata_notice_list
satudata_task_list = satudata_notice_list
