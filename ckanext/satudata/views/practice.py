"""The practice space: three exercises, each of which says by itself whether it is done."""

from __future__ import annotations

import base64
import io
import json
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, send_file

from ckanext.satudata.workflow.onboarding import exercises

from .common import Page, call, context, guarded, texts_of

blueprint = Blueprint("satudata_practice", __name__, url_prefix="/satudata/pelatihan/latihan")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """The exercises, with what one has begun."""
    return _page([])


@blueprint.route("", methods=["POST"])
@guarded
def begin() -> Page:
    """Begin an exercise with a dataset, or go on with it."""
    form = tk.request.form
    asked = {name: form.get(name, "") for name in ("exercise", "organization_id")}
    tk.check_access("satudata_practice_begin", context(), asked)
    try:
        dataset = call("satudata_practice_begin", **asked)
    except tk.ValidationError as error:
        return _page(texts_of(error))
    return tk.redirect_to("dataset.read", id=dataset["name"])


@blueprint.route("/tabel.xlsx", methods=["GET"])
@guarded
def table() -> Page:
    """The messy table of the first exercise."""
    made = call(
        "satudata_practice_table", organization_id=tk.request.args.get("organization_id", "")
    )
    return send_file(
        io.BytesIO(base64.b64decode(made["content"])),
        mimetype=made["content_type"],
        as_attachment=True,
        download_name=made["filename"],
    )


@blueprint.route("/setoran", methods=["GET"])
@guarded
def setoran() -> Page:
    """The grid of the third exercise."""
    tk.check_access("satudata_practice_paste", context(), {})
    return _grid(exercises.sheet(), checked=False)


@blueprint.route("/setoran", methods=["POST"])
@guarded
def paste() -> Page:
    """Look at the whole grid; without JavaScript too."""
    tk.check_access("satudata_practice_paste", context(), {})
    form = tk.request.form
    cells = [
        {
            "region": line.region.code,
            "text": form.get(f"text:{line.region.code}:", ""),
            "missing": form.get(f"missing:{line.region.code}:", ""),
        }
        for line in exercises.sheet()
    ]
    found = call("satudata_practice_paste", cells=cells)
    answer = exercises.pasted(
        {c["region"]: c["text"] for c in cells}, {c["region"]: c["missing"] for c in cells}
    )
    if found["right"]:
        tk.h.flash_success(tk._("Right: every figure stands where it belongs. Nothing was sent."))
    return _grid(answer.lines, checked=True)


@blueprint.route("/setoran/periksa", methods=["POST"])
@guarded
def look() -> Response | Page:
    """What the grid's script asks while somebody types: the remarks of each cell."""
    tk.check_access("satudata_practice_paste", context(), {})
    try:
        cells = json.loads(tk.request.form.get("cells", ""))
    except ValueError:
        cells = None
    try:
        found = call("satudata_practice_paste", cells=cells)
    except tk.ValidationError as error:
        return jsonify({"errors": texts_of(error)})
    sent = {c["region"] for c in cells or ()}
    return jsonify(
        {
            "conflicts": [],
            "unit": "ton",
            "filled": sum(bool(c["text"]) for c in found["cells"]),
            "asked": len(found["cells"]),
            "cells": [
                {
                    **cell,
                    "classification": "",
                    "version": 0,
                    "shown": tk.h.satudata_number(Decimal(cell["value"])) if cell["value"] else "",
                    "remarks": remarks(cell["fault"]) if cell["text"] else [],
                }
                for cell in found["cells"]
                if cell["region"] in sent
            ],
        }
    )


def remarks(fault: str) -> list[dict[str, Any]]:
    """What is said below a cell."""
    texts = {
        "kosong": (tk._("Empty"), tk._("Paste or type the figure of the sheet.")),
        "bukan-angka": (tk._("No number"), tk._("Write it as 1.234,5, without a unit.")),
        "lain": (tk._("Another figure"), tk._("The sheet says something else. Look again.")),
        "alasan": (tk._("Reason missing"), tk._("Say why there is no figure.")),
    }
    if fault not in texts:
        return []
    title, message = texts[fault]
    return [{"title": title, "message": message, "advice": "", "blocks": True}]


def _page(errors: list[str]) -> str:
    mine = call("satudata_progress_show")
    bodies = call("organization_list_for_user", permission="create_dataset")
    return tk.render(
        "satudata/pelatihan/practice.html",
        {
            "errors": errors,
            "steps": mine["steps"],
            "begun": {p["exercise"]: p for p in call("satudata_practice_list")},
            "bodies": bodies,
        },
    )


def _grid(lines: Any, *, checked: bool) -> str:
    return tk.render(
        "satudata/pelatihan/setoran.html",
        {
            "lines": lines,
            "checked": checked,
            "remarks": remarks,
            "right": checked and not any(line.fault for line in lines),
        },
    )
