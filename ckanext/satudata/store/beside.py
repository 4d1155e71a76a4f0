"""What the gate asks of a dataset beside its own row, in one statement."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.model.former import FormerFigures
from ckanext.satudata.model.revision import OPEN, Revision
from ckanext.satudata.types import AnySession


@frozen(slots=True)
class Beside:
    """What other rows say of a dataset.

    Attributes:
        organization: name of its organization; empty if it has none.
        collecting: how the figures of its activity are collected (``cara_pengumpulan``), or None.
        note: why its open revision changes figures; empty if there is none.
        last_reason: the reason given when its figures last changed; empty if none was.
    """

    organization: str
    collecting: str | None
    note: str
    last_reason: str


def look(session: AnySession, package: model.Package) -> Beside:
    """Ask, as the session's transaction sees it.

    Args:
        session: the session to read with.
        package: the dataset; its ``kegiatan`` is the id of its activity.
    """
    wanted = {
        "dataset": package.id,
        "organization": package.owner_org,
        "activity": package.extras.get("kegiatan"),
    }
    organization, collecting, note, reason = session.execute(_BESIDE, wanted).one()
    return Beside(organization or "", collecting, (note or "").strip(), reason or "")


def _beside() -> sa.Select[tuple[str | None, str | None, str | None, str | None]]:
    dataset = sa.bindparam("dataset", type_=sa.UnicodeText)
    group, package = model.group_table.c, model.package_table.c
    organization = sa.select(sa.func.coalesce(sa.func.nullif(group.title, ""), group.name)).where(
        group.id == sa.bindparam("organization", type_=sa.UnicodeText)
    )
    collecting = sa.select(package.extras["cara_pengumpulan"].astext).where(
        package.id == sa.bindparam("activity", type_=sa.UnicodeText)
    )
    note = (
        sa.select(Revision.note)
        .where(Revision.dataset_id == dataset, Revision.state.in_(OPEN), Revision.note != "")
        .limit(1)
    )
    reason = (
        sa.select(FormerFigures.reason)
        .where(FormerFigures.dataset_id == dataset, FormerFigures.reason != "")
        .order_by(FormerFigures.replaced_at.desc(), FormerFigures.id.desc())
        .limit(1)
    )
    parts = (organization, collecting, note, reason)
    return sa.select(*(part.scalar_subquery() for part in parts))


_BESIDE = _beside()
