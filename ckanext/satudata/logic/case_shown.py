"""Cases as the actions return them: nothing personal, and of officials what one may know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import attachments
from ckanext.satudata.letters import page_language
from ckanext.satudata.logic import showing
from ckanext.satudata.model.case import (
    CONFIDENTIAL,
    OBJECTION,
    REQUEST,
    Case,
    CaseFollower,
    CaseItem,
    CaseMessage,
    CaseStep,
)
from ckanext.satudata.workflow import roles
from ckanext.satudata.workflow.cases import cases, deadlines, files, identities, objections
from ckanext.satudata.workflow.cases.actors import OFFICER, REPORTER, Actor, decides
from ckanext.satudata.workflow.cases.tables import table


def row(case: Case, now: datetime, titles: dict[str, str]) -> dict[str, Any]:
    """A case in a list."""
    state = table(case.kind).states[case.state]
    standing, days = deadlines.words_left(case, now)
    return {
        "id": case.id,
        "number": case.number,
        "kind": case.kind,
        "lane": case.lane,
        "state": case.state,
        "state_label": state.label[page_language()],
        "waits_on": decides(case) if state.waits_on == OFFICER else state.waits_on,
        "title": case.title,
        "organization": case.organization_id,
        "organization_title": titles.get(case.organization_id or "", ""),
        "grade": case.grade,
        "opened_at": case.opened_at.isoformat(),
        "due_on": _day(case.due_on),
        "standing": standing,
        "days": days,
        "closed_at": _moment(case.closed_at),
    }


def rows(found: Iterable[Case], now: datetime) -> list[dict[str, Any]]:
    """Cases in a list."""
    listed = list(found)
    titles = titles_of({c.organization_id for c in listed if c.organization_id})
    return [row(case, now, titles) for case in listed]


def whole(case: Case, actor: Actor, now: datetime) -> dict[str, Any]:
    """A case with everything that somebody may see of it."""
    user = actor.user
    items = cases.requests.items_of(case) if case.kind == REQUEST else []
    parent = model.Session.get(Case, case.parent_id) if case.parent_id else None
    titles = titles_of({*_bodies(case, items), *(s.organization_id for s in _steps(case))})
    return {
        **row(case, now, titles),
        "version": case.version,
        "since": case.since.isoformat(),
        "body": case.body,
        "dataset": _dataset(case.dataset_id),
        "figure": case.figure,
        "mode": case.mode,
        "details": case.details,
        "received_on": _day(case.received_on),
        "extended_on": _day(case.extended_on),
        "release_on": _day(case.release_on),
        "answered_at": _moment(case.answered_at),
        "outcome": case.outcome,
        "outcome_ground": case.outcome_ground,
        "parts": sorted(actor.parts),
        "moves": [_move(t) for t in cases.available(case, actor, now)],
        "audiences": cases.audiences(actor),
        "items": [_item(item, titles) for item in items],
        "files": [
            {**attachments.described(f), "audience": f.audience} for f in files.of(case, actor)
        ],
        "messages": [_message(m, actor, titles) for m in cases.thread(case, actor)],
        "steps": [_step(s, case, actor, titles) for s in _steps(case)],
        "objection_grounds": [g.name for g in _grounds(case, actor, now)],
        "objections": [_related(o, titles) for o in objections.of_request(case)],
        "parent": _related(parent, titles) if parent is not None else None,
        "person": _person(case, actor),
        "openings": _openings(case, actor),
        "answer": case.answer,
        "published_at": _moment(case.published_at),
        "followers": _followers(case),
        "follows": user is not None
        and model.Session.get(CaseFollower, (case.id, user.id)) is not None,
    }


def published(case: Case, followers: int) -> dict[str, Any]:
    """What everybody may see of a request that was published; nothing of the request itself."""
    answer = case.answer or {}
    return {
        "id": case.id,
        "number": case.number,
        "title": answer.get("title", ""),
        "question": answer.get("question", ""),
        "text": answer.get("text", ""),
        "state": case.state,
        "state_label": table(case.kind).states[case.state].label[page_language()],
        "organization": case.organization_id,
        "datasets": [
            d
            for d in (_dataset(i.dataset_id) for i in cases.requests.items_of(case))
            if d is not None
        ],
        "published_at": _moment(case.published_at),
        "followers": followers,
    }


def titles_of(ids: Iterable[str | None]) -> dict[str, str]:
    """What bodies are called."""
    group = model.Group
    wanted = sorted({i for i in ids if i})
    if not wanted:
        return {}
    found = model.Session.execute(
        sa.select(group.id, group.title, group.name).where(group.id.in_(wanted))
    )
    return {ident: title or name for ident, title, name in found}


def _bodies(case: Case, items: Iterable[CaseItem]) -> set[str | None]:
    return {case.organization_id, case.body_id, *(i.organization_id for i in items)}


def _steps(case: Case) -> list[CaseStep]:
    query = sa.select(CaseStep).where(CaseStep.case_id == case.id).order_by(CaseStep.id)
    return list(model.Session.scalars(query))


def _grounds(case: Case, actor: Actor, now: datetime) -> list[Any]:
    if case.kind != REQUEST or REPORTER not in actor.parts:
        return []
    return objections.open_grounds(case, now)


def _move(one: Any) -> dict[str, Any]:
    lang = page_language()
    return {
        "name": one.name,
        "label": one.label[lang],
        "says": one.says[lang],
        "needs": list(one.needs),
        "article": one.article,
    }


def _item(item: CaseItem, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": item.id,
        "position": item.position,
        "text": item.text,
        "answer": item.answer,
        "note": item.note,
        "dataset": _dataset(item.dataset_id),
        "attachment": item.attachment_id,
        "release_on": _day(item.release_on),
        "ground": item.ground,
        "consequence": item.consequence,
        "organization_title": titles.get(item.organization_id or "", ""),
        "answered_at": _moment(item.answered_at),
    }


def _message(message: CaseMessage, actor: Actor, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": message.id,
        "side": message.side,
        "author": showing.name(message.user_id) if actor.official else None,
        "organization_title": titles.get(message.organization_id or "", ""),
        "audience": message.audience,
        "text": message.text,
        "at": message.created_at.isoformat(),
    }


def _step(step: CaseStep, case: Case, actor: Actor, titles: dict[str, str]) -> dict[str, Any]:
    known = table(case.kind).transitions.get(step.transition)
    lang = page_language()
    return {
        "transition": step.transition,
        "label": known.label[lang] if known else step.transition,
        "before": step.before,
        "after": step.after,
        "after_label": table(case.kind).states[step.after].label[lang],
        "part": step.part,
        "actor": showing.name(step.actor) if actor.official else None,
        "organization_title": titles.get(step.organization_id or "", ""),
        "note": step.note if actor.official else "",
        "due_on": _day(step.due_on),
        "at": step.at.isoformat(),
    }


def _related(case: Case, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": case.id,
        "number": case.number,
        "kind": case.kind,
        "state": case.state,
        "state_label": table(case.kind).states[case.state].label[page_language()],
        "grounds": case.details.get("grounds", []) if case.kind == OBJECTION else [],
        "opened_at": case.opened_at.isoformat(),
        "due_on": _day(case.due_on),
    }


def _person(case: Case, actor: Actor) -> dict[str, str] | None:
    """Masked, for the office that decides; whoever wants to know more opens it on record.

    Of people who asked to stay unknown even that is for the named role alone.
    """
    if case.identity_id is None or OFFICER not in actor.parts:
        return None
    if case.mode == CONFIDENTIAL and not (
        actor.user and roles.opens_identities(actor.user, confidential=True)
    ):
        return None
    return identities.masked(case.identity_id)


def _openings(case: Case, actor: Actor) -> list[dict[str, str]] | None:
    """When, and for which body, somebody opened who asked: for that person alone."""
    if case.identity_id is None or REPORTER not in actor.parts:
        return None
    found = identities.openings(case.identity_id)
    titles = titles_of({o.organization_id for o in found if o.organization_id})
    return [
        {"at": o.at.isoformat(), "organization_title": titles.get(o.organization_id or "", "")}
        for o in found
    ]


def _dataset(dataset_id: str | None) -> dict[str, str] | None:
    package = model.Package.get(dataset_id) if dataset_id else None
    if package is None or package.state != model.State.ACTIVE or package.private:
        return None
    return {"id": package.id, "name": package.name, "title": package.title or package.name}


def _followers(case: Case) -> int:
    count = sa.select(sa.func.count()).where(CaseFollower.case_id == case.id)
    return model.Session.scalar(count) or 0


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
