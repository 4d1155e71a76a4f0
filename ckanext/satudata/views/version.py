"""A dataset's public history, and the register of datasets whose access is limited."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, send_file

from ckanext.satudata.workflow.review import restricted, versions

from .common import Page, call, guarded

blueprint = Blueprint("satudata_version", __name__)

#: Pages of a dataset that lead to the ground of its limit instead of to a bare refusal.
_PAGES = frozenset(
    {
        "dataset.read",
        "dataset_resource.read",
        "dataset_resource.download",
        "resource.read",
        "resource.download",
    }
)


@blueprint.route("/dataset/<id>/riwayat", methods=["GET"])
@guarded
def index(id: str) -> Page:
    """The versions that the public has seen, with former files and figures."""
    dataset = call("package_show", id=id)
    return tk.render(
        "satudata/versions.html",
        {
            "pkg_dict": dataset,
            "pkg": dataset,
            "dataset_type": dataset["type"],
            "versions": call("satudata_version_list", id=dataset["id"]),
        },
    )


@blueprint.route("/dataset/<id>/riwayat/<process_id>/<resource_id>", methods=["GET"])
@guarded
def file(id: str, process_id: str, resource_id: str) -> Page:
    """A file of a version; its name says from when it is."""
    call("satudata_version_list", id=id)
    package = model.Package.get(id)
    assert package is not None
    try:
        stream, name = versions.open_file(package, process_id, resource_id)
    except (LookupError, FileNotFoundError):
        return tk.abort(404, tk._("Not found"))
    return send_file(
        stream, mimetype="application/octet-stream", as_attachment=True, download_name=name
    )


@blueprint.route("/satudata/pembatasan", methods=["GET"])
def limits() -> Page:
    """The datasets whose access is limited, each with its ground (Perpres 39/2019 Ps. 37)."""
    return tk.render("satudata/restricted.html", {"listed": restricted.listed()})


@blueprint.after_app_request
def explain(response: Response) -> Response:
    """Lead whoever may not see a dataset to the ground, if access to it is limited."""
    request = tk.request
    if response.status_code in (403, 404) and request.endpoint in _PAGES:
        package = model.Package.get((request.view_args or {}).get("id", ""))
        if package is not None and restricted.is_limited(package.id):
            return tk.redirect_to(
                tk.h.url_for("satudata_version.limits", _anchor=f"dataset-{package.name}")
            )
    return response
