"""Indicators: what the portal's figures measure, and the templates to fill in."""

from __future__ import annotations

import base64
from datetime import datetime, timezone
from io import BytesIO
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, send_file

from ckanext.satudata.store.codebook import load_codebook

from . import present
from .common import Page, call, guarded, lang, texts_of
from .indicator_form import producers

blueprint = Blueprint("satudata_indicator", __name__, url_prefix="/satudata/indikator")

#: Figures shown per page.
PAGE = 50
#: What stands for "no producer yet" in the list's address; no organization can be called so.
NOBODY = "-"
#: Indicators listed; beyond them the search helps.
LISTED = 200


@blueprint.route("/")
@guarded
def index() -> Page:
    """The list, narrowed by a search text, producer and status."""
    asked = {name: tk.request.args.get(name, "").strip() for name in ("q", "produsen", "status")}
    wanted: dict[str, Any] = {name: asked[name] for name in ("q", "status") if asked[name]}
    if asked["produsen"] == NOBODY:
        wanted["mandate"] = False
    elif asked["produsen"]:
        wanted["producer_org"] = asked["produsen"]
    found = call("satudata_indicator_list", limit=LISTED, **wanted)
    return tk.render(
        "satudata/indicator_list.html",
        {
            "indicators": found["results"],
            "count": found["count"],
            "asked": asked,
            "producers": producers(),
            "nobody": NOBODY,
        },
    )


@blueprint.route("/<code>")
@guarded
def show(code: str) -> Page:
    """One indicator with its public figures, a page at a time."""
    return _page(code, {}, {})


@blueprint.route("/<code>/templat")
@guarded
def template(code: str) -> Page:
    """The table to fill in, as a file."""
    asked = {
        "periods": tk.request.args.get("periods", "").strip(),
        "format": tk.request.args.get("format", "xlsx"),
    }
    periods = [p for p in asked["periods"].replace(",", " ").split() if p]
    try:
        made = call("satudata_template", indicator=code, periods=periods, format=asked["format"])
    except tk.ValidationError as error:
        return _page(code, asked, error.error_dict, texts_of(error))
    return send_file(
        BytesIO(base64.b64decode(made["content"])),
        mimetype=made["content_type"],
        as_attachment=True,
        download_name=made["filename"],
    )


def _page(
    code: str, asked: dict[str, Any], errors: dict[str, Any], texts: list[str] | None = None
) -> str:
    indicator = call("satudata_indicator_show", id=code)
    found = call(
        "satudata_observation_list",
        indicator=indicator["code"],
        limit=PAGE,
        **({"after": tk.request.args["after"]} if tk.request.args.get("after") else {}),
    )
    book = load_codebook(model.Session)
    unit = book.units.units.get(indicator["unit"])
    return tk.render(
        "satudata/indicator.html",
        {
            "indicator": indicator,
            "unit": unit.label if unit else indicator["unit"],
            "figures": present.figures(found["results"], book, lang()),
            "following": found["next"],
            "asked": asked or {"periods": str(datetime.now(timezone.utc).year - 1)},
            "errors": errors,
            "texts": texts or [],
        },
    )
