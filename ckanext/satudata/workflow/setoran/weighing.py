"""Weights of averages: what the kecamatan handed in of the weight, else what is public of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency import keys as packing
from ckanext.satudata.consistency import period as periods
from ckanext.satudata.consistency.period import Period
from ckanext.satudata.consistency.vocabulary import CodeBook, Indicator
from ckanext.satudata.model.setoran import ACCEPTED, Obligation, Setoran
from ckanext.satudata.store import blocks, publications

from . import cells, obligations
from .cells import Key

#: A weight may be older than what it weighs (population is counted once a year), but not more.
_YEARS = 5


def weights(
    obligation: Obligation,
    indicator: Indicator,
    book: CodeBook,
    period: str,
    regions: Sequence[str],
    classification: Mapping[str, str],
) -> dict[str, Decimal | None]:
    """The weight of each region, None where none is known.

    Args:
        obligation: whose averages are weighted.
        indicator: what it asks for.
        book: the reference data.
        period: of the figures.
        regions: codes.
        classification: of the figures; a weight that is not split by a dimension is the same
            for all its codes.
    """
    out: dict[str, Decimal | None] = dict.fromkeys(regions)
    weight = obligations.weight_of(obligation, book)
    if weight is None:
        return out
    told = {n: c for n, c in classification.items() if weight.dimension(n) is not None}
    when = periods.parse(period)
    out.update(_public(indicator, weight, book, when, regions, classification))
    out.update(_handed_in(weight, period, regions, obligations.written(told)))
    return out


def _handed_in(
    weight: Indicator, period: str, regions: Sequence[str], classification: str
) -> dict[str, Decimal]:
    found = model.Session.scalars(
        sa.select(Setoran)
        .join(Obligation, Obligation.id == Setoran.obligation_id)
        .where(
            Obligation.indicator_id == weight.id,
            Setoran.period == period,
            Setoran.state == ACCEPTED,
        )
    ).all()
    known = cells.of_many(one.id for one in found)
    out: dict[str, Decimal] = {}
    for one in found:
        for region in regions:
            value = cells.number(known[one.id].get(Key(region, classification)))
            if value is not None:
                out[region] = value
    return out


def _public(
    indicator: Indicator,
    weight: Indicator,
    book: CodeBook,
    period: Period,
    regions: Sequence[str],
    classification: Mapping[str, str],
) -> dict[str, Decimal]:
    """The newest public figure of each region that is not of a later time."""
    first = periods.first_packed(date(max(1900, period.start.year - _YEARS), 1, 1))
    span = (
        first << packing.PERIOD_SHIFT,
        ((period.packed + 1) << packing.PERIOD_SHIFT) - 1,
    )
    shown = publications.overlapping(model.Session, {weight.id: span}, exclude=())
    found = blocks.fetch(model.Session, {weight.id: span}, shown).get(weight.id, [])
    wanted, possible = packing.translate(
        _keys(indicator, book, period, regions, classification), indicator, weight
    )
    newest: dict[int, tuple[int, float, int]] = {}
    places = {int(k): region for k, region in zip(_below(wanted), regions, strict=True)}
    usable = set(_below(wanted)[possible].tolist())
    for segment in found:
        inside = segment.keys <= span[1]
        below = _below(segment.keys)
        hits = np.flatnonzero(inside & np.isin(below, list(usable)))
        for i in hits.tolist():
            when = int(segment.keys[i]) >> packing.PERIOD_SHIFT
            key = int(below[i])
            if key not in newest or newest[key][0] < when:
                newest[key] = (when, float(segment.values[i]), int(segment.decimals[i]))
    return {
        places[key]: Decimal(repr(value)).quantize(Decimal(1).scaleb(-max(0, decimals)))
        for key, (_, value, decimals) in newest.items()
    }


def _keys(
    indicator: Indicator,
    book: CodeBook,
    period: Period,
    regions: Sequence[str],
    classification: Mapping[str, str],
) -> packing.Keys:
    count = len(regions)
    rest = {}
    for name, code in classification.items():
        dimension = indicator.dimension(name)
        assert dimension is not None
        index = book.codelists[dimension.codelist].codes[code].index
        rest[name] = np.full(count, index, dtype=np.int64)
    return packing.pack(
        indicator,
        np.full(count, period.packed, dtype=np.int64),
        np.array([book.regions.codes[r].index for r in regions], dtype=np.int64),
        rest,
    )


def _below(keys: packing.Keys) -> packing.Keys:
    """Region and classification, without the period."""
    return keys & ((np.int64(1) << packing.PERIOD_SHIFT) - 1)
