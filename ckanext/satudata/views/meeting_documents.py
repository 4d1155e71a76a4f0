"""Minutes and berita acara: as pages, and as PDF."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import segno
from flask import Blueprint
from werkzeug.wrappers import Response as WerkzeugResponse

from ckanext.satudata import moments
from ckanext.satudata.workflow.meetings.minutes import SETTLED

from . import pdf
from . import present_meeting as present
from .common import Page, call, guarded, lang

blueprint = Blueprint("satudata_meeting_documents", __name__, url_prefix="/satudata/rapat")


@blueprint.route("/<id>/notulen", methods=["GET"])
@guarded
def minutes(id: str) -> Page:
    """The minutes as a page."""
    return tk.render("satudata/meeting/minutes.html", _document(id))


@blueprint.route("/<id>/notulen.pdf", methods=["GET"])
@guarded
def minutes_pdf(id: str) -> Page:
    """The minutes on paper, with all that the person may see."""
    return _pdf("satudata/meeting/minutes_print.html", _document(id), "notulen")


@blueprint.route("/<id>/berita-acara.pdf", methods=["GET"])
@guarded
def record_pdf(id: str) -> Page:
    """The berita acara on paper: decisions, and room for signatures."""
    return _pdf("satudata/meeting/record_print.html", _document(id), "berita-acara")


def _document(id: str) -> dict[str, Any]:
    found = call("satudata_meeting_minutes", id=id)
    shown = call("satudata_meeting_show", id=id)
    address = tk.h.url_for("satudata_meeting.show", id=id, _external=True)
    closed = moments.parse(found["closed_at"])
    return {
        "meeting": present.meeting(shown, lang()),
        "minutes": found,
        "closed": moments.spoken(closed, lang(), time=True),
        "closed_day": moments.spoken(closed, lang()),
        "started": present.moment(found["started_at"], lang(), time=True),
        "address": address,
        "code": segno.make(address, error="m").svg_data_uri(scale=3, border=1),
        "lang": lang(),
        "agencies": _agencies(found),
    }


def _agencies(minutes: dict[str, Any]) -> list[dict[str, Any]]:
    """Who signs: the bodies that were present, with those who came, and the parties."""
    out: dict[str, dict[str, Any]] = {}
    for line in minutes["attendance"]:
        if line["present"]:
            title = line["organization_title"] or line["name"]
            entry = out.setdefault(title, {"title": title, "people": []})
            entry["people"].append(line)
    for item in minutes["items"]:
        for title in item["organization_titles"] if item["outcome"] in SETTLED else ():
            out.setdefault(title, {"title": title, "people": []})
    return list(out.values())


def _pdf(template: str, document: dict[str, Any], name: str) -> Page:
    minutes = document["minutes"]
    number = f"{minutes['number']:03d}-{minutes['year']}"
    answer = WerkzeugResponse(pdf.printed(tk.render(template, document)), mimetype=pdf.MEDIA)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}-{number}.pdf"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
