"""Revisions: a change of a dataset waits beside it until it may become public.

A change waits because its producer prepares it for a later day (``prepared``) or because it is
too large to be checked while a browser waits (``queued``, then ``running`` in the job worker).
Until it is released, the public sees the dataset as it was, down to the last byte.
"""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from sqlalchemy.exc import IntegrityError

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import ContentVersion, utc_now
from ckanext.satudata.model.revision import IN_BACKGROUND, OPEN, Revision
from ckanext.satudata.store import content
from ckanext.satudata.store.transaction import apart

from . import passage

#: Seconds after which the job worker gives a revision up.
_TIMEOUT = 6 * 3600
#: Fields of a shown dataset that a change never carries.
_NOT_CARRIED = ("metadata_modified", "metadata_created")


class AlreadyWaiting(SatudataError):
    """The dataset has a change that waits already."""


class NothingToHoldBeside(SatudataError):
    """The dataset is only being created, so there is nothing the change could wait beside."""


class ChangedSince(SatudataError):
    """The dataset was changed after the revision was prepared."""


class Stopped(SatudataError):
    """The revision was cancelled while it was worked on."""


def hold(package: model.Package, user: str | None) -> str:
    """Turn what the open transaction saved into a revision, and roll the transaction back.

    It is ``prepared`` if that is what the producer wants (:mod:`.passage`); otherwise it is too
    large to be checked now, and is queued for the job worker.

    Args:
        package: the dataset, saved but not committed.
        user: id of the person, or None for a job.

    Returns:
        The revision's id.

    Raises:
        AlreadyWaiting: another change of the dataset waits.
        NothingToHoldBeside: the dataset is new.
    """
    dataset, way = package.id, passage.current()
    if way.revision:
        model.Session.rollback()
        if not _move(way.revision, ("prepared",), state="queued"):
            raise Stopped(way.revision)
        enqueue(way.revision)
        return way.revision
    data = tk.get_action("package_show")({"ignore_auth": True, "use_cache": False}, {"id": dataset})
    for name in _NOT_CARRIED:
        data.pop(name, None)
    files = {r.id: served for r in package.resources if (served := _served(r.id))}
    model.Session.rollback()
    stored = model.Package.get(dataset)
    if stored is None:
        raise NothingToHoldBeside
    revision = Revision(
        id=str(uuid.uuid4()),
        dataset_id=dataset,
        state="prepared" if way.hold else "queued",
        data=json.loads(json.dumps(data, default=str)),
        files=files,
        base=_moment(stored),
        note=way.note,
        created_by=user,
    )
    name = revision.id
    try:
        with apart() as session:
            session.add(revision)
    except IntegrityError as error:
        raise AlreadyWaiting from error
    if not way.hold:
        enqueue(name)
    return name


def enqueue(revision: str) -> None:
    """Let the job worker release a revision."""
    tk.enqueue_job(
        run,
        [revision],
        title=f"satudata revision {revision}",
        rq_kwargs={"timeout": _TIMEOUT},
    )


def resume() -> list[str]:
    """Queue again what waits for the job worker: a worker that was killed leaves it behind.

    Queueing twice does no harm; a revision is worked on by one worker only.

    Returns:
        The revisions' ids.
    """
    waiting = list(
        model.Session.scalars(
            sa.select(Revision.id)
            .where(Revision.state.in_(IN_BACKGROUND))
            .order_by(Revision.created_at)
        )
    )
    for revision in waiting:
        enqueue(revision)
    return waiting


def run(revision_id: str) -> None:
    """Release a queued revision; the job worker's part.

    The rights of whoever asked are looked at again. A refusal is kept in the revision.
    """
    with _only_one(revision_id) as mine:
        if not mine or not _move(revision_id, IN_BACKGROUND, state="running"):
            return
        revision = model.Session.get(Revision, revision_id)
        assert revision is not None
        person = model.User.get(revision.created_by) if revision.created_by else None
        context: Context = {"user": person.name if person else "", "auth_user_obj": person}

        def progress(stage: str, done: int, total: int) -> None:
            if not _move(revision_id, ("running",), stage=stage, done=done, total=total):
                raise Stopped(revision_id)

        way = passage.Passage(background=True, progress=progress, revision=revision_id)
        try:
            _save(revision, context, way, released_from=("running",))
        except Stopped:
            model.Session.rollback()
        except (tk.ValidationError, tk.NotAuthorized, ChangedSince):
            pass  # the revision says why
        except BaseException:
            # Whatever it was, the public sees what it saw; the worker's log has the rest.
            model.Session.rollback()
            _move(revision_id, OPEN, state="failed")
            raise


