"""The link from a dataset to the statistical activity that produced it."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from .stored import is_stored


def satudata_activity(value: str, context: Context) -> str:
    """Id of an activity, given by id or name.

    Raises:
        tk.Invalid: there is no such activity, or the person may not see it and links it anew.
    """
    if not value:
        return value
    found = _id_of(value)
    if found is None or not (is_stored("kegiatan", found, context) or _may_see(found, context)):
        raise tk.Invalid(
            tk._(
                "There is no statistical activity '{value}'. Choose one of the list, or create "
                "the activity first."
            ).format(value=value)
        )
    return found


def _id_of(value: str) -> str | None:
    """Id of the activity with this id or name, or None."""
    return model.Session.scalar(_WANTED, {"value": value})


def _may_see(activity: str, context: Context) -> bool:
    own: Context = {"user": context.get("user", "")}
    if context.get("ignore_auth"):
        own["ignore_auth"] = True
    try:
        return bool(tk.check_access("package_show", own, {"id": activity}))
    except tk.NotAuthorized:
        return False


# Each save asks this, and wants none of an activity's many texts.
_WANTED = sa.text(
    "SELECT id FROM package WHERE (id = :value OR name = :value) "
    "AND type = 'kegiatan' AND state <> 'deleted' ORDER BY id = :value DESC LIMIT 1"
)
