"""The walidata's two buttons: exempt a column, revoke an exemption."""

from __future__ import annotations

from uuid import UUID

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .common import Page, call, guarded, texts_of

blueprint = Blueprint("satudata_exemption", __name__, url_prefix="/satudata/pengecualian")


@blueprint.route("", methods=["POST"])
@guarded
def grant() -> Page:
    """Exempt a column that a report names, and come back to the report."""
    values = tk.request.form
    try:
        report = UUID(values.get("report", ""))
    except ValueError:
        return tk.abort(400, tk._("The form is damaged. Open the page again."))
    asked = {
        name: values.get(name, "")
        for name in ("resource_id", "kind", "column", "structure", "reason")
    }
    try:
        granted = call("satudata_exemption_grant", **asked)
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(texts_of(error)))
    else:
        tk.h.flash_success(
            tk._("The column is exempted. The agency can check and publish its dataset again.")
        )
        for warning in granted["warnings"]:
            tk.h.flash_notice(warning)
    return tk.redirect_to("satudata_report.show", report_id=report)


@blueprint.route("/<id>/cabut", methods=["POST"])
@guarded
def revoke(id: str) -> Page:
    """End an exemption, and come back to the dataset if it is still public."""
    name = tk.request.form.get("dataset", "")
    try:
        revoked = call("satudata_exemption_revoke", id=id, reason=tk.request.form.get("reason", ""))
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(texts_of(error)))
        return tk.redirect_to("dataset.read", id=name)
    if revoked["withdrawn"]:
        tk.h.flash_success(tk._("The exemption is revoked, and the dataset is a draft again."))
        return tk.redirect_to("dataset.search")
    tk.h.flash_success(tk._("The exemption is revoked."))
    return tk.redirect_to("dataset.read", id=name)
