"""The page of a result."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from . import records

validation = Blueprint("validation", __name__)


def read(id: str, resource_id: str) -> str:
    """The result of a resource.

    Args:
        id: the id or the name of its dataset.
        resource_id: its id.
    """
    try:
        resource = tk.get_action("resource_show")({}, {"id": resource_id})
        dataset = tk.get_action("package_show")({"for_view": True}, {"id": resource["package_id"]})
        if id not in (dataset["id"], dataset["name"]):
            raise tk.ObjectNotFound
        result = tk.get_action("resource_validation_show")({}, {"resource_id": resource_id})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Unauthorized to read this validation report"))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("No validation report exists for this resource"))
    return tk.render(
        "validation/validation_read.html",
        extra_vars={
            "validation": {**result, "report": records.decoded_report(result["report"])},
            "resource": resource,
            "res": resource,
            "pkg": dataset,
            "pkg_dict": dataset,
            "dataset": dataset,
            "dataset_type": dataset["type"],
        },
    )


validation.add_url_rule(
    "/dataset/<id>/resource/<resource_id>/validation", "read", methods=("GET",), view_func=read
)
