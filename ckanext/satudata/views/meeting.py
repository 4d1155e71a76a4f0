"""Synchronisation meetings: the list, the preparation, and what was decided."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint

from ckanext.satudata.model.meeting import AgendaItem
from ckanext.satudata.organizations import registry

from . import present_meeting as present
from .common import Page, call, guarded, lang, may, texts_of

blueprint = Blueprint("satudata_meeting", __name__, url_prefix="/satudata/rapat")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """All meetings, those to come first."""
    found = [present.meeting(m, lang()) for m in call("satudata_meeting_list")]
    return tk.render(
        "satudata/meeting/list.html",
        {
            "coming": [m for m in reversed(found) if m["state"] in ("disiapkan", "berlangsung")],
            "past": [m for m in found if m["state"] in ("selesai", "dibatalkan")],
            "runs": may("satudata_meeting_create"),
            "escalations": _open_escalations(),
        },
    )


@blueprint.route("", methods=["POST"])
@guarded
def create() -> Page:
    """Prepare a meeting beside those of the calendar."""
    form = tk.request.form
    try:
        made = call(
            "satudata_meeting_create",
            starts_at=form.get("starts_at", ""),
            place=form.get("place", ""),
            link=form.get("link", ""),
        )
    except tk.ValidationError as error:
        _tell(error)
        return tk.redirect_to("satudata_meeting.index")
    return tk.redirect_to("satudata_meeting.show", id=made["id"])


@blueprint.route("/<id>", methods=["GET"])
@guarded
def show(id: str) -> Page:
    """One meeting: its preparation, or what it decided."""
    meeting = present.meeting(call("satudata_meeting_show", id=id), lang())
    bodies = _bodies() if meeting["runs"] and meeting["state"] in ("disiapkan",) else []
    return tk.render(
        "satudata/meeting/show.html",
        {"meeting": meeting, "bodies": bodies, "lang": lang()},
    )


@blueprint.route("/<id>/ubah", methods=["POST"])
@guarded
def update(id: str) -> Page:
    """Move the meeting."""
    form = tk.request.form
    return _do(
        "satudata_meeting_update",
        id,
        version=form.get("version", ""),
        starts_at=form.get("starts_at", ""),
        place=form.get("place", ""),
        link=form.get("link", ""),
    )


@blueprint.route("/<id>/mulai", methods=["POST"])
@guarded
def start(id: str) -> Page:
    """Begin the meeting and show its first item."""
    return _do("satudata_meeting_start", id, on="satudata_meeting_mode.show")


@blueprint.route("/<id>/tutup", methods=["POST"])
@guarded
def close(id: str) -> Page:
    """Close the meeting; what was decided takes effect."""
    return _do("satudata_meeting_close", id)


@blueprint.route("/<id>/batal", methods=["POST"])
@guarded
def cancel(id: str) -> Page:
    """Call the meeting off."""
    return _do("satudata_meeting_cancel", id, reason=tk.request.form.get("reason", ""))


@blueprint.route("/<id>/butir", methods=["POST"])
@guarded
def add(id: str) -> Page:
    """Put something on the agenda."""
    form = tk.request.form
    return _do(
        "satudata_agenda_item_create",
        id,
        parameter="meeting_id",
        title=form.get("title", ""),
        text=form.get("text", ""),
        organizations=form.getlist("organizations"),
    )


@blueprint.route("/<id>/butir/<item_id>/pindah", methods=["POST"])
@guarded
def move(id: str, item_id: str) -> Page:
    """Move an item one place up or down."""
    by = -1 if tk.request.form.get("to") == "up" else 1
    return _do_item("satudata_agenda_item_update", id, item_id, move=by)


@blueprint.route("/<id>/butir/<item_id>/hapus", methods=["POST"])
@guarded
def remove(id: str, item_id: str) -> Page:
    """Take an item off the agenda."""
    return _do_item("satudata_agenda_item_remove", id, item_id)


@blueprint.route("/<id>/lampiran", methods=["POST"])
@guarded
def attach(id: str) -> Page:
    """Attach the signed document."""
    return _do("satudata_meeting_attach", id, upload=tk.request.files.get("upload") or "")


@blueprint.route("/eskalasi", methods=["GET"])
@guarded
def escalations() -> Page:
    """What waits for the Bupati's direction, and what was directed."""
    found = [
        {**present.item(i, lang()), "decided_text": present.moment(i["decided_at"], lang())}
        for i in call("satudata_escalation_list")
    ]
    return tk.render(
        "satudata/meeting/escalations.html",
        {"items": found, "directs": may("satudata_escalation_direct")},
    )


@blueprint.route("/eskalasi/<item_id>", methods=["POST"])
@guarded
def direct(item_id: str) -> Page:
    """Record a direction of the Bupati."""
    form = tk.request.form
    try:
        call(
            "satudata_escalation_direct",
            id=item_id,
            choice=form.get("choice", ""),
            values=[present.plain(v) for v in form.getlist("values")],
            document=form.get("document", ""),
            ground=form.get("ground", ""),
        )
    except tk.ValidationError as error:
        _tell(error)
    return tk.redirect_to("satudata_meeting.escalations")


def _do(
    action: str,
    id: str,
    *,
    on: str = "satudata_meeting.show",
    parameter: str = "id",
    **data: Any,
) -> Page:
    try:
        call(action, **{parameter: id}, **data)
    except tk.ValidationError as error:
        _tell(error)
        on = "satudata_meeting.show"
    return tk.redirect_to(on, id=id)


def _do_item(action: str, meeting_id: str, item_id: str, **data: Any) -> Page:
    item = model.Session.get(AgendaItem, item_id)
    if item is None or item.meeting_id != meeting_id:
        raise tk.ObjectNotFound
    try:
        call(action, id=item_id, **data)
    except tk.ValidationError as error:
        _tell(error)
    return tk.redirect_to("satudata_meeting.show", id=meeting_id, _anchor="agenda")


def _tell(error: tk.ValidationError) -> None:
    for text in texts_of(error):
        tk.h.flash_error(text)


def _open_escalations() -> int:
    """How many of those the person sees wait for a direction; 0 for who may not see the list."""
    if not may("satudata_escalation_list"):
        return 0
    return sum(i["direction"] is None for i in call("satudata_escalation_list"))


def _bodies() -> list[dict[str, str]]:
    """The bodies an item may concern, by name."""
    return [{"id": b.id, "title": b.title or b.name} for b in registry.all_bodies()]
