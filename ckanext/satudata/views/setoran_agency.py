"""Setoran for agencies: who has handed in, the recap, obligations, where figures come from."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint

from ckanext.satudata.consistency.aggregation import Method
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.setoran import HANDED_IN
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow.setoran.obligations import FREQUENCIES

from .common import Page, call, guarded, may, texts_of
from .indicator_form import producers

blueprint = Blueprint("satudata_setoran_agency", __name__, url_prefix="/satudata/setoran")

_TEXTS = (
    *("indicator", "organization", "frequency", "level", "method", "weight"),
    *("active_from", "active_to", "instructions", "instructions_en"),
)
_SHOWN = 12


@blueprint.route("/kewajiban/<id>", methods=["GET"])
@guarded
def matrix(id: str) -> Page:
    """Completeness: kecamatan by period."""
    return tk.render(
        "satudata/setoran/matrix.html",
        {
            "obligation": call("satudata_obligation_show", id=id),
            "matrix": call("satudata_setoran_matrix", id=id, periods=_SHOWN),
            "may_change": may("satudata_obligation_update", id=id),
        },
    )


@blueprint.route("/kewajiban/<id>/rekap", methods=["GET"])
@guarded
def recap(id: str) -> Page:
    """One period: what came in, what is to be seen in it, and the recap."""
    return _recap(id, tk.request.args.get("periode", ""), [])


@blueprint.route("/kewajiban/<id>/rekap", methods=["POST"])
@guarded
def make_recap(id: str) -> Page:
    """Recap a period into the dataset."""
    tk.check_access("satudata_setoran_recap", {"user": tk.current_user.name}, {"id": id})
    period = tk.request.form.get("period", "")
    try:
        made = call("satudata_setoran_recap", id=id, period=period)
    except tk.ValidationError as error:
        return _recap(id, period, texts_of(error))
    if made["revision"]:
        tk.h.flash_success(
            tk._("The recap waits as a revision beside the public dataset. Look at it, publish it.")
        )
        return tk.redirect_to("satudata_revision.index", id=made["dataset"])
    tk.h.flash_success(tk._("The recap is in the draft. Complete its metadata, then publish it."))
    return tk.redirect_to("dataset.read", id=made["dataset"])


@blueprint.route("/kewajiban/<id>/terima", methods=["POST"])
@guarded
def accept(id: str) -> Page:
    """Accept one or several setoran, each as it was seen."""
    period = tk.request.form.get("period", "")
    accepted, errors = 0, []
    for entry in tk.request.form.getlist("setoran"):
        setoran, _, version = entry.partition(":")
        try:
            call("satudata_setoran_accept", id=setoran, version=int(version or 0))
        except tk.ValidationError as error:
            errors += texts_of(error)
        else:
            accepted += 1
    if accepted:
        tk.h.flash_success(
            tk.ungettext("{count} setoran accepted.", "{count} setoran accepted.", accepted).format(
                count=accepted
            )
        )
    if errors:
        return _recap(id, period, errors)
    return tk.redirect_to("satudata_setoran_agency.recap", id=id, periode=period)


@blueprint.route("/kewajiban-baru", methods=["GET"])
@guarded
def new() -> Page:
    """An empty form."""
    if not _agencies():
        raise tk.NotAuthorized(tk._("Only the walidata and agencies that receive figures may."))
    usual = {"frequency": "bulanan", "level": "kecamatan", "due_days": 5}
    return _form(None, {**usual, "active_from": utc_now().date().replace(day=1).isoformat()}, {})


@blueprint.route("/kewajiban-baru", methods=["POST"])
@guarded
def create() -> Page:
    """Make an obligation, or show what is wrong."""
    values = _sent()
    tk.check_access(
        "satudata_obligation_create",
        {"user": tk.current_user.name},
        {"organization": values.get("organization")},
    )
    try:
        made = call("satudata_obligation_create", **values)
    except tk.ValidationError as error:
        return _form(None, values, error.error_dict)
    tk.h.flash_success(tk._("The kecamatan are asked from now on."))
    return tk.redirect_to("satudata_setoran_agency.matrix", id=made["id"])


@blueprint.route("/kewajiban/<id>/ubah", methods=["GET"])
@guarded
def edit(id: str) -> Page:
    """The form with what is known."""
    tk.check_access("satudata_obligation_update", {"user": tk.current_user.name}, {"id": id})
    found = call("satudata_obligation_show", id=id)
    return _form(found, {**found, "regions": [r["code"] for r in found["regions"]]}, {})


@blueprint.route("/kewajiban/<id>/ubah", methods=["POST"])
@guarded
def update(id: str) -> Page:
    """Change an obligation."""
    tk.check_access("satudata_obligation_update", {"user": tk.current_user.name}, {"id": id})
    found = call("satudata_obligation_show", id=id)
    values = _sent()
    try:
        call("satudata_obligation_update", id=id, **values)
    except tk.ValidationError as error:
        return _form(found, values, error.error_dict)
    tk.h.flash_success(tk._("The obligation is changed."))
    return tk.redirect_to("satudata_setoran_agency.matrix", id=id)


@blueprint.route("/asal/<id>", methods=["GET"])
@guarded
def origins(id: str) -> Page:
    """The figures of a recap's dataset; each leads to where it comes from."""
    found = call("satudata_setoran_origin_list", id=id)
    return tk.render("satudata/setoran/origins.html", {"found": found, "dataset": id})


