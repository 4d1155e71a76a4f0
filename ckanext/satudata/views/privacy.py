"""The record of who opened personal data, as a page."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .common import Page, call, guarded

blueprint = Blueprint("satudata_privacy", __name__, url_prefix="/satudata/kerahasiaan")

#: Records on one page.
_PAGE = 50

_FILTERS = ("identity_id", "actor", "below")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """Who opened whose personal data, when and why; newest first."""
    asked = {name: tk.request.args.get(name, "") for name in _FILTERS}
    found = call(
        "satudata_identity_access_list",
        limit=_PAGE + 1,
        **{k: v for k, v in asked.items() if v},
    )
    return tk.render(
        "satudata/privacy/index.html",
        {"records": found[:_PAGE], "more": len(found) > _PAGE, "asked": asked},
    )
