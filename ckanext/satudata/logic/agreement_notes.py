"""What agreements say beside figures, for actions and pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ckan import model

from ckanext.satudata.consistency import keys
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.store.observations import Row
from ckanext.satudata.workflow.agreements import effects

from .agreement_dictize import titles


def beside(rows: Sequence[Row]) -> dict[tuple[int, int], list[dict[str, Any]]]:
    """Publication number and key -> what is told beside that figure; nothing for most."""
    told = effects.beside(model.Session, rows)
    if not told:
        return {}
    named = _titles(one for found in told.values() for one in found)
    return {at: [effects.describe(one, named) for one in found] for at, found in told.items()}


def of_dataset(dataset: str, book: CodeBook) -> list[dict[str, Any]]:
    """What is told beside a dataset's figures, by agreement."""
    told = effects.of_dataset(model.Session, dataset)
    named = _titles(one for _, one in told)
    out: dict[str, dict[str, Any]] = {}
    for row, one in told:
        indicator = book.indicator_by_id(row.indicator)
        assert indicator is not None
        shown = effects.describe(one, named)
        about = {name: shown[name] for name in ("id", "number", "kind", "state", "note", "note_en")}
        entry = out.setdefault(shown["id"], {"agreement": about, "figures": []})
        key = keys.decode(indicator, row.key, book.codelists)
        region = book.regions.get(key.region)
        unit = book.units.units.get(indicator.unit)
        entry["figures"].append(
            {
                "indicator": indicator.code,
                "indicator_name": indicator.name,
                "region": key.region,
                "region_name": region.label if region else key.region,
                "period": key.period,
                "dimensions": dict(key.rest),
                "items": book.labels(indicator, key.rest),
                "shown": row.value,
                "unit_label": unit.label if unit else indicator.unit,
                **{name: shown[name] for name in ("value", "values", "conforms")},
            }
        )
    return list(out.values())


def _titles(told: Iterable[effects.Beside]) -> dict[str, str]:
    found = titles({who for one in told for who in one.said.stands})
    return {who: title for who, (_, title) in found.items()}
