"""Who may have attachments."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata import attachments

from .asking import person, refused


@tk.auth_allow_anonymous_access
def satudata_attachment_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whom the thing it belongs to lets have it, be it by a secret code."""
    found = attachments.get(data_dict["id"])
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such attachment."))
    if attachments.may(found, person(context), data_dict.get("secret")):
        return {"success": True}
    return refused(tk._("This file is for those whom it concerns."))
