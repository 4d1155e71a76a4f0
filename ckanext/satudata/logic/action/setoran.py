"""Setoran: what kecamatan hand in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict
from werkzeug.datastructures import FileStorage

from ckanext.satudata import workdays
from ckanext.satudata.extract.readers import ReadError
from ckanext.satudata.letters import page_language
from ckanext.satudata.logic import setoran_shown as shown
from ckanext.satudata.logic.auth.setoran import asked_of
from ckanext.satudata.logic.schema import setoran as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.setoran import RECEIVED, Obligation, Setoran
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow import comparing, documents, roles
from ckanext.satudata.workflow.setoran import cells, handing, uploading
from ckanext.satudata.workflow.setoran.cells import Change, Form, Key

_MOST = 1000


@tk.side_effect_free
@validate(schema.setoran_list)
def satudata_setoran_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the setoran that concern you, those due first on top.

    :param obligation: only of this obligation
    :param organization: only of this kecamatan's body (id or name)
    :param state: ``terbuka``, ``diisi``, ``dikirim``, ``ditanyakan`` or ``diterima``
    :param period: only of this period
    :param overdue: only those that should have been handed in and were not
    :param limit: how many to return, at most 1000
    :param offset: how many to leave out at the start
    :returns: ``count`` of all that match and ``results``, see :py:func:`satudata_setoran_show`,
        without cells
    """
    tk.check_access("satudata_setoran_list", context, data_dict)
    query = sa.select(Setoran)
    user = _person(context)
    if not roles.is_walidata(user):
        mine = roles.bodies_of(user)
        received = sa.select(Obligation.id).where(Obligation.organization_id.in_(mine))
        query = query.where(Setoran.organization_id.in_(mine) | Setoran.obligation_id.in_(received))
    if data_dict.get("organization"):
        body = model.Group.get(data_dict["organization"])
        query = query.where(Setoran.organization_id == (body.id if body else ""))
    for field, column in (("obligation", Setoran.obligation_id), ("state", Setoran.state)):
        if data_dict.get(field):
            query = query.where(column == data_dict[field])
    if data_dict.get("period"):
        query = query.where(Setoran.period == data_dict["period"])
    if data_dict.get("overdue"):
        today = workdays.today(utc_now())
        query = query.where(
            Setoran.due_on < today, Setoran.state.not_in(RECEIVED), Setoran.sent == 0
        )
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    page = (
        query.order_by(Setoran.due_on, Setoran.obligation_id, Setoran.region)
        .limit(min(data_dict["limit"], _MOST))
        .offset(data_dict["offset"])
    )
    lang = page_language()
    return {
        "count": count,
        "results": [shown.setoran(s, lang) for s in model.Session.scalars(page)],
    }


@tk.side_effect_free
@validate(schema.one)
def satudata_setoran_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a setoran with its cells.

    You must work for the kecamatan, the receiving agency or the walidata.

    :param id: id of the setoran
    :returns: whose it is, its period, when it is due and in which ``state``; ``regions`` and
        ``classes`` of the grid; ``cells``, each with ``text`` as typed, ``value`` as read,
        ``missing`` (why there is none), ``version``, ``previous`` (the period before), ``remarks``
        of the rules, ``question`` and ``answer``; and how far it is: ``asked``, ``filled``,
        ``blocking`` and ``unanswered``
    """
    tk.check_access("satudata_setoran_show", context, data_dict)
    found = model.Session.get_one(Setoran, data_dict["id"])
    form = cells.form_of(found, load_codebook(model.Session))
    return shown.grid(form, page_language())


@validate(schema.save)
def satudata_setoran_save(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Keep what was typed into cells, and say what the rules say of the setoran now.

    You must work for the kecamatan. A text that cannot be read is kept too, so that it can be
    mended. A cell that somebody else changed after you saw it stays as it is and is named in
    ``conflicts``; the other cells are saved.

    :param id: id of the setoran
    :param cells: list of objects with ``region``, ``classification``, ``version`` (as shown; left
        out, whatever is there is overwritten) and ``text`` or ``missing`` (why there is no figure)
    :returns: see :py:func:`satudata_setoran_show`, and ``conflicts``: list of ``region`` and
        ``classification``
    """
    tk.check_access("satudata_setoran_save", context, data_dict)
    form = locked_form(data_dict["id"])
    changes = [
        Change(
            Key(c["region"], c.get("classification") or ""),
            c.get("text"),
            c.get("missing"),
            c["version"],
        )
        for c in data_dict["cells"]
    ]
    return _saved(context, data_dict, form, changes)


