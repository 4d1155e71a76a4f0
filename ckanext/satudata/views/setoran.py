"""Setoran for kecamatan: what is due, the grid, the template, handing in."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify, send_file
from werkzeug.wrappers import Response

from ckanext.satudata.model.setoran import ASKED, HANDED_IN, RECEIVED, WRITABLE

from .common import Page, call, guarded, may, texts_of

blueprint = Blueprint("satudata_setoran", __name__, url_prefix="/satudata/setoran")

#: More classifications than this stand below each other, not side by side.
_SIDE_BY_SIDE = 6
#: Setoran that a page lists of those that are done.
_DONE = 24
_LISTED = 1000


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """What one owes, and what one's agency receives."""
    obligations = call("satudata_obligation_list")
    found = call("satudata_setoran_list", limit=_LISTED)["results"]
    mine = [s for s in found if may("satudata_setoran_save", id=s["id"])]
    received = [o for o in obligations if may("satudata_setoran_matrix", id=o["id"])]
    ids = {o["id"] for o in received}
    theirs = [s for s in found if s["obligation"] in ids]
    return tk.render(
        "satudata/setoran/index.html",
        {
            "due": [s for s in mine if s["state"] in WRITABLE],
            "done": [s for s in mine if s["state"] not in WRITABLE][::-1][:_DONE],
            "owed": [o for o in obligations if o["id"] not in ids],
            "received": [{**o, **_counts(o["id"], theirs)} for o in received],
            "overdue": [s for s in theirs if s["late"]],
            "may_add": _may_add(),
        },
    )


@blueprint.route("/isi/<id>", methods=["GET"])
@guarded
def show(id: str) -> Page:
    """The grid of one setoran: to be filled in, or to be looked at."""
    return _page(call("satudata_setoran_show", id=id), [])


@blueprint.route("/isi/<id>", methods=["POST"])
@guarded
def save(id: str) -> Page:
    """Keep the whole form, and hand it in if that is wanted; without JavaScript too."""
    tk.check_access("satudata_setoran_save", {"user": tk.current_user.name}, {"id": id})
    form = tk.request.form
    try:
        saved = call("satudata_setoran_save", id=id, cells=_sent())
        if saved["conflicts"]:
            return _page(saved, [_conflict()])
        if form.get("action") == "submit":
            call(
                "satudata_setoran_submit",
                id=id,
                version=saved["version"],
                responsible=form.get("responsible", ""),
            )
            tk.h.flash_success(tk._("Handed in. The agency is told."))
        else:
            tk.h.flash_success(tk._("Saved."))
    except tk.ValidationError as error:
        return _page(call("satudata_setoran_show", id=id), texts_of(error))
    return tk.redirect_to("satudata_setoran.show", id=id)


@blueprint.route("/isi/<id>/simpan", methods=["POST"])
@guarded
def autosave(id: str) -> Response | Page:
    """Keep some cells while somebody types; the answer is the setoran as JSON."""
    try:
        cells = json.loads(tk.request.form.get("cells", ""))
    except ValueError:
        cells = None
    try:
        saved = call("satudata_setoran_save", id=id, cells=cells)
    except tk.ValidationError as error:
        return jsonify({"errors": texts_of(error)})
    saved["conflict_text"] = _conflict() if saved["conflicts"] else ""
    return jsonify(saved)


@blueprint.route("/isi/<id>/jawab", methods=["POST"])
@guarded
def answer(id: str) -> Page:
    """Answer the agency's question about a cell."""
    return _about_cell("satudata_setoran_answer", id, tk._("The answer is kept."))


@blueprint.route("/isi/<id>/tanya", methods=["POST"])
@guarded
def ask(id: str) -> Page:
    """Ask the kecamatan about a cell."""
    return _about_cell("satudata_setoran_ask", id, tk._("The kecamatan is asked."))


@blueprint.route("/isi/<id>/templat", methods=["GET"])
@guarded
def template(id: str) -> Page:
    """The table to fill in elsewhere, as a file."""
    found = call("satudata_setoran_show", id=id)
    obligation = call("satudata_obligation_show", id=found["obligation"])
    made = call(
        "satudata_template",
        indicator=found["indicator"],
        periods=[found["period"]["id"]],
        regions=[r["code"] for r in found["regions"]],
        codes=obligation["classes"],
        format="xlsx",
    )
    return send_file(
        BytesIO(base64.b64decode(made["content"])),
        mimetype=made["content_type"],
        as_attachment=True,
        download_name=f"setoran-{found['region']['code']}-{made['filename']}",
    )


