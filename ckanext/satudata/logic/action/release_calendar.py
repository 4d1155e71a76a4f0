"""The calendar of releases, made from the schedules that datasets state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata import workdays
from ckanext.satudata.logic.schema import release_calendar as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow import release_calendar

_BACK, _AHEAD = timedelta(days=31), timedelta(days=366)


@tk.side_effect_free
@validate(schema.listed)
def satudata_release_calendar_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List when public datasets are released and updated, by day.

    :param first: the first day (default: a month ago)
    :param last: the last day (default: a year ahead)
    :param organization: id or name of the only producer
    :returns: ``day``, ``kind`` (``rilis`` or ``pemutakhiran``), ``dataset``, ``name``, ``title``,
        ``organization_title`` and ``frequency`` of each
    """
    tk.check_access("satudata_release_calendar_list", context, data_dict)
    today = workdays.today(utc_now())
    wanted = data_dict.get("organization")
    body = model.Group.get(wanted) if wanted else None
    if wanted and body is None:
        raise tk.ObjectNotFound(tk._("There is no such body."))
    found = release_calendar.between(
        data_dict.get("first") or today - _BACK,
        data_dict.get("last") or today + _AHEAD,
        organization=body.id if body else None,
    )
    return [
        {
            "day": one.day.isoformat(),
            "kind": one.kind,
            "dataset": one.dataset,
            "name": one.name,
            "title": one.title,
            "organization_title": one.organization_title,
            "frequency": one.frequency,
        }
        for one in found
    ]
