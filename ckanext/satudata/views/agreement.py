"""The public register of agreements, and the pages on which agencies answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from feedgen.feed import FeedGenerator
from flask import Blueprint, Response

from ckanext.satudata.logic.auth import agreement as auth
from ckanext.satudata.model.agreement import KINDS, STATES
from ckanext.satudata.workflow.agreements.proposals import title_of

from . import agreement_form as forms
from .common import Page, call, context, guarded, lang, may, texts_of
from .indicator_form import producers

blueprint = Blueprint("satudata_agreement", __name__, url_prefix="/satudata/kesepakatan")

#: Agreements on one page, and in the feed.
_PAGE, _FEED = 25, 50


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """The register, narrowed by words, indicator, agency, kind and state."""
    names = ("q", "indikator", "instansi", "jenis", "keadaan")
    asked = {name: tk.request.args.get(name, "").strip() for name in names}
    page = max(1, tk.request.args.get("page", 1, type=int))
    found = call(
        "satudata_agreement_list", limit=_PAGE, offset=(page - 1) * _PAGE, **_narrowed(asked)
    )
    return tk.render(
        "satudata/agreement/list.html",
        {
            "agreements": found["results"],
            "count": found["count"],
            "asked": asked,
            "page": page,
            "pages": -(-found["count"] // _PAGE),
            "kinds": KINDS,
            "states": STATES,
            "agencies": producers(),
        },
    )


@blueprint.route("/umpan.atom", methods=["GET"])
@guarded
def feed() -> Page:
    """What is agreed upon and what ended, newest first, for feed readers."""
    found = tk.get_action("satudata_agreement_list")({"user": ""}, {"limit": _FEED})
    made = FeedGenerator()
    address = tk.url_for("satudata_agreement.index", _external=True)
    made.id(address)
    made.title(tk._("Agreements on figures"))
    made.link(href=address, rel="alternate")
    made.link(href=tk.url_for("satudata_agreement.feed", _external=True), rel="self")
    made.language(lang())
    latest = ""
    for one in reversed(found["results"]):
        moment = one["ended_at"] or one["effective_at"]
        latest = max(latest, moment)
        entry = made.add_entry()
        entry.id(tk.url_for("satudata_agreement.show", id=one["id"], _external=True))
        entry.link(href=tk.url_for("satudata_agreement.show", id=one["id"], _external=True))
        entry.title(
            tk._("Agreement {number}: {state}").format(
                number=one["number"], state=tk.h.satudata_agreement_word(one["state"])
            )
        )
        entry.summary(one["note_en"] if lang() == "en" and one["note_en"] else one["note"])
        entry.author(name=", ".join(p["title"] for p in one["parties"]))
        entry.updated(moment)
    if latest:
        made.updated(latest)
    return Response(made.atom_str(), content_type="application/atom+xml; charset=utf-8")


@blueprint.route("/<id>", methods=["GET"])
@guarded
def show(id: str) -> Page:
    """One agreement: what it says, who agreed, what has to be corrected, what came before."""
    return _shown(id)


@blueprint.route("/<id>/terima", methods=["POST"])
@guarded
def accept(id: str) -> Page:
    """Accept for one's own agency."""
    said = tk._("Your agency has accepted the agreement.")
    return _do("satudata_agreement_accept", id, said, "organization_id")


@blueprint.route("/<id>/tolak", methods=["POST"])
@guarded
def decline(id: str) -> Page:
    """Decline for one's own agency."""
    said = tk._("Your agency has declined the agreement.")
    return _do("satudata_agreement_decline", id, said, "organization_id", "reason")


@blueprint.route("/<id>/cabut", methods=["POST"])
@guarded
def withdraw(id: str) -> Page:
    """Take a proposal back, or end an agreement."""
    said = tk._("The agreement has come to an end.")
    return _do("satudata_agreement_withdraw", id, said, "reason")


@blueprint.route("/<id>/arahan", methods=["POST"])
@guarded
def direct(id: str) -> Page:
    """Record the Bupati's direction."""
    said = tk._("The direction is recorded.")
    return _do("satudata_agreement_direct", id, said, "ground", "document")


