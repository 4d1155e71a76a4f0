"""Complaints and suggestions: reporting, who may be responsible, numbers, and the export.

Once reported they are cases: ``satudata_case_show``, ``_list``, ``_move`` and ``_say`` do the rest.
"""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict, ErrorDict

from ckanext.satudata import abuse, workdays
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.committing import commit
from ckanext.satudata.logic.schema import complaint as schema
from ckanext.satudata.model.case import ANONYMOUS, CONFIDENTIAL, OPEN, Case
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow.cases import (
    cases,
    complaint_bodies,
    complaint_statistics,
    figures,
    sp4n,
    telling,
)

#: Days that one export covers at most.
_MOST_DAYS = 366
_FORM = "pengaduan"


@validate(schema.create)
def satudata_complaint_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Report that something is wrong, or could be better.

    Of an anonymous report nothing is kept that tells who sent it. Of a confidential one name and
    address are sealed, and the account is not kept. Without an account this goes through the
    portal's form only.

    :param kind: ``pengaduan`` or ``aspirasi``
    :param title: what it is about, in a line
    :param body: what happened, where, since when
    :param mode: ``terbuka``, ``rahasia`` or ``anonim``
    :param about: ``angka``, ``dataset``, ``layanan`` or ``portal`` (default: what is named below)
    :param dataset: id or name of the public dataset it is about (optional)
    :param indicator: code of the indicator of the figure it is about (optional)
    :param region: region of that figure
    :param period: period of that figure
    :param dimensions: further classifications of that figure: dimension -> code
    :param name: who reports (needed without an account, unless anonymous)
    :param email: where the portal writes to (likewise)
    :param phone: (optional)
    :returns: ``id``, ``number``, ``state``, ``secret`` (told this once; needed to follow the report
        without an account), ``confirm``: whether the e-mail has to be confirmed first (there is no
        number and no secret then) and ``mailed``: whether the letter could be sent
    """
    tk.check_access("satudata_complaint_create", context, data_dict)
    proved = abuse.passed(_FORM).proved
    reporter = _reporter(context, data_dict)
    figure = _figure(data_dict)
    dataset = figure["dataset"] if figure else _dataset(data_dict.get("dataset"))
    confirm = not proved and reporter.mode != ANONYMOUS
    if reporter.identity is not None:
        abuse.letter_to(reporter.identity["email"])
    opened = cases.open_case(
        data_dict["kind"],
        title=data_dict["title"],
        body=data_dict["body"],
        reporter=reporter,
        dataset_id=dataset,
        figure=figure,
        details={"about": _about(data_dict, dataset, figure)},
        confirm=confirm,
        now=utc_now(),
    )
    made: dict[str, Any] = {
        "id": opened.case.id,
        "number": opened.case.number,
        "state": opened.case.state,
        "secret": opened.secret or None,
        "confirm": confirm,
        "mailed": None,
    }
    commit(context)
    if confirm:
        made["mailed"] = telling.ask_to_confirm(opened.case, opened.token)
    return made


@tk.side_effect_free
@validate(schema.suggest)
def satudata_complaint_suggest(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Suggest the agencies whose duty a report seems to be, the likeliest first.

    :param id: id or number of a complaint or suggestion
    :param text: a text, instead of a report
    :returns: up to three, each with ``id``, ``name``, ``title`` and ``reasons``: ``source``
        (``dataset``, ``indicator``, ``affair``, ``tupoksi``, ``name``, ``produces``), ``words`` of
        the report and ``label`` (of the urusan, dataset or indicator)
    """
    tk.check_access("satudata_complaint_suggest", context, data_dict)
    if data_dict.get("id"):
        case = _complaint(data_dict["id"])
        text = f"{case.title}\n{case.body}"
        figure = case.figure or {}
        found = complaint_bodies.suggest(
            model.Session, text, dataset=case.dataset_id, indicator=figure.get("indicator")
        )
    else:
        found = complaint_bodies.suggest(model.Session, data_dict.get("text") or "")
    out = []
    for one in found:
        group = model.Group.get(one.body)
        if group is not None:
            out.append(
                {
                    "id": group.id,
                    "name": group.name,
                    "title": group.title or group.name,
                    "reasons": [asdict(reason) for reason in one.reasons],
                }
            )
    return out


