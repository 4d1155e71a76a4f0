"""Routes that end otherwise than in a refusal: figures leave, stay, or are not shown."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.tests import helpers
from werkzeug.datastructures import FileStorage

from ckanext.satudata.tests.worlds import Agency, act

from .scene import Scene, as_sysadmin


def _first(dataset: dict[str, Any]) -> str:
    return dataset["resources"][0]["id"]


def _document() -> dict[str, Any]:
    return {"upload": FileStorage(io.BytesIO(b"%PDF-1.7 contoh"), filename="laporan.pdf")}


def _revised(who: Agency, dataset: dict[str, Any]) -> Any:
    match = {"id": dataset["id"]}
    return act("package_revise", who.user, match=match, filter=["-resources__*"])


def _in_bulk(action: str) -> Callable[[Agency, dict[str, Any]], Any]:
    return lambda who, dataset: as_sysadmin(action, datasets=[dataset["id"]], org_id=who.id)


#: Id of the route -> how a public dataset's figures leave by it.
WITHDRAWN: dict[str, Callable[[Agency, dict[str, Any]], Any]] = {
    "package_delete": lambda who, d: act("package_delete", who.user, id=d["id"]),
    "package_delete-name": lambda who, d: act("package_delete", who.user, id=d["name"]),
    "dataset_purge": lambda _, d: as_sysadmin("dataset_purge", id=d["id"]),
    "dataset_purge-name": lambda _, d: as_sysadmin("dataset_purge", id=d["name"]),
    "bulk_update_delete": _in_bulk("bulk_update_delete"),
    "bulk_update_private": _in_bulk("bulk_update_private"),
    "package_patch-private": lambda who, d: act(
        "package_patch", who.user, id=d["id"], private=True
    ),
    "package_patch-draft": lambda who, d: act("package_patch", who.user, id=d["id"], state="draft"),
    "package_patch-deleted": lambda who, d: act(
        "package_patch", who.user, id=d["id"], state="deleted"
    ),
    "package_revise-resources": _revised,
    "resource_delete": lambda who, d: act("resource_delete", who.user, id=_first(d)),
    "resource_patch-document": lambda who, d: act(
        "resource_patch", who.user, id=_first(d), format="PDF", schema="", **_document()
    ),
}

#: Id of the route -> something done to a public dataset that changes no figure and no file.
UNCHANGED: dict[str, Callable[[Scene], Any]] = {
    "package_patch-title": lambda s: act(
        "package_patch", s.other.user, id=s.repeat["id"], title="Judul lain"
    ),
    "package_resource_reorder": lambda s: act(
        "package_resource_reorder",
        s.other.user,
        id=s.repeat["id"],
        order=[r["id"] for r in reversed(s.repeat["resources"])],
    ),
    "resource_patch-hash": lambda s: act(
        "resource_patch", s.other.user, id=_first(s.repeat), hash=s.draft["resources"][0]["hash"]
    ),
    "resource_validation_run": lambda s: act(
        "resource_validation_run", s.other.user, resource_id=_first(s.repeat)
    ),
    "resource_validation_delete": lambda s: act(
        "resource_validation_delete", s.other.user, resource_id=_first(s.repeat)
    ),
    "datastore_delete": lambda s: as_sysadmin(
        "datastore_delete", resource_id=_first(s.public), force=True
    ),
    "satudata_revision_cancel": lambda s: act(
        "satudata_revision_cancel", s.other.user, id=s.revision
    ),
    "satudata_revision_prepare": lambda s: act(
        "satudata_revision_prepare",
        s.other.user,
        id=s.repeat["id"],
        resource_id=_first(s.repeat),
        upload=s.upload(),
    ),
    "defer_commit-alone": lambda s: tk.get_action("package_patch")(
        {"ignore_auth": True, "defer_commit": True}, {"id": s.public["id"], "private": True}
    ),
}


def _download(dataset: dict[str, Any]) -> None:
    """The file by its address, as anybody types it."""
    resource = dataset["resources"][0]
    name = resource["url"].rsplit("/", 1)[-1]
    address = f"/dataset/{dataset['id']}/resource/{resource['id']}/download/{name}"
    answer = helpers._get_test_app().get(address, follow_redirects=False)
    if answer.status_code != 200:
        raise tk.ObjectNotFound(str(answer.status_code))


def _search(dataset: dict[str, Any]) -> None:
    found = act("package_search", None, q=f"id:{dataset['id']}", include_drafts=True)
    if not found["count"]:
        raise tk.ObjectNotFound("nothing")


#: Id of the route -> how somebody without an account asks for what is not public.
UNSEEN: dict[str, Callable[[Scene], Any]] = {
    "guess-draft": lambda s: act("package_show", None, id=s.draft["id"]),
    "guess-draft-name": lambda s: act("package_show", None, id=s.draft["name"]),
    "guess-private": lambda s: act("package_show", None, id=s.private["id"]),
    "guess-deleted": lambda s: act("package_show", None, id=s.deleted["id"]),
    "guess-resource": lambda s: act("resource_show", None, id=_first(s.draft)),
    "guess-file": lambda s: _download(s.draft),
    "guess-private-file": lambda s: _download(s.private),
    "guess-search": lambda s: _search(s.draft),
    "guess-status": lambda s: act("satudata_dataset_status", None, id=s.draft["id"]),
    "guess-report": lambda s: act(
        "satudata_report_show",
        None,
        id=act("satudata_check", s.other.user, id=s.draft["id"])["id"],
    ),
    "guess-reports": lambda s: act("satudata_report_list", None, dataset_id=s.draft["id"]),
    "guess-revision": lambda s: act("satudata_revision_show", None, id=s.revision),
    "guess-columns": lambda s: act("satudata_declaration_guess", None, id=_first(s.draft)),
    "datastore_search": lambda s: act("datastore_search", None, resource_id=_first(s.public)),
    "datastore_info": lambda s: act("datastore_info", None, id=_first(s.public)),
}
