"""Obligations: which kecamatan hand in which figures, to whom and until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.letters import page_language
from ckanext.satudata.logic import setoran_shown as shown
from ckanext.satudata.logic.schema import setoran as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.setoran import Obligation
from ckanext.satudata.workflow.indicators import Refusal
from ckanext.satudata.workflow.setoran import calendar, obligations
from ckanext.satudata.workflow.setoran.obligations import InvalidObligation

from .setoran import commit, concerning, user_of


@validate(schema.obligation_create)
def satudata_obligation_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask kecamatan for figures of an indicator, again and again.

    You must work for the walidata, or for the agency that is to receive the figures. What
    is due already is opened at once.

    :param indicator: code of the indicator
    :param organization: id or name of the agency that receives the figures
    :param frequency: ``harian``, ``mingguan``, ``bulanan``, ``triwulanan``, ``semesteran`` or
        ``tahunan``
    :param level: ``kecamatan`` (default) for one figure each, ``desa`` for one of each of its desa
    :param regions: list of Kemendagri codes of kecamatan (default: all of this kabupaten)
    :param classes: codes asked of each dimension, for example ``{"komoditas": ["padi"]}``; a
        dimension left out is asked for as its total
    :param due_days: until how many working days after the period's end (default 5)
    :param method: how the kabupaten's figure follows: ``jumlah``, ``rata-rata-tertimbang``,
        ``rata-rata``, ``terbesar``, ``terkecil`` or ``tanpa`` (default: by the indicator's measure)
    :param weight: code of the indicator by which averages are weighted
    :param active_from: first day; periods that begin before it are not asked (default: today)
    :param active_to: last day on which a period that is asked may begin
    :param instructions: what the kecamatan should know, in Indonesian
    :param instructions_en: the same in English
    :returns: the obligation, see :py:func:`satudata_obligation_show`
    """
    tk.check_access("satudata_obligation_create", context, data_dict)
    try:
        made = obligations.create(data_dict, user_of(context))
    except InvalidObligation as error:
        raise _invalid(error) from error
    return _saved(made, context, data_dict)


@validate(schema.obligation_update)
def satudata_obligation_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change an obligation; fields that are not sent stay as they are.

    You must work for the walidata or the receiving agency. Indicator, frequency and level cannot
    change once a kecamatan was asked; end the obligation and make another one. What is open
    already stays as it was asked. The other parameters are those of
    :py:func:`satudata_obligation_create`.

    :param id: id of the obligation
    :returns: the obligation, see :py:func:`satudata_obligation_show`
    """
    tk.check_access("satudata_obligation_update", context, data_dict)
    found = _found(data_dict["id"])
    given = {k: v for k, v in data_dict.items() if k != "id"}
    try:
        obligations.update(found, given, user_of(context))
    except InvalidObligation as error:
        raise _invalid(error) from error
    return _saved(found, context, data_dict)


@validate(schema.obligation_end)
def satudata_obligation_end(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask for no period that begins after a day; what is open stays due.

    You must work for the walidata or the receiving agency.

    :param id: id of the obligation
    :param last: the day, for example ``2026-12-31``
    :returns: the obligation, see :py:func:`satudata_obligation_show`
    """
    tk.check_access("satudata_obligation_end", context, data_dict)
    found = _found(data_dict["id"])
    try:
        obligations.end(found, data_dict["last"], user_of(context))
    except InvalidObligation as error:
        raise _invalid(error) from error
    return _saved(found, context, data_dict)


@tk.side_effect_free
@validate(schema.obligation_list)
def satudata_obligation_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the obligations that concern you: as a kecamatan, as the agency, as the walidata.

    :param organization: only those whose figures this agency receives (id or name)
    :returns: see :py:func:`satudata_obligation_show`
    """
    tk.check_access("satudata_obligation_list", context, data_dict)
    query = sa.select(Obligation).order_by(Obligation.created_at, Obligation.id)
    if data_dict.get("organization"):
        body = model.Group.get(data_dict["organization"])
        query = query.where(Obligation.organization_id == (body.id if body else ""))
    found = concerning(context, model.Session.scalars(query))
    return [shown.obligation(one, page_language()) for one in found]


@tk.side_effect_free
@validate(schema.one)
def satudata_obligation_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show an obligation.

    :param id: id of the obligation
    :returns: what was given at creation, with ``indicator_name``, ``unit``,
        ``organization_title``, ``regions`` (code and label), ``classifications`` (id and label),
        ``instruction`` in the page's language, ``next`` (the next period that will be asked, when
        it opens and is due) and ``dataset`` (id of the dataset made of it, or None)
    """
    tk.check_access("satudata_obligation_show", context, data_dict)
    return shown.obligation(_found(data_dict["id"]), page_language())


def _saved(found: Obligation, context: Context, data_dict: DataDict) -> dict[str, Any]:
    name = found.id
    commit(context)
    if not context.get("defer_commit"):
        calendar.open_due(utc_now())
    return shown.obligation(_found(name), page_language())


def _found(obligation: str) -> Obligation:
    found = obligations.find(obligation)
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such obligation."))
    return found


def _invalid(error: InvalidObligation) -> tk.ValidationError:
    model.Session.rollback()
    return tk.ValidationError({field: [_explain(why)] for field, why in error.fields.items()})


def _explain(why: Refusal) -> str:
    texts: Mapping[str, str] = {
        "fixed": tk._(
            "Kecamatan were asked for this already. End this obligation and make another one."
        ),
        "indicator-unknown": tk._("There is no indicator {found} in use."),
        "organization-unknown": tk._("There is no such agency."),
        "one-of": tk._("Choose one of: {known}."),
        "due-days": tk._("Write a whole number of working days, 0 to {most}."),
        "day": tk._("Write a day, for example 2026-01-31."),
        "ends-before": tk._("The last day lies before the first one, {first}."),
        "region-unknown": tk._("These are no kecamatan of this kabupaten: {found}."),
        "class-unknown": tk._("The indicator is not split by: {found}."),
        "too-many": tk._("That would be {cells} cells, more than {most}. Ask for fewer codes."),
        "not-additive": tk._(
            "Parts of the measure '{ukuran}' do not sum to the whole. Choose another method."
        ),
        "weight-missing": tk._("Choose the indicator by which the average is weighted."),
    }
    return texts[why.rule].format(**why.params)
