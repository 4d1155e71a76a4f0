"""The link from a dataset to the statistical activity that produced it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from .stored import is_stored

#: Dataset type of activities (MS-Keg).
ACTIVITY = "kegiatan"


def satudata_activity(value: str, context: Context) -> str:
    """Id of an activity, given by id or name.

    Raises:
        tk.Invalid: there is no such activity, or the person may not see it and links it anew.
    """
    if not value:
        return value
    package = model.Package.get(value)
    visible = (
        package is not None
        and package.type == ACTIVITY
        and package.state != model.State.DELETED
        and (is_stored("kegiatan", package.id, context) or _may_see(package, context))
    )
    if package is None or not visible:
        raise tk.Invalid(
            tk._(
                "There is no statistical activity '{value}'. Choose one of the list, or create "
                "the activity first."
            ).format(value=value)
        )
    return package.id


def _may_see(package: model.Package, context: Context) -> bool:
    own: Context = {"user": context.get("user", "")}
    if context.get("ignore_auth"):
        own["ignore_auth"] = True
    try:
        return bool(tk.check_access("package_show", own, {"id": package.id}))
    except tk.NotAuthorized:
        return False
