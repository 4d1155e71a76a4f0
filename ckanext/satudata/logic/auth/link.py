"""Who may copy what a resource links to."""

from __future__ import annotations

from ckan.types import AuthResult, Context, DataDict

from .asking import as_for


def satudata_link_copy(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the resource."""
    return as_for("resource_update", context, {"id": data_dict.get("id")})
