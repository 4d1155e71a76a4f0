"""Who is told of a process: whoever has to act on it now, and its producer."""

from __future__ import annotations

from collections.abc import Collection

from ckan import model

from ckanext.satudata.model.process import Process
from ckanext.satudata.types import AnySession

from .. import notices, trail
from .transitions import table

#: Kinds of notices (``letters/notices.yaml``) by the state somebody now has to act on.
_TURN = {
    "diajukan": "proses-diajukan",
    "diperiksa_pembina": "proses-pembina",
    "menunggu_rapat": "proses-rapat",
    "dikembalikan": "proses-dikembalikan",
    "siap_terbit": "proses-siap",
}
_TO_PRODUCER = {"terbit": "proses-terbit", "dibatasi": "proses-dibatasi"}


def subject(process: Process, session: AnySession | None = None) -> trail.Subject:
    """What trail and notices say a process is about: its dataset."""
    package = (session or model.Session).get(model.Package, process.dataset_id)
    title = (package.title or package.name) if package else process.dataset_id
    return trail.Subject("dataset", process.dataset_id, title)


def address(process: Process) -> str:
    """Where the process is shown, without host."""
    return f"/dataset/{process.dataset_id}/proses"


def of_state(process: Process, note: str, session: AnySession) -> None:
    """Tell those who have to act on the state the process has come to.

    Args:
        process: in its new state.
        note: what was said to the move.
        session: in whose transaction.
    """
    if process.state in _TO_PRODUCER:
        of(process, _TO_PRODUCER[process.state], note=note, session=session)
        return
    kind = _TURN.get(process.state)
    turn = table().states[process.state].waits_on
    if kind is None:
        return
    if turn == "produsen":
        of(process, kind, note=note, session=session)
    else:
        role = "walidata" if turn == "rapat" else turn
        of(process, kind, note=note, to_roles=(role,), session=session)


def of(
    process: Process,
    kind: str,
    *,
    note: str = "",
    to_roles: Collection[str] = (),
    session: AnySession | None = None,
) -> None:
    """Tell the producer, or the bodies with a role, in the session's transaction.

    Args:
        process: what happened to.
        kind: of notice (``letters/notices.yaml``).
        note: what was said.
        to_roles: roles in Satu Data; empty means the producer.
        session: in whose transaction; CKAN's if None.
    """
    about = subject(process, session)
    body = (session or model.Session).get(model.Group, process.organization_id)
    notices.tell(
        kind,
        subject=about,
        address=address(process),
        params={
            "title": about.title,
            "agency": (body.title or body.name) if body else "",
            "note": note or "-",
            "responsible": process.responsible or "-",
        },
        organizations=() if to_roles else (process.organization_id,),
        roles=to_roles,
        session=session,
    )
