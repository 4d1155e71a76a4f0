"""What waits on the person who asks."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.schema import notice as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow import tasks


@tk.side_effect_free
@validate(schema.none)
def satudata_task_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List what waits on the person who asks, what is late first.

    :returns: of each ``kind`` (``setoran``, ``setoran_diterima``, ``proses``, ``kesepakatan``,
        ``rilis_bersama`` or ``kasus``), ``title``, ``state``, ``since``, ``due`` (a day, or
        None), ``late`` and ``address``
    """
    tk.check_access("satudata_task_list", context, data_dict)
    user = person(context)
    assert user is not None  # the auth function lets nobody else in
    return [
        {
            "kind": task.kind,
            "title": task.title,
            "state": task.state,
            "since": task.since.isoformat() if task.since else None,
            "due": task.due.isoformat() if task.due else None,
            "late": task.late,
            "address": task.address,
        }
        for task in tasks.of(user, utc_now())
    ]
