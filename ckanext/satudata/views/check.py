"""Checks without publishing: of a saved dataset, and of a file that is not in the portal."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from .common import Page, call, guarded, lang, texts_of

blueprint = Blueprint("satudata_check", __name__)


@blueprint.route("/dataset/<id>/periksa", methods=["GET"])
@guarded
def dataset(id: str) -> Page:
    """The dataset's reports, and the button for another check."""
    return _dataset_page(id, [])


@blueprint.route("/dataset/<id>/periksa", methods=["POST"])
@guarded
def run(id: str) -> Page:
    """Check the dataset as it is saved and show the report."""
    try:
        report = call("satudata_check", id=id, keep=True, lang=lang())
    except tk.ValidationError as error:
        return _dataset_page(id, texts_of(error))
    return tk.redirect_to("satudata_report.show", report_id=report["id"])


@blueprint.route("/satudata/periksa", methods=["GET"])
@guarded
def file() -> Page:
    """The form that checks a file without saving it."""
    return _file_page({}, {})


@blueprint.route("/satudata/periksa", methods=["POST"])
@guarded
def run_file() -> Page:
    """Check the uploaded file and show the report."""
    asked: dict[str, Any] = {
        "organization_id": tk.request.form.get("organization_id", ""),
        "coverage": tk.request.form.get("coverage", ""),
    }
    try:
        report = call(
            "satudata_check",
            organization_id=asked["organization_id"],
            coverage=asked["coverage"] or None,
            upload=tk.request.files.get("upload"),
            keep=True,
            lang=lang(),
        )
    except tk.ValidationError as error:
        return _file_page(asked, error.error_dict)
    return tk.redirect_to("satudata_report.show", report_id=report["id"])


def _dataset_page(id: str, errors: list[str]) -> str:
    dataset = call("package_show", id=id)
    return tk.render(
        "satudata/dataset_check.html",
        {
            "pkg_dict": dataset,
            "pkg": dataset,
            "dataset_type": dataset["type"],
            "reports": call("satudata_report_list", dataset_id=dataset["id"]),
            "errors": errors,
        },
    )


def _file_page(asked: dict[str, Any], errors: dict[str, Any]) -> str:
    if not tk.current_user.is_authenticated:
        raise tk.NotAuthorized(tk._("Log in to check a file."))
    organizations = call("organization_list_for_user", permission="create_dataset")
    return tk.render(
        "satudata/file_check.html",
        {"organizations": organizations, "asked": asked, "errors": errors},
    )
