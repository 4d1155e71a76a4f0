"""The search index follows the database, whatever ends in between.

CKAN writes a change into Solr *before* it commits it, so a process that ends in between leaves
an index that shows what never was saved, or lacks what is public. Three things keep the public
from seeing that:

* :func:`announce` commits a row of ``satudata_index_intent`` before Solr is touched; the
  change's own transaction deletes it. A row that stays and that no open transaction holds was
  left behind, and :func:`mend` indexes the dataset again, as it is in the database.
* Every search does so first (:mod:`ckanext.satudata.search`).
* Every result of a search is compared with the database (:func:`committed`) before it is shown.
"""

from __future__ import annotations

import contextvars
import logging
import threading
from collections.abc import Collection
from contextvars import ContextVar
from typing import Any

import ckan.logic
import sqlalchemy as sa
from ckan import model

from ckanext.satudata import faults
from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.model.index_intent import IndexIntent
from ckanext.satudata.types import AnySession

log = logging.getLogger(__name__)

_mending: ContextVar[bool] = ContextVar("satudata_mending", default=False)

_COMMITTED = sa.text(
    "SELECT id, state, private, metadata_modified, owner_org FROM package WHERE id = ANY(:ids)"
)
_ADD = sa.insert(IndexIntent).returning(IndexIntent.id)
_WAITING = sa.text("SELECT EXISTS (SELECT FROM satudata_index_intent)")
_DELETE = sa.text("DELETE FROM satudata_index_intent WHERE id = :id")
_LEFT = sa.text("SELECT id, dataset_id FROM satudata_index_intent FOR UPDATE SKIP LOCKED")
#: Held by whoever looks for rows that were left behind: two that look at once would each take the
#: other's hold on them for that of a change, and search what is not mended yet.
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext('satudata_mend'))")
_ALL = sa.text("SELECT dataset_id FROM satudata_index_intent")
_EXISTING = sa.text("SELECT id FROM package WHERE id = ANY(:ids)")
_LOCK = sa.text("SELECT id FROM package WHERE id = ANY(:ids) FOR UPDATE SKIP LOCKED")


@frozen(slots=True)
class State:
    """What the database says of a dataset.

    Attributes:
        state: ``active``, ``draft`` or ``deleted``.
        private: whether only its organization may see it.
        modified: ``metadata_modified``, ISO 8601, or an empty string.
        organization: id of its organization, or None.
    """

    state: str
    private: bool
    modified: str
    organization: str | None

    @property
    def public(self) -> bool:
        """Whether anybody may see it."""
        return self.state == model.State.ACTIVE and not self.private


def announce(dataset: str) -> None:
    """Say that the open transaction's change of a dataset is about to be put into the index."""
    if _mending.get():
        return
    apart = model.ensure_engine().execution_options(isolation_level="AUTOCOMMIT")
    while True:
        with apart.connect() as connection:
            number = connection.execute(_ADD, {"dataset_id": dataset}).scalar_one()
        # Whoever mends meanwhile may have taken the row, because nobody held it yet.
        if model.Session.execute(_DELETE, {"id": number}).rowcount:  # pyright: ignore[reportAttributeAccessIssue]
            break
    model.Session().info[faults.INDEXED] = True
    faults.reach("index-announced")


def hundredths(moment: str | None) -> str:
    """A moment (ISO 8601, UTC) down to hundredths of a second, which is what can be compared.

    The index keeps milliseconds, and neither it nor Python writes a fraction that is zero.
    """
    seconds, _, fraction = (moment or "").rstrip("Z").partition(".")
    return f"{seconds}.{fraction:0<2.2}"


def waiting(session: AnySession) -> bool:
    """Whether there is anything to mend.

    A change on its way holds its row until it is committed, and mends the index itself; while
    agencies publish, there is nearly always one. What somebody mends at this moment is waited for.
    """
    if not session.execute(_WAITING).scalar():
        return False
    # Outside of the session's transaction, in which the row would stay locked.
    with model.ensure_engine().begin() as connection:
        connection.execute(_ONE_AT_A_TIME)
        return connection.execute(_LEFT).first() is not None


def committed(session: AnySession, ids: Collection[str]) -> dict[str, State]:
    """What the database says of these datasets, by id; one that does not exist is absent."""
    return {
        id_: State(state, private, modified.isoformat() if modified else "", organization)
        for id_, state, private, modified, organization in session.execute(
            _COMMITTED, {"ids": list(ids)}
        )
    }


def mend(suspects: Collection[str] = ()) -> list[str]:
    """Index again, from the committed state, what the index may hold otherwise.

    What an open transaction is about to change is left to that transaction. The work is done in
    a thread of its own, so that nothing the caller has not committed gets into the index.

    Args:
        suspects: ids of datasets to index beside those that were left behind.

    Returns:
        Ids of the datasets that were indexed.
    """
    done: list[str] = []
    thread = threading.Thread(target=contextvars.copy_context().run, args=(_mend, suspects, done))
    thread.start()
    thread.join()
    return done


def _mend(suspects: Collection[str], done: list[str]) -> None:
    _mending.set(True)
    session = model.Session
    try:
        session.execute(_ONE_AT_A_TIME)
        left = session.execute(_LEFT).all()
        datasets = {dataset for _, dataset in left}
        on_their_way = set(session.scalars(_ALL)) - datasets
        wanted = {"ids": sorted((datasets | set(suspects)) - on_their_way)}
        existing = set(session.scalars(_EXISTING, wanted))
        # Whoever changes a dataset holds its row, and will index it.
        free = set(session.scalars(_LOCK, wanted))
        for dataset in wanted["ids"]:
            if dataset in free or dataset not in existing:
                _index(dataset)
                done.append(dataset)
        for number, dataset in left:
            if dataset in done:
                session.execute(_DELETE, {"id": number})
        session.commit()
    except Exception:
        # A search must not fail because the index cannot be mended now; the rows stay.
        log.exception("the search index could not be mended")
        session.rollback()
    finally:
        session.remove()


def _index(dataset: str) -> None:
    package = model.Session.get(model.Package, dataset)
    if package is None or package.state == model.State.DELETED:
        ckan.logic.index_remove_package(dataset)
    else:
        context: Any = {"ignore_auth": True, "use_cache": False}
        ckan.logic.index_update_package(context, dataset)
