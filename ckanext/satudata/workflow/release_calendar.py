"""When data are released: the schedule that datasets state (Perpres 39/2019 Ps. 27(3)b).

Made from the metadata of public datasets alone, so it says nothing of drafts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from ckan import model

#: Fields of a dataset with a day, and what happens on it.
KINDS = {"jadwal_rilis": "rilis", "jadwal_pemutakhiran": "pemutakhiran"}
_TYPE = "dataset"


@dataclass(frozen=True, slots=True)
class Planned:
    """One day in the calendar.

    Attributes:
        day: when.
        kind: ``rilis`` (the first release) or ``pemutakhiran`` (the next update).
        dataset: id of the dataset.
        name: its name.
        title: its title.
        organization_title: its producer.
        frequency: how often it is updated, as the dataset states it, or empty.
    """

    day: date
    kind: str
    dataset: str
    name: str
    title: str
    organization_title: str
    frequency: str


def between(first: date, last: date, *, organization: str | None = None) -> list[Planned]:
    """The days from ``first`` to ``last``, both included, by day and title.

    Args:
        first: the first day.
        last: the last one.
        organization: id of the only producer, or None for all.
    """
    package, group = model.Package, model.Group
    extras = model.package_table.c.extras
    query = (
        sa.select(package, group.title, group.name)
        .outerjoin(group, group.id == package.owner_org)
        .where(
            package.type == _TYPE,
            package.state == model.State.ACTIVE,
            package.private.is_(False),
            # Days are stored as ISO text, which sorts as they do.
            sa.or_(*(extras[f].astext.between(first.isoformat(), last.isoformat()) for f in KINDS)),
        )
    )
    if organization:
        query = query.where(package.owner_org == organization)
    found = [
        Planned(
            day=day,
            kind=kind,
            dataset=one.id,
            name=one.name,
            title=one.title or one.name,
            organization_title=title or name or "",
            frequency=str(one.extras.get("frekuensi") or ""),
        )
        for one, title, name in model.Session.execute(query)
        for field, kind in KINDS.items()
        if (day := _day(one.extras.get(field))) is not None and first <= day <= last
    ]
    return sorted(found, key=lambda p: (p.day, p.title, p.kind))


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
