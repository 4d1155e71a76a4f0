"""Requests, objections, complaints and suggestions: tracking, one case's page, and the inbox.

Whoever reports without an account shows number and secret code once; see :mod:`.case_keys`.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response

from ckanext.satudata.workflow.cases import deadlines

from . import case_keys, case_moves, present_complaint
from . import present_case as present
from .attachment import sent
from .common import Page, call, guarded, lang, may, texts_of
from .field import wrong
from .indicator_form import producers

blueprint = Blueprint("satudata_case", __name__)

_PAGE = 25


@blueprint.route("/lacak", methods=["GET"])
@guarded
def track() -> Page:
    """Where somebody without an account shows number and code."""
    return _track(tk.request.args.get("nomor", ""), [])


@blueprint.route("/lacak", methods=["POST"])
@guarded
def look_up() -> Page:
    """Show the case to whoever knows its code; wrong numbers and wrong codes get one answer."""
    number = tk.request.form.get("number", "").strip()
    secret = tk.request.form.get("secret", "").strip()
    try:
        found = call("satudata_case_track", number=number, secret=secret)
    except (tk.ObjectNotFound, tk.ValidationError, tk.NotAuthorized):
        text = tk._("There is no such pair of number and code. Compare both with your receipt.")
        return _track(number, [text])
    case_keys.remember(found, secret)
    return tk.redirect_to("satudata_case.show", id=found["id"])


@blueprint.route("/satudata/kasus", methods=["GET"])
@guarded
def inbox() -> Page:
    """What officers have to answer, what is due first on top."""
    names = ("q", "jenis", "keadaan", "instansi", "jalur", "terlambat", "sesudah")
    asked = {name: tk.request.args.get(name, "").strip() for name in names}
    found = call("satudata_case_list", **present.narrowed(asked), limit=_PAGE)
    here = {k: v for k, v in asked.items() if v and k != "sesudah"}
    return tk.render(
        "satudata/kasus/inbox.html",
        {
            "rows": [present.row(r) for r in found["results"]],
            "asked": asked,
            "first": tk.h.url_for("satudata_case.inbox", **here),
            "further": found["next"]
            and tk.h.url_for("satudata_case.inbox", **here, sesudah=found["next"]),
            "kinds": present.kinds(),
            "states": present.states(asked["jenis"]),
            "lanes": present.lanes(),
            "agencies": producers(),
        },
    )


@blueprint.route("/satudata/kasus/saya", methods=["GET"])
@guarded
def mine() -> Page:
    """What the person asked for while signed in."""
    after = tk.request.args.get("sesudah", "")
    place = {"after": after} if after else {}
    found = call("satudata_case_list", mine=True, limit=_PAGE, **place)
    return tk.render(
        "satudata/kasus/mine.html",
        {
            "rows": [present.row(r) for r in found["results"]],
            "further": found["next"] and tk.h.url_for("satudata_case.mine", sesudah=found["next"]),
        },
    )


@blueprint.route("/permintaan/<id>", methods=["GET"])
@blueprint.route("/satudata/kasus/<id>", methods=["GET"])
@guarded
def show(id: str) -> Page:
    """One case, as far as the person may see it."""
    return _page(id)


@blueprint.route("/satudata/kasus/<id>/langkah/<transition>", methods=["POST"])
@guarded
def move(id: str, transition: str) -> Page:
    """Make one move of a case."""
    form = tk.request.form
    try:
        found = _shown(id)
        data = case_moves.parameters(found, transition, form)
        for answer, file in case_moves.files(data, tk.request.files):
            kept = call("satudata_case_file_create", id=id, upload=file, audience="pemohon")
            answer["attachment"] = kept["id"]
        call("satudata_case_move", id=id, transition=transition, **case_keys.parameter(id), **data)
    except tk.ValidationError as error:
        return _page(id, tried=transition, error=error)
    tk.h.flash_success(tk._("Done."))
    return tk.redirect_to("satudata_case.show", id=id)


@blueprint.route("/satudata/kasus/<id>/pesan", methods=["POST"])
@guarded
def say(id: str) -> Page:
    """Write a message."""
    form = tk.request.form
    try:
        said = {"text": form.get("text", ""), "audience": form.get("audience", "")}
        call("satudata_case_say", id=id, **said, **case_keys.parameter(id))
    except tk.ValidationError as error:
        for text in texts_of(error):
            tk.h.flash_error(text)
    return tk.redirect_to("satudata_case.show", id=id, _anchor="thread")


@blueprint.route("/satudata/kasus/<id>/lampiran", methods=["POST"])
@guarded
def attach(id: str) -> Page:
    """Attach a file to what is written back and forth."""
    try:
        call(
            "satudata_case_file_create",
            id=id,
            upload=tk.request.files.get("upload"),
            audience=tk.request.form.get("audience", ""),
            **case_keys.parameter(id),
        )
    except tk.ValidationError as error:
        for text in texts_of(error):
            tk.h.flash_error(text)
    return tk.redirect_to("satudata_case.show", id=id, _anchor="thread")


@blueprint.route("/satudata/kasus/<id>/berkas/<file_id>", methods=["GET"])
@guarded
def file(id: str, file_id: str) -> Page:
    """A file of a case, for those for whom it is."""
    found = call("satudata_case_show", id=id, **case_keys.parameter(id))
    if file_id not in {f["id"] for f in found["files"]}:
        raise tk.ObjectNotFound(tk._("There is no such attachment."))
    return sent(file_id)


@blueprint.route("/satudata/kasus/<id>/keberatan", methods=["GET"])
@guarded
def objection(id: str) -> Page:
    """The form by which whoever asked objects."""
    return _objection(id, {})


@blueprint.route("/satudata/kasus/<id>/keberatan", methods=["POST"])
@guarded
def object_(id: str) -> Page:
    """Object to how a request was dealt with."""
    form = tk.request.form
    typed = {"grounds": form.getlist("grounds"), "text": form.get("text", "")}
    try:
        made = call("satudata_objection_create", id=id, **typed, **case_keys.parameter(id))
    except tk.ValidationError as error:
        return _objection(id, typed, error)
    case_keys.share(id, [made])
    tk.h.flash_success(
        tk._("Your objection is registered as {number}.").format(number=made["number"])
    )
    return tk.redirect_to("satudata_case.show", id=made["id"])


@blueprint.route("/satudata/kasus/<id>/umumkan", methods=["POST"])
@guarded
def publish(id: str) -> Page:
    """Publish question and answer, in words of the office."""
    form = tk.request.form
    texts = {n: form.get(n, "") for n in ("title", "question", "text")}
    try:
        call("satudata_case_publish", id=id, **texts)
    except tk.ValidationError as error:
        for text in texts_of(error):
            tk.h.flash_error(text)
        return tk.redirect_to("satudata_case.show", id=id)
    tk.h.flash_success(tk._("Everybody can read it now."))
    return tk.redirect_to("satudata_request.public")


@blueprint.route("/satudata/kasus/<id>/ikuti", methods=["POST"])
@guarded
def follow(id: str) -> Page:
    """Follow a case, or follow it no longer."""
    follows = bool(tk.request.form.get("follow"))
    call("satudata_case_follow", id=id, follow=follows)
    tk.h.flash_success(tk._("You will be told.") if follows else tk._("You follow it no longer."))
    return tk.redirect_to("satudata_request.public")


@blueprint.route("/satudata/kasus/<id>/identitas", methods=["POST"])
@guarded
def identity(id: str) -> Page:
    """Who reported, for a reason that is put on record."""
    try:
        found = call("satudata_case_identity", id=id, why=tk.request.form.get("why", ""))
    except tk.ValidationError as error:
        for text in texts_of(error):
            tk.h.flash_error(text)
        return tk.redirect_to("satudata_case.show", id=id, _anchor="person")
    answer = make_response(
        tk.render(
            "satudata/kasus/person.html",
            {"case": _shown(id), "facts": present.person_facts(found)},
        )
    )
    tk.request.environ["__no_cache__"] = "True"  # CKAN adds "public" unless it is told
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.route("/lacak/tutup", methods=["POST"])
@guarded
def forget() -> Page:
    """Forget the codes that this browser has shown."""
    case_keys.forget()
    return tk.redirect_to("satudata_case.track")


def _shown(id: str) -> dict[str, Any]:
    found = present.case(call("satudata_case_show", id=id, **case_keys.parameter(id)))
    case_keys.share(id, found["related"])
    return found


def _track(number: str, texts: list[str]) -> str:
    return tk.render("satudata/kasus/track.html", {"number": number, "texts": texts})


def _objection(id: str, typed: dict[str, Any], error: tk.ValidationError | None = None) -> str:
    found = _shown(id)
    if not found["objection_grounds"]:
        raise tk.NotAuthorized(tk._("One cannot object to this now."))
    return tk.render(
        "satudata/kasus/objection.html",
        {
            "case": found,
            "fields": case_moves.objecting(found),
            "typed": typed,
            "wrong": wrong(error),
            "texts": texts_of(error) if error else [],
            "days": deadlines.of("keberatan", "tanggapan").days,
        },
    )


def _page(id: str, *, tried: str = "", error: tk.ValidationError | None = None) -> str:
    found = _shown(id)
    besides = present_complaint.beside(found, lang())
    if besides and besides["suggestions"]:
        found["suggested"] = besides["suggestions"][0]["name"]
    if error is not None:
        for text in texts_of(error):
            tk.h.flash_error(text)
    return tk.render(
        "satudata/kasus/show.html",
        {
            "case": found,
            "facts": present.facts(found),
            "given": found["given"],
            "messages": found["messages"],
            "audiences": present.audiences(found),
            "attachments": found["attachments"],
            "publishing": case_moves.publishing(found)
            if may("satudata_case_publish", id=id)
            else [],
            "beside": besides,
            "moves": case_moves.buttons(found, tried, error, tk.request.form),
            "objects": bool(found["objection_grounds"]),
            "related": found["related"],
            "documents": present.documents(found),
            "follows": found["follows"]
            if found["published_at"] and not found["reporter"]
            else None,
            "person": found["person"],
            "steps": found["steps"],
        },
    )
