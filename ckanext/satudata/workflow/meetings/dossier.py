"""What a meeting is shown of an agenda item: kept, so that it shows what was decided on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ckan import model

from ckanext.satudata.consistency import period, wording
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.types import AnySession

from . import series
from .conflicts import Conflict, Disputed, Side


def title(conflict: Conflict, book: CodeBook) -> str:
    """A conflict as a line: indicator, place and period of its first object, how many more."""
    first = conflict.objects[0]
    words = [
        conflict.indicator.name,
        *book.labels(conflict.indicator, first.rest),
        place(first, book),
    ]
    text = " · ".join(w for w in [*words, wording.period(period.parse(first.period), "id")] if w)
    more = len(conflict.objects) - 1
    return f"{text} (+{more})" if more else text


def place(disputed: Disputed, book: CodeBook) -> str:
    """Name of an object's region; empty for a figure of no region."""
    region = book.regions.get(disputed.region)
    return region.label if region else ""


def of_conflict(session: AnySession, conflict: Conflict, book: CodeBook) -> dict[str, Any]:
    """Both sides of a conflict, its objects, and the series of the first one; JSON-ready."""
    indicator = conflict.indicator
    producer = session.get(model.Group, indicator.producer) if indicator.producer else None
    unit = book.units.units.get(indicator.unit)
    return {
        "indicator": {
            "code": indicator.code,
            "name": indicator.name,
            "definition": indicator.definition,
            "unit": indicator.unit,
            "unit_label": unit.in_text if unit else indicator.unit,
            "producer": indicator.producer,
            "producer_title": (producer.title or producer.name) if producer else None,
        },
        "own": _side(conflict.own),
        "other": _side(conflict.other),
        "objects": [
            {
                "region": d.region,
                "region_name": place(d, book),
                "period": d.period,
                "dimensions": dict(d.rest),
                "labels": book.labels(conflict.indicator, d.rest),
                "own": _text(d.own),
                "other": _text(d.other),
                "tolerance": d.tolerance,
                "cause": d.cause.value,
                "cell": d.cell,
            }
            for d in conflict.objects
        ],
        "series": [
            p.as_dict() for p in series.of_object(session, indicator, conflict.objects[0].key)
        ],
        "since": conflict.since.isoformat(),
    }


def of_dataset(package: model.Package) -> dict[str, Any]:
    """What is shown of a dataset; JSON-ready."""
    group = model.Session.get(model.Group, package.owner_org) if package.owner_org else None
    return {
        "dataset": package.id,
        "dataset_name": package.name,
        "dataset_title": package.title or package.name,
        "organization": package.owner_org,
        "organization_title": (group.title or group.name) if group else "",
        "description": package.notes or "",
    }


def _side(side: Side) -> dict[str, Any]:
    return {
        "organization": side.organization,
        "organization_title": side.organization_title,
        "dataset": side.dataset,
        "dataset_name": side.dataset_name,
        "dataset_title": side.dataset_title,
        "table": side.table,
        "public": side.public,
        "changed": side.changed.isoformat() if side.changed else None,
    }


def _text(value: float) -> str:
    """A value exactly as the float holds it: the shortest text that reads back, no exponent."""
    return f"{Decimal(repr(value)).normalize():f}"
