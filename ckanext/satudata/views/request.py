"""Asking for data: searching first, the form of the law, confirming, and what is published."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response

from ckanext.satudata import abuse

from . import case_keys, present_request
from . import present_case as present
from .common import Page, call, guarded, texts_of
from .field import wrong

#: Name of the form for its guard.
_FORM = "permintaan"

blueprint = Blueprint("satudata_request", __name__, url_prefix="/permintaan")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """What already answers, before anybody writes a request."""
    words = tk.request.args.get("q", "").strip()
    return tk.render(
        "satudata/permintaan/index.html",
        {
            "q": words,
            "found": _found(words),
            "dataset": tk.request.args.get("dataset", ""),
            "way": present_request.way(),
        },
    )


@blueprint.route("/saran", methods=["GET"])
@guarded
def suggest() -> Page:
    """What may answer, while somebody types: a part of a page."""
    words = tk.request.args.get("q", "").strip()
    return tk.render(
        "satudata/permintaan/snippets/found.html", {"q": words, "found": _found(words)}
    )


@blueprint.route("/terjawab", methods=["POST"])
@guarded
def answered() -> Page:
    """Somebody has found the answer: counted, and nothing else is kept."""
    form = tk.request.form
    call("satudata_request_answered", kind=form.get("kind", ""), id=form.get("id", ""))
    tk.h.flash_success(tk._("Good! No request is needed."))
    if form.get("kind") == "indicator":
        return tk.redirect_to("satudata_indicator.show", code=form.get("next", ""))
    return tk.redirect_to("dataset.read", id=form.get("next", ""))


@blueprint.route("/baru", methods=["GET"])
@guarded
def new() -> Page:
    """The form; an address can fill in what it is about."""
    return _form({k: v for k, v in tk.request.args.items() if k in ("dataset", "items", "lane")})


@blueprint.route("/baru", methods=["POST"])
@guarded
def create() -> Page:
    """Send the request: registered at once, or as soon as the letter's link is confirmed."""
    form = tk.request.form
    try:
        abuse.guard(_FORM, form)
        made = call("satudata_request_create", **present_request.parameters(form), **_file())
    except tk.ValidationError as error:
        return _form(form.to_dict(), error)
    if made.get("confirm"):
        return tk.redirect_to("satudata_request.waiting")
    return _received(made)


@blueprint.route("/menunggu", methods=["GET"])
@guarded
def waiting() -> Page:
    """A letter is on its way."""
    return tk.render("satudata/permintaan/waiting.html")


@blueprint.route("/konfirmasi/<token>", methods=["GET"])
@guarded
def confirm(token: str) -> Page:
    """One more button: programs that look into letters open links, but press nothing."""
    return _quiet(tk.render("satudata/permintaan/confirm.html"))


@blueprint.route("/konfirmasi/<token>", methods=["POST"])
@guarded
def confirmed(token: str) -> Page:
    """Register the request that a letter was sent for."""
    return _received(call("satudata_request_confirm", token=token))


@blueprint.route("/<id>/terdaftar", methods=["GET"])
@guarded
def received(id: str) -> Page:
    """Number and code, once."""
    secret = case_keys.shown_once(id)
    shown = present.case(call("satudata_case_show", id=id, **case_keys.parameter(id)))
    return _quiet(tk.render("satudata/permintaan/received.html", {"case": shown, "secret": secret}))


@blueprint.route("/publik", methods=["GET"])
@guarded
def public() -> Page:
    """Answers for everybody, and requests that many follow."""
    found = call("satudata_request_public_list")
    return tk.render(
        "satudata/permintaan/public.html",
        {
            "published": [present_request.published(p) for p in found["published"]],
            "popular": found["popular"],
        },
    )


def filled_in(typed: dict[str, Any]) -> str:
    """The form with what somebody typed on another page.

    Args:
        typed: by the names of the form's fields.
    """
    return _form(typed)


def _received(made: dict[str, Any]) -> Page:
    if made.get("secret"):
        case_keys.remember(made, made["secret"], fresh=True)
    return tk.redirect_to("satudata_request.received", id=made["id"])


def _found(words: str) -> list[dict[str, Any]]:
    if len(words) < present_request.LEAST:
        return []
    return present_request.suggestions(call("satudata_request_suggest", q=words))


def _quiet(page: str) -> Page:
    """A page with a code or token in its address or text, which nothing keeps or passes on."""
    answer = make_response(page)
    tk.request.environ["__no_cache__"] = "True"  # CKAN adds "public" unless it is told
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _form(typed: dict[str, Any], error: tk.ValidationError | None = None) -> str:
    return tk.render(
        "satudata/permintaan/form.html",
        {
            "steps": present_request.steps(_bodies(), known=tk.current_user.is_authenticated),
            "typed": typed,
            "wrong": wrong(error),
            "texts": texts_of(error) if error else [],
            "about": present_request.about(typed.get("dataset", "")),
            "form": _FORM,
        },
    )


def _file() -> dict[str, Any]:
    sent = tk.request.files.get("upload")
    return {"upload": sent} if sent else {}


def _bodies() -> list[dict[str, Any]]:
    """The bodies for which the person may ask in the government lane."""
    if not tk.current_user.is_authenticated:
        return []
    return call("organization_list_for_user", permission="create_dataset")
