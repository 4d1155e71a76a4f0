"""What is told about a dataset beside its figures."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.logic.schema import check as schema
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store.codebook import codebook_of_transaction
from ckanext.satudata.workflow import status


@tk.side_effect_free
@validate(schema.resource)
def satudata_dataset_status(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show whether a dataset's figures were checked and since when they are public.

    :param id: id or name of the dataset
    :returns: ``public``, ``released_at``, ``ruleset``, ``figures``, ``indicators`` (code and
        name of each), ``resources`` (by id: ``kind``, ``figures``, ``declared``), and
        ``last_check`` and ``revisions`` that wait, each with how far it is (for those who may see
        the dataset's reports, else None and none), ``withdrawals`` (``joint``, ``released_at``
        and ``tables`` of each joint release that took tables out since the last release) and
        ``responsible`` (the official who answers for what is public)
    """
    tk.check_access("satudata_dataset_status", context, data_dict)
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    inside = _inside(context, package)
    found = status.of_dataset(package, inside=inside)
    book = codebook_of_transaction(model.Session()) if found.indicators else None
    indicators = [i for n in found.indicators if book and (i := book.indicator_by_id(n))]
    last = found.last_check
    return {
        "public": found.public,
        "released_at": found.released_at.isoformat() if found.released_at else None,
        "ruleset": found.ruleset,
        "figures": found.figures,
        "indicators": [{"code": i.code, "name": i.name} for i in indicators],
        "resources": {
            r.id: {"kind": r.kind, "figures": r.figures, "declared": r.declared}
            for r in found.resources
        },
        "last_check": last
        and {
            "id": last.id,
            "kind": last.kind,
            "created": last.created_at.isoformat(),
            "blocked": last.blocked,
        },
        "revisions": [_waiting(found.revision)] if found.revision else [],
        "withdrawals": [
            {"joint": joint, "released_at": moment.isoformat(), "tables": tables}
            for joint, moment, tables in found.withdrawals
        ],
        "responsible": found.responsible,
    }


def _waiting(revision: Revision) -> dict[str, Any]:
    return {name: getattr(revision, name) for name in ("id", "state", "stage", "done", "total")}


def _inside(context: Context, package: model.Package) -> bool:
    fresh: Context = {
        "user": context.get("user", ""),
        "auth_user_obj": context.get("auth_user_obj"),
    }
    try:
        tk.check_access("satudata_report_list", fresh, {"dataset_id": package.id})
    except tk.NotAuthorized:
        return False
    return True
