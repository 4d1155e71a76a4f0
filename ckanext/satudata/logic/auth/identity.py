"""Who may open who people are: the PPID and the walidata, and see that it was opened."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudata.privacy import people
from ckanext.satudata.workflow import roles

from .asking import person, refused


def satudata_identity_open(context: Context, data_dict: DataDict) -> AuthResult:
    """The PPID and the walidata; who asked to stay unknown only the role the portal names."""
    user = person(context)
    row = people.find(str(data_dict.get("id") or ""))
    if user is None or row is None:
        return refused(tk._("Only the PPID and the walidata may see who somebody is."))
    if roles.opens_identities(user, confidential=row.confidential):
        return {"success": True}
    if row.confidential and roles.opens_identities(user, confidential=False):
        return refused(
            tk._("This person asked to stay unknown; only the role named for that may look.")
        )
    return refused(tk._("Only the PPID and the walidata may see who somebody is."))


def satudata_identity_access_list(context: Context, data_dict: DataDict) -> AuthResult:
    """The PPID and the walidata."""
    user = person(context)
    if user is not None and roles.opens_identities(user, confidential=False):
        return {"success": True}
    return refused(tk._("Only the PPID and the walidata see who opened personal data."))
