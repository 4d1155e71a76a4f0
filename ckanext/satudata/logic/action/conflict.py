"""What is public and no longer agrees with what holds now."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.logic.schema import conflict as schema
from ckanext.satudata.workflow.proof import recheck


@tk.side_effect_free
@validate(schema.listed)
def satudata_conflict_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the public datasets that would not be let through today, the longest known first.

    That happens where a tolerance, a code list, the rules or a mandate changed while the files
    stayed. A dataset leaves the list when it is corrected, or when what changed is changed back.

    You must work for the walidata.

    :returns: of each ``dataset_id``, ``name``, ``title``, ``organization_id``,
        ``organization_title``, ``report`` (id), ``since`` and ``rules`` (rule id -> number of
        findings that hold it back)
    """
    tk.check_access("satudata_conflict_list", context, data_dict)
    return [
        {
            "dataset_id": s.dataset,
            "name": s.name,
            "title": s.title,
            "organization_id": s.organization,
            "organization_title": s.organization_title,
            "report": s.report,
            "since": s.since.isoformat(),
            "rules": s.rules,
        }
        for s in recheck.standing(model.Session)
    ]
