"""Files in requests, objections, complaints and suggestions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata import abuse, attachments
from ckanext.satudata.logic.auth import case as auth
from ckanext.satudata.logic.case_texts import explained
from ckanext.satudata.logic.committing import commit
from ckanext.satudata.logic.schema import case as schema
from ckanext.satudata.workflow.cases import files


@validate(schema.attach)
def satudata_case_file_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Attach a file to a case. It is kept sealed, and given only to those for whom it is.

    :param id: id or number of the case
    :param secret: its secret code, for people without an account (optional)
    :param upload: the file
    :param audience: ``pemohon`` (the person and the officials) or ``internal`` (officials)
    :returns: ``id``, ``filename``, ``media_type``, ``size`` (bytes) and ``uploaded_at``
    """
    tk.check_access("satudata_case_file_create", context, data_dict)
    abuse.paced()
    found = auth.seen(context, data_dict)
    assert found is not None  # the auth function lets nobody else in
    with explained():
        kept = files.attach(*found, data_dict.get("upload"), audience=data_dict["audience"])
    described = attachments.described(kept)
    commit(context)
    return described
