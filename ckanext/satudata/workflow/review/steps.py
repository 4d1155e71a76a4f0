"""Writing down the moves of processes: state, step, audit trail and notices."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm.attributes import set_committed_value

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.process import Process, ProcessStep
from ckanext.satudata.store.batch import Batch, Insertion
from ckanext.satudata.types import AnySession

from .. import trail
from . import process_notices as told

_ADD = Insertion(Process.__table__)
_STEP = Insertion(ProcessStep.__table__, but=["id"])


def started(
    dataset: str, organization: str, kind: str, *, ended: datetime | None = None
) -> Process:
    """A new process in the state ``draft``, which is not in the session yet.

    Args:
        dataset: id of the dataset.
        organization: id of the producer.
        kind: of the publication.
        ended: the moment, if it comes to its end at once; another may then be under way.
    """
    return Process(
        id=str(uuid.uuid4()),
        dataset_id=dataset,
        organization_id=organization,
        kind=kind,
        state="draft",
        since=utc_now(),
        priority=False,
        fingerprint="",
        responsible="",
        note="",
        files={},
        indicators=[],
        created_at=utc_now(),
        published_at=ended,
        ended_at=ended,
    )


@dataclass(frozen=True, slots=True)
class Move:
    """A move that is to be written down.

    Attributes:
        process: what is moved.
        transition: its name.
        after: the new state.
        actor: id of the person, or None.
        report: id of a report it rests on, or None.
        note: what they said.
    """

    process: Process
    transition: str
    after: str
    actor: str | None
    report: str | None = None
    note: str = ""


def write(
    process: Process,
    transition: str,
    after: str,
    actor: str | None,
    *,
    note: str = "",
    report: str | None = None,
    quiet: bool = False,
    session: AnySession | None = None,
) -> None:
    """Write a move down: state, step, audit trail and notices, in the session's transaction.

    Args:
        process: what is moved.
        transition: its name.
        after: the new state.
        actor: id of the person, or None.
        note: what they said.
        report: id of a report it rests on.
        quiet: tell nobody, as for what happens by itself every day.
        session: in whose transaction; CKAN's if None.
    """
    before = process.state
    write_quietly([Move(process, transition, after, actor, report, note)], session=session)
    if not quiet and before != after:
        told.of_state(process, note, session or model.Session)


def write_quietly(
    moves: Sequence[Move], *, session: AnySession | None = None, batch: Batch | None = None
) -> None:
    """Write moves down as :func:`write` does, and tell nobody.

    Args:
        moves: what is moved.
        session: in whose transaction; CKAN's if None.
        batch: with what else, if that is still to be sent; a routine update makes two moves, every
            day.
    """
    session, moment, written = session or model.Session, utc_now(), batch or Batch()
    entries = [_moved(move, moment, session, written) for move in moves]
    if batch is None:
        session.flush()
    else:
        for move in moves:
            _put(batch, move.process)
    trail.record_all(entries, batch=written)
    if batch is None:
        written.send(session)


def _put(batch: Batch, process: Process) -> None:
    """Let a batch write what the session would write of a process."""
    state = sa.inspect(process)
    if state.transient:
        batch.insert(_ADD, {c.name: getattr(process, c.name) for c in Process.__table__.c})
        return
    changed = {a.key: a.value for a in state.attrs if a.history.has_changes()}
    if changed:
        batch.update(Process.__table__, changed, key=process.id)
    for name, value in changed.items():
        set_committed_value(process, name, value)


def _moved(move: Move, moment: datetime, session: AnySession, batch: Batch) -> trail.Entry:
    """Move a process and add the step; what the trail says of it."""
    process, before = move.process, move.process.state
    process.state = move.after
    if before != move.after:
        process.since = moment
    if move.report:
        process.report_id = move.report
    step = {
        "process_id": process.id,
        "transition": move.transition,
        "before": before,
        "after": move.after,
        "actor": move.actor,
        "note": move.note,
        "report_id": move.report,
        "at": moment,
    }
    batch.insert(_STEP, step)
    return trail.entry(
        f"process.{move.transition}",
        told.subject(process, session),
        actor=move.actor,
        organization=process.organization_id,
        before={"state": before},
        after={
            "state": move.after,
            "process": process.id,
            "report": move.report,
            "responsible": process.responsible,
        },
    )
