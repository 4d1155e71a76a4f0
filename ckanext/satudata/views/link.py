"""The button that copies a linked file."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .common import Page, call, guarded, report_of, texts_of

blueprint = Blueprint("satudata_link", __name__)


@blueprint.route("/dataset/<id>/resource/<resource_id>/salin", methods=["POST"])
@guarded
def copy(id: str, resource_id: str) -> Page:
    """Let the portal serve a copy of the file from now on."""
    try:
        call("satudata_link_copy", id=resource_id)
    except tk.ValidationError as error:
        report = report_of(error)
        if report:
            return tk.redirect_to("satudata_report.show", report_id=report)
        for text in texts_of(error):
            tk.h.flash_error(text)
    else:
        tk.h.flash_success(tk._("The file was copied. The portal serves the copy."))
    return tk.redirect_to("resource.read", id=id, resource_id=resource_id)
