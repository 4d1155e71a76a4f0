"""What complaints and suggestions do besides moving: wrong figures, and what becomes a request.

A figure that an agency has confirmed as wrong is an item of the next meeting's agenda until the
dataset no longer shows it; then the case says so and asks the reporter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import letters
from ckanext.satudata.model.agreement import IN_FORCE, AgreementRow
from ckanext.satudata.model.case import (
    ANONYMOUS,
    COMPLAINT,
    PUBLIC,
    REQUEST,
    SUGGESTION,
    Case,
    CaseMessage,
)
from ckanext.satudata.model.meeting import AgendaItem, Meeting
from ckanext.satudata.model.revision import OPEN as OPEN_REVISIONS
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.types import AnySession

from . import engine, figures
from .actors import ITSELF, Reporter
from .effects import Move, effect
from .errors import Needs, WrongState

KINDS = (COMPLAINT, SUGGESTION)
#: State in which a confirmed figure waits for being mended.
_FOLLOWED_UP = "ditindaklanjuti"
#: Key of ``details`` that says since when, and by which body, a figure is confirmed as wrong.
WRONG = "keliru"
#: Transition by which the portal says that a figure was mended.
MENDED = "angka_diperbaiki"


@dataclass(frozen=True, slots=True)
class Mending:
    """Where a figure that was reported as wrong is being mended.

    Attributes:
        confirmed_on: ISO moment of the confirmation, or None.
        shown: whether the dataset still shows the value that was reported.
        now: ``value`` and ``decimals`` that it shows, or None.
        meetings: those whose agenda has it, newest first.
        revision: whether a revision of the dataset is being prepared.
        agreements: numbers of agreements in force that came of these meetings.
    """

    confirmed_on: str | None
    shown: bool
    now: Mapping[str, Any] | None
    meetings: tuple[Meeting, ...]
    revision: bool
    agreements: tuple[str, ...]


def subject(case: Case) -> str:
    """What its items on agendas are about, the same each week."""
    return f"keliru:{case.id}"


def confirmed(session: AnySession) -> list[Case]:
    """Cases whose figure was confirmed as wrong and is not mended yet, the oldest first."""
    return list(
        session.scalars(
            sa.select(Case)
            .where(
                Case.kind.in_(KINDS),
                Case.state == _FOLLOWED_UP,
                Case.figure.is_not(None),
                Case.details.has_key(WRONG),
            )
            .order_by(Case.opened_at, Case.id)
        )
    )


def mending(session: AnySession, case: Case) -> Mending | None:
    """Where the figure of a case is being mended, or None for a case about no figure."""
    if case.figure is None:
        return None
    current = figures.current(session, case.figure)
    items = session.execute(
        sa.select(AgendaItem, Meeting)
        .join(Meeting, Meeting.id == AgendaItem.meeting_id)
        .where(AgendaItem.subject == subject(case), AgendaItem.removed_at.is_(None))
        .order_by(Meeting.starts_at.desc())
    ).all()
    agreed = [item.agreement_id for item, _ in items if item.agreement_id]
    return Mending(
        confirmed_on=case.details.get(WRONG, {}).get("at"),
        shown=any(row.value == case.figure["value"] for row in current),
        now=next(({"value": r.value, "decimals": r.decimals} for r in current), None),
        meetings=tuple(meeting for _, meeting in items),
        revision=_revised(session, case.figure),
        agreements=tuple(
            session.scalars(
                sa.select(AgreementRow.number).where(
                    AgreementRow.id.in_(agreed), AgreementRow.state.in_((IN_FORCE,))
                )
            )
        ),
    )


def follow_mended(now: datetime) -> list[str]:
    """Say in each case whose figure was mended that it was; a transaction for each.

    Args:
        now: the present moment, UTC.

    Returns:
        A line that says how many there were, or nothing.
    """
    waiting = [case.id for case in confirmed(model.Session)]
    count = sum(_mended(case, now) for case in waiting)
    return [f"mended: {count} reported figure(s)"] if count else []


def _mended(case_id: str, now: datetime) -> bool:
    case = engine.locked(case_id)
    figure = case.figure
    if figure is None or figures.is_shown(model.Session, figure):
        model.Session.rollback()
        return False
    try:
        engine.move(case, MENDED, ITSELF, note=_told(figure), now=now)
    except WrongState:
        model.Session.rollback()
        return False
    model.Session.commit()
    return True


def _told(figure: Mapping[str, Any]) -> str:
    lang = letters.site_language()
    rows = figures.current(model.Session, figure)
    title = figures.title(model.Session, figure, lang)
    former = figures.written(figure, lang)
    if not rows:
        return letters.written("angka-ditarik", lang, title=title, former=former)[1]
    present = figures.written({"value": rows[0].value, "decimals": rows[0].decimals}, lang)
    _, text = letters.written("angka-diperbaiki", lang, title=title, former=former, present=present)
    return text


def _revised(session: AnySession, figure: Mapping[str, Any]) -> bool:
    wanted = sa.exists().where(
        Revision.dataset_id == figure["dataset"], Revision.state.in_(OPEN_REVISIONS)
    )
    return bool(session.scalar(sa.select(wanted)))


@effect("confirm_figure")
def _confirm_figure(move: Move) -> None:
    """The agency says that the figure is wrong, with what is right in its note."""
    if move.case.figure is None:
        raise Needs("figure")
    move.case.details = {
        **move.case.details,
        WRONG: {"at": move.now.isoformat(), "organization": move.case.organization_id},
    }


@effect("mend_figure")
def _mend_figure(move: Move) -> None:
    """What was confirmed is done with; it may be confirmed anew after the reporter's reaction."""
    move.case.details = {k: v for k, v in move.case.details.items() if k != WRONG}


@effect("become_request")
def _become_request(move: Move) -> None:
    """Open the request that this report is: same words, same person, same secret code."""
    from . import cases  # it registers the effects of this module

    case = move.case
    if case.mode == ANONYMOUS:
        raise Needs("identity")
    reporter = Reporter(user_id=case.user_id, mode=case.mode)
    made = cases.open_case(
        REQUEST,
        lane=PUBLIC,
        title=case.title,
        body=case.body,
        reporter=reporter,
        dataset_id=case.dataset_id,
        figure=case.figure,
        items=[case.body or case.title],
        parent=case,
        now=move.now,
    ).case
    made.secret_hash = case.secret_hash
    made.identity_id, case.identity_id = case.identity_id, None
    move.kept["request"] = made.number
    _, text = letters.written("jadi-permintaan", letters.site_language(), number=made.number or "")
    move.session.add(
        CaseMessage(
            case_id=case.id, side="portal", audience="pemohon", text=text, created_at=move.now
        )
    )


def unmended(session: AnySession) -> Iterator[tuple[Case, str]]:
    """Confirmed cases whose dataset still shows the value, each with its object as a line."""
    for case in confirmed(session):
        if case.figure is not None and figures.is_shown(session, case.figure):
            yield case, figures.title(session, case.figure, "id")
