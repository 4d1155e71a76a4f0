"""The page people who work for an agency begin with: what waits on them, and their tools."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .common import Page, call, guarded, may

blueprint = Blueprint("satudata_work", __name__, url_prefix="/satudata/kerja")

#: The kinds of tasks, in the order of the page.
KINDS = ("setoran", "setoran_diterima", "kasus", "proses", "kesepakatan", "rilis_bersama")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """What waits on the person, by kind."""
    found = call("satudata_task_list")
    return tk.render(
        "satudata/work.html",
        {
            "groups": [(k, [t for t in found if t["kind"] == k]) for k in KINDS],
            "count": len(found),
            "meetings": call("satudata_meeting_list", state="disiapkan", limit=1),
            "walidata": may("satudata_conflict_list"),
            "official": may("satudata_trail_list"),
        },
    )
