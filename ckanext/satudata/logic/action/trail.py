"""The audit trail, for those it concerns."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.schema import notice as schema
from ckanext.satudata.workflow import roles, trail


@tk.side_effect_free
@validate(schema.trail)
def satudata_trail_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List who did what, newest first.

    The walidata sees everything, everybody else what concerns the bodies they edit for.

    :param subject_kind: only about things of this kind, for example ``dataset``
    :param subject_id: only about this thing; needs ``subject_kind``
    :param organization_id: only what concerns this body (its id)
    :param action: only this action, or all that begin with it
    :param below: only entries with a smaller ``id``, for paging
    :param limit: how many, at most 1000
    :returns: of each ``id``, ``at``, ``action``, ``subject_kind``, ``subject_id``,
        ``subject_title``, ``organization_id``, ``actor`` (name) , ``before``, ``after`` and
        ``ruleset``
    """
    tk.check_access("satudata_trail_list", context, data_dict)
    user = person(context)
    assert user is not None
    mine = None if roles.is_walidata(user) else roles.bodies_of(user)
    wanted = data_dict.get("organization_id")
    if wanted:
        mine = [wanted] if mine is None or wanted in mine else []
    about = None
    if data_dict.get("subject_kind") and data_dict.get("subject_id"):
        about = trail.Subject(data_dict["subject_kind"], data_dict["subject_id"])
    found = trail.newest(
        organizations=mine,
        subject=about,
        action=data_dict.get("action"),
        below=data_dict.get("below"),
        limit=min(data_dict["limit"], 1000),
    )
    names = _names({e.actor for e in found if e.actor})
    return [
        {
            "id": entry.id,
            "at": entry.at.isoformat(),
            "action": entry.action,
            "subject_kind": entry.subject_kind,
            "subject_id": entry.subject_id,
            "subject_title": entry.subject_title,
            "organization_id": entry.organization_id,
            "actor": names.get(entry.actor or ""),
            "before": entry.before,
            "after": entry.after,
            "ruleset": entry.ruleset,
        }
        for entry in found
    ]


def _names(ids: set[str]) -> dict[str, str]:
    found = model.Session.query(model.User).filter(model.User.id.in_(ids))
    return {user.id: user.name for user in found}
