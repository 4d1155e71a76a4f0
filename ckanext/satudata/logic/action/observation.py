"""Public figures, and what must be told beside them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict, ErrorDict

from ckanext.satudata.consistency import keys, period
from ckanext.satudata.consistency.observations import Status
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.logic import agreement_notes
from ckanext.satudata.logic.schema import check as schema
from ckanext.satudata.store import observations
from ckanext.satudata.store.codebook import codebook_of_transaction

#: Most figures one call returns.
MOST = 10_000
#: Digits of a number that may be one of PostgreSQL's bigint, and the largest of these.
_LARGEST = (1 << 63) - 1
_NUMBER = re.compile(r"[0-9]{1,19}")


@tk.side_effect_free
@validate(schema.observation_list)
def satudata_observation_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List public figures.

    :param indicator: code of an indicator
    :param region: Kemendagri code of a region
    :param period: ``2025``, ``2025-S1``, ``2025-Q3``, ``2025-07``, ``2025-W05``, ``2025-07-31``
    :param producer: id or name of the organization that publishes
    :param dataset: id or name of a dataset
    :param limit: how many, at most 10,000 (default 100)
    :param after: ``next`` of the page before
    :returns: ``results`` (indicator, region, period, dimensions, value, unit, decimals,
        status, dataset, resource, organization, ``agreements``: what agencies have agreed upon
        about this figure) and ``next`` (None on the last page)
    """
    tk.check_access("satudata_observation_list", context, data_dict)
    book = codebook_of_transaction(model.Session())
    limit = min(data_dict["limit"], MOST)
    rows = observations.select(model.Session, _selection(book, data_dict), limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    told = agreement_notes.beside(rows)
    return {
        "results": [
            {**_dictize(row, book), "agreements": told.get((row.publication.id, row.key), [])}
            for row in rows
        ],
        "next": f"{rows[-1].publication.id}:{rows[-1].key}" if more and rows else None,
    }


def _selection(book: CodeBook, data_dict: DataDict) -> observations.Selection:
    errors: ErrorDict = {}
    wanted: dict[str, Any] = {}
    for field, (target, read, message) in _filters(book).items():
        text = data_dict.get(field)
        if not text:
            continue
        found = read(text)
        if found is None:
            errors[field] = [message.format(value=text)]
        else:
            wanted[target] = found
    if errors:
        raise tk.ValidationError(errors)
    return observations.Selection(**wanted)


def _filters(book: CodeBook) -> dict[str, tuple[str, Callable[[str], Any], str]]:
    """Parameter -> (attribute of the selection, how its text is read, what to say if it fails)."""

    def indicators(text: str) -> tuple[int] | None:
        found = book.indicators.get(text)
        return (found.id,) if found else None

    def region(text: str) -> int | None:
        found = book.regions.get(text)
        return found.index if found else None

    def packed_period(text: str) -> int | None:
        try:
            return period.parse(text).packed
        except ValueError:
            return None

    def organization(text: str) -> str | None:
        found = model.Group.get(text)
        return found.id if found and found.is_organization else None

    def dataset(text: str) -> str | None:
        found = model.Package.get(text)
        return found.id if found else None

    def position(text: str) -> tuple[int, int] | None:
        publication, _, key = text.partition(":")
        if not (_NUMBER.fullmatch(publication) and _NUMBER.fullmatch(key)):
            return None
        found = int(publication), int(key)
        return found if max(found) <= _LARGEST else None

    return {
        "indicator": ("indicators", indicators, tk._("There is no indicator {value}.")),
        "region": ("region", region, tk._("There is no region {value}.")),
        "period": ("period", packed_period, tk._("{value} is not a period.")),
        "producer": ("organization", organization, tk._("There is no organization {value}.")),
        "dataset": ("dataset", dataset, tk._("There is no dataset {value}.")),
        "after": ("after", position, tk._("{value} is not a position in the list.")),
    }


def _dictize(row: observations.Row, book: CodeBook) -> dict[str, Any]:
    indicator = book.indicator_by_id(row.indicator)
    assert indicator is not None
    key = keys.decode(indicator, row.key, book.codelists)
    region = book.regions.get(key.region)
    return {
        "indicator": indicator.code,
        "indicator_name": indicator.name,
        "region": key.region,
        "region_name": region.label if region else None,
        "period": key.period,
        "dimensions": dict(key.rest),
        "value": int(row.value) if row.value.is_integer() and row.decimals <= 0 else row.value,
        "unit": indicator.unit,
        "decimals": row.decimals,
        "status": Status(row.status).name.lower(),
        "dataset": row.publication.dataset_name,
        "resource": row.publication.resource,
        "organization": row.publication.organization,
        "organization_title": row.publication.organization_title,
    }


@tk.side_effect_free
@validate(schema.resource)
def satudata_note_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List what must be told beside a public dataset's figures: definitions and agreements.

    :param id: id or name of the dataset
    :returns: ``indicator`` and ``definition`` of the dataset, and ``other`` with the other
        indicator's code, definition, dataset and organization; or ``agreement`` with its number,
        note and the ``figures`` of the dataset that it speaks of
    """
    tk.check_access("satudata_note_list", context, data_dict)
    package = model.Package.get(data_dict["id"])
    if package is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    book = codebook_of_transaction(model.Session())
    siblings = {i.id: tuple(book.siblings(i)) for i in book.indicators.values()}
    notes = []
    for number, other, publication in observations.other_definitions(
        model.Session, package.id, siblings
    ):
        own = book.indicator_by_id(number)
        assert own is not None
        notes.append(
            {
                "indicator": own.code,
                "name": own.name,
                "definition": own.definition,
                "other": {
                    "indicator": other.code,
                    "name": other.name,
                    "definition": other.definition,
                    "dataset": publication.dataset_name,
                    "dataset_title": publication.dataset_title,
                    "organization": publication.organization,
                    "organization_title": publication.organization_title,
                },
            }
        )
    return [*notes, *agreement_notes.of_dataset(package.id, book)]