@blueprint.route("/asal/<id>/angka", methods=["GET"])
@guarded
def origin(id: str) -> Page:
    """Where one figure comes from."""
    args = tk.request.args
    found = call(
        "satudata_setoran_trace",
        dataset=id,
        period=args.get("periode", ""),
        region=args.get("wilayah", ""),
        classification=args.get("klasifikasi", ""),
    )
    return tk.render("satudata/setoran/origin.html", {"found": found, "dataset": id})


def _recap(id: str, period: str, errors: list[str]) -> str:
    found = call("satudata_setoran_analysis", id=id, period=period)
    listed = call("satudata_setoran_list", obligation=id, period=period, limit=1000)["results"]
    return tk.render(
        "satudata/setoran/recap.html",
        {
            "obligation": call("satudata_obligation_show", id=id),
            "recap": found,
            "setoran": {s["region"]["code"]: s for s in listed},
            "waiting": [s for s in listed if s["state"] == HANDED_IN],
            "errors": errors,
            "may_recap": may("satudata_setoran_recap", id=id),
        },
    )


def _sent() -> dict[str, Any]:
    form = tk.request.form
    values: dict[str, Any] = {name: form.get(name, "").strip() for name in _TEXTS}
    days = form.get("due_days", "").strip()
    classes: dict[str, list[str]] = {}
    for entry in form.getlist("class"):
        dimension, _, code = entry.partition(":")
        classes.setdefault(dimension, []).append(code)
    return {
        **{k: v for k, v in values.items() if v or k in ("instructions", "instructions_en")},
        **({"active_to": None} if not values["active_to"] else {}),
        "due_days": int(days) if days.isdecimal() else -1,
        "regions": form.getlist("regions"),
        "classes": classes,
    }


def _form(found: dict[str, Any] | None, values: dict[str, Any], errors: dict[str, Any]) -> str:
    book = load_codebook(model.Session)
    wanted = tk.request.args.get("indikator") or values.get("indicator")
    indicator = book.indicators.get(str(wanted))
    return tk.render(
        "satudata/setoran/obligation_form.html",
        {
            "obligation": found,
            "values": {**values, "indicator": wanted or ""},
            "errors": errors,
            "agencies": _agencies(),
            "indicators": [
                {"value": i.code, "text": f"{i.name} ({i.code})"}
                for i in sorted(book.indicators.values(), key=lambda i: i.name)
                if not i.retired
            ],
            "kecamatan": [
                {"value": c.code, "text": c.label}
                for c in book.regions.children(book.home, on=utc_now().date())
            ],
            "dimensions": [
                {
                    "name": d.name,
                    "codes": [
                        {"value": f"{d.name}:{c.code}", "text": c.label}
                        for c in book.codelists[d.codelist].codes.values()
                    ],
                }
                for d in (indicator.dimensions if indicator else ())
            ],
            "chosen": {
                f"{name}:{code}"
                for name, codes in (values.get("classes") or {}).items()
                for code in codes
            },
            "frequencies": list(FREQUENCIES),
            "methods": [m.value for m in Method],
        },
    )


def _agencies() -> list[dict[str, str]]:
    """The agencies for which the person may make obligations, as options."""
    return [
        {"value": p["name"], "text": p["text"]}
        for p in producers()
        if may("satudata_obligation_create", organization=p["value"])
    ]