@blueprint.route("/isi/<id>/unggah", methods=["POST"])
@guarded
def upload(id: str) -> Page:
    """Fill the grid in from a filled template."""
    tk.check_access("satudata_setoran_upload", {"user": tk.current_user.name}, {"id": id})
    file = tk.request.files.get("upload")
    if file is None or not file.filename:
        return _page(call("satudata_setoran_show", id=id), [tk._("Choose a file.")])
    try:
        call("satudata_setoran_upload", id=id, upload=file)
    except tk.ValidationError as error:
        return _page(call("satudata_setoran_show", id=id), texts_of(error))
    tk.h.flash_success(tk._("The figures of the file are filled in. Look at them, then hand in."))
    return tk.redirect_to("satudata_setoran.show", id=id)


def _about_cell(action: str, id: str, done: str) -> Page:
    form = tk.request.form
    try:
        call(
            action,
            id=id,
            region=form.get("region", ""),
            classification=form.get("classification", ""),
            text=form.get("text", ""),
        )
    except tk.ValidationError as error:
        return _page(call("satudata_setoran_show", id=id), texts_of(error))
    tk.h.flash_success(done)
    return tk.redirect_to("satudata_setoran.show", id=id)


def _sent() -> list[dict[str, Any]]:
    """The cells of the form: fields called ``text:REGION:CLASSIFICATION`` and alike."""
    form = tk.request.form
    out = []
    for name in form:
        kind, _, place = name.partition(":")
        if kind != "text":
            continue
        region, _, classification = place.partition(":")
        version = form.get(f"version:{place}", "")
        cell: dict[str, Any] = {
            "region": region,
            "classification": classification,
            "text": form[name],
            "version": int(version) if version.isdecimal() else None,
        }
        if form.get(f"missing:{place}", "").strip():
            cell["missing"] = form[f"missing:{place}"]
        out.append(cell)
    return out


def _page(found: dict[str, Any], errors: list[str]) -> str:
    writes = may("satudata_setoran_save", id=found["id"])
    judges = may("satudata_setoran_accept", id=found["id"])
    return tk.render(
        "satudata/setoran/grid.html",
        {
            "setoran": found,
            "grid": layout(found),
            "errors": errors,
            "may_write": writes and found["writable"],
            "may_accept": judges and found["state"] == HANDED_IN,
            "may_ask": judges and found["state"] in (*RECEIVED, ASKED),
            "receives": may("satudata_setoran_matrix", id=found["obligation"]),
            "responsible": tk.request.form.get("responsible", found["responsible"] or ""),
        },
    )


def layout(found: dict[str, Any]) -> dict[str, Any]:
    """The cells as a table.

    Returns:
        ``columns`` (headings, one empty where there is one only) and ``rows``, each with
        ``heading`` and ``cells``.
    """
    cells = {(c["region"], c["classification"]): c for c in found["cells"]}
    regions, classes = found["regions"], found["classes"]
    if len(regions) > 1 and 1 < len(classes) <= _SIDE_BY_SIDE:
        return {
            "columns": [c["label"] for c in classes],
            "rows": [
                {
                    "heading": r["label"],
                    "cells": [cells[r["code"], c["id"]] for c in classes],
                }
                for r in regions
            ],
        }
    rows = []
    for r in regions:
        for c in classes:
            words = [r["label"]] if len(regions) > 1 or not c["label"] else []
            heading = ", ".join([*words, *([c["label"]] if c["label"] else [])])
            rows.append({"heading": heading, "cells": [cells[r["code"], c["id"]]]})
    return {"columns": [""], "rows": rows}


def _conflict() -> str:
    return tk._(
        "Somebody else has changed a cell meanwhile. It shows what they wrote; change it again "
        "if that is wrong."
    )


def _counts(obligation: str, found: list[dict[str, Any]]) -> dict[str, int]:
    mine = [s for s in found if s["obligation"] == obligation]
    return {
        "waiting": sum(s["state"] == HANDED_IN for s in mine),
        "late": sum(s["late"] for s in mine),
    }


def _may_add() -> bool:
    """Whether the person may make obligations for some agency."""
    bodies = tk.get_action("organization_list_for_user")(
        {"user": tk.current_user.name}, {"permission": "update_dataset"}
    )
    return any(may("satudata_obligation_create", organization=b["id"]) for b in bodies)
