"""A dataset's revisions: what waits beside it, how far it is, and what to do with it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify

from ckanext.satudata.model.revision import IN_BACKGROUND

from .common import Page, call, guarded, process_of, report_of, texts_of

blueprint = Blueprint("satudata_revision", __name__)


@blueprint.route("/dataset/<id>/revisi", methods=["GET"])
@guarded
def index(id: str) -> Page:
    """The dataset's revisions, and the form that prepares one."""
    return _page(id, [])


@blueprint.route("/dataset/<id>/revisi", methods=["POST"])
@guarded
def prepare(id: str) -> Page:
    """Prepare another file for one of the dataset's tables."""
    asked = {name: tk.request.form.get(name, "") for name in ("resource_id", "note")}
    upload = tk.request.files.get("upload")
    if not asked["resource_id"] or upload is None or not upload.filename:
        return _page(id, [tk._("Choose the table and its new file.")], asked)
    try:
        call("satudata_revision_prepare", id=id, upload=upload, **asked)
    except tk.ValidationError as error:
        return _page(id, texts_of(error), asked)
    tk.h.flash_success(tk._("The revision is prepared. The public still sees the former table."))
    return tk.redirect_to("satudata_revision.index", id=id)


@blueprint.route("/satudata/revisi/<revision_id>/kemajuan", methods=["GET"])
@guarded
def progress(revision_id: str) -> Page:
    """How far a revision is (``html``), and whether there is more to come (``open``)."""
    revision = call("satudata_revision_show", id=revision_id)
    html = tk.render(
        "satudata/snippets/progress.html",
        {"revision": revision, "dataset": revision["dataset_id"]},
    )
    return jsonify(html=html, open=revision["state"] in IN_BACKGROUND)


@blueprint.route("/satudata/revisi/<revision_id>/terbitkan", methods=["POST"])
@guarded
def release(revision_id: str) -> Page:
    """Let a prepared revision become public; if it is held back, show the report."""
    dataset = call("satudata_revision_show", id=revision_id)["dataset_id"]
    try:
        revision = call("satudata_revision_release", id=revision_id)
    except tk.ValidationError as error:
        report = report_of(error)
        if report:
            return tk.redirect_to("satudata_report.show", report_id=report)
        if process_of(error):
            for text in texts_of(error):
                tk.h.flash_notice(text)
            return tk.redirect_to("satudata_process.show", id=dataset)
        return _page(dataset, texts_of(error))
    if revision["state"] == "released":
        tk.h.flash_success(tk._("The revision is public now."))
    return tk.redirect_to("satudata_revision.index", id=dataset)


@blueprint.route("/satudata/revisi/<revision_id>/batal", methods=["POST"])
@guarded
def cancel(revision_id: str) -> Page:
    """Give a waiting revision up."""
    revision = call("satudata_revision_cancel", id=revision_id)
    tk.h.flash_success(tk._("Cancelled. The public dataset stays as it is."))
    return tk.redirect_to("satudata_revision.index", id=revision["dataset_id"])


def _page(id: str, errors: list[str], asked: dict[str, Any] | None = None) -> str:
    dataset = call("package_show", id=id)
    return tk.render(
        "satudata/revisions.html",
        {
            "pkg_dict": dataset,
            "pkg": dataset,
            "dataset_type": dataset["type"],
            "revisions": call("satudata_revision_list", dataset_id=dataset["id"]),
            "errors": errors,
            "asked": asked or {},
        },
    )
