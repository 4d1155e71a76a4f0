"""What those who examine a dataset say about its fields and columns, and its public history."""

from __future__ import annotations

import uuid
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.logic import showing
from ckanext.satudata.logic.committing import commit
from ckanext.satudata.logic.schema import process as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.process import Process, ReviewComment
from ckanext.satudata.workflow import trail
from ckanext.satudata.workflow.review import process_notices, versions


@validate(schema.comment)
def satudata_review_comment_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say something about one field of a dataset, or one column of one of its tables.

    The comment stands beside the field in the dataset's form until somebody settles it.

    :param id: id or name of the dataset; it must have been submitted
    :param field: name of the field, or
    :param resource_id: id of the table, and
    :param column: header of its column, if it is about one
    :param text: what should change, and why
    :returns: the comment
    """
    tk.check_access("satudata_review_comment_create", context, data_dict)
    package = model.Package.get(data_dict["id"])
    user = context.get("auth_user_obj")
    assert package is not None
    assert user is not None
    found = Process.open_of(package.id)
    if found is None:
        raise tk.ValidationError(
            {"id": [tk._("Nothing of this dataset is being examined, so there is nothing to say.")]}
        )
    field, resource = data_dict["field"], data_dict["resource_id"]
    if bool(field) == bool(resource):
        raise tk.ValidationError({"field": [tk._("Name either a field or a table.")]})
    if resource and resource not in {r.id for r in package.resources}:
        raise tk.ValidationError(
            {"resource_id": [tk._("This resource does not belong to the dataset.")]}
        )
    comment = ReviewComment(
        id=str(uuid.uuid4()),
        process_id=found.id,
        dataset_id=package.id,
        field=field,
        resource_id=resource,
        column_name=data_dict["column"] if resource else "",
        text=data_dict["text"],
        author=user.id,
        created_at=utc_now(),
    )
    model.Session.add(comment)
    model.Session.flush()
    _record("review.comment", found, user.id, comment)
    out = showing.comment(comment)
    commit(context)
    return out


@validate(schema.one)
def satudata_review_comment_resolve(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say that a comment is settled; it stays in the record.

    :param id: id of the comment
    :returns: the comment
    """
    tk.check_access("satudata_review_comment_resolve", context, data_dict)
    comment = model.Session.get(ReviewComment, data_dict["id"], with_for_update=True)
    user = context.get("auth_user_obj")
    assert comment is not None
    assert user is not None
    if comment.resolved_at is None:
        comment.resolved_by, comment.resolved_at = user.id, utc_now()
        model.Session.flush()
        found = model.Session.get_one(Process, comment.process_id)
        _record("review.resolve", found, user.id, comment)
    out = showing.comment(comment)
    commit(context)
    return out


@tk.side_effect_free
@validate(schema.one)
def satudata_version_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the versions of a dataset that the public has seen, newest first.

    :param id: id or name of the dataset
    :returns: ``id``, ``kind``, ``state``, ``published_at``, ``until`` (when another version took
        its place, or None), ``responsible`` (the official who answers for it) and ``files``
        (``resource_id``, ``name``, ``filename``, ``current``, ``offered``) of each
    """
    tk.check_access("satudata_version_list", context, data_dict)
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    return [
        {
            "id": one.process.id,
            "kind": one.process.kind,
            "state": one.process.state,
            "published_at": one.process.published_at.isoformat()
            if one.process.published_at
            else None,
            "until": one.until.isoformat() if one.until else None,
            "responsible": one.process.responsible,
            "files": [
                {
                    "resource_id": file.resource,
                    "name": file.name,
                    "filename": file.filename,
                    "current": file.current,
                    "offered": file.offered,
                }
                for file in one.files
            ],
        }
        for one in versions.of_dataset(package)
    ]


def _record(action: str, found: Process, actor: str, comment: ReviewComment) -> None:
    trail.record(
        action,
        process_notices.subject(found),
        actor=actor,
        organization=found.organization_id,
        after={
            "comment": comment.id,
            "field": comment.field,
            "resource": comment.resource_id,
            "column": comment.column_name,
        },
    )
