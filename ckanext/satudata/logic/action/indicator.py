"""The list of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.errors import ReferenceDataMissing
from ckanext.satudata.logic.auth.asking import person
from ckanext.satudata.logic.committing import commit
from ckanext.satudata.logic.schema import indicator as schema
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.store.codebook import has_figures
from ckanext.satudata.workflow import indicators, trail
from ckanext.satudata.workflow.indicator_effects import Effect, outlook
from ckanext.satudata.workflow.indicators import InvalidIndicator, Refusal, UnknownIndicator

_MOST = 1000


@validate(schema.indicator_create)
def satudata_indicator_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Add an indicator.

    You must work for the walidata.

    :param code: konsep and definisi of the national standard (``SD00282.01``; a full code
        with classification is shortened), with ``-measure`` where one standard has several,
        or a local code ``LOK.…``
    :param name: Indonesian name
    :param name_en: English name
    :param konsep: for a local code: name of the konsep it shares with indicators that look
        alike; for a code of the standard it follows from the code
    :param definition: one Indonesian sentence that tells it from its siblings
    :param definition_en: the same in English
    :param ukuran: measure, for example ``jumlah``
    :param unit: unit in which figures are kept and compared, in any usual spelling
    :param dimensions: names of code lists beyond region and period, for example
        ``["komoditas"]``
    :param abs_tol: absolute tolerance in ``unit``
    :param rel_tol: relative tolerance, a fraction
    :param additive: whether the figures of parts sum to the figure of the whole
    :param producer_org: id or name of the organization that is its produsen data
    :returns: the indicator, see :py:func:`satudata_indicator_show`
    """
    tk.check_access("satudata_indicator_create", context, data_dict)
    try:
        row = indicators.create(model.Session, data_dict)
    except InvalidIndicator as error:
        raise _invalid(error) from error
    except ReferenceDataMissing as error:
        raise _no_reference() from error
    _record(context, "indicator.create", row, after=_kept(row))
    commit(context)
    return _describe(row)


@validate(schema.indicator_update)
def satudata_indicator_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change an indicator; fields that are not sent stay as they are.

    You must work for the walidata. Code, unit and existing dimensions cannot change while
    figures of the indicator are public; a dimension can always be added. The other
    parameters are those of :py:func:`satudata_indicator_create`; an empty ``producer_org``
    takes the mandate away.

    :param id: code or number of the indicator
    :param status: ``active`` or ``retired``
    :returns: the indicator, see :py:func:`satudata_indicator_show`
    """
    tk.check_access("satudata_indicator_update", context, data_dict)
    row = _find(data_dict["id"])
    before = _kept(row)
    try:
        indicators.update(model.Session, row, data_dict)
    except InvalidIndicator as error:
        raise _invalid(error) from error
    except ReferenceDataMissing as error:
        raise _no_reference() from error
    after = _kept(row)
    changed = [name for name in after if after[name] != before[name]]
    _record(
        context,
        "indicator.update",
        row,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    commit(context)
    return _describe(row)


@tk.side_effect_free
@validate(schema.indicator_update)
def satudata_indicator_preview(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Tell what a change of an indicator would do to public figures, and change nothing.

    You must work for the walidata. The other parameters are those of
    :py:func:`satudata_indicator_update`, and so are the errors.

    :param id: code or number of the indicator
    :returns: ``figures``, the number of public ones; ``tables`` that show them (``dataset``,
        ``title`` and ``organization``); and ``effects`` of the change, each with ``field``
        and ``text``
    """
    tk.check_access("satudata_indicator_preview", context, data_dict)
    try:
        found = outlook(model.Session, _find(data_dict["id"]), data_dict)
    except InvalidIndicator as error:
        raise _invalid(error) from error
    except ReferenceDataMissing as error:
        raise _no_reference() from error
    return {
        "figures": found.figures,
        "tables": [
            {
                "dataset": p.dataset_name,
                "title": p.dataset_title,
                "organization": p.organization_title,
            }
            for p in found.publications
        ],
        "effects": [{"field": e.field, "text": _effect(e, found.figures)} for e in found.effects],
    }


