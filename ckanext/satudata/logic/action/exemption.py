"""Exemptions: columns that the walidata lets be public without being compared."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.committing import commit
from ckanext.satudata.logic.schema import exemption as schema
from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow import exempting, gate, roles, trail


@validate(schema.exemption_grant)
def satudata_exemption_grant(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let a column be public although a rule holds it back.

    You must work for the walidata, and not for the agency whose data it is. The exemption
    holds while the table's headers and its declaration stay the same; the public sees it
    beside the file.

    :param resource_id: id of the table
    :param kind: which rules no longer hold it back; the finding names it (``exemptible``)
    :param column: the column's header, or ``Kolom 3`` for the third column without one
    :param structure: the structure that was looked at, from the finding's ``params``
    :param reason: why, in a sentence; the public sees it
    :returns: the exemption, and ``warnings``
    """
    tk.check_access("satudata_exemption_grant", context, data_dict)
    resource = model.Resource.get(data_dict["resource_id"])
    user = person(context)
    if resource is None or user is None:
        raise tk.ObjectNotFound(tk._("There is no such resource."))
    try:
        granted = exempting.grant(
            resource,
            kind=data_dict["kind"],
            column=data_dict["column"],
            structure=data_dict["structure"],
            reason=data_dict["reason"],
            user=user.id,
        )
    except exempting.StructureChanged:
        raise tk.ValidationError(
            {
                "structure": [
                    tk._("The table has changed since it was checked. Check it again first.")
                ]
            }
        ) from None
    except exempting.NothingToExempt:
        raise tk.ValidationError(
            {"column": [tk._("Nothing of this kind holds this column back.")]}
        ) from None
    except exempting.AlreadyGranted:
        raise tk.ValidationError({"column": [tk._("This column is exempted already.")]}) from None
    warnings = []
    indicator = load_codebook(model.Session).indicators.get(granted.indicator or "")
    if indicator is not None:
        warnings.append(
            tk._(
                "This column seems to hold the indicator {name}. Its figures will be public "
                "without being compared. Revoke the exemption if that is so."
            ).format(name=indicator.name)
        )
    out = {**_dictize(granted.row, inside=True), "in_use": False, "warnings": warnings}
    _record("exemption.grant", granted.row, user, reason=granted.row.reason)
    commit(context)
    return out


@validate(schema.exemption_revoke)
def satudata_exemption_revoke(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """End an exemption; a public dataset that rests on it becomes a draft again.

    :param id: id of the exemption
    :param reason: why, in a sentence
    :returns: the exemption, and ``withdrawn``: whether its dataset is no longer public
    """
    tk.check_access("satudata_exemption_revoke", context, data_dict)
    row = model.Session.get(Exemption, data_dict["id"])
    assert row is not None
    if row.revoked_at is not None:
        raise tk.ValidationError({"id": [tk._("This exemption has been revoked already.")]})
    user = person(context)
    assert user is not None
    needed = exempting.revoke(row, reason=data_dict["reason"], user=user.id)
    package = model.Package.get(row.dataset_id)
    withdrawn = needed and package is not None and gate.is_public(package)
    out = {**_dictize(row, inside=True), "withdrawn": withdrawn}
    _record("exemption.revoke", row, user, reason=data_dict["reason"])
    if withdrawn:
        # In one transaction: there is no moment in which it is public without the exemption.
        tk.get_action("package_patch")(
            {"user": user.name, "auth_user_obj": user, "ignore_auth": True},
            {"id": row.dataset_id, "state": "draft"},
        )
    commit(context)
    return out


@tk.side_effect_free
@validate(schema.exemption_list)
def satudata_exemption_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List what is exempted in a dataset's tables, oldest first.

    The public is told of exemptions on which public figures rest; the walidata and the
    producer see all, also those that were revoked.

    :param id: id or name of the dataset
    :returns: ``id``, ``resource_id``, ``kind``, ``column``, ``reason``, ``granted_at`` and
        ``in_use`` of each; for walidata and producer also who granted and revoked it
    """
    tk.check_access("satudata_exemption_list", context, data_dict)
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    inside = _inside(context, package)
    return [
        {**_dictize(one.row, inside=inside), "in_use": one.in_use}
        for one in exempting.of_dataset(package.id, ended=inside)
        if inside or one.in_use
    ]


def _inside(context: Context, package: model.Package) -> bool:
    user = person(context)
    if not isinstance(user, model.User):
        return False
    if roles.is_walidata(user):
        return True
    fresh: Context = {"user": user.name, "auth_user_obj": user}
    try:
        return tk.check_access("package_update", fresh, {"id": package.id})
    except tk.NotAuthorized:
        return False


def _dictize(row: Exemption, *, inside: bool) -> dict[str, Any]:
    out = {
        "id": row.id,
        "resource_id": row.resource_id,
        "kind": row.kind,
        "column": row.column_name,
        "reason": row.reason,
        "granted_at": row.granted_at.isoformat(),
    }
    if inside:
        out |= {
            "structure": row.structure,
            "granted_by": row.granted_by,
            "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
            "revoked_by": row.revoked_by,
            "revoke_reason": row.revoke_reason,
        }
    return out


def _record(action: str, row: Exemption, user: model.User, *, reason: str) -> None:
    package = model.Package.get(row.dataset_id)
    trail.record(
        action,
        trail.Subject("exemption", row.id, row.column_name),
        actor=user.id,
        organization=package.owner_org if package else None,
        after={"dataset": row.dataset_id, "kind": row.kind, "reason": reason},
    )
