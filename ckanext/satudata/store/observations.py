"""Reading public figures back, for the API and for pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import sqlalchemy as sa

from ckanext.satudata.consistency import keys as packing
from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.consistency.observations import Publication, Published
from ckanext.satudata.consistency.vocabulary import Indicator
from ckanext.satudata.model.publication import PublicationRow
from ckanext.satudata.types import AnySession

from . import blocks, publications

#: Figures read at a time while looking for matches.
_BATCH = 200_000
_ALL = (0, (1 << 63) - 1)


@frozen(slots=True)
class Selection:
    """Which figures are wanted; an empty field means all.

    Attributes:
        indicators: numbers of indicators.
        region: region index.
        period: packed period.
        organization: id of the producer.
        dataset: id of the dataset.
        after: position to go on from: publication number and key.
    """

    indicators: Sequence[int] = ()
    region: int | None = None
    period: int | None = None
    organization: str | None = None
    dataset: str | None = None
    after: tuple[int, int] | None = None


@frozen(slots=True)
class Row:
    """One public figure of one publication."""

    publication: Publication
    indicator: int
    key: int
    value: float
    decimals: int
    status: int


def select(session: AnySession, wanted: Selection, limit: int) -> list[Row]:
    """The first ``limit`` figures of the selection, by publication and key."""
    out: list[Row] = []
    for batch in _batches(session, wanted):
        described = publications.describe(session, [p.id for p in batch])
        found = blocks.fetch(session, _spans(batch, wanted), described)
        for segment in sorted(
            (s for segments in found.values() for s in segments), key=lambda s: s.publication.id
        ):
            indicator = next(p.indicator_id for p in batch if p.id == segment.publication.id)
            out.extend(_rows(segment, indicator, wanted, limit - len(out)))
            if len(out) >= limit:
                return out
    return out


def _batches(session: AnySession, wanted: Selection) -> Iterator[list[PublicationRow]]:
    row = PublicationRow
    query = sa.select(row).order_by(row.id)
    if wanted.indicators:
        query = query.where(row.indicator_id.in_(wanted.indicators))
    if wanted.organization:
        query = query.where(row.organization_id == wanted.organization)
    if wanted.dataset:
        query = query.where(row.dataset_id == wanted.dataset)
    if wanted.after:
        query = query.where(row.id >= wanted.after[0])
    if wanted.period is not None:
        low, high = _period_span(wanted.period)
        query = query.where(row.key_max >= low, row.key_min <= high)
    batch: list[PublicationRow] = []
    size = 0
    for publication in session.scalars(query):
        if batch and size + publication.size > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(publication)
        size += publication.size
    if batch:
        yield batch


def _spans(batch: Sequence[PublicationRow], wanted: Selection) -> dict[int, tuple[int, int]]:
    span = _ALL if wanted.period is None else _period_span(wanted.period)
    return {p.indicator_id: span for p in batch}


def _period_span(period: int) -> tuple[int, int]:
    low = period << packing.PERIOD_SHIFT
    return low, low + (1 << packing.PERIOD_SHIFT) - 1


def _rows(segment: Published, indicator: int, wanted: Selection, limit: int) -> Iterator[Row]:
    keep = np.ones(len(segment), dtype=bool)
    if wanted.after and wanted.after[0] == segment.publication.id:
        keep &= segment.keys > wanted.after[1]
    if wanted.region is not None:
        keep &= packing.region_of(segment.keys) == wanted.region
    if wanted.period is not None:
        keep &= packing.period_of(segment.keys) == wanted.period
    for i in np.flatnonzero(keep)[:limit]:
        yield Row(
            segment.publication,
            indicator,
            int(segment.keys[i]),
            float(segment.values[i]),
            int(segment.decimals[i]),
            int(segment.status[i]),
        )


def other_definitions(
    session: AnySession, dataset: str, siblings: Mapping[int, Sequence[Indicator]]
) -> list[tuple[int, Indicator, Publication]]:
    """Public figures of the same konsep by another definition, about the same time.

    Args:
        session: the session to read with.
        dataset: id of a public dataset.
        siblings: indicator number -> the other indicators of its konsep.

    Returns:
        (indicator number of the dataset, other indicator, other publication); what a page
        must tell beside the dataset's figures.
    """
    out = []
    for own in publications.of_dataset(session, dataset):
        for sibling in siblings.get(own.indicator_id, ()):
            low = own.key_min >> packing.PERIOD_SHIFT << packing.PERIOD_SHIFT
            high = own.key_max | ((1 << packing.PERIOD_SHIFT) - 1)
            found = publications.overlapping(session, {sibling.id: (low, high)}, exclude={dataset})
            out.extend((own.indicator_id, sibling, p) for p in found.values())
    return out
