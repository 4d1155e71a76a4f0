"""The search index against the database.

What a process that ended left in the index is put right first, as every search does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.common import config as ckan_config
from ckan.lib.search import make_connection

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.store import search_index

#: Datasets compared at once.
_PAGE = 200
#: Between the two ends of a span of ids.
_TO = "|"
_FIELDS = "id,name,state,capacity,metadata_modified,title_string,validated_data_dict"

#: (check, message, dataset, details)
Difference = tuple[str, str, str | None, dict[str, Any]]


def pages() -> list[str]:
    """Spans of dataset ids that together hold every id there can be, ``after|up to``."""
    ids = sa.select(
        model.Package.id.collate("C").label("id"),
        sa.func.row_number().over(order_by=model.Package.id.collate("C")).label("number"),
    ).subquery()
    ends = model.Session.scalars(
        sa.select(ids.c.id).where(ids.c.number % _PAGE == 0).order_by(ids.c.number)
    ).all()
    return [f"{low}{_TO}{high}" for low, high in zip(["", *ends], [*ends, ""], strict=True)]


def differences(span: str) -> Iterator[Difference]:
    """What the index says otherwise than the database.

    Args:
        span: one of :func:`pages`, or a dataset's id.

    Raises:
        SatudataError: the index cannot be asked.
    """
    search_index.mend()
    wrong = dict(_compared(span))
    if not wrong:
        return
    # A change may have been on its way between the two questions; one that is still wrong
    # when asked again is wrong.
    model.Session.expire_all()
    again = dict(_compared(span))
    for dataset in sorted(wrong.keys() & again.keys()):
        text, details = again[dataset]
        yield "index", f"dataset {dataset}: {text}", dataset, details


def _compared(span: str) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    stored, indexed = _stored(span), _indexed(span)
    for dataset in stored.keys() | indexed.keys():
        wanted, found = stored.get(dataset), indexed.get(dataset)
        if wanted is None:
            yield dataset, ("the index has it, the database has not", {})
        elif found is None:
            yield dataset, ("the database has it, the index has not", {})
        else:
            names = [name for name in wanted if wanted[name] != found[name]]
            if names:
                details = {name: [wanted[name], found[name]] for name in names}
                yield dataset, (f"the index says otherwise about {', '.join(names)}", details)
    model.Session.rollback()


def _stored(span: str) -> dict[str, dict[str, Any]]:
    package = model.Package
    query = sa.select(package).where(package.state != model.State.DELETED)
    low, to, high = span.partition(_TO)
    if not to:
        query = query.where(package.id == span)
    if to and low:
        query = query.where(package.id.collate("C") > low)
    if to and high:
        query = query.where(package.id.collate("C") <= high)
    rows = model.Session.scalars(query).all()
    states = search_index.committed(model.Session, [r.id for r in rows])
    return {
        r.id: {
            "name": r.name,
            "title": (r.title or "").strip(),
            "state": states[r.id].state,
            "private": states[r.id].private,
            "modified": search_index.hundredths(states[r.id].modified),
            "organization": states[r.id].organization,
            "resources": [[one.id, one.url_type or "", one.hash or ""] for one in r.resources],
        }
        for r in rows
    }


def _indexed(span: str) -> dict[str, dict[str, Any]]:
    low, to, high = span.partition(_TO)
    wanted = f"+id:{{{_end(low)} TO {_end(high)}]" if to else f"+id:{_end(span)}"
    filters = [f"+site_id:{_end(ckan_config.get('ckan.site_id'))}", "+entity_type:package", wanted]
    try:
        solr = make_connection(decode_dates=False)
        found = solr.search("*:*", fq=filters, fl=_FIELDS, rows=_PAGE * 100)
    except (pysolr.SolrError, OSError) as error:
        raise SatudataError(f"the search index cannot be asked: {error}") from error
    return {document["id"]: _read(document) for document in found}


def _end(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if value else "*"


def _read(document: Mapping[str, Any]) -> dict[str, Any]:
    dataset = json.loads(document.get("validated_data_dict") or "{}")
    return {
        "name": document.get("name"),
        "title": (document.get("title_string") or dataset.get("title") or "").strip(),
        "state": document.get("state"),
        "private": document.get("capacity") == "private",
        "modified": search_index.hundredths(document.get("metadata_modified")),
        "organization": dataset.get("owner_org"),
        "resources": [
            [r.get("id"), r.get("url_type") or "", r.get("hash") or ""]
            for r in dataset.get("resources") or ()
        ],
    }
