"""What comes on an agenda by itself: each source says what is open, and nothing is kept here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.consistency import period, wording
from ckanext.satudata.model.agreement import IN_FORCE, PROPOSED, AgreementRow
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.model.meeting import AgendaItem, Meeting
from ckanext.satudata.model.publication import Release
from ckanext.satudata.model.revision import OPEN as OPEN_REVISIONS
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.model.setoran import Obligation, Setoran
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.types import AnySession

from ..cases import complaints, figures
from ..review import process
from ..setoran import calendar
from . import conflicts, dossier

#: Value of the dataset field ``status_angka`` that says that figures are final.
_FINAL = "A"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What should be on the agenda.

    Attributes:
        kind: of item.
        subject: what it is about, the same each week.
        title: for lists, in Indonesian.
        organizations: ids of the agencies it concerns.
        refs: ids of what it rests on.
        snapshot: what is shown; JSON-ready.
    """

    kind: str
    subject: str
    title: str
    organizations: tuple[str, ...]
    refs: Mapping[str, Any] = field(default_factory=dict)
    snapshot: Mapping[str, Any] = field(default_factory=dict)


Source = Callable[[AnySession, "Meeting | None", datetime], Iterable[Proposal]]


def _conflicts(session: AnySession, before: Meeting | None, now: datetime) -> Iterable[Proposal]:
    book = load_codebook(session)
    settled = _awaiting(session)
    for conflict in conflicts.standing(session):
        if conflict.subject in settled:
            continue
        yield Proposal(
            kind="konflik",
            subject=conflict.subject,
            title=dossier.title(conflict, book),
            organizations=(conflict.own.organization, conflict.other.organization),
            refs={
                "report": conflict.report,
                "datasets": [conflict.own.dataset, conflict.other.dataset],
                "indicator": conflict.indicator.code,
            },
            snapshot=dossier.of_conflict(session, conflict, book),
        )


def _awaiting(session: AnySession) -> set[str]:
    """Subjects a meeting has settled: agreed upon, or in the Bupati's hands."""
    agreed = (i.subject for i in _agreed(session, PROPOSED, IN_FORCE))
    return {*agreed, *(i.subject for i in AgendaItem.escalated(session))}


def _agreed(session: AnySession, *states: str) -> list[AgendaItem]:
    """Items from which an agreement came that is in one of these states."""
    return list(
        session.scalars(
            sa.select(AgendaItem)
            .join(AgreementRow, AgreementRow.id == AgendaItem.agreement_id)
            .where(AgreementRow.state.in_(states))
            .order_by(AgendaItem.decided_at, AgendaItem.id)
        )
    )


def _follow_ups(session: AnySession, before: Meeting | None, now: datetime) -> Iterable[Proposal]:
    """What waits for a direction, or for agencies to accept what was agreed upon."""
    for item in [*AgendaItem.escalated(session), *_agreed(session, PROPOSED)]:
        yield Proposal(
            kind="lanjutan",
            subject=f"lanjutan:{item.id}",
            title=item.title,
            organizations=tuple(item.organizations),
            refs={"item": item.id, "meeting": item.meeting_id},
            snapshot={
                "decided_at": item.decided_at.isoformat() if item.decided_at else None,
                "note": item.note,
                "outcome": item.outcome,
                "since": item.decided_at.isoformat() if item.decided_at else None,
            },
        )


def _final_revisions(
    session: AnySession, before: Meeting | None, now: datetime
) -> Iterable[Proposal]:
    revisions = session.scalars(
        sa.select(Revision)
        .join(Release, Release.dataset_id == Revision.dataset_id)
        .where(Revision.state.in_(OPEN_REVISIONS))
        .order_by(Revision.created_at)
    )
    for revision in revisions:
        package = session.get(model.Package, revision.dataset_id)
        if package is None or package.extras.get("status_angka", _FINAL) != _FINAL:
            continue
        yield Proposal(
            kind="revisi_final",
            subject=f"revisi:{revision.id}",
            title=package.title or package.name,
            organizations=(package.owner_org or "",),
            refs={"revision": revision.id, "dataset": package.id},
            snapshot={
                **dossier.of_dataset(package),
                "since": revision.created_at.isoformat(),
                "note": revision.note,
            },
        )