@validate(schema.indicator)
def satudata_indicator_delete(context: Context, data_dict: DataDict) -> None:
    """Remove an indicator of which no figure is public.

    You must work for the walidata.

    :param id: code or number of the indicator
    """
    tk.check_access("satudata_indicator_delete", context, data_dict)
    row = _find(data_dict["id"])
    _record(context, "indicator.delete", row, before=_kept(row))
    try:
        indicators.delete(model.Session, row)
    except InvalidIndicator as error:
        raise _invalid(error) from error
    commit(context)


@tk.side_effect_free
@validate(schema.indicator)
def satudata_indicator_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show an indicator.

    :param id: code (a full code of the standard too) or number of the indicator
    :returns: what was given at creation, with ``id``, ``konsep``, ``standard_code``,
        ``status``, ``producer`` (id, name and title, or None) and ``has_figures``
    """
    tk.check_access("satudata_indicator_show", context, data_dict)
    return _describe(_find(data_dict["id"]))


@tk.side_effect_free
@validate(schema.indicator_list)
def satudata_indicator_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List indicators by code.

    :param q: text in code, name or konsep
    :param konsep: only indicators of this konsep
    :param producer_org: only indicators whose produsen data is this organization
    :param mandate: only indicators that have a produsen data (true), or have none (false)
    :param status: ``active`` or ``retired``
    :param limit: how many to return, at most 1000
    :param offset: how many to leave out at the start
    :returns: ``count`` of all that match and ``results``
    """
    tk.check_access("satudata_indicator_list", context, data_dict)
    row = IndicatorRow
    query = sa.select(row)
    if data_dict.get("q"):
        text = data_dict["q"].strip()
        columns = (row.code, row.name, row.name_en, row.konsep)
        query = query.where(sa.or_(*(c.icontains(text, autoescape=True) for c in columns)))
    if data_dict.get("konsep"):
        query = query.where(row.konsep == data_dict["konsep"])
    if data_dict.get("status"):
        query = query.where(row.status == data_dict["status"])
    if data_dict.get("producer_org"):
        group = model.Group.get(data_dict["producer_org"])
        query = query.where(row.producer_org == (group.id if group else ""))
    if data_dict.get("mandate") is not None:
        decided = row.producer_org.is_not(None)
        query = query.where(decided if data_dict["mandate"] else ~decided)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    limit = min(data_dict["limit"], _MOST)
    page = query.order_by(row.code).limit(limit).offset(data_dict["offset"])
    return {"count": count, "results": [_describe(r) for r in model.Session.scalars(page)]}


def _find(reference: str) -> IndicatorRow:
    try:
        return indicators.find(model.Session, reference)
    except UnknownIndicator as error:
        raise tk.ObjectNotFound(
            tk._("There is no indicator '{code}'.").format(code=reference)
        ) from error


def _describe(row: IndicatorRow) -> dict[str, Any]:
    group = model.Group.get(row.producer_org) if row.producer_org else None
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "konsep": row.konsep,
        "definition": row.definition,
        "definition_en": row.definition_en,
        "ukuran": row.ukuran,
        "unit": row.unit,
        "dimensions": [d["name"] for d in row.dimensions],
        "abs_tol": row.abs_tol,
        "rel_tol": row.rel_tol,
        "additive": row.additive,
        "producer_org": row.producer_org,
        "producer": {"id": group.id, "name": group.name, "title": group.title} if group else None,
        "standard_code": row.standard_code,
        "status": row.status,
        "has_figures": has_figures(model.Session, row.id),
        "created": row.created.isoformat(),
        "updated": row.updated.isoformat(),
    }


