"""CKAN's dataset events, handed to the gate; errors become CKAN's."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from .errors import ReferenceDataMissing, Refused
from .store import content
from .workflow import gate


def dataset_created(data: dict[str, Any]) -> None:
    """Let nothing that once had the id of one of its resources come back to life."""
    package = model.Package.get(data["id"])
    if package is not None:
        content.begin(r.id for r in package.resources)


def dataset_saved(context: Context, data: dict[str, Any]) -> None:
    """Let the gate decide about a dataset that was just saved and is not yet committed.

    Raises:
        tk.ValidationError: the dataset is held back; ``satudata_report`` names the report.
    """
    package = model.Package.get(data["id"])
    if package is None:
        return
    user = context.get("auth_user_obj")
    try:
        gate.release(package, user.id if user else None)
    except Refused as refusal:
        raise tk.ValidationError(
            {
                "satudata": [
                    tk._(
                        "Not published: {count} finding(s) hold this dataset back. "
                        "See the report for both figures and what to do next."
                    ).format(count=refusal.errors)
                ],
                "satudata_report": [refusal.report],
            }
        ) from refusal
    except ReferenceDataMissing as missing:
        model.Session.rollback()
        raise tk.ValidationError(
            {
                "satudata": [
                    tk._(
                        "Not published: the portal has no reference data yet. "
                        "Ask the administrator to run 'ckan satudata reference load'."
                    )
                ]
            }
        ) from missing


def dataset_deleted(data: dict[str, Any]) -> None:
    """Take the figures of a dataset out that is about to be deleted."""
    package = model.Package.get(data["id"])
    if package is not None:
        gate.withdraw(package.id)
