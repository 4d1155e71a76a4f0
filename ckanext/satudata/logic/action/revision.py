"""Revisions: changes of a public dataset that wait beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict
from werkzeug.datastructures import FileStorage

from ckanext.satudata.logic.retrying import retrying_own
from ckanext.satudata.logic.schema import revision as schema
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.workflow import gate, passage, revisions
from ckanext.satudata.workflow.review import process


@validate(schema.prepare)
def satudata_revision_prepare(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Prepare a change of a public dataset; the public sees nothing of it until its release.

    :param id: id or name of the dataset
    :param fields: fields of the dataset to change, as ``package_patch`` takes them (an object,
        or the same as JSON)
    :param resource_id: id of the resource that gets another file
    :param upload: the file (multipart)
    :param schema: the file's column declaration; without it the resource's stays
    :param note: why the dataset changes, for the public history
    :returns: the revision, see :py:func:`satudata_revision_show`
    """
    tk.check_access("satudata_revision_prepare", context, data_dict)
    package = model.Package.get(data_dict["id"])
    assert package is not None
    if not gate.is_public(package):
        raise tk.ValidationError(
            {"id": [tk._("This dataset is not public. Change it directly; nobody sees it yet.")]}
        )
    patch = {**_fields(data_dict.get("fields")), "id": package.id}
    if data_dict.get("resource_id"):
        patch["resources"] = _resources(context, package.id, data_dict)
    try:
        with passage.through(passage.Passage(hold=True, note=data_dict["note"])):
            tk.get_action("package_patch")(context, patch)
    except tk.ValidationError as error:
        waiting = revisions.waiting_in(error)
        if waiting is None:
            raise
        return _shown(_found(waiting))
    raise tk.ValidationError({"fields": [tk._("Nothing would change.")]})


@tk.side_effect_free
@validate(schema.one)
def satudata_revision_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a revision.

    :param id: id of the revision
    :returns: ``id``, ``dataset_id``, ``state`` (``prepared``, ``queued``, ``running``,
        ``released``, ``refused``, ``cancelled`` or ``failed``), ``note``, ``report_id`` and
        ``error`` of a refusal, ``stage``, ``done`` and ``total`` (how far the check is), ``files``
        (resource id -> file name), ``created_by``, ``created_at`` and ``updated_at``
    """
    tk.check_access("satudata_revision_show", context, data_dict)
    return _shown(_found(data_dict["id"]))


@tk.side_effect_free
@validate(schema.of_dataset)
def satudata_revision_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the revisions of a dataset, newest first.

    :param dataset_id: id or name of the dataset
    :param limit: how many
    :returns: see :py:func:`satudata_revision_show`
    """
    tk.check_access("satudata_revision_list", context, data_dict)
    package = model.Package.get(data_dict["dataset_id"])
    assert package is not None
    found = Revision.of_dataset(package.id, min(data_dict["limit"], 1000))
    return [_shown(revision) for revision in found]


@validate(schema.one)
@retrying_own
def satudata_revision_release(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let a prepared revision become public, if nothing holds it back.

    :param id: id of the revision
    :returns: the revision, see :py:func:`satudata_revision_show`; its ``state`` is ``queued`` if
        it is so large that the job worker does it
    """
    tk.check_access("satudata_revision_release", context, data_dict)
    revision = _found(data_dict["id"])
    name = revision.id
    if revision.state != "prepared":
        raise tk.ValidationError(
            {"id": [tk._("Only a prepared revision can be released; this one is not waiting.")]}
        )
    try:
        revisions.release(revision, context)
    except tk.ValidationError as error:
        if revisions.waiting_in(error) is None:
            raise
    except revisions.ChangedSince:
        message = tk._(
            "The dataset was changed after this revision was prepared. "
            "Prepare it again from what is public now."
        )
        raise tk.ValidationError({"id": [message]}) from None
    except revisions.Stopped:
        raise tk.ValidationError({"id": [tk._("This revision was cancelled.")]}) from None
    model.Session.expire_all()
    return _shown(_found(name))


@validate(schema.one)
def satudata_revision_cancel(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give up a revision that waits; the public dataset stays as it is.

    :param id: id of the revision
    :returns: the revision, see :py:func:`satudata_revision_show`
    """
    tk.check_access("satudata_revision_cancel", context, data_dict)
    revision = _found(data_dict["id"])
    name = revision.id
    if not revisions.cancel(name):
        raise tk.ValidationError(
            {"id": [tk._("It is too late to cancel this revision: it has come to an end.")]}
        )
    user = context.get("auth_user_obj")
    process.end_of_revision(name, user.id if user else None)
    model.repo.commit()
    model.Session.expire_all()
    return _shown(_found(name))


def _found(revision_id: str) -> Revision:
    revision = model.Session.get(Revision, revision_id)
    if revision is None:
        raise tk.ObjectNotFound(tk._("There is no such revision."))
    return revision


def _fields(given: Any) -> dict[str, Any]:
    try:
        fields = json.loads(given) if isinstance(given, str) else given or {}
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, Mapping):
        raise tk.ValidationError({"fields": [tk._("Give the fields as an object.")]})
    resources = fields.get("resources", [])
    if not (isinstance(resources, list) and all(isinstance(r, dict) for r in resources)):
        raise tk.ValidationError({"fields": [tk._("Give the resources as a list of objects.")]})
    return dict(fields)


def _resources(context: Context, dataset: str, data_dict: DataDict) -> list[dict[str, Any]]:
    """The dataset's resources, the named one with its new file and declaration."""
    shown = tk.get_action("package_show")(context, {"id": dataset})
    wanted = [r for r in shown["resources"] if r["id"] == data_dict["resource_id"]]
    if not wanted:
        raise tk.ValidationError(
            {"resource_id": [tk._("This resource does not belong to the dataset.")]}
        )
    upload = data_dict.get("upload")
    if upload and not (isinstance(upload, FileStorage) and upload.filename):
        raise tk.ValidationError({"upload": [tk._("Send the file itself (multipart).")]})
    for name in ("upload", "schema"):
        if data_dict.get(name):
            wanted[0][name] = data_dict[name]
    return shown["resources"]


def _shown(revision: Revision) -> dict[str, Any]:
    person = model.User.get(revision.created_by) if revision.created_by else None
    return {
        "id": revision.id,
        "dataset_id": revision.dataset_id,
        "state": revision.state,
        "note": revision.note,
        "report_id": revision.report_id,
        "error": revision.error,
        "stage": revision.stage,
        "done": revision.done,
        "total": revision.total,
        "files": {name: file["filename"] for name, file in revision.files.items()},
        "created_by": person.name if person else None,
        "created_at": revision.created_at.isoformat(),
        "updated_at": revision.updated_at.isoformat(),
    }
