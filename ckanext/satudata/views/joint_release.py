"""Joint releases: what goes out together, and who still has to correct a table."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .common import Page, call, guarded, report_of, texts_of

blueprint = Blueprint("satudata_joint_release", __name__, url_prefix="/satudata/rilis-bersama")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """The joint releases one may see."""
    found = call("satudata_joint_release_list")
    return tk.render("satudata/joint_release_list.html", {"releases": found})


@blueprint.route("", methods=["POST"])
@guarded
def create() -> Page:
    """Begin a joint release around a prepared revision."""
    form = tk.request.form
    try:
        joint = call(
            "satudata_joint_release_create",
            revision_id=form.get("revision_id", ""),
            reason=form.get("reason", ""),
        )
    except tk.ValidationError as error:
        for text in texts_of(error):
            tk.h.flash_error(text)
        revision = call("satudata_revision_show", id=form.get("revision_id", ""))
        return tk.redirect_to("satudata_revision.index", id=revision["dataset_id"])
    return tk.redirect_to("satudata_joint_release.show", id=joint["id"])


@blueprint.route("/<id>", methods=["GET"])
@guarded
def show(id: str) -> Page:
    """One joint release."""
    joint = call("satudata_joint_release_show", id=id)
    return tk.render("satudata/joint_release.html", {"joint": joint, "waiting": _waiting(joint)})


@blueprint.route("/<id>/ikut", methods=["POST"])
@guarded
def join(id: str) -> Page:
    """Take part with a prepared revision."""
    return _do("satudata_joint_release_join", id, revision_id=tk.request.form.get("revision_id"))


@blueprint.route("/<id>/terbitkan", methods=["POST"])
@guarded
def release(id: str) -> Page:
    """Let everything become public now."""
    return _do("satudata_joint_release_release", id)


@blueprint.route("/<id>/batal", methods=["POST"])
@guarded
def cancel(id: str) -> Page:
    """Give the joint release up."""
    return _do("satudata_joint_release_cancel", id)


def _do(action: str, id: str, **data: Any) -> Page:
    try:
        call(action, id=id, **data)
    except tk.ValidationError as error:
        report = report_of(error)
        if report:
            return tk.redirect_to("satudata_report.show", report_id=report)
        for text in texts_of(error):
            tk.h.flash_error(text)
    return tk.redirect_to("satudata_joint_release.show", id=id)


def _waiting(joint: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Dataset id -> the prepared revision with which the looking person could join."""
    found = {}
    for member in joint["members"] if joint["state"] == "open" else []:
        if member["revision_id"] and member["outcome"] != "refused":
            continue
        try:
            revisions = call("satudata_revision_list", dataset_id=member["dataset_id"], limit=1)
        except tk.NotAuthorized:
            continue
        found[member["dataset_id"]] = next((r for r in revisions if r["state"] == "prepared"), {})
    return found