@validate(schema.upload)
def satudata_setoran_upload(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Fill a setoran in from a filled template (XLSX, ODS or CSV).

    You must work for the kecamatan. Rows of other regions and periods are left out; cells that the
    file leaves empty stay as they are.

    :param id: id of the setoran
    :param upload: the file (multipart)
    :returns: see :py:func:`satudata_setoran_save`
    """
    tk.check_access("satudata_setoran_upload", context, data_dict)
    form = locked_form(data_dict["id"])
    file = data_dict["upload"]
    if not isinstance(file, FileStorage):
        raise tk.ValidationError({"upload": [tk._("Choose a file.")]})
    name = file.filename or "setoran"
    with tempfile.NamedTemporaryFile() as kept:
        file.save(kept)
        kept.flush()
        try:
            changes, problems = uploading.read(kept.name, name, form, comparing.limits())
        except ReadError as error:
            text = documents.read_error(error, page_language())
            raise tk.ValidationError({"upload": [text]}) from error
        except uploading.NoTemplate:
            text = tk._("This is not the template of {indicator}. Download it from this page.")
            raise tk.ValidationError(
                {"upload": [text.format(indicator=form.indicator.name)]}
            ) from None
    if problems:
        texts = documents.as_sentences(problems, page_language())
        raise tk.ValidationError({"upload": texts})
    if not changes:
        text = tk._("The file holds no figure of this kecamatan and period.")
        raise tk.ValidationError({"upload": [text]})
    return _saved(context, data_dict, form, changes)


@validate(schema.submit)
def satudata_setoran_submit(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Hand a setoran in.

    You must work for the kecamatan. Every cell must hold a figure, or the reason why there is
    none, and every question of the agency must be answered.

    :param id: id of the setoran
    :param version: of the setoran that you saw
    :param responsible: name of the official who answers for the figures
    :returns: see :py:func:`satudata_setoran_show`
    """
    tk.check_access("satudata_setoran_submit", context, data_dict)
    form = locked_form(data_dict["id"])
    try:
        handing.submit(
            form,
            version=data_dict["version"],
            responsible=data_dict["responsible"],
            user=user_of(context),
            now=utc_now(),
            lang=page_language(),
        )
    except cells.NotWritable:
        raise _refused(tk._("This setoran was handed in already.")) from None
    except handing.ChangedSince:
        text = tk._("Somebody has changed this setoran meanwhile. Look at it again, then hand in.")
        raise _refused(text) from None
    except handing.NotComplete as error:
        raise _incomplete(error, form) from error
    return _done(context, data_dict, form)


@validate(schema.about_cell)
def satudata_setoran_answer(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Answer what the agency asks about a cell.

    You must work for the kecamatan. Change the figure first if it was wrong.

    :param id: id of the setoran
    :param region: code of the cell's region
    :param classification: the cell's classification
    :param text: the answer
    :returns: see :py:func:`satudata_setoran_show`
    """
    tk.check_access("satudata_setoran_answer", context, data_dict)
    form = locked_form(data_dict["id"])
    key = Key(data_dict["region"], data_dict.get("classification") or "")
    try:
        handing.answer(form, key, data_dict["text"], user=user_of(context), now=utc_now())
    except cells.NotWritable:
        raise _refused(tk._("This setoran was handed in already.")) from None
    except handing.NothingAsked:
        raise _refused(tk._("Nothing is asked about this cell.")) from None
    return _done(context, data_dict, form)


def _saved(
    context: Context, data_dict: DataDict, form: Form, changes: list[Change]
) -> dict[str, Any]:
    try:
        saved = cells.save(form, changes, user_of(context), utc_now())
    except cells.NotWritable:
        raise _refused(tk._("This setoran was handed in already.")) from None
    except cells.UnknownCell as error:
        model.Session.rollback()
        text = tk._("This setoran does not ask for {cell}.").format(cell=error)
        raise tk.ValidationError({"cells": [text]}) from error
    conflicts = [
        {"region": s.key.region, "classification": s.key.classification}
        for s in saved
        if s.conflict
    ]
    return {**_done(context, data_dict, form), "conflicts": conflicts}


def _done(context: Context, data_dict: DataDict, form: Form) -> dict[str, Any]:
    model.Session.flush()
    out = shown.grid(form, page_language())
    commit(context)
    return out


def _incomplete(error: handing.NotComplete, form: Form) -> tk.ValidationError:
    texts = []
    if error.empty:
        texts.append(
            tk._("{count} cell(s) are empty. Write a figure, or '-' and the reason.").format(
                count=len(error.empty)
            )
        )
    if error.unanswered:
        texts.append(
            tk._("{count} question(s) of the agency have no answer yet.").format(
                count=len(error.unanswered)
            )
        )
    for one in error.remarks[:5]:
        told = shown.remark(one, form)
        where = form.book.regions.codes[one.key.region].label
        texts.append(f"{where}: {told['message']} {told['advice']}")
    model.Session.rollback()
    return tk.ValidationError({"cells": texts})


def _refused(text: str) -> tk.ValidationError:
    model.Session.rollback()
    return tk.ValidationError({"id": [text]})


def locked_form(setoran: str) -> Form:
    """A setoran that nobody else changes until the transaction ends."""
    found = Setoran.locked(setoran)
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such setoran."))
    return cells.form_of(found, load_codebook(model.Session))


def concerning(context: Context, found: Iterable[Obligation]) -> list[Obligation]:
    """The obligations that concern whoever asks."""
    user = _person(context)
    if roles.is_walidata(user):
        return list(found)
    mine = roles.bodies_of(user)
    return [one for one in found if one.organization_id in mine or asked_of(one, mine)]


def user_of(context: Context) -> str:
    """Id of the person who asks."""
    return _person(context).id


def _person(context: Context) -> model.User:
    user = context.get("auth_user_obj")
    if not isinstance(user, model.User):
        raise tk.NotAuthorized(tk._("Sign in first."))
    return user


def commit(context: Context) -> None:
    """End the transaction, unless the caller does."""
    if not context.get("defer_commit"):
        model.repo.commit()
