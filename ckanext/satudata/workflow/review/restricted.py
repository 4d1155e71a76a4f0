"""Datasets whose access is limited, and what the public is told (Perpres 39/2019 Ps. 37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.process import Process


@dataclass(frozen=True, slots=True)
class Limited:
    """One dataset that is known of and cannot be seen.

    Attributes:
        dataset: its id.
        name: its name.
        title: its title.
        organization_title: its producer.
        ground: why, as the walidata states it.
        since: since when.
    """

    dataset: str
    name: str
    title: str
    organization_title: str
    ground: str
    since: datetime


def listed() -> list[Limited]:
    """All of them, the newest first."""
    package, group = model.Package, model.Group
    rows = model.Session.execute(
        sa.select(Process, package.name, package.title, group.title, group.name)
        .join(package, package.id == Process.dataset_id)
        .outerjoin(group, group.id == Process.organization_id)
        .where(Process.state == "dibatasi", package.state == model.State.ACTIVE)
        .order_by(Process.since.desc())
    )
    return [
        Limited(
            dataset=process.dataset_id,
            name=name,
            title=title or name,
            organization_title=body_title or body_name or "",
            ground=(process.restriction or {}).get("ground", ""),
            since=process.since,
        )
        for process, name, title, body_title, body_name in rows
    ]


def is_limited(dataset: str) -> bool:
    """Whether access to a dataset is limited."""
    found = Process.accepted_of(dataset)
    return found is not None and found.state == "dibatasi"
