"""What is printed of a case: receipt, answer, and the decision to refuse."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import segno
from ckan import model
from flask import Blueprint
from werkzeug.wrappers import Response as WerkzeugResponse

from ckanext.satudata import moments
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow.cases import deadlines

from . import case_keys, pdf
from . import present_case as present
from .common import Page, call, guarded, lang

blueprint = Blueprint("satudata_case_document", __name__, url_prefix="/satudata/kasus")


@blueprint.route("/<id>/tanda-bukti.pdf", methods=["GET"])
@guarded
def receipt(id: str) -> Page:
    """What was registered, and what happens with it."""
    return _pdf("receipt", id, "tanda-bukti")


@blueprint.route("/<id>/jawaban.pdf", methods=["GET"])
@guarded
def answer(id: str) -> Page:
    """The answer as a letter; a refusal is a decision with its ground."""
    found = _found(id)
    name = present.document_of(found)
    if name is None:
        raise tk.ObjectNotFound(tk._("There is no answer yet."))
    return _pdf(name, id, "keputusan" if name == "refusal" else "jawaban")


def _found(id: str) -> dict[str, Any]:
    return present.case(call("satudata_case_show", id=id, **case_keys.parameter(id)))


def _pdf(template: str, id: str, name: str) -> Page:
    found = _found(id)
    address = tk.h.url_for("satudata_case.track", nomor=found["number"], _external=True)
    book = load_codebook(model.Session)
    home = book.regions.get(book.home)
    page = tk.render(
        f"satudata/kasus/print/{template}.html",
        {
            "case": found,
            "lang": lang(),
            "region": home.label if home else "",
            "body": found["officer_title"],
            "address": address,
            "code": segno.make(address, error="m").svg_data_uri(scale=3, border=1),
            "facts": present.facts(found),
            "given": found["given"],
            "letters": [
                m
                for m in found["messages"]
                if m["side"] != "pemohon" and m["audience"] == "pemohon"
            ],
            "opened": _day(found["opened_at"]),
            "answered": _day(found["answered_at"]),
            "due": found["due_on"] and tk.h.satudata_date(found["due_on"]),
            "days": {
                "answer": deadlines.of("permintaan", "jawaban").days,
                "extension": deadlines.of("permintaan", "perpanjangan").days,
                "objection": deadlines.of("permintaan", "keberatan").days,
                "dispute": deadlines.of("keberatan", "sengketa").days,
            },
        },
    )
    out = WerkzeugResponse(pdf.printed(page), mimetype=pdf.MEDIA)
    number = found["number"].replace("/", "-")
    out.headers["Content-Disposition"] = f'inline; filename="{name}-{number}.pdf"'
    out.headers["X-Content-Type-Options"] = "nosniff"
    out.headers["Cache-Control"] = "private, no-store"
    return out


def _day(moment: str | None) -> str:
    return moments.spoken(moments.parse(moment), lang()) if moment else ""