@blueprint.route("/usul", methods=["GET"])
@guarded
def new() -> Page:
    """The form by which an agreement about one object is proposed; an address can fill it in."""
    asked = forms.from_address(tk.request.args)
    tk.check_access("satudata_agreement_propose", context(), {"parties": asked["parties"]})
    return _form(asked)


@blueprint.route("/usul", methods=["POST"])
@guarded
def propose() -> Page:
    """Propose an agreement."""
    asked = forms.from_form(tk.request.form)
    return _proposed("satudata_agreement_propose", asked, {"supersedes": None})


@blueprint.route("/<id>/ubah", methods=["GET"])
@guarded
def revision(id: str) -> Page:
    """The form by which an agreement is proposed that takes this one's place."""
    shown = call("satudata_agreement_show", id=id)
    tk.check_access("satudata_agreement_revise", context(), {"id": id})
    return _form(forms.from_agreement(shown), replaced=shown)


@blueprint.route("/<id>/ubah", methods=["POST"])
@guarded
def revise(id: str) -> Page:
    """Propose an agreement that takes this one's place."""
    return _proposed("satudata_agreement_revise", forms.from_form(tk.request.form), {"id": id})


def _proposed(action: str, asked: dict[str, Any], more: Mapping[str, Any]) -> Page:
    mine = auth.bodies(context())
    own = [p for p in asked["parties"] if p in mine]
    if own and not may("satudata_agreement_direct"):
        more = {**more, "organization_id": own[0]}
    try:
        data = forms.as_parameters(asked)
        made = call(action, **data, **{k: v for k, v in more.items() if v})
    except tk.ValidationError as error:
        tk.check_access(action, context(), {"parties": asked["parties"], **more})
        replaced = call("satudata_agreement_show", id=more["id"]) if more.get("id") else None
        return _form(asked, replaced=replaced, texts=forms.sentences(error))
    tk.h.flash_success(tk._("Proposed. Each party has been told, and has to accept it by itself."))
    return tk.redirect_to("satudata_agreement.show", id=made["id"])


def _form(
    asked: dict[str, Any],
    *,
    replaced: Mapping[str, Any] | None = None,
    texts: list[str] | None = None,
) -> str:
    named = {party: title_of(party) for party in asked["parties"]}
    return tk.render(
        "satudata/agreement/form.html",
        {
            "asked": asked,
            "identities": json.dumps([o["identity"] for o in asked["objects"]]),
            "parties": named,
            "kinds": KINDS,
            "replaced": replaced,
            "texts": texts or [],
        },
    )


def _do(action: str, id: str, said: str, *fields: str) -> Page:
    try:
        call(action, id=id, **{name: tk.request.form.get(name, "") for name in fields})
    except tk.ValidationError as error:
        for text in texts_of(error):
            tk.h.flash_error(text)
    else:
        tk.h.flash_success(said)
    return tk.redirect_to("satudata_agreement.show", id=id)


def _shown(id: str) -> str:
    shown = call("satudata_agreement_show", id=id)
    waiting = [
        p
        for p in shown["parties"]
        if shown["state"] == "usulan"
        and not p["accepted_at"]
        and may("satudata_agreement_accept", id=shown["id"], organization_id=p["id"])
    ]
    return tk.render(
        "satudata/agreement/show.html",
        {"agreement": shown, "waiting": waiting, "tables": _tables(shown)},
    )


def _tables(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The public tables that are not as agreed, each with its figures."""
    out: dict[str, dict[str, Any]] = {}
    for one in shown["deviations"]:
        entry = out.setdefault(
            one["dataset"],
            {
                "name": one["dataset"],
                "title": one["dataset_title"],
                "organization_title": one["organization_title"],
                "corrects": may("package_update", id=one["dataset"]),
                "figures": [],
            },
        )
        entry["figures"].append(one)
    return list(out.values())


def _narrowed(asked: Mapping[str, str]) -> dict[str, str]:
    names = {
        "q": "q",
        "indikator": "indicator",
        "instansi": "organization",
        "jenis": "kind",
        "keadaan": "state",
    }
    wanted = {names[name]: value for name, value in asked.items() if value}
    if wanted.get("organization"):
        group = model.Group.get(wanted["organization"])
        wanted["organization"] = group.id if group is not None else wanted["organization"]
    return wanted
