"""The way of datasets to the public: one dataset's process, and the list of what waits."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, send_file

from ckanext.satudata.model.process import OPEN
from ckanext.satudata.workflow.review import versions
from ckanext.satudata.workflow.review.transitions import table

from . import review
from .common import Page, call, guarded, lang, may, rehearsal_of, report_of, texts_of

blueprint = Blueprint("satudata_process", __name__)

#: The stations that a first publication passes, as the page shows them.
_STATIONS = ("draft", "diajukan", "diperiksa", "diperiksa_pembina", "menunggu_rapat",
             "siap_terbit", "terbit")  # fmt: skip
_DAY_SECONDS = 86_400


@blueprint.route("/satudata/proses", methods=["GET"])
@guarded
def index() -> Page:
    """What is on its way to the public, the longest waiting first."""
    asked = {name: tk.request.args.get(name, "") for name in ("state", "waits_on", "organization")}
    found = call("satudata_process_list", **{k: v for k, v in asked.items() if v})
    results = tk.g.pop("satudata_bulk", None)
    return _list(found, asked, results)


@blueprint.route("/satudata/proses/setujui", methods=["POST"])
@guarded
def accept() -> Page:
    """Approve what was ticked; the page says of each whether it was approved."""
    ids = tk.request.form.getlist("ids")
    if not ids:
        tk.h.flash_error(tk._("Tick the datasets that you approve."))
        return tk.redirect_to("satudata_process.index")
    results = call("satudata_process_bulk_accept", ids=ids)
    return _list(call("satudata_process_list"), {}, results)


@blueprint.route("/dataset/<id>/proses", methods=["GET"])
@guarded
def show(id: str) -> Page:
    """Where a dataset is on its way, and what this person may do."""
    return _page(id, [])


@blueprint.route("/dataset/<id>/proses", methods=["POST"])
@guarded
def submit(id: str) -> Page:
    """Submit the dataset, or the change that waits beside it."""
    try:
        call(
            "satudata_process_submit",
            id=id,
            note=tk.request.form.get("note", ""),
            meeting=bool(tk.request.form.get("meeting")),
        )
    except tk.ValidationError as error:
        rehearsed = rehearsal_of(error)
        if rehearsed:
            for text in texts_of(error):
                tk.h.flash_notice(text)
            return tk.redirect_to("satudata_report.show", report_id=rehearsed)
        report = report_of(error)
        if report:
            for text in texts_of(error):
                tk.h.flash_error(text)
            return tk.redirect_to("satudata_report.show", report_id=report)
        return _page(id, [], incomplete=error)
    tk.h.flash_success(tk._("Submitted. You will be told when somebody has examined it."))
    return tk.redirect_to("satudata_process.show", id=id)


@blueprint.route("/satudata/proses/<process_id>/<transition>", methods=["POST"])
@guarded
def move(process_id: str, transition: str) -> Page:
    """Make one move of a process."""
    dataset = tk.request.form.get("dataset", "")
    if transition not in table().transitions:
        return tk.abort(404, tk._("Not found"))
    try:
        moved = call(
            "satudata_process_move",
            id=process_id,
            transition=transition,
            note=tk.request.form.get("note", ""),
            release_on=tk.request.form.get("release_on", ""),
        )
    except tk.ValidationError as error:
        report = report_of(error)
        for text in texts_of(error):
            tk.h.flash_error(text)
        if report:
            return tk.redirect_to("satudata_report.show", report_id=report)
        return tk.redirect_to("satudata_process.show", id=dataset)
    tk.h.flash_success(
        tk._("Done: {state}.").format(state=table().states[moved["state"]].label[lang()])
    )
    return tk.redirect_to("satudata_process.show", id=moved["dataset"])


@blueprint.route("/dataset/<id>/proses/catatan", methods=["POST"])
@guarded
def comment(id: str) -> Page:
    """Say something about a field or a column."""
    asked = {n: tk.request.form.get(n, "") for n in ("field", "resource_id", "column", "text")}
    try:
        call("satudata_review_comment_create", id=id, **asked)
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(texts_of(error)))
    anchor = asked["field"] or asked["resource_id"]
    return tk.redirect_to(tk.h.url_for("satudata_process.show", id=id, _anchor=f"isi-{anchor}"))


@blueprint.route("/satudata/catatan/<comment_id>/selesai", methods=["POST"])
@guarded
def resolve(comment_id: str) -> Page:
    """Settle a comment."""
    done = call("satudata_review_comment_resolve", id=comment_id)
    package = call("satudata_process_show", id=tk.request.form.get("dataset", ""))
    anchor = done["field"] or done["resource_id"]
    return tk.redirect_to(
        tk.h.url_for("satudata_process.show", id=package["dataset"], _anchor=f"isi-{anchor}")
    )


@blueprint.route("/dataset/<id>/proses/berkas/<resource_id>", methods=["GET"])
@guarded
def file(id: str, resource_id: str) -> Page:
    """The file that a waiting change would show, for those who examine it."""
    shown = call("satudata_process_show", id=id)
    found = versions.waiting_file(shown["dataset"], resource_id)
    if found is None:
        return tk.abort(404, tk._("Not found"))
    stream, name = found
    return send_file(
        stream, mimetype="application/octet-stream", as_attachment=True, download_name=name
    )


def _list(
    found: list[dict[str, Any]], asked: dict[str, str], results: list[dict[str, Any]] | None
) -> str:
    now = datetime.now(timezone.utc)
    approvable = {"setujui", "setujui_pembina"}
    return tk.render(
        "satudata/process_list.html",
        {
            "processes": [
                {
                    **one,
                    "days": int(
                        (now - datetime.fromisoformat(one["since"])).total_seconds() // _DAY_SECONDS
                    ),
                    "approvable": bool(approvable & set(one["moves"])),
                }
                for one in found
            ],
            "asked": asked,
            "results": results,
            "states": {name: table().states[name].label[lang()] for name in OPEN},
            "turns": review.turns(),
        },
    )


def _page(id: str, errors: list[str], *, incomplete: tk.ValidationError | None = None) -> str:
    shown = call("satudata_process_show", id=id)
    dataset = call("package_show", id=id)
    report_id = (shown["process"] or {}).get("report_id")
    report = (
        call("satudata_report_show", id=report_id, lang=lang())
        if report_id and may("satudata_report_show", id=report_id)
        else None
    )
    state = table().states[shown["state"]]
    return tk.render(
        "satudata/process.html",
        {
            "pkg_dict": dataset,
            "pkg": dataset,
            "dataset_type": dataset["type"],
            "shown": shown,
            "process": shown["process"],
            "state": {"name": state.name, "label": state.label[lang()], "turn": state.waits_on},
            "stations": review.stations(_STATIONS, shown),
            "moves": review.moves(shown),
            "fields": review.fields(dataset, shown),
            "tables": review.tables(dataset, shown, report),
            "report": report,
            "labels": {n: s.label[lang()] for n, s in table().states.items()},
            "transitions": {n: t.label[lang()] for n, t in table().transitions.items()},
            "turns": review.turns(),
            "errors": errors,
            "lacking": incomplete.error_dict if incomplete else {},
            "error_texts": texts_of(incomplete) if incomplete else [],
        },
    )
