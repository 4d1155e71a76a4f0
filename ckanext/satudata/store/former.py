"""What was public once: kept when it is revised or taken out, and found again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np
import sqlalchemy as sa

from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.consistency.observations import Published
from ckanext.satudata.model.former import REVISED, WITHDRAWN, FormerFigures
from ckanext.satudata.types import AnySession

from .batch import Batch, Insertion
from .blocks import Arrays
from .spans import inside, wanted_spans

#: Figures in one row; a span of keys is then read without all the others.
PART = 32_768

_KEEP = Insertion(FormerFigures.__table__, but=["id"])
_KINDS = {"keys": "<i8", "vals": "<f8", "decimals": "i1", "status": "u1"}


@frozen(slots=True)
class Ending:
    """How figures stopped being public.

    Attributes:
        kind: :data:`~ckanext.satudata.model.former.REVISED` or ``WITHDRAWN``.
        published_at: since when they were public.
        replaced_at: when they stopped being so.
        replaced_by: id of the person, or None for a job.
        reason: why, in the producer's words; may be empty.
        report_id: the report of the release that replaced them, or None.
    """

    kind: str
    published_at: datetime
    replaced_at: datetime
    replaced_by: str | None = None
    reason: str = ""
    report_id: str | None = None


@frozen(slots=True)
class FormerFigure:
    """One figure that was public once.

    Attributes:
        value: in the indicator's unit.
        decimals: as written.
        status: SDMX status number.
        dataset: id of the dataset that showed it.
        ending: how it stopped being public.
    """

    value: float
    decimals: int
    status: int
    dataset: str
    ending: Ending


def keep(batch: Batch, indicator: int, shown: Published, ending: Ending) -> None:
    """Keep figures that stop being public, with a batch of writes.

    Args:
        batch: with what else.
        indicator: number of the indicator.
        shown: the figures; sorted.
        ending: how they stop being public.
    """
    about = shown.publication
    columns = (shown.keys, shown.values, shown.decimals, shown.status)
    for start in range(0, len(shown), PART):
        piece = slice(start, start + PART)
        arrays = {
            name: np.ascontiguousarray(column[piece], dtype=kind).tobytes()
            for (name, kind), column in zip(_KINDS.items(), columns, strict=True)
        }
        keys = shown.keys[piece]
        row = {
            "kind": ending.kind,
            "organization_id": about.organization,
            "dataset_id": about.dataset,
            "resource_id": about.resource,
            "indicator_id": indicator,
            "size": len(keys),
            "key_min": int(keys[0]),
            "key_max": int(keys[-1]),
            "published_at": ending.published_at,
            "replaced_at": ending.replaced_at,
            "replaced_by": ending.replaced_by,
            "reason": ending.reason,
            "report_id": ending.report_id,
            **arrays,
        }
        batch.insert(_KEEP, row)


def withdrawn(
    session: AnySession, organization: str, spans: Mapping[int, tuple[int, int]]
) -> dict[int, Arrays]:
    """The last values of what an organization showed and took out.

    Args:
        session: the session to read with.
        organization: id of the organization.
        spans: indicator number -> smallest and largest key, both inclusive.

    Returns:
        Indicator number -> figures, each key once: as it was when last taken out.
    """
    if not spans:
        return {}
    low, high = zip(*spans.values(), strict=True)
    wanted = {"ids": list(spans), "low": list(low), "high": list(high)}
    found = session.scalars(_WITHDRAWN, {**wanted, "organization": organization})
    pieces: dict[int, list[Arrays]] = {}
    for one in found:
        pieces.setdefault(one.indicator_id, []).append(_arrays(one))
    return {number: _newest(listed) for number, listed in pieces.items()}


def _withdrawn() -> sa.Select[tuple[FormerFigures]]:
    row = FormerFigures
    span = wanted_spans()
    return (
        sa.select(row)
        .join(span, inside(row, span))
        .where(row.organization_id == sa.bindparam("organization"), row.kind == WITHDRAWN)
        .order_by(row.replaced_at.desc(), row.id.desc())
    )


_WITHDRAWN = _withdrawn()


def of_object(session: AnySession, indicator: int, key: int) -> list[FormerFigure]:
    """What was public of one object, the last first."""
    row = FormerFigures
    found = session.scalars(
        sa.select(row)
        .where(row.indicator_id == indicator, row.key_min <= key, row.key_max >= key)
        .order_by(row.replaced_at.desc(), row.id.desc())
    )
    out = []
    for one in found:
        arrays = _arrays(one)
        at = int(np.searchsorted(arrays.keys, key))
        if arrays.keys[at] == key:
            out.append(_figure(one, arrays, at))
    return out


def revised_of(
    session: AnySession, dataset: str, limit: int
) -> list[tuple[int, int, FormerFigure]]:
    """What a dataset showed before its figures were revised, the last change first.

    Args:
        session: the session to read with.
        dataset: id of the dataset.
        limit: how many figures at most.

    Returns:
        Number of the indicator, packed key and figure of each.
    """
    row = FormerFigures
    out: list[tuple[int, int, FormerFigure]] = []
    for one in session.scalars(
        sa.select(row)
        .where(row.dataset_id == dataset, row.kind == REVISED)
        .order_by(row.replaced_at.desc(), row.id)
        .limit(limit)
    ):
        arrays = _arrays(one)
        places = range(min(len(arrays.keys), limit - len(out)))
        out.extend(
            (one.indicator_id, int(arrays.keys[at]), _figure(one, arrays, at)) for at in places
        )
        if len(out) >= limit:
            break
    return out


def _figure(row: FormerFigures, arrays: Arrays, at: int) -> FormerFigure:
    return FormerFigure(
        float(arrays.values[at]),
        int(arrays.decimals[at]),
        int(arrays.status[at]),
        row.dataset_id,
        Ending(
            row.kind,
            row.published_at,
            row.replaced_at,
            row.replaced_by,
            row.reason,
            row.report_id,
        ),
    )


def _arrays(row: FormerFigures) -> Arrays:
    return Arrays(*(np.frombuffer(getattr(row, name), dtype=kind) for name, kind in _KINDS.items()))


def _newest(listed: Iterable[Arrays]) -> Arrays:
    """Figures of several moments, newest first, as one: of each key the newest."""
    pieces = list(listed)
    keys, values, decimals, status = (
        np.concatenate([getattr(p, name) for p in pieces])
        for name in ("keys", "values", "decimals", "status")
    )
    _, first = np.unique(keys, return_index=True)
    return Arrays(keys[first], values[first], decimals[first], status[first])