def release(revision: Revision, context: Context) -> None:
    """Release a prepared revision now, or hand it to the job worker if it is too large.

    Args:
        revision: in state ``prepared``.
        context: whose rights count.

    Raises:
        tk.ValidationError: it is held back; the dataset is as it was.
        ChangedSince: the dataset is not the one the revision was made from.
    """
    way = passage.Passage(revision=revision.id)
    _save(revision, context, way, released_from=("prepared",))


def cancel(revision_id: str) -> bool:
    """Give a waiting revision up.

    Returns:
        False if it had come to an end before.
    """
    return _move(revision_id, OPEN, state="cancelled")


def save_into_transaction(revision: Revision, context: Context) -> None:
    """Save a revision's change in the session's transaction, without committing or checking.

    For releases of several datasets together: the caller's :class:`passage.Passage` gathers
    them.

    Raises:
        ChangedSince: the dataset is not the one the revision was made from.
        tk.ValidationError: the metadata are not complete.
    """
    _update(revision, {**context, "defer_commit": True, "return_id_only": True})


def waiting_in(error: tk.ValidationError) -> str | None:
    """The revision that an error names, because the change waits instead of being saved."""
    named = error.error_dict.get("satudata_revision")
    return str(named[0]) if isinstance(named, list) and named else None


def mark_released(revision_id: str, before: tuple[str, ...]) -> None:
    """Record in the session's transaction that the revision is public with its commit.

    Raises:
        Stopped: it was cancelled meanwhile.
    """
    result = model.Session.execute(
        sa.update(Revision)
        .where(Revision.id == revision_id, Revision.state.in_(before))
        .values(state="released", updated_at=utc_now())
        .returning(Revision.id)
    )
    if result.first() is None:
        raise Stopped(revision_id)


def _save(
    revision: Revision, context: Context, way: passage.Passage, *, released_from: tuple[str, ...]
) -> None:
    name = revision.id
    way.released = lambda: mark_released(name, released_from)
    try:
        with passage.through(way):
            _update(revision, context)
        if _move(name, released_from, state="released"):
            model.Session.expire_all()  # nothing had to change
    except tk.ValidationError as error:
        if waiting_in(error):
            raise
        report = error.error_dict.get("satudata_report")
        # What somebody prepared stays so: it may still go out together with others.
        _move(
            name,
            OPEN,
            state="prepared" if released_from == ("prepared",) else "refused",
            report_id=str(report[0]) if isinstance(report, list) else None,
            error=json.loads(json.dumps(error.error_dict, default=str)),
        )
        raise
    except tk.NotAuthorized:
        _move(name, OPEN, state="refused", error={"satudata": ["not_authorized"]})
        raise
    except ChangedSince:
        _move(name, OPEN, state="refused", error={"satudata": ["changed_since"]})
        raise


def _update(revision: Revision, context: Context) -> None:
    package = model.Package.get(revision.dataset_id)
    if package is None or _moment(package) != revision.base:
        raise ChangedSince(revision.id)
    data = copy.deepcopy(revision.data)
    with ExitStack() as opened:
        for resource in data.get("resources", []):
            wanted = revision.files.get(resource["id"])
            if wanted and wanted != _served(resource["id"]):
                file = content.open_stored(wanted["sha256"], wanted["filename"])
                resource["upload"] = opened.enter_context(closing(file))
        tk.get_action("package_update")(context, data)


def _served(resource_id: str) -> dict[str, str] | None:
    version = ContentVersion.current(resource_id)
    if version is None or not version.sha256:
        return None
    return {"sha256": version.sha256, "filename": version.filename or resource_id}


def _moment(package: model.Package) -> str:
    moment = package.metadata_modified
    return moment.isoformat() if moment else ""


def _move(revision_id: str, before: tuple[str, ...], **values: Any) -> bool:
    """Change a revision in a transaction of its own, if it is in one of these states."""
    with apart() as session:
        result = session.execute(
            sa.update(Revision)
            .where(Revision.id == revision_id, Revision.state.in_(before))
            .values(updated_at=utc_now(), **values)
            .returning(Revision.id)
        )
        return result.first() is not None


@contextmanager
def _only_one(revision_id: str) -> Iterator[bool]:
    """Whether nobody else works on the revision; a killed worker's claim ends with it."""
    key = {"id": revision_id}
    claim = sa.text("pg_try_advisory_lock(hashtext('satudata_revision'), hashtext(:id))")
    with model.ensure_engine().connect() as connection:
        mine = bool(connection.execute(sa.select(claim), key).scalar())
        connection.commit()
        try:
            yield mine
        finally:
            if mine:
                connection.execute(
                    sa.text(
                        "SELECT pg_advisory_unlock(hashtext('satudata_revision'), hashtext(:id))"
                    ),
                    key,
                )
