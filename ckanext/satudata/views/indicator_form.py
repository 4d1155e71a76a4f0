"""The pages on which the walidata keeps the list of indicators."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from flask import Blueprint

from ckanext.satudata.consistency.vocabulary import REGION, CodeBook
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.store.reading import choices_of
from ckanext.satudata.store.reference import MEASURES

from .common import Page, call, guarded, lang

blueprint = Blueprint("satudata_indicator_form", __name__, url_prefix="/satudata/indikator")

#: Code lists by which nothing is split: what is measured, and whose task it is.
_NO_DIMENSIONS = (REGION, MEASURES, "urusan")
_TEXTS = ("code", "name", "name_en", "konsep", "definition", "definition_en", "ukuran", "unit")


@blueprint.route("/baru", methods=["GET"])
@guarded
def new() -> Page:
    """An empty form."""
    tk.check_access("satudata_indicator_create", {"user": tk.current_user.name})
    return _page(None, {"abs_tol": 0, "rel_tol": 0, "dimensions": []}, {})


@blueprint.route("/baru", methods=["POST"])
@guarded
def create() -> Page:
    """Add the indicator, or show the form with what is wrong."""
    tk.check_access("satudata_indicator_create", {"user": tk.current_user.name})
    values = _sent()
    try:
        made = call("satudata_indicator_create", **values)
    except tk.ValidationError as error:
        return _page(None, values, error.error_dict)
    tk.h.flash_success(tk._("The indicator is in the list now."))
    return tk.redirect_to("satudata_indicator.show", code=made["code"])


@blueprint.route("/<code>/ubah", methods=["GET"])
@guarded
def edit(code: str) -> Page:
    """The form with what is known."""
    tk.check_access("satudata_indicator_update", {"user": tk.current_user.name})
    indicator = call("satudata_indicator_show", id=code)
    return _page(indicator, indicator, {})


@blueprint.route("/<code>/ubah", methods=["POST"])
@guarded
def update(code: str) -> Page:
    """Change the indicator; what that does to public figures is shown first, and confirmed."""
    tk.check_access("satudata_indicator_update", {"user": tk.current_user.name})
    indicator = call("satudata_indicator_show", id=code)
    values = _sent()
    try:
        foreseen = call("satudata_indicator_preview", id=indicator["code"], **values)
        seal = _seal(values, foreseen["effects"])
        if foreseen["effects"] and tk.request.form.get("confirmed") != seal:
            return _page(indicator, values, {}, {**foreseen, "seal": seal})
        changed = call("satudata_indicator_update", id=indicator["code"], **values)
    except tk.ValidationError as error:
        return _page(indicator, values, error.error_dict)
    tk.h.flash_success(tk._("The indicator is changed."))
    return tk.redirect_to("satudata_indicator.show", code=changed["code"])


@blueprint.route("/<code>/status", methods=["POST"])
@guarded
def status(code: str) -> Page:
    """Retire an indicator, or take it back into use."""
    wanted = tk.request.form.get("status", "")
    changed = call("satudata_indicator_update", id=code, status=wanted)
    if changed["status"] == "retired":
        tk.h.flash_success(tk._("The indicator is retired. It takes no new figures."))
    else:
        tk.h.flash_success(tk._("The indicator is in use again."))
    return tk.redirect_to("satudata_indicator.show", code=changed["code"])


@blueprint.route("/<code>/hapus", methods=["POST"])
@guarded
def delete(code: str) -> Page:
    """Remove an indicator without public figures."""
    call("satudata_indicator_delete", id=code)
    tk.h.flash_success(tk._("The indicator is removed from the list."))
    return tk.redirect_to("satudata_indicator.index")


def producers() -> list[dict[str, str]]:
    """All organizations by title, as options."""
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title)
        .where(model.Group.is_organization, model.Group.state == model.State.ACTIVE)
        .order_by(sa.func.lower(sa.func.coalesce(model.Group.title, model.Group.name)))
    )
    return [{"value": r.id, "name": r.name, "text": r.title or r.name} for r in rows]


def _sent() -> dict[str, Any]:
    form = tk.request.form
    return {
        **{name: form.get(name, "").strip() for name in (*_TEXTS, "producer_org")},
        **{name: form.get(name, "").strip() or "0" for name in ("abs_tol", "rel_tol")},
        "additive": "additive" in form,
        "dimensions": list(dict.fromkeys(form.getlist("dimensions"))),
    }


def _seal(values: Mapping[str, Any], effects: list[dict[str, str]]) -> str:
    """What a person confirms: these values with these effects, and no others."""
    text = json.dumps([values, effects], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _page(
    indicator: Mapping[str, Any] | None,
    values: Mapping[str, Any],
    errors: Mapping[str, Any],
    foreseen: Mapping[str, Any] | None = None,
) -> str:
    book = load_codebook(model.Session)
    return tk.render(
        "satudata/indicator_form.html",
        {
            "indicator": indicator,
            "values": values,
            "errors": errors,
            "foreseen": foreseen,
            "measures": [
                {"value": c["value"], "text": c["label"][lang()]} for c in choices_of(MEASURES)
            ],
            "units": [{"value": u.code, "text": u.label} for u in book.units.units.values()],
            "dimensions": _dimensions(book, values.get("dimensions") or []),
            "producers": producers(),
        },
    )


def _dimensions(book: CodeBook, chosen: list[str]) -> list[dict[str, Any]]:
    """The code lists to split by; those chosen come first, because their order matters."""
    others = sorted(n for n in book.codelists if n not in (*_NO_DIMENSIONS, *chosen))
    return [
        {"name": name, "text": name.replace("_", " "), "chosen": name in chosen}
        for name in (*chosen, *others)
    ]