def _waiting(session: AnySession, before: Meeting | None, now: datetime) -> Iterable[Proposal]:
    """Publications that wait for the meeting; those that contradict others are conflicts anyway."""
    disputed = {c.own.dataset for c in conflicts.standing(session)}
    for waiting in process.waiting(session, states=["menunggu_rapat"]):
        package = session.get(model.Package, waiting.dataset)
        if package is None or waiting.dataset in disputed:
            continue
        yield Proposal(
            kind="dataset",
            subject=f"dataset:{waiting.process.id}",
            title=waiting.title,
            organizations=(waiting.process.organization_id,),
            refs={"dataset": waiting.dataset, "process": waiting.process.id},
            snapshot={**dossier.of_dataset(package), "since": waiting.since.isoformat()},
        )


def _new_definitions(
    session: AnySession, before: Meeting | None, now: datetime
) -> Iterable[Proposal]:
    """Indicators added since the last meeting; before the first one everything is as it is."""
    if before is None or before.closed_at is None:
        return
    rows = session.scalars(
        sa.select(IndicatorRow)
        .where(IndicatorRow.created > before.closed_at, IndicatorRow.created <= now)
        .order_by(IndicatorRow.created, IndicatorRow.code)
    )
    for row in rows:
        yield Proposal(
            kind="definisi_baru",
            subject=f"definisi:{row.code}",
            title=row.name,
            organizations=(row.producer_org,) if row.producer_org else (),
            refs={"indicator": row.code},
            snapshot={
                "code": row.code,
                "definition": row.definition,
                "definition_en": row.definition_en,
                "unit": row.unit,
                "ukuran": row.ukuran,
                "since": row.created.isoformat(),
            },
        )


def _overdue(session: AnySession, before: Meeting | None, now: datetime) -> Iterable[Proposal]:
    """What kecamatan should have handed in, an item for each indicator, agency and period."""
    book = load_codebook(session)
    groups: dict[tuple[str, str], list[Setoran]] = {}
    for setoran in calendar.overdue(workdays.today(now)):
        groups.setdefault((setoran.obligation_id, setoran.period), []).append(setoran)
    for (obligation_id, when), late in groups.items():
        obligation = session.get_one(Obligation, obligation_id)
        indicator = book.indicator_by_id(obligation.indicator_id)
        if indicator is None:
            continue
        known = book.regions.codes
        missing = [known[s.region].label for s in late if s.region in known]
        yield Proposal(
            kind="setoran_terlambat",
            subject=f"setoran:{obligation_id}:{when}",
            title=f"{indicator.name} · {wording.period(period.parse(when), 'id')}",
            organizations=(
                obligation.organization_id,
                *(s.organization_id for s in late if s.organization_id),
            ),
            refs={"obligation": obligation_id, "setoran": [s.id for s in late]},
            snapshot={
                "code": indicator.code,
                "since": f"{min(s.due_on for s in late).isoformat()}T00:00:00+00:00",
                "missing": missing,
            },
        )


def _wrong_figures(
    session: AnySession, before: Meeting | None, now: datetime
) -> Iterable[Proposal]:
    """Figures that somebody reported and the agency confirmed as wrong, until they are mended."""
    for case, name in complaints.unmended(session):
        figure = case.figure or {}
        package = session.get(model.Package, figure["dataset"])
        if package is None:
            continue
        yield Proposal(
            kind="angka_keliru",
            subject=complaints.subject(case),
            title=name,
            organizations=tuple(b for b in (figure["organization"], case.organization_id) if b),
            refs={"case": case.id, "dataset": package.id, "indicator": figure["indicator"]},
            snapshot={
                **dossier.of_dataset(package),
                "since": case.details[complaints.WRONG]["at"],
                "number": case.number,
                "value": figures.written(figure, "id"),
            },
        )


#: Where items come from, in any order.
SOURCES: tuple[Source, ...] = (
    _conflicts,
    _follow_ups,
    _final_revisions,
    _waiting,
    _wrong_figures,
    _overdue,
    _new_definitions,
)
