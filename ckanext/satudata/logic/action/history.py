"""What figures were before they were revised."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.consistency import keys
from ckanext.satudata.consistency.observations import Status
from ckanext.satudata.logic.schema import check as schema
from ckanext.satudata.model.publication import Release
from ckanext.satudata.store import former
from ckanext.satudata.store.codebook import load_codebook

#: Most figures one call returns.
MOST = 1_000


@tk.side_effect_free
@validate(schema.resource)
def satudata_former_figure_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List what a public dataset's figures were before they were revised, the last change first.

    :param id: id or name of the dataset
    :returns: at most 1,000 figures: ``indicator``, ``indicator_name``, ``region``,
        ``region_name``, ``period``, ``dimensions``, ``items`` (their names), ``value``, ``unit``,
        ``status``,
        ``published_at``, ``replaced_at`` and ``reason``; none while the dataset shows no figures
    """
    tk.check_access("satudata_former_figure_list", context, data_dict)
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    if model.Session.get(Release, package.id) is None:
        return []
    book = load_codebook(model.Session)
    out = []
    for number, packed, figure in former.revised_of(model.Session, package.id, MOST):
        indicator = book.indicator_by_id(number)
        if indicator is None:
            continue
        key = keys.decode(indicator, packed, book.codelists)
        region = book.regions.get(key.region)
        out.append(
            {
                "indicator": indicator.code,
                "indicator_name": indicator.name,
                "region": key.region,
                "region_name": region.label if region else None,
                "period": key.period,
                "dimensions": dict(key.rest),
                "items": book.labels(indicator, key.rest),
                "value": figure.value,
                "unit": indicator.unit,
                "status": Status(figure.status).name.lower(),
                "published_at": figure.ending.published_at.isoformat(),
                "replaced_at": figure.ending.replaced_at.isoformat(),
                "reason": figure.ending.reason,
            }
        )
    return out