def _kept(row: IndicatorRow) -> dict[str, Any]:
    """What the audit trail keeps of an indicator."""
    names = (c.name for c in IndicatorRow.__table__.c)
    return {name: getattr(row, name) for name in names if name not in ("id", "created", "updated")}


def _record(
    context: Context,
    action: str,
    row: IndicatorRow,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    user = person(context)
    trail.record(
        action,
        trail.Subject("indicator", row.code, row.name),
        actor=user.id if user else None,
        organization=row.producer_org,
        before=before,
        after=after,
    )


def _invalid(error: InvalidIndicator) -> tk.ValidationError:
    model.Session.rollback()
    return tk.ValidationError({field: [_explain(why)] for field, why in error.fields.items()})


def _no_reference() -> tk.ValidationError:
    model.Session.rollback()
    text = tk._("No reference data are loaded. Run 'ckan satudata reference load'.")
    return tk.ValidationError({"unit": [text]})


def _explain(why: Refusal) -> str:
    texts: Mapping[str, str] = {
        "missing": tk._("Missing value"),
        "code-bad": tk._(
            "'{code}' is no indicator code. Write one of the standard, SD00282.01, or a local "
            "one in capitals, LOK.STOK_PASAR."
        ),
        "code-taken": tk._("There is an indicator {code} already. Change that one."),
        "not-in-standard": tk._(
            "{code} is not in the national standard. Look it up there, or use a local code LOK.…"
        ),
        "fixed": tk._(
            "Figures of {code} are public and mean what they mean by this. Make a new indicator, "
            "or unpublish them first."
        ),
        "has-figures": tk._("Figures of {code} are public. Set its status to retired instead."),
        "asked-for": tk._(
            "Kecamatan hand in figures of {code}. Set its status to retired instead."
        ),
        "unit-unknown": tk._("'{unit}' is no known unit. Choose one from the list of units."),
        "ukuran-unknown": tk._("'{ukuran}' is no known measure. Choose one from the list."),
        "not-additive": tk._(
            "Parts of the measure '{ukuran}' do not sum to the whole. Leave this unticked."
        ),
        "tolerance-bad": tk._(
            "{found} is no tolerance. Write zero or more; a relative one is below 1 (0.01 is 1 %)."
        ),
        "producer-unknown": tk._("There is no organization '{found}'."),
        "dimension-unknown": tk._(
            "'{found}' is no code list that can be a dimension. Region and period are always there."
        ),
        "dimension-no-room": tk._(
            "There is no room for the dimension '{found}' beside the others. Leave one out."
        ),
        "status-unknown": tk._("'{found}' is no status. Choose one of: {known}."),
    }
    return texts[why.rule].format(**why.params)


def _effect(effect: Effect, figures: int) -> str:
    texts: Mapping[str, str] = {
        "words": tk._(
            "{figures} public figures will be read with the new words. If they mean something "
            "else from now on, make a new indicator instead."
        ),
        "tolerance": tk._(
            "Objects whose public values differ by more than the tolerance: {then} afterwards, "
            "{now} now. They stay public; whoever saves such a table next is held back."
        ),
        "sums": tk._("From the next check on, parts must sum to the whole."),
        "no-sums": tk._("Parts no longer have to sum to the whole."),
        "dimension": tk._(
            "{figures} public figures will count as the total over: {names}. Tables that are "
            "split by it can be published beside them."
        ),
        "mandate": tk._(
            "{new} becomes the producer. Figures of others stay public: {others}. From the next "
            "check on, they may repeat the figures of {new} and not contradict them."
        ),
        "mandate-own": tk._("{new} becomes the producer. All public figures are its own."),
        "mandate-ends": tk._(
            "{old} is no longer the producer. {figures} public figures stay; between agencies "
            "that differ, no one's figure takes precedence."
        ),
        "retired": tk._("{figures} public figures stay public. New ones are refused."),
        "active": tk._("New figures can be published again."),
    }
    return texts[effect.rule].format(figures=figures, **effect.params)
