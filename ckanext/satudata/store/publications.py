"""Releases and publications: which figures are public, and whose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm.util import identity_key

from ckanext.satudata import faults
from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.consistency.observations import Publication
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.former import WITHDRAWN
from ckanext.satudata.model.publication import PublicationRow, Release
from ckanext.satudata.types import AnySession

from . import blocks, former
from .batch import Batch
from .spans import inside, wanted_spans


@frozen(slots=True)
class NewPublication:
    """Figures about to become public: one resource's figures of one indicator."""

    resource: str
    indicator: int
    arrays: blocks.Arrays


def lock_indicators(
    session: AnySession, numbers: Iterable[int], *, datasets: Iterable[str] = ()
) -> None:
    """Make everybody else who publishes figures of these indicators wait.

    The rows exist before an indicator's first figure does, so two agencies' first figures
    meet here. Always taken in ascending order: two publishers cannot wait for each other.

    Args:
        session: in whose transaction the locks are held.
        numbers: of indicators.
        datasets: ids of datasets; what they have public figures of is locked as well.
    """
    session.execute(_LOCK, {"ids": list(numbers), "datasets": list(datasets)})


def overlapping(
    session: AnySession, spans: Mapping[int, tuple[int, int]], *, exclude: Collection[str]
) -> dict[int, Publication]:
    """Publications with figures inside the spans, by number.

    Args:
        session: the session to read with.
        spans: indicator number -> smallest and largest key, both inclusive.
        exclude: ids of datasets to leave out (their figures are being replaced).
    """
    if not spans:
        return {}
    found = session.execute(_OVERLAPPING, _wanted(spans, exclude))
    return {r.id: Publication(*r) for r in found}


def describe(session: AnySession, numbers: Sequence[int]) -> dict[int, Publication]:
    """What people are told about these publications, by number."""
    query = _DESCRIBED.where(PublicationRow.id.in_(numbers))
    return {r.id: Publication(*r) for r in session.execute(query)}


def of_dataset(session: AnySession, dataset: str) -> Sequence[PublicationRow]:
    """The dataset's publications."""
    return session.scalars(_OF_DATASET, {"dataset": dataset}).all()


def latest_releases(session: AnySession, limit: int) -> list[dict[str, str]]:
    """The newest releases that hold figures, newest first.

    Returns:
        ``name`` and ``title`` of the dataset, ``organization`` (its title), ``released_at``
        (ISO 8601) of each.
    """
    package, group = model.Package, model.Group
    figures = sa.exists().where(PublicationRow.dataset_id == Release.dataset_id)
    rows = session.execute(
        sa.select(package.name, package.title, group.title, group.name, Release.released_at)
        .join(package, package.id == Release.dataset_id)
        .join(group, group.id == Release.organization_id)
        .where(package.state == model.State.ACTIVE, package.private.is_(False), figures)
        .order_by(Release.released_at.desc())
        .limit(limit)
    )
    return [
        {
            "name": name,
            "title": title or name,
            "organization": organization or organization_name,
            "released_at": moment.isoformat(),
        }
        for name, title, organization, organization_name, moment in rows
    ]


def replace(
    session: AnySession, dataset: str, organization: str, publications: Iterable[NewPublication]
) -> None:
    """Let exactly these figures of the dataset be public, in the session's transaction."""
    added = {(new.resource, new.indicator): new for new in publications}
    batch = Batch()
    batch.add(_CLEARED, {"dataset": dataset})
    if added:
        batch.add(_ADDED, _columns(dataset, organization, list(added.values())))
    numbered = batch.send(session)
    faults.reach("figures-cleared")
    for number, resource, indicator in numbered:
        blocks.write(session, number, indicator, added[resource, indicator].arrays)


def _columns(
    dataset: str, organization: str, added: Sequence[NewPublication]
) -> dict[str, str | list[Any] | datetime]:
    return {
        "dataset": dataset,
        "organization": organization,
        "moment": utc_now(),
        "resources": [new.resource for new in added],
        "indicators": [new.indicator for new in added],
        "sizes": [len(new.arrays.keys) for new in added],
        "lowest": [int(new.arrays.keys[0]) for new in added],
        "highest": [int(new.arrays.keys[-1]) for new in added],
        "checksums": [new.arrays.checksum() for new in added],
    }


def record_release(batch: Batch, session: AnySession, values: Mapping[str, Any]) -> None:
    """Let a dataset's release be this one, in the batch's transaction.

    Args:
        batch: with which it is written.
        session: what it has read of the release before is out of date.
        values: of all columns of :class:`~ckanext.satudata.model.publication.Release`.
    """
    batch.add(_RELEASE, values)
    known = session.identity_map.get(identity_key(Release, values["dataset_id"]))
    if known is not None:
        session.expire(known)


