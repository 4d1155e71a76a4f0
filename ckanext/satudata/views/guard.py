"""What a form's guard asks of the browser, and the pages for those who sent too much."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, make_response

from ckanext.satudata import abuse
from ckanext.satudata.abuse import proof

from .common import Page

blueprint = Blueprint("satudata_guard", __name__)

_INTERNAL_ERROR = 500


@blueprint.route("/satudata/bukti/<form>", methods=["GET"])
def challenge(form: str) -> Page:
    """A computation for the browser, for one form."""
    abuse.attempt("challenge")
    return _unkept(jsonify(proof.challenge(form)))


@blueprint.after_app_request
def told_to_programs(response: Response) -> Response:
    """Put our answer in the place of the "internal error" that CKAN's API makes of it."""
    error = tk.g.get("satudata_limited")
    if response.status_code != _INTERNAL_ERROR or error is None:
        return response
    return too_many(error) if isinstance(error, abuse.TooMany) else unavailable(error)


@blueprint.app_errorhandler(abuse.TooMany)
def too_many(error: abuse.TooMany) -> Response:
    """Say when it can be tried again."""
    minutes = -(-error.seconds // 60)
    text = tk.ungettext(
        "You can try again in {n} minute.", "You can try again in {n} minutes.", minutes
    ).format(n=minutes)
    answer = _told(429, tk._("Too much at once"), text)
    answer.headers["Retry-After"] = str(error.seconds)
    return answer


@blueprint.app_errorhandler(abuse.Unavailable)
def unavailable(_error: abuse.Unavailable) -> Response:
    """Say that it is our fault."""
    text = tk._("The portal cannot take forms at the moment. Please try again in a few minutes.")
    answer = _told(503, tk._("Please try again soon"), text)
    answer.headers["Retry-After"] = "300"
    return answer


def _told(status: int, title: str, text: str) -> Response:
    if tk.request.path.startswith("/api/") or tk.request.endpoint == "satudata_guard.challenge":
        told = {"success": False, "error": {"__type": title, "message": text}}
        return _unkept(make_response(jsonify(told), status))
    page = tk.render("satudata/limited.html", {"title": title, "text": text})
    return _unkept(make_response(page, status))


def _unkept(answer: Response) -> Response:
    """An answer that neither browsers nor servers in between keep."""
    # CKAN adds "public" unless it is told.
    tk.request.environ["__no_cache__"] = "True"
    answer.headers["Cache-Control"] = "no-store"
    return answer
