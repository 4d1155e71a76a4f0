"""Checks before publishing, and the reports of checks."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict
from werkzeug.datastructures import FileStorage

from ckanext.satudata.logic.schema import check as schema
from ckanext.satudata.workflow import checking, documents, reports


@validate(schema.check)
def satudata_check(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Check a dataset or a file as if it were published, without publishing anything.

    Either ``id`` or ``organization_id`` with ``upload`` is needed.

    :param id: id or name of a saved dataset
    :param organization_id: id or name of the organization the file would belong to
    :param upload: the file (multipart)
    :param schema: the file's column declaration; without it the one that the
        organization confirmed before, or the template's, is used
    :param coverage: code of the region whose parts the file must cover completely
    :param lang: language of the texts, ``id`` (default) or ``en``
    :param keep: keep the report, so that it can be shown later
    :returns: the report, see :py:func:`satudata_report_show`
    """
    tk.check_access("satudata_check", context, data_dict)
    user = context.get("auth_user_obj")
    if data_dict.get("id"):
        package = model.Package.get(data_dict["id"])
        assert package is not None
        kept = checking.check_dataset(package, user.id if user else None)
    else:
        kept = _check_upload(data_dict, user.id if user else None)
    if data_dict["keep"]:
        reports.keep_apart(kept)
    return documents.as_dict(kept, data_dict.get("lang") or "id")


def _check_upload(data_dict: DataDict, user: str | None) -> reports.Kept:
    upload = data_dict.get("upload")
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise tk.ValidationError({"upload": [tk._("Choose a file to check.")]})
    group = model.Group.get(data_dict["organization_id"])
    assert group is not None
    handle, path = tempfile.mkstemp(prefix="satudata-check-")
    try:
        with os.fdopen(handle, "wb") as out:
            upload.save(out)
        return checking.check_file(
            path,
            name=upload.filename,
            declaration=data_dict.get("schema") or None,
            organization=group,
            coverage=data_dict.get("coverage"),
            user=user,
        )
    finally:
        os.unlink(path)


@tk.side_effect_free
@validate(schema.report_show)
def satudata_report_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a kept report.

    :param id: id of the report
    :param lang: language of the texts, ``id`` (default) or ``en``
    :returns: ``id``, ``created``, ``dataset``, ``blocked``, ``checked``, ``ruleset``,
        ``counts`` (findings per rule) and ``findings``, each with the rule, both values, both
        sources, the difference, the tolerance that decided, the cause guessed, and texts
    """
    tk.check_access("satudata_report_show", context, data_dict)
    kept = reports.find(data_dict["id"])
    if kept is None:
        raise tk.ObjectNotFound(tk._("There is no such report."))
    return documents.as_dict(kept, data_dict.get("lang") or "id")


@tk.side_effect_free
@validate(schema.report_list)
def satudata_report_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the kept reports of a dataset, newest first.

    :param dataset_id: id or name of the dataset
    :param limit: how many
    :returns: ``id``, ``kind``, ``created``, ``blocked``, ``checked`` and ``ruleset`` of each
    """
    tk.check_access("satudata_report_list", context, data_dict)
    package = model.Package.get(data_dict["dataset_id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    rows = reports.newest(package.id, min(data_dict["limit"], 1000))
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "created": row.created_at.isoformat(),
            "blocked": row.blocked,
            "checked": row.checked,
            "ruleset": row.ruleset,
        }
        for row in rows
    ]
