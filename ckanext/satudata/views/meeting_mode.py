"""Meeting mode: the page that is projected, one item at a time, and what its script asks for.

Forms work without the script. With it the page is exchanged in place, notes save themselves, and
what another laptop decided appears by itself.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, jsonify
from werkzeug.wrappers import Response as WerkzeugResponse

from . import charts
from . import present_meeting as present
from .common import Page, call, guarded, lang, texts_of

blueprint = Blueprint("satudata_meeting_mode", __name__, url_prefix="/satudata/rapat")

_CONFLICT = 409


@blueprint.route("/<id>/mode", methods=["GET"])
@guarded
def show(id: str) -> Page:
    """One item of the meeting, as large as the screen allows."""
    return _page(id, tk.request.args.get("butir"))


@blueprint.route("/<id>/butir/<item_id>/putusan", methods=["POST"])
@guarded
def decide(id: str, item_id: str) -> Page:
    """Choose an outcome, change it or take it back."""
    form = tk.request.form
    data = {
        "version": form.get("version", ""),
        "outcome": form.get("outcome", ""),
        "choice": form.get("choice", ""),
        "values": [present.plain(v) for v in form.getlist("values")],
        "note": form.get("note", ""),
    }
    _demand_item(id, item_id)
    try:
        call("satudata_agenda_item_decide", id=item_id, **data)
    except tk.ValidationError as error:
        data["typed"] = form.getlist("values")
        return _page(id, item_id, error=error, kept=data), _CONFLICT  # pyright: ignore[reportReturnType]
    return tk.redirect_to("satudata_meeting_mode.show", id=id, butir=item_id)


@blueprint.route("/<id>/butir/<item_id>/catatan", methods=["POST"])
@guarded
def annotate(id: str, item_id: str) -> Page:
    """Save an item's note."""
    form = tk.request.form
    _demand_item(id, item_id)
    try:
        saved = call(
            "satudata_agenda_item_update",
            id=item_id,
            note=form.get("note", ""),
            version=form.get("version", ""),
        )
    except tk.ValidationError as error:
        if _wants_json():
            return _refused(error)
        kept = {"text": form.get("note", "")}
        return _page(id, item_id, note_error=error, kept_note=kept), _CONFLICT  # pyright: ignore[reportReturnType]
    if _wants_json():
        return jsonify({"version": saved["note_version"]})
    return tk.redirect_to("satudata_meeting_mode.show", id=id, butir=item_id)


@blueprint.route("/<id>/catatan", methods=["POST"])
@guarded
def notes(id: str) -> Page:
    """Save the meeting's notes."""
    form = tk.request.form
    try:
        saved = call(
            "satudata_meeting_update",
            id=id,
            notes=form.get("note", ""),
            version=form.get("version", ""),
        )
    except tk.ValidationError as error:
        if _wants_json():
            return _refused(error)
        kept = {"text": form.get("note", "")}
        butir = form.get("butir")
        return _page(id, butir, meeting_error=error, kept_meeting=kept), _CONFLICT  # pyright: ignore[reportReturnType]
    if _wants_json():
        return jsonify({"version": saved["version"]})
    return tk.redirect_to("satudata_meeting_mode.show", id=id, butir=form.get("butir"))


@blueprint.route("/<id>/hadir", methods=["POST"])
@guarded
def attend(id: str) -> Page:
    """Write down who came, a line at a time."""
    form = tk.request.form
    try:
        saved = call(
            "satudata_attendance_set",
            id=id,
            row=form.get("row") or None,
            version=form.get("version") or 0,
            organization_id=form.get("organization_id") or None,
            name=form.get("name", ""),
            position=form.get("position", ""),
            present=bool(form.get("present")),
        )
    except tk.ValidationError as error:
        if _wants_json():
            return _refused(error)
        for text in texts_of(error):
            tk.h.flash_error(text)
    else:
        if _wants_json():
            return jsonify(saved)
    butir = form.get("butir")
    return tk.redirect_to("satudata_meeting_mode.show", id=id, butir=butir, hadir=1)


@blueprint.route("/<id>/keadaan", methods=["GET"])
@guarded
def state(id: str) -> Page:
    """What changes while a meeting is held, for the script; unchanged costs no body (ETag)."""
    meeting = call("satudata_meeting_show", id=id)
    answer = jsonify(
        {
            "state": meeting["state"],
            "version": meeting["version"],
            "notes": meeting["notes"],
            "items": [
                {
                    "id": i["id"],
                    "version": i.get("version"),
                    "note_version": i.get("note_version"),
                    "note": i["note"],
                    "outcome": i["outcome"],
                    "label": present.outcome_label(i["outcome"]),
                    "by": i["decided_by"],
                }
                for i in meeting["items"]
            ],
        }
    )
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(tk.request.environ)


@blueprint.route("/<id>/butir/<item_id>/grafik.svg", methods=["GET"])
@guarded
def chart(id: str, item_id: str) -> Page:
    """The chart of an item's series."""
    item = _demand_item(id, item_id)
    if not item["snapshot"].get("series") or "own" not in item["snapshot"].get("objects", [{}])[0]:
        raise tk.ObjectNotFound
    svg = charts.of_series(item["snapshot"], lang(), item["title"])
    answer = WerkzeugResponse(svg, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(tk.request.environ)


def _demand_item(meeting_id: str, item_id: str) -> dict[str, Any]:
    """The item as the person sees it.

    Raises:
        tk.ObjectNotFound: the meeting has no such item, or the person does not see it.
    """
    meeting = call("satudata_meeting_show", id=meeting_id)
    for item in meeting["items"]:
        if item["id"] == item_id:
            return item
    raise tk.ObjectNotFound


def _page(
    id: str,
    item_id: str | None,
    *,
    error: tk.ValidationError | None = None,
    kept: dict[str, Any] | None = None,
    note_error: tk.ValidationError | None = None,
    kept_note: dict[str, Any] | None = None,
    meeting_error: tk.ValidationError | None = None,
    kept_meeting: dict[str, Any] | None = None,
) -> str:
    shown = call("satudata_meeting_show", id=id)
    if not shown["inside"]:
        raise tk.NotAuthorized(tk._("Only the agencies concerned may see this page."))
    meeting = present.meeting(shown, lang())
    items = meeting["items"]
    at = next((n for n, i in enumerate(items) if i["id"] == item_id), 0)
    return tk.render(
        "satudata/meeting/mode.html",
        {
            "meeting": meeting,
            "item": items[at] if items else None,
            "place": at + 1,
            "before": items[at - 1] if items and at > 0 else None,
            "after": items[at + 1] if at + 1 < len(items) else None,
            "holds": meeting["runs"] and meeting["state"] == "berlangsung",
            "errors": texts_of(error) if error else [],
            "kept": kept or {},
            "note_errors": texts_of(note_error) if note_error else [],
            "kept_note": kept_note,
            "meeting_errors": texts_of(meeting_error) if meeting_error else [],
            "kept_meeting": kept_meeting,
            "lang": lang(),
        },
    )


def _refused(error: tk.ValidationError) -> Page:
    answer = jsonify(
        {"errors": texts_of(error), "current": error.error_dict.get("satudata_current")}
    )
    answer.status_code = _CONFLICT
    return answer


def _wants_json() -> bool:
    return tk.request.accept_mimetypes.best == "application/json"
