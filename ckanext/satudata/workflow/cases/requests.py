"""Requests for information: their items, and how they are answered or refused."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.case import (
    ANSWERS,
    BY_DATASET,
    BY_FILE,
    BY_PROMISE,
    GOVERNMENT,
    NOT_HELD,
    REFUSED,
    Case,
    CaseItem,
)
from ckanext.satudata.types import AnySession

from . import files, grounds
from .actors import PPID
from .effects import Move, effect
from .errors import Changed, Needs

#: Shortest text of a consequence test: it has to say what would happen, and to whom.
_TEST = 30


def add_items(session: AnySession, case: Case, texts: Sequence[str]) -> None:
    """Write down what a request asks for."""
    session.add_all(
        CaseItem(id=str(uuid.uuid4()), case_id=case.id, position=n, text=text)
        for n, text in enumerate(texts, 1)
    )
    session.flush()


def items_of(case: Case, session: AnySession | None = None) -> list[CaseItem]:
    """What a request asks for, in its order."""
    return list(
        (session or model.Session).scalars(
            sa.select(CaseItem).where(CaseItem.case_id == case.id).order_by(CaseItem.position)
        )
    )


@effect("answer")
def _answer(move: Move) -> None:
    """Answer items, each once; while others wait the request is answered in part."""
    items = {item.id: item for item in items_of(move.case, move.session)}
    keeping = move.case.state == "dijanjikan"
    kept = []
    for given in move.params["answers"]:
        item = items.get(str(given.get("item") or ""))
        if item is None:
            raise Needs("answers", "unknown")
        if item.answer is not None and not (keeping and item.answer == BY_PROMISE):
            raise Changed(item.id)
        _fill(move, item, given)
        kept.append({"item": item.position, "answer": item.answer, "dataset": item.dataset_id})
    move.kept["answers"] = kept
    _conclude(move, list(items.values()))


def _fill(move: Move, item: CaseItem, given: Mapping[str, Any]) -> None:
    how = given.get("how")
    if how not in ANSWERS:
        raise Needs("answers", "unknown")
    item.dataset_id = _public_dataset(given.get("dataset")) if how == BY_DATASET else None
    item.release_on = _future(given.get("release_on"), move.today) if how == BY_PROMISE else None
    item.attachment_id = _attachment(move.case, given) if how == BY_FILE else None
    item.note = str(given.get("text") or "").strip()
    if how == REFUSED:
        _refuse_item(move, item, given)
    elif how not in (BY_DATASET, BY_FILE, BY_PROMISE) and not item.note:
        raise Needs("text")
    item.answer = how
    item.organization_id = move.case.organization_id
    item.answered_by, item.answered_at = move.user_id, move.now


def _refuse_item(move: Move, item: CaseItem, given: Mapping[str, Any]) -> None:
    if move.case.lane == GOVERNMENT:
        return
    if PPID not in move.actor.parts:
        raise Needs("ground", "ppid")
    item.ground = _ground(given.get("ground"))
    item.consequence = _consequence(given.get("consequence"))


@effect("refuse")
def _refuse(move: Move) -> None:
    """Refuse whatever is not answered yet; in the public lane only on a ground of Ps. 17."""
    public = move.case.lane != GOVERNMENT
    ground = _ground(move.params.get("ground")) if public else None
    consequence = _consequence(move.params.get("consequence")) if public else None
    items = items_of(move.case, move.session)
    for item in items:
        if item.answer is None:
            item.answer, item.ground, item.consequence = REFUSED, ground, consequence
            item.organization_id = move.case.organization_id
            item.answered_by, item.answered_at = move.user_id, move.now
    move.kept["ground"] = ground
    _conclude(move, items)


@effect("self_answer")
def _self_answer(move: Move) -> None:
    """Whoever asked found the answer among what is public."""
    move.case.dataset_id = _public_dataset(move.params["dataset"])
    move.case.outcome = "terjawab_sendiri"
    move.case.answered_at = move.now


@effect("reopen")
def _reopen(move: Move) -> None:
    """Answer again what was refused or not held; all of it where nothing was."""
    items = items_of(move.case, move.session)
    again = [i for i in items if i.answer in (REFUSED, NOT_HELD)] or items
    for item in again:
        item.answer = item.ground = item.consequence = item.release_on = None
        item.answered_at = item.answered_by = None
    move.case.answered_at = move.case.outcome = move.case.outcome_ground = None
    move.case.release_on = None


def _conclude(move: Move, items: Sequence[CaseItem]) -> None:
    """What the answers so far come to."""
    case, answers = move.case, {item.answer for item in items}
    if None in answers:
        move.holds.add("belum semua")
        return
    promised = [i.release_on for i in items if i.answer == BY_PROMISE and i.release_on]
    case.release_on = min(promised, default=None)
    if promised:
        move.holds.add("ada janji")
    case.answered_at = case.answered_at or move.now
    case.outcome_ground = next((i.ground for i in items if i.ground), None)
    if answers == {REFUSED}:
        move.holds.add("semua ditolak")
        case.outcome = "ditolak"
    elif REFUSED in answers:
        move.holds.add("sebagian terjawab")
        case.outcome = "ditolak_sebagian"
    elif answers == {NOT_HELD}:
        move.holds.add("sebagian terjawab")
        case.outcome = "tidak_dikuasai"
    else:
        move.holds.add("sebagian terjawab")
        case.outcome = "dijanjikan" if promised else "dipenuhi"


def _public_dataset(reference: Any) -> str:
    """Id of a dataset that everybody may see."""
    package = model.Package.get(str(reference or ""))
    if package is None or package.state != model.State.ACTIVE or package.private:
        raise Needs("dataset", "unknown")
    return package.id


def _future(day: Any, today: date) -> date:
    if not isinstance(day, date):
        raise Needs("release_on")
    if day <= today:
        raise Needs("release_on", "past")
    return day


def _attachment(case: Case, given: Mapping[str, Any]) -> str:
    """Id of a file that was attached to this very case."""
    named = str(given.get("attachment") or "")
    if not named or not files.belongs(named, case):
        raise Needs("attachment")
    return named


def _ground(name: Any) -> str:
    if not name:
        raise Needs("ground")
    if grounds.exemption(str(name)) is None:
        raise Needs("ground", "unknown")
    return str(name)


def _consequence(text: Any) -> str:
    test = str(text or "").strip()
    if len(test) < _TEST:
        raise Needs("consequence")
    return test
