"""Handing in, asking back, answering, accepting: how a setoran goes between the two sides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ckan import model

from ckanext.satudata.consistency import period as periods
from ckanext.satudata.consistency import wording
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.letters import site_language
from ckanext.satudata.model.setoran import (
    ACCEPTED,
    ASKED,
    HANDED_IN,
    RECEIVED,
    WRITABLE,
    Obligation,
    Setoran,
)
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow import notices, trail

from . import cells, judging, obligations
from .cells import Form, Key, NotWritable, UnknownCell


class ChangedSince(SatudataError):
    """Somebody has changed the setoran after this person saw it."""


class NotComplete(SatudataError):
    """Cells are empty, cannot be read, or cannot be right.

    Attributes:
        empty: cells about which nothing was said.
        unanswered: cells of which the agency's question has no answer.
        remarks: what blocks.
    """

    def __init__(
        self, empty: list[Key], unanswered: list[Key], remarks: list[judging.Remark]
    ) -> None:
        super().__init__(f"{len(empty)} empty, {len(unanswered)} unanswered, {len(remarks)} wrong")
        self.empty = empty
        self.unanswered = unanswered
        self.remarks = remarks


class NotReceived(SatudataError):
    """The agency does not have the setoran; the kecamatan is still writing."""


class NothingAsked(SatudataError):
    """There is no open question about this cell."""


def submit(
    form: Form, *, version: int, responsible: str, user: str, now: datetime, lang: str
) -> None:
    """Hand a setoran in, in the session's transaction.

    Args:
        form: of a setoran that is locked.
        version: of the setoran that the person saw.
        responsible: name of the official who answers for the figures.
        user: id of the person.
        now: the present moment.
        lang: language of what is wrong.

    Raises:
        NotWritable: it was handed in already.
        ChangedSince: it is not the version that the person saw.
        NotComplete: something is left to do.
    """
    setoran = form.setoran
    if setoran.state not in WRITABLE:
        raise NotWritable(setoran.id)
    if setoran.version != version:
        raise ChangedSince(setoran.id)
    known = cells.of_setoran(setoran.id)
    empty = [k for k in form.keys if (c := known.get(k)) is None or not c.text]
    unanswered = [k for k, c in known.items() if c.waits_for_answer]
    wrong = [r for r in judging.judge(form, known, lang) if r.blocks]
    if empty or unanswered or wrong:
        raise NotComplete(empty, unanswered, wrong)
    before = _standing(setoran)
    setoran.state, setoran.sent = HANDED_IN, setoran.sent + 1
    setoran.responsible = responsible
    setoran.submitted_by, setoran.submitted_at = user, now
    setoran.accepted_by = setoran.accepted_at = None
    _moved(form.obligation, setoran, "submit", before, user, now)
    _tell(
        "setoran-dikirim", form.obligation, setoran, organizations=[form.obligation.organization_id]
    )


def ask(form: Form, key: Key, question: str, *, user: str, now: datetime) -> None:
    """Ask the kecamatan about a cell; the setoran goes back to it, in the session's transaction.

    Args:
        form: of a setoran that is locked.
        key: the cell.
        question: in a sentence.
        user: id of the person.
        now: the present moment.

    Raises:
        NotReceived: the kecamatan has not handed it in.
        UnknownCell: the cell is not asked for.
    """
    setoran = form.setoran
    if setoran.state not in (*RECEIVED, ASKED):
        raise NotReceived(setoran.id)
    if key not in form.keys:
        raise UnknownCell(key.region)
    cell = cells.ensured(setoran, key)
    before = {"question": cell.question, "answer": cell.answer}
    cells.ask_again(cell, question, user, now)
    cells.keep_history(
        setoran,
        "pertanyaan",
        user=user,
        now=now,
        key=key,
        before=before,
        after={"question": question, "value": cell.value},
    )
    standing = _standing(setoran)
    setoran.state = ASKED
    _moved(form.obligation, setoran, "ask", standing, user, now)
    if setoran.organization_id:
        _tell("setoran-ditanyakan", form.obligation, setoran, [setoran.organization_id])


def answer(form: Form, key: Key, text: str, *, user: str, now: datetime) -> None:
    """Answer the agency's question about a cell; the figure may be changed beside that.

    Raises:
        NothingAsked: there is no open question about it.
        NotWritable: the setoran is with the agency.
    """
    setoran = form.setoran
    if setoran.state not in WRITABLE:
        raise NotWritable(setoran.id)
    cell = cells.of_setoran(setoran.id).get(key)
    if cell is None or not cell.waits_for_answer:
        raise NothingAsked(key.region)
    cell.answer, cell.answered_by, cell.answered_at = text, user, now
    cells.keep_history(
        setoran,
        "jawaban",
        user=user,
        now=now,
        key=key,
        before={"question": cell.question},
        after={"answer": text, "value": cell.value},
    )
    model.Session.flush()


def accept(setoran: Setoran, *, version: int | None, user: str, now: datetime) -> None:
    """Accept what a kecamatan handed in, in the session's transaction.

    Args:
        setoran: locked.
        version: that the person saw; None where it does not matter.
        user: id of the person.
        now: the present moment.

    Raises:
        NotReceived: it is not with the agency, or accepted already.
        ChangedSince: it is not the version that the person saw.
    """
    if setoran.state != HANDED_IN:
        raise NotReceived(setoran.id)
    if version is not None and setoran.version != version:
        raise ChangedSince(setoran.id)
    obligation = model.Session.get_one(Obligation, setoran.obligation_id)
    before = _standing(setoran)
    setoran.state, setoran.accepted_by, setoran.accepted_at = ACCEPTED, user, now
    _moved(obligation, setoran, "accept", before, user, now)


def _standing(setoran: Setoran) -> dict[str, str | int | None]:
    return {
        "state": setoran.state,
        "version": setoran.version,
        "sent": setoran.sent,
    }


def _moved(
    obligation: Obligation,
    setoran: Setoran,
    what: str,
    before: Mapping[str, str | int | None],
    user: str,
    now: datetime,
) -> None:
    after = _standing(setoran)
    cells.keep_history(setoran, "keadaan", user=user, now=now, before=before, after=after)
    trail.record(
        f"setoran.{what}",
        trail.Subject("setoran", setoran.id, name(obligation, setoran)),
        actor=user,
        organization=setoran.organization_id,
        before=before,
        after=after,
    )
    model.Session.flush()


def name(obligation: Obligation, setoran: Setoran) -> str:
    """What a setoran is called: indicator, region, period."""
    region = load_codebook(model.Session).regions.get(setoran.region)
    label = region.label if region else setoran.region
    return f"{obligations.title(obligation)}, {label}, {setoran.period}"


def period_name(setoran: Setoran) -> str:
    """The period of a setoran as letters say it."""
    return wording.period(periods.parse(setoran.period), site_language())


def address(setoran: Setoran) -> str:
    """The page of a setoran, without host."""
    return f"/satudata/setoran/isi/{setoran.id}"


def _tell(kind: str, obligation: Obligation, setoran: Setoran, organizations: list[str]) -> None:
    region = load_codebook(model.Session).regions.get(setoran.region)
    notices.tell(
        kind,
        organizations=organizations,
        subject=trail.Subject("setoran", setoran.id, name(obligation, setoran)),
        params={
            "indicator": obligations.title(obligation),
            "region": region.label if region else setoran.region,
            "period": period_name(setoran),
        },
        address=address(setoran),
    )
