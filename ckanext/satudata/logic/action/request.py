"""Requests for information: asking, confirming, objecting, and what is published of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata import abuse, config, workdays
from ckanext.satudata.letters import site_language
from ckanext.satudata.logic import case_shown
from ckanext.satudata.logic.auth import case as auth
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.case_texts import explained
from ckanext.satudata.logic.committing import commit
from ckanext.satudata.logic.schema import case as schema
from ckanext.satudata.model.case import GOVERNMENT, REQUEST, Case
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow import roles
from ckanext.satudata.workflow.cases import (
    cases,
    files,
    published,
    request_form,
    statistics,
    suggestions,
    telling,
)

#: Characters of a title that is made of the first thing asked for.
_TITLE = 120


@validate(schema.create_request)
def satudata_request_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask for information (UU 14/2008), or as a body for data (Perpres 39/2019 Ps. 37).

    A guest gets a letter with a link; only when that was confirmed the request is registered.
    Who somebody is lies sealed, and is deleted some time after the request is closed.

    :param lane: ``publik`` or ``pemerintah`` (for people who work for a body)
    :param organization: id or name of the body for which it is asked (government lane)
    :param items: what is asked for, one text each
    :param title: a line that says what it is about (optional)
    :param dataset: id or name of a dataset it is about (optional)
    :param applicant: ``perorangan``, ``badan_hukum`` or ``kelompok``
    :param name: full name; people with an account may leave out who they are
    :param nik: 16 digits, of persons and groups
    :param organization_name: of a legal body or a group
    :param deed: number of its deed
    :param proxy: power of attorney (optional)
    :param address: where letters reach the person
    :param job: occupation (optional)
    :param phone: telephone (optional)
    :param email: where the link to confirm goes
    :param upload: a file that explains it (optional)
    :param purpose: what it will be used for
    :param obtain: ``melihat``, ``salinan_digital`` or ``salinan_cetak``
    :param delivery: ``portal``, ``surel``, ``langsung``, ``kurir``, ``pos`` or ``faksimili``
    :returns: ``id``, ``number``, ``secret`` (shown this once) and ``confirm`` (whether it has to
        be confirmed by e-mail first; there is no number and no secret then) and ``mailed``
    """
    tk.check_access("satudata_request_create", context, data_dict)
    abuse.passed("permintaan")
    user, government = person(context), data_dict["lane"] == GOVERNMENT
    _complete(data_dict, known=government or user is not None)
    guest, now = user is None, utc_now()
    if guest and data_dict.get("email"):
        abuse.letter_to(data_dict["email"])
    opened = cases.open_case(
        REQUEST,
        lane=data_dict["lane"],
        title=data_dict.get("title") or _title(data_dict["items"][0]),
        reporter=cases.Reporter(
            user_id=user.id if user is not None else None,
            identity=None if government else request_form.personal(data_dict),
            body_id=_body(context, data_dict) if government else None,
        ),
        dataset_id=_dataset(data_dict.get("dataset")),
        details=request_form.details(data_dict),
        items=data_dict["items"],
        confirm=guest,
        now=now,
    )
    case_id, number = opened.case.id, opened.case.number
    if data_dict.get("upload"):
        _attach(opened.case, data_dict["upload"])
    commit(context)
    mailed = _ask_to_confirm(opened.case, opened.token) if guest else None
    return {
        "id": case_id,
        "number": number,
        "secret": opened.secret,
        "confirm": guest,
        "mailed": mailed,
    }


