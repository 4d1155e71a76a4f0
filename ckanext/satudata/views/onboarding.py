"""Where people begin: how far one is, the tour, and the guide on paper."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response

from ckanext.satudata.workflow.onboarding import guide, progress

from . import pdf
from .common import Page, call, guarded, lang, may

blueprint = Blueprint("satudata_onboarding", __name__, url_prefix="/satudata/pelatihan")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """How far one is, and what there is to begin with."""
    return tk.render(
        "satudata/pelatihan/index.html",
        {
            "mine": call("satudata_progress_show"),
            "steps": progress.STEPS,
            "role": guide.role_of(_me()),
            "guides": [guide.of(role, lang()) for role in guide.ROLES],
            "walidata": may("satudata_progress_list"),
        },
    )


@blueprint.route("/tur", methods=["GET"])
@guarded
def tour() -> Page:
    """One step of the tour; each is a page, so it needs no script."""
    tk.check_access("satudata_tour_finish", {"user": tk.current_user.name}, {})
    role = tk.request.args.get("peran", "") or guide.role_of(_me())
    if role not in guide.ROLES:
        raise tk.ObjectNotFound(tk._("There is no such guide."))
    found = guide.of(role, lang())
    number = tk.request.args.get("langkah", 1, type=int)
    number = min(max(number, 1), len(found.steps))
    return tk.render(
        "satudata/pelatihan/tour.html",
        {"guide": found, "number": number, "step": found.steps[number - 1]},
    )


@blueprint.route("/tur", methods=["POST"])
@guarded
def finish() -> Page:
    """The tour was seen, or is not wanted; it is not offered again."""
    call("satudata_tour_finish")
    return tk.redirect_to("satudata_onboarding.index")


@blueprint.route("/panduan-<role>.pdf", methods=["GET"])
@guarded
def printed(role: str) -> Page:
    """A role's guide on two pages of A4; no secrets, so everybody may print it."""
    if role not in guide.ROLES:
        raise tk.ObjectNotFound(tk._("There is no such guide."))
    html = tk.render(
        "satudata/pelatihan/guide_print.html",
        {
            "guide": guide.of(role, lang()),
            "lang": lang(),
            "site": tk.config.get("ckan.site_title"),
            "address": tk.config.get("ckan.site_url"),
        },
    )
    answer = Response(pdf.printed(html), content_type=pdf.MEDIA)
    answer.headers["Content-Disposition"] = f'inline; filename="panduan-{role}.pdf"'
    return answer


def _me() -> model.User:
    """The person who looks; asked only where nobody else was let in."""
    user = model.User.get(tk.current_user.id)
    assert user is not None
    return user
