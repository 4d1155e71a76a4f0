"""The audit trail as a page."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .common import Page, call, guarded

blueprint = Blueprint("satudata_trail", __name__, url_prefix="/satudata/jejak")

#: Entries on one page.
_PAGE = 100

_FILTERS = ("subject_kind", "subject_id", "organization_id", "action", "below")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """Who did what, newest first."""
    asked = {name: tk.request.args.get(name, "") for name in _FILTERS}
    found = call("satudata_trail_list", limit=_PAGE + 1, **{k: v for k, v in asked.items() if v})
    return tk.render(
        "satudata/trail.html",
        {"entries": found[:_PAGE], "more": len(found) > _PAGE, "asked": asked},
    )