def withdraw(session: AnySession, dataset: str) -> bool:
    """Take all figures of the dataset out of public, in the session's transaction.

    Returns:
        Whether the dataset had been released.
    """
    release = session.get(Release, dataset)
    if release is None:
        return False
    lock_indicators(session, (), datasets=[dataset])
    batch = Batch()
    _keep(session, batch, dataset, release)
    batch.add(_CLEARED, {"dataset": dataset})
    batch.send(session)
    session.delete(release)
    session.flush()
    faults.reach("figures-withdrawn")
    return True


def _keep(session: AnySession, batch: Batch, dataset: str, release: Release) -> None:
    """Keep what is taken out: it cannot come back with another value unnoticed."""
    rows = of_dataset(session, dataset)
    spans: dict[int, tuple[int, int]] = {}
    for row in rows:
        low, high = spans.get(row.indicator_id, (row.key_min, row.key_max))
        spans[row.indicator_id] = min(low, row.key_min), max(high, row.key_max)
    shown = blocks.fetch(session, spans, describe(session, [r.id for r in rows]))
    ending = former.Ending(WITHDRAWN, release.released_at, utc_now())
    for number, pieces in shown.items():
        for one in pieces:
            former.keep(batch, number, one, ending)


def _described() -> sa.Select:
    row, package, group, resource = PublicationRow, model.Package, model.Group, model.Resource
    return (
        sa.select(
            row.id,
            row.dataset_id,
            package.name,
            sa.func.coalesce(sa.func.nullif(package.title, ""), package.name),
            row.organization_id,
            sa.func.coalesce(sa.func.nullif(group.title, ""), group.name, row.organization_id),
            row.resource_id,
            sa.func.coalesce(sa.func.nullif(resource.name, ""), resource.url, row.resource_id),
        )
        .join(package, package.id == row.dataset_id)
        .outerjoin(group, group.id == row.organization_id)
        .outerjoin(resource, resource.id == row.resource_id)
    )


def _overlapping(query: sa.Select) -> sa.Select:
    span = wanted_spans()
    excluded = sa.bindparam("excluded", type_=ARRAY(sa.UnicodeText))
    return query.join(span, inside(PublicationRow, span)).where(
        PublicationRow.dataset_id != sa.all_(excluded)
    )


def _wanted(
    spans: Mapping[int, tuple[int, int]], exclude: Collection[str]
) -> dict[str, Sequence[int | str]]:
    low, high = zip(*spans.values(), strict=True)
    return {"ids": list(spans), "low": low, "high": high, "excluded": list(exclude)}


# The statements of every publication are put together once.
_LOCK = sa.text(
    "SELECT id FROM satudata_indicator WHERE id IN (SELECT unnest(CAST(:ids AS integer[])) "
    "UNION SELECT indicator_id FROM satudata_publication "
    "WHERE dataset_id = ANY(CAST(:datasets AS text[]))) ORDER BY id FOR UPDATE"
)
_CLEARED = (
    "WITH gone AS (DELETE FROM satudata_publication WHERE dataset_id = %(dataset)s RETURNING id) "
    "DELETE FROM satudata_block WHERE publication_id IN (SELECT id FROM gone)"
)
_ADDED = """
INSERT INTO satudata_publication (dataset_id, resource_id, indicator_id, organization_id, size,
    key_min, key_max, checksum, published_at)
SELECT %(dataset)s, added.resource, added.indicator, %(organization)s, added.size, added.low,
    added.high, added.checksum, %(moment)s
FROM unnest(%(resources)s::text[], %(indicators)s::integer[], %(sizes)s::integer[],
    %(lowest)s::bigint[], %(highest)s::bigint[], %(checksums)s::text[])
    AS added (resource, indicator, size, low, high, checksum)
RETURNING id, resource_id, indicator_id
"""
_RELEASE = """
INSERT INTO satudata_release (dataset_id, organization_id, fingerprint, ruleset, report_id,
    released_at, released_by)
VALUES (%(dataset_id)s, %(organization_id)s, %(fingerprint)s, %(ruleset)s, %(report_id)s,
    %(released_at)s, %(released_by)s)
ON CONFLICT (dataset_id) DO UPDATE SET organization_id = excluded.organization_id,
    fingerprint = excluded.fingerprint, ruleset = excluded.ruleset,
    report_id = excluded.report_id, released_at = excluded.released_at,
    released_by = excluded.released_by
"""
_OF_DATASET = (
    sa.select(PublicationRow)
    .where(PublicationRow.dataset_id == sa.bindparam("dataset"))
    .order_by(PublicationRow.id)
)
_DESCRIBED = _described()
_OVERLAPPING = _overlapping(_DESCRIBED)
