"""Complaints and suggestions: reporting, the numbers of each year, and the export for officers."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, make_response

from ckanext.satudata import abuse, workdays
from ckanext.satudata.model.case import MODES, REQUEST
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow.cases import deadlines, figures

from . import case_keys, present_request, request
from . import present_complaint as present
from .common import Page, call, context, guarded, lang, texts_of
from .field import wrong

blueprint = Blueprint("satudata_complaint", __name__, url_prefix="/pengaduan")

_FORM = "pengaduan"


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """What one can report, and what becomes of it."""
    classes = [
        {"label": present.class_label(name), "days": deadlines.of(_FORM, name).days}
        for name in deadlines.CLASSES
    ]
    return tk.render("satudata/pengaduan/index.html", {"way": present.way(), "classes": classes})


@blueprint.route("/tulis", methods=["GET"])
@guarded
def new() -> Page:
    """The form; an address can fill in what it is about."""
    names = (*present.FIGURE, "kind")
    return _form({k: v for k, v in tk.request.args.items() if k in names})


@blueprint.route("/tulis", methods=["POST"])
@guarded
def create() -> Page:
    """Send a report; whoever needs information goes on with the request that it is."""
    typed = {k: v.strip() for k, v in tk.request.form.items()}
    if typed.get("kind") == REQUEST:
        return request.filled_in(present.as_request(typed))
    try:
        abuse.guard(_FORM, tk.request.form)
        made = call("satudata_complaint_create", **present.parameters(typed))
    except tk.ValidationError as error:
        return _form(typed, error)
    if made["confirm"]:
        return tk.redirect_to("satudata_request.waiting")
    if made["secret"]:
        case_keys.remember(made, made["secret"], fresh=True)
    return tk.redirect_to("satudata_complaint.received", id=made["id"])


@blueprint.route("/<id>/terdaftar", methods=["GET"])
@guarded
def received(id: str) -> Page:
    """Number and code, once."""
    secret = case_keys.shown_once(id)
    found = call("satudata_case_show", id=id, **case_keys.parameter(id))
    answer = make_response(
        tk.render("satudata/pengaduan/received.html", {"case": found, "secret": secret})
    )
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.route("/statistik", methods=["GET"])
@guarded
def statistics() -> Page:
    """How many reports came in, were answered, and how fast."""
    year = tk.request.args.get("tahun", type=int)
    found = call("satudata_complaint_statistics", **({"year": year} if year else {}))
    return tk.render(
        "satudata/pengaduan/statistics.html",
        {"found": found, "labels": {mode: present.mode_label(mode) for mode in MODES}},
    )


@blueprint.route("/ekspor", methods=["GET"])
@guarded
def export() -> Page:
    """Which reports are to be exported for SP4N-LAPOR!, and the file itself."""
    tk.check_access("satudata_complaint_export", context(), {})
    asked = {n: tk.request.args.get(n, "").strip() for n in ("dari", "sampai", "format")}
    if not asked["format"]:
        today = workdays.today(datetime.now(timezone.utc))
        asked |= {"dari": today.replace(day=1).isoformat(), "sampai": today.isoformat()}
        return tk.render("satudata/pengaduan/export.html", {"asked": asked, "texts": []})
    try:
        made = call(
            "satudata_complaint_export",
            first=asked["dari"],
            last=asked["sampai"],
            format="csv" if asked["format"] == "csv" else "json",
        )
    except tk.ValidationError as error:
        page = {"asked": asked, "texts": texts_of(error)}
        return tk.render("satudata/pengaduan/export.html", page)
    if asked["format"] == "csv":
        content, kind = base64.b64decode(made["content"]), "text/csv; charset=utf-8"
    else:
        content, kind = json.dumps(made, ensure_ascii=False, indent=1).encode(), "application/json"
    name = f"sp4n-{asked['dari']}-{asked['sampai']}.{asked['format']}"
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _form(typed: dict[str, Any], error: tk.ValidationError | None = None) -> str:
    figure, named = _figure(typed)
    about = present_request.about(typed.get("dataset", "")) if figure is None else None
    known = tk.current_user.is_authenticated
    if figure is None:
        named = {"dataset": typed["dataset"]} if about else {}
    filled = {"kind": _FORM, "mode": "terbuka", **typed}
    return tk.render(
        "satudata/pengaduan/form.html",
        {
            "steps": present.steps(filled, figure is not None, bool(about), known),
            "typed": filled,
            "wrong": wrong(error),
            "texts": texts_of(error) if error else [],
            "figure": figure,
            "about": about,
            "hidden": list(named.items()),
        },
    )  # fmt: skip


def _figure(typed: dict[str, Any]) -> tuple[dict[str, Any] | None, dict[str, str]]:
    """The figure an address names, as the page shows it, and what names it; None if it is none."""
    named = {k: typed[k] for k in present.FIGURE if typed.get(k)}
    if not {"indicator", "region", "period"} <= named.keys():
        return None, {}
    try:
        found = figures.shown(model.Session, present.named(named))
    except figures.NoFigure:
        return None, {}
    book = load_codebook(model.Session)
    unit = book.units.units.get(book.indicators[found["indicator"]].unit)
    group = model.Group.get(found["organization"])
    shown = {
        "title": figures.title(model.Session, found, lang()),
        "value": figures.written(found, lang()),
        "unit": unit.in_text if unit else "",
        "organization_title": (group.title or group.name) if group else "",
    }
    return shown, {**named, "about": "angka"}