@validate(schema.confirm)
def satudata_request_confirm(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Confirm the e-mail address of a request, complaint or suggestion, which registers it.

    :param token: what the letter's link holds
    :returns: ``id``, ``number``, ``kind`` and ``secret`` (shown this once)
    """
    tk.check_access("satudata_request_confirm", context, data_dict)
    opened = cases.confirm(data_dict["token"], utc_now())
    if opened is None:
        model.Session.rollback()
        raise tk.ObjectNotFound(
            tk._("Nothing waits for this link: it was used already, or its time is over.")
        )
    found = {"id": opened.case.id, "number": opened.case.number, "kind": opened.case.kind}
    commit(context)
    return {**found, "secret": opened.secret}


@tk.side_effect_free
@validate(schema.suggest)
def satudata_request_suggest(context: Context, data_dict: DataDict) -> list[dict[str, str]]:
    """Find what is public already and may answer a question.

    :param q: the question, or its beginning
    :param limit: how many datasets and indicators at most
    :returns: of each ``kind`` (``dataset`` or ``indicator``), ``id``, ``name``, ``title``,
        ``organization`` (title) and ``notes``
    """
    tk.check_access("satudata_request_suggest", context, data_dict)
    limit = max(1, min(data_dict["limit"], 20))
    return [asdict(one) for one in suggestions.suggest(data_dict["q"], limit)]


@validate(schema.answered)
def satudata_request_answered(context: Context, data_dict: DataDict) -> dict[str, bool]:
    """Say that something public answers; it is counted, and nothing else is kept.

    :param kind: ``dataset`` or ``indicator``
    :param id: id or name of the dataset, or code of the indicator
    :returns: ``counted``
    """
    tk.check_access("satudata_request_answered", context, data_dict)
    abuse.paced()
    try:
        suggestions.hit(data_dict["kind"], data_dict["id"])
    except LookupError as error:
        raise tk.ObjectNotFound(tk._("There is no such public dataset.")) from error
    commit(context)
    return {"counted": True}


@validate(schema.object_)
def satudata_objection_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Object to how a request was dealt with (UU 14/2008 Ps. 35).

    It is followed with the secret code of the request.

    :param id: id or number of the request
    :param secret: its secret code, for people without an account (optional)
    :param grounds: letters of Ps. 35(1): those in the request's ``objection_grounds``
    :param text: what happened
    :returns: ``id`` and ``number`` of the objection
    """
    tk.check_access("satudata_objection_create", context, data_dict)
    abuse.paced()
    request, _ = auth.found(context, data_dict)
    now = utc_now()
    with explained():
        opened = cases.lodge(cases.locked(request.id), data_dict["grounds"], data_dict["text"], now)
    answer = {"id": opened.id, "number": opened.number}
    commit(context)
    return answer


@validate(schema.publish)
def satudata_case_publish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish a request's question, and its answer, for everybody, in words of the office.

    :param id: id or number of the request
    :param title: a line
    :param question: what was asked, so that nobody can be recognised
    :param text: the answer, in Markdown; left out while it is being prepared
    :returns: see :py:func:`satudata_request_public_list`
    """
    tk.check_access("satudata_case_publish", context, data_dict)
    case, actor = auth.found(context, data_dict)
    published.publish(
        case,
        title=data_dict["title"],
        question=data_dict["question"],
        text=data_dict.get("text") or "",
        actor=actor.user.id if actor.user else None,
        now=utc_now(),
    )
    commit(context)
    return case_shown.published(case, 0)


@tk.side_effect_free
@validate(schema.paged)
def satudata_request_public_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List what was published of requests.

    :param q: words of it
    :param limit: how many, at most 200
    :returns: ``published`` (newest first) and ``popular`` (not answered yet, those that most people
        follow first): of each ``id``, ``number``, ``title``, ``question``, ``text``, ``state``,
        ``state_label``, ``organization``, ``datasets``, ``published_at`` and ``followers``
    """
    tk.check_access("satudata_request_public_list", context, data_dict)
    limit = data_dict["limit"]
    return {
        "published": [
            case_shown.published(c, n)
            for c, n in published.listing(text=data_dict.get("q"), limit=limit)
        ],
        "popular": [case_shown.published(c, n) for c, n in published.popular(limit)],
    }


@tk.side_effect_free
@validate(schema.report)
def satudata_request_report(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Report on a year of requests and objections (UU 14/2008 Ps. 12); nothing in it is personal.

    Durations are working days from the day a complete request came in to the first full answer.

    :param year: of the registration; this year if it is left out
    :returns: ``year``, ``made_on``, ``received`` (by lane), ``states``, ``outcomes``,
        ``durations`` (``count``, ``median``, ``mean``, ``late``), ``extended``, ``grounds``,
        ``objections``, ``objection_grounds``, ``objection_days``, ``bodies`` (``id``,
        ``received``, ``durations``) and ``self_answered``
    """
    tk.check_access("satudata_request_report", context, data_dict)
    now = utc_now()
    year = data_dict.get("year") or workdays.today(now).year
    found = asdict(statistics.report(year, now))
    return {**found, "made_on": found["made_on"].isoformat()}


def _complete(data_dict: DataDict, *, known: bool) -> None:
    """Ask for what the law's form asks.

    Raises:
        tk.ValidationError: a field is empty.
    """
    empty = request_form.missing(data_dict, known=known)
    if empty:
        raise tk.ValidationError({name: [tk._("Missing value")] for name in empty})


def _attach(case: Case, file: Any) -> None:
    """Keep the file that came with the form, or nothing at all.

    Raises:
        tk.ValidationError: it is not taken.
    """
    try:
        files.attach_first(case, file)
    except tk.ValidationError:
        model.Session.rollback()
        raise


def _ask_to_confirm(case: Case, token: str) -> bool:
    """Send the letter with the link; whether it was delivered."""
    return bool(
        telling.write_to(
            case,
            "kasus-konfirmasi",
            kind=telling.KINDS[case.kind][site_language()],
            address=tk.url_for("home.index", _external=True, locale="default").rstrip("/")
            + f"/permintaan/konfirmasi/{token}",
            days=str(config.identity_unconfirmed_days()),
        )
    )


def _body(context: Context, data_dict: DataDict) -> str:
    """Id of the body for which somebody asks: the one named, or their only one."""
    user = person(context)
    mine = roles.bodies_of(user) if user is not None else []
    named = data_dict.get("organization")
    if named:
        group = model.Group.get(named)
        if group is None or group.id not in mine:
            raise tk.ValidationError({"organization": [tk._("You do not work for this body.")]})
        return group.id
    if len(mine) != 1:
        raise tk.ValidationError({"organization": [tk._("Choose the body you ask for.")]})
    return mine[0]


def _dataset(reference: str | None) -> str | None:
    package = model.Package.get(reference) if reference else None
    if package is None or package.private or package.state != model.State.ACTIVE:
        return None
    return package.id


def _title(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TITLE else line[: _TITLE - 1].rstrip() + "…"
