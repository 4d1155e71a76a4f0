"""Who people are, opened with a reason; and who opened it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.schema import identity as schema
from ckanext.satudata.model.identity import IdentityAccess
from ckanext.satudata.privacy import access, people
from ckanext.satudata.workflow import roles

#: Records that one call lists at most.
_MOST = 500


@validate(schema.open_)
def satudata_identity_open(context: Context, data_dict: DataDict) -> dict[str, str]:
    """Read who somebody is. That, when and why goes on record, and the person can see it.

    :param id: id of the identity, as a case names it
    :param why: the reason, in a sentence; does not name the person
    :returns: what the person told: ``name``, ``nik``, ``email``, ``phone``, ``address``, ``job``,
        ``organization``, as far as it was filled in
    """
    tk.check_access("satudata_identity_open", context, data_dict)
    user = person(context)
    assert user is not None  # the auth function lets nobody else in
    try:
        return people.open_identity(data_dict["id"], user=user.id, why=data_dict["why"])
    except people.Unknown as error:
        text = tk._("Who it was is not known any more: it was deleted when its time was over.")
        raise tk.ObjectNotFound(text) from error
    except SatudataError as error:
        text = tk._("It cannot be opened: its key is missing, or it was changed.")
        raise tk.ValidationError({"id": [text]}) from error


@tk.side_effect_free
@validate(schema.accesses)
def satudata_identity_access_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List who opened personal data, newest first.

    :param identity_id: only of this person
    :param actor: only by this official (id or name)
    :param below: only records with a smaller ``id``, for paging
    :param limit: how many, at most 500
    :returns: of each ``id``, ``at``, ``identity_id``, ``purpose``, ``person`` (masked; empty where
        it was deleted, or where one may not open it oneself), ``fields``, ``actor`` (name),
        ``organization`` (title) and ``why``
    """
    tk.check_access("satudata_identity_access_list", context, data_dict)
    user = person(context)
    assert user is not None  # the auth function lets nobody else in
    opener = model.User.get(data_dict["actor"]) if data_dict.get("actor") else None
    if data_dict.get("actor") and opener is None:
        return []
    rows = access.newest(
        identity=data_dict.get("identity_id"),
        user=opener.id if opener is not None else None,
        below=data_dict.get("below"),
        limit=min(data_dict["limit"], _MOST),
    )
    users = _names(model.User, {r.user_id for r in rows})
    bodies = _names(model.Group, {r.organization_id for r in rows if r.organization_id})
    return [
        {
            "id": row.id,
            "at": row.at.isoformat(),
            "identity_id": row.identity_id,
            "purpose": row.purpose,
            "person": _masked(user, row),
            "fields": row.fields,
            "actor": users.get(row.user_id, row.user_id),
            "organization": bodies.get(row.organization_id or ""),
            "why": row.why,
        }
        for row in rows
    ]


def _masked(user: model.User, row: IdentityAccess) -> dict[str, str]:
    identity = people.find(row.identity_id)
    if identity is None or not roles.opens_identities(user, confidential=identity.confidential):
        return {}
    return people.masked(row.identity_id)


def _names(kind: Any, ids: set[str]) -> dict[str, str]:
    found = model.Session.query(kind).filter(kind.id.in_(ids))
    return {one.id: getattr(one, "title", None) or one.name for one in found}
