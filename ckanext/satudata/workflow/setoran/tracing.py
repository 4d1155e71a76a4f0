"""From a figure of a recap, or of the dataset made of it, back to the cell and the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.setoran import Obligation, Recap, Setoran

from . import cells, computing


@dataclass(frozen=True)
class Origin:
    """Where a figure comes from.

    Attributes:
        recap: the recap it stands in.
        row: the figure, as it was recapped.
        parts: the figures it was computed of, as they were recapped; empty for a cell.
        setoran: what it was handed in with, None for what was computed of several.
        history: what happened to the cell, oldest first.
    """

    recap: Recap
    row: dict[str, Any]
    parts: tuple[dict[str, Any], ...]
    setoran: Setoran | None
    history: tuple[Any, ...]


def recaps_of(dataset: str) -> list[Recap]:
    """The recaps that went into a dataset, newest first."""
    return list(
        model.Session.scalars(
            sa.select(Recap).where(Recap.dataset_id == dataset).order_by(Recap.created_at.desc())
        )
    )


def obligation_of(dataset: str) -> Obligation | None:
    """The obligation whose recaps a dataset holds, or None."""
    found = model.Session.scalar(
        sa.select(Recap.obligation_id).where(Recap.dataset_id == dataset).limit(1)
    )
    return model.Session.get(Obligation, found) if found else None


def origin(dataset: str, period: str, region: str, classification: str) -> Origin | None:
    """Where a figure of a dataset comes from.

    Args:
        dataset: id of the dataset.
        period: canonical text.
        region: Kemendagri code.
        classification: as text (:func:`.obligations.written`).

    Returns:
        By the newest recap of that period, or None if it has no such figure.
    """
    recap = next((r for r in recaps_of(dataset) if r.period == period), None)
    if recap is None:
        return None
    row = computing.newest(recap.rows, region, classification)
    if row is None:
        return None
    parts = (computing.newest(recap.rows, code, classification) for code in row["parts"])
    setoran = model.Session.get(Setoran, row["setoran"]) if row["setoran"] else None
    told = [
        entry
        for entry in (cells.history_of(setoran.id) if setoran else ())
        if entry.region is None
        or (entry.region == region and entry.classification == classification)
    ]
    return Origin(
        recap,
        dict(row),
        tuple(dict(p) for p in parts if p is not None),
        setoran,
        tuple(told),
    )
