"""Remaking the stored figures from the files, which are the source of truth.

Each dataset is read, compared and written in a transaction of its own, so the work can be
stopped at any moment. What the rules hold back is not made public: its stored figures stay as
they were, and a report says why.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.errors import Refused
from ckanext.satudata.model.publication import PublicationRow, Release
from ckanext.satudata.store import content, remains
from ckanext.satudata.store.batch import Batch

from .. import gate, passage


class Outcome(str, Enum):
    """What became of a dataset."""

    REMADE = "remade"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    GONE = "gone"


def datasets() -> list[str]:
    """Ids of the datasets whose figures are or should be public.

    Those that were released once come first, oldest first: whoever repeats another agency's
    figures was released after it, and may only be public where these are.
    """
    package = model.Package
    public = sa.and_(package.state == model.State.ACTIVE, package.private.is_(False))
    held = sa.select(Release.dataset_id).union(sa.select(PublicationRow.dataset_id))
    rows = model.Session.execute(
        sa.select(package.id)
        .outerjoin(Release, Release.dataset_id == package.id)
        .where(sa.or_(public, package.id.in_(held)))
        .order_by(Release.released_at.asc().nulls_last(), package.metadata_created, package.id)
    )
    return [id_ for (id_,) in rows]


def remake(dataset: str) -> tuple[Outcome, dict[str, Any]]:
    """Remake the figures of one dataset and commit.

    Args:
        dataset: id of the dataset.

    Returns:
        The outcome; of a refusal with ``report`` (its id) and ``errors`` (how many findings).
    """
    session = model.Session
    session.rollback()
    session.expire_all()
    package = model.Package.get(dataset, for_update=True)
    if package is None:
        session.rollback()
        return Outcome.GONE, {}
    try:
        # As in the job worker: nobody waits, so nothing is too large.
        with passage.through(passage.Passage(background=True)):
            batch = Batch()
            gate.release(package, None, batch, again=True)
            batch.send(session)
        outcome = Outcome.REMADE if gate.is_public(package) else Outcome.WITHDRAWN
        session.commit()
    except Refused as refusal:
        return Outcome.REFUSED, {"report": refusal.report, "errors": refusal.errors}
    finally:
        session.rollback()
    return outcome, {}


def tidy() -> int:
    """Take out what belongs to no dataset, and commit; returns how many rows and files."""
    model.Session.rollback()
    removed = remains.remove()
    model.Session.commit()
    return removed + content.forget_broken_uploads()
