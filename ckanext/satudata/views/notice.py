"""A person's notices, and how they want to be told."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.satudata import letters

from .common import Page, call, guarded, lang

blueprint = Blueprint("satudata_notice", __name__, url_prefix="/satudata/pemberitahuan")

#: Notices on one page.
_PAGE = 50


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """The person's notices, newest first."""
    page = max(1, tk.request.args.get("page", 1, type=int))
    found = call("satudata_notice_list", limit=_PAGE + 1, offset=(page - 1) * _PAGE)
    return tk.render(
        "satudata/notices.html",
        {
            "unread": found["unread"],
            "notices": found["notices"][:_PAGE],
            "page": page,
            "more": len(found["notices"]) > _PAGE,
            "setting": call("satudata_notice_setting_show"),
            "kinds": _kinds(),
        },
    )


@blueprint.route("/dibaca", methods=["POST"])
@guarded
def read() -> Page:
    """Mark one notice, or all, as read."""
    data: dict[str, Any] = {}
    if tk.request.form.get("id"):
        data["id"] = tk.request.form["id"]
    call("satudata_notice_read", **data)
    return tk.redirect_to("satudata_notice.index")


@blueprint.route("/pengaturan", methods=["POST"])
@guarded
def settings() -> Page:
    """Keep how the person wants to be told."""
    wanted = set(tk.request.form.getlist("wanted"))
    muted = [kind for kind in letters.notice_kinds() if kind not in wanted]
    call("satudata_notice_setting_update", mail=tk.request.form.get("mail", ""), muted=muted)
    tk.h.flash_success(tk._("Saved."))
    return tk.redirect_to("satudata_notice.index")


def _kinds() -> list[dict[str, str]]:
    """Kinds of notices with what they are called, in the page's language."""
    return [
        {"name": kind, "label": letters.notice(kind)["label"][lang()]}
        for kind in letters.notice_kinds()
    ]