@tk.side_effect_free
@validate(schema.statistics)
def satudata_complaint_statistics(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Tell how many complaints and suggestions came in, were answered, and how fast.

    :param year: in which they were registered (default: this year)
    :returns: ``year``, ``years`` (those with any), ``total``, ``kinds`` and ``organizations``, each
        with ``received``, ``answered``, ``closed``, ``open``, ``overdue`` and ``median_days``
        (None of fewer than ``least`` answers), ``waiting`` (not handed to an agency yet), ``modes``
        (empty where one has fewer than ``least``) and ``least``
    """
    tk.check_access("satudata_complaint_statistics", context, data_dict)
    now = utc_now()
    year = data_dict.get("year") or workdays.today(now).year
    found = complaint_statistics.of_year(model.Session, year, now)
    return {
        "year": found.year,
        "years": list(found.years),
        "total": asdict(found.total),
        "kinds": {kind: asdict(numbers) for kind, numbers in found.kinds.items()},
        "organizations": [
            {"id": b.id, "name": b.name, "title": b.title, **asdict(b.numbers)}
            for b in found.bodies
        ],
        "waiting": found.waiting,
        "modes": found.modes,
        "least": complaint_statistics.LEAST,
    }


@tk.side_effect_free
@validate(schema.export)
def satudata_complaint_export(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Export the complaints and suggestions registered in some days, for SP4N-LAPOR!.

    Nothing in it tells who reported.

    :param first: first day, such as ``2026-01-01``
    :param last: last day, at most a year later
    :param format: ``json`` or ``csv``
    :returns: of ``json`` the document (``format``, ``versi``, ``dibuat``, ``laporan``), of ``csv``
        the file: ``filename`` and ``content`` (Base64)
    """
    tk.check_access("satudata_complaint_export", context, data_dict)
    first, last = data_dict["first"], data_dict["last"]
    if not 0 <= (last - first).days <= _MOST_DAYS:
        message = tk._("The last day must not be before the first, and at most a year after it.")
        raise tk.ValidationError({"last": [message]})
    site = str(tk.config.get("ckan.site_url")).rstrip("/")
    rows = sp4n.rows(model.Session, first, last, site=site)
    if data_dict["format"] == "csv":
        content = base64.b64encode(sp4n.as_csv(rows)).decode()
        return {"filename": f"sp4n-{first}-{last}.csv", "content": content}
    return sp4n.as_document(rows, utc_now())


def _reporter(context: Context, data_dict: DataDict) -> cases.Reporter:
    mode, user = data_dict["mode"], person(context)
    if mode == ANONYMOUS:
        return cases.Reporter(mode=ANONYMOUS)
    if mode == OPEN and user is not None:
        return cases.Reporter(user_id=user.id, mode=OPEN)
    told = {n: data_dict.get(n) or "" for n in ("name", "email", "phone")}
    if user is not None:
        told = {**told, "name": user.display_name, "email": told["email"] or user.email or ""}
    missing: ErrorDict = {
        field: [tk._("Without it, please report anonymously.")]
        for field in ("name", "email")
        if not told[field]
    }
    if missing:
        raise tk.ValidationError(missing)
    return cases.Reporter(identity=told, mode=CONFIDENTIAL if mode == CONFIDENTIAL else OPEN)


def _figure(data_dict: DataDict) -> dict[str, Any] | None:
    if not data_dict.get("indicator"):
        return None
    named = figures.Named(
        data_dict["indicator"],
        data_dict.get("region") or "",
        data_dict.get("period") or "",
        data_dict.get("dimensions") or {},
        data_dict.get("dataset") or "",
    )
    try:
        return figures.shown(model.Session, named)
    except figures.NoFigure as error:
        message = tk._("The portal shows no such figure.")
        raise tk.ValidationError({error.field: [message]}) from error


def _dataset(reference: str | None) -> str | None:
    """Id of a dataset that everybody may see."""
    if not reference:
        return None
    try:
        return tk.get_action("package_show")({"user": ""}, {"id": reference})["id"]
    except (tk.ObjectNotFound, tk.NotAuthorized) as error:
        message = tk._("There is no such public dataset.")
        raise tk.ValidationError({"dataset": [message]}) from error


def _about(data_dict: DataDict, dataset: str | None, figure: dict[str, Any] | None) -> str:
    if figure:
        return "angka"
    given = data_dict.get("about") or ("dataset" if dataset else "layanan")
    return "layanan" if given == "angka" else given


def _complaint(reference: str) -> Case:
    try:
        found = cases.get(reference)
    except LookupError:
        found = None
    if found is None or found.kind not in complaint_statistics.KINDS:
        raise tk.ObjectNotFound(tk._("There is no such report."))
    return found
