"""CKAN's dataset actions, as far as ours differ."""

from __future__ import annotations

from typing import Any

import ckan.logic
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.satudata import hooks
from ckanext.satudata.logic.retrying import retrying

#: CKAN has no name for this state.
_DRAFT = "draft"


@tk.chained_action
@retrying
def package_create(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Let editors begin with a draft through the API as they do in the web form.

    CKAN ignores ``state`` of everybody but sysadmins when a dataset is created, so that what
    was meant as a draft would be public at once. Only the step down to a draft is allowed.
    """
    if data_dict.get("state") == _DRAFT:
        context["allow_state_change"] = True
    return original(context, data_dict)


@tk.chained_action
@retrying
def resource_create(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Take back the id of a resource that was refused.

    CKAN writes the new id into what it was given, and its form then takes a resource that was
    never saved for one that exists: the page ends in an error instead of showing the refusal.
    """
    new = not data_dict.get("id")
    try:
        return original(context, data_dict)
    except tk.ValidationError:
        if new:
            data_dict.pop("id", None)
        raise


@tk.chained_action
@retrying
def dataset_purge(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Take the figures of a purged dataset out in the same transaction (there is no event)."""
    tk.check_access("dataset_purge", context, data_dict)
    hooks.dataset_deleted(context, data_dict)
    return original(context, data_dict)


@tk.chained_action
@retrying
def package_owner_org_update(original: Action, context: Context, data_dict: DataDict) -> Any:
    """Let a dataset that moves to another organization pass the gate, and index it.

    Its figures become another producer's, whose mandate may be another. CKAN neither checks nor
    indexes the dataset here. Saving a dataset calls this too, but the owner is set by then.
    """
    package = model.Package.get(data_dict.get("id"))
    before = package.owner_org if package else None
    deferred: Any = {**context, "defer_commit": True}
    original(deferred, data_dict)
    if package is not None and package.owner_org != before:
        model.Session.flush()
        hooks.dataset_saved(context, {"id": package.id})
        if not context.get("defer_commit"):
            ckan.logic.index_update_package(context, package.id)
    if not context.get("defer_commit"):
        model.repo.commit()
