"""The Publish button of a draft."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.views.dataset import EditView
from flask import Blueprint

from ckanext.satudata.workflow import revisions

from .common import Page, call, guarded, process_of, rehearsal_of, report_of, texts_of

blueprint = Blueprint("satudata_publish", __name__)


@blueprint.route("/dataset/<id>/terbitkan", methods=["POST"])
@guarded
def release(id: str) -> Page:
    """Make a draft public; if the gate holds it back, show the report that says why.

    Missing metadata is shown on the fields of the dataset's form.
    """
    try:
        dataset = call("package_patch", id=id, state="active")
    except tk.ValidationError as error:
        report = report_of(error)
        rehearsed = rehearsal_of(error)
        if rehearsed:
            for text in texts_of(error):
                tk.h.flash_notice(text)
            return tk.redirect_to("satudata_report.show", report_id=rehearsed)
        if report:
            return tk.redirect_to("satudata_report.show", report_id=report)
        if process_of(error):
            for text in texts_of(error):
                tk.h.flash_notice(text)
            return tk.redirect_to("satudata_process.show", id=id)
        if revisions.waiting_in(error):
            return tk.redirect_to("satudata_revision.index", id=id)
        return EditView().get("dataset", id, None, error.error_dict, error.error_summary)
    tk.h.flash_success(tk._("The dataset is public now."))
    return tk.redirect_to(f"{dataset['type']}.read", id=dataset["name"])
