"""Setoran on the agency's side: completeness, questions, acceptance, recap, origin."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.consistency import period as periods
from ckanext.satudata.letters import page_language
from ckanext.satudata.logic import setoran_shown as shown
from ckanext.satudata.logic.schema import setoran as schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.setoran import Obligation, Recap, Setoran
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow.setoran import (
    analysis,
    cells,
    computing,
    handing,
    recapping,
    tracing,
)
from ckanext.satudata.workflow.setoran.cells import Key

from .setoran import commit, locked_form, user_of

_MOST_PERIODS = 120


@tk.side_effect_free
@validate(schema.matrix)
def satudata_setoran_matrix(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show who has handed in what: kecamatan by period.

    You must work for the receiving agency or the walidata.

    :param id: id of the obligation
    :param periods: how many of the newest periods, at most 120
    :returns: ``periods`` (oldest first), and ``rows``: ``region``, and ``setoran``, for each period
        the setoran (see :py:func:`satudata_setoran_list`) or None
    """
    tk.check_access("satudata_setoran_matrix", context, data_dict)
    obligation = model.Session.get_one(Obligation, data_dict["id"])
    lang, book = page_language(), load_codebook(model.Session)
    known = model.Session.execute(
        sa.select(Setoran.period, Setoran.period_end)
        .where(Setoran.obligation_id == obligation.id)
        .distinct()
        .order_by(Setoran.period_end.desc())
        .limit(min(max(1, data_dict["periods"]), _MOST_PERIODS))
    )
    wanted = [row.period for row in known][::-1]
    found = model.Session.scalars(
        sa.select(Setoran).where(Setoran.obligation_id == obligation.id, Setoran.period.in_(wanted))
    )
    by_place = {(one.region, one.period): shown.setoran(one, lang) for one in found}
    places = dict.fromkeys([*obligation.regions, *sorted({region for region, _ in by_place})])
    return {
        "periods": [shown.period(periods.parse(p), lang) for p in wanted],
        "rows": [
            {
                "region": shown.region(code, book),
                "setoran": [by_place.get((code, p)) for p in wanted],
            }
            for code in places
        ],
    }


@validate(schema.about_cell)
def satudata_setoran_ask(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Ask the kecamatan about a cell; it can then change the figure, answers, and hands in again.

    You must work for the receiving agency.

    :param id: id of the setoran
    :param region: code of the cell's region
    :param classification: the cell's classification
    :param text: the question
    :returns: see :py:func:`satudata_setoran_show`
    """
    tk.check_access("satudata_setoran_ask", context, data_dict)
    form = locked_form(data_dict["id"])
    key = Key(data_dict["region"], data_dict.get("classification") or "")
    try:
        handing.ask(form, key, data_dict["text"], user=user_of(context), now=utc_now())
    except handing.NotReceived:
        raise _refused(tk._("The kecamatan has not handed this in yet.")) from None
    except cells.UnknownCell:
        raise _refused(tk._("This setoran does not ask for that cell.")) from None
    out = shown.grid(form, page_language())
    commit(context)
    return out


@validate(schema.accept)
def satudata_setoran_accept(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Accept what a kecamatan handed in; from then on it counts in the recap.

    You must work for the receiving agency.

    :param id: id of the setoran
    :param version: of the setoran that you saw; left out, whatever was handed in is accepted
    :returns: see :py:func:`satudata_setoran_show`
    """
    tk.check_access("satudata_setoran_accept", context, data_dict)
    form = locked_form(data_dict["id"])
    try:
        handing.accept(
            form.setoran, version=data_dict.get("version"), user=user_of(context), now=utc_now()
        )
    except handing.NotReceived:
        raise _refused(tk._("Only what was handed in and not accepted can be accepted.")) from None
    except handing.ChangedSince:
        text = tk._("The kecamatan has changed this setoran meanwhile. Look at it again.")
        raise _refused(text) from None
    out = shown.grid(form, page_language())
    commit(context)
    return out


@tk.side_effect_free
@validate(schema.recap)
def satudata_setoran_analysis(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show what a recap of a period would say now, and what is to be seen in it.

    You must work for the receiving agency or the walidata.

    :param id: id of the obligation
    :param period: the period
    :returns: ``lines``, each with ``region``, ``value`` (exact), ``before`` (period before),
        ``change``, ``percent``, ``share`` of the kabupaten's figure and ``stands_out`` (a
        modified z-score, or None); ``missing`` regions with ``why``; ``complete``;
        ``unweighted`` regions; ``recapped_at`` and ``changed`` (whether a recap would differ
        from the last one)
    """
    tk.check_access("satudata_setoran_analysis", context, data_dict)
    obligation = model.Session.get_one(Obligation, data_dict["id"])
    book, lang = load_codebook(model.Session), page_language()
    computed = computing.compute(obligation, data_dict["period"], book)
    told = analysis.tell(obligation, computed, book)
    kept = next(
        (r for r in recapping.newest_recaps(obligation.id) if r.period == computed.period), None
    )
    values = {(r["region"], r["classification"]): r["value"] for r in kept.rows} if kept else {}
    now = {(r.region, r.classification): r.value for r in computed.lines}
    return {
        **shown.recap(obligation, computed, told, lang),
        "dataset": kept.dataset_id if kept else None,
        "recapped_at": kept.created_at.isoformat() if kept else None,
        "changed": kept is None or values != now,
    }


@validate(schema.recap)
def satudata_setoran_recap(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Recap a period into the agency's dataset, as far as setoran of it are accepted.

    You must work for the receiving agency. The first recap makes a draft; while the dataset is
    no public one, its table is renewed; once it is public, a revision waits beside it. Nothing
    becomes public by this.

    :param id: id of the obligation
    :param period: the period
    :returns: ``dataset`` (id), ``revision`` (id, or None), ``period``, ``figures`` and ``missing``
        (codes of regions without a figure)
    """
    tk.check_access("satudata_setoran_recap", context, data_dict)
    obligation = model.Session.get_one(Obligation, data_dict["id"])
    user_of(context)
    try:
        made = recapping.recap(obligation, data_dict["period"], context, utc_now())
    except recapping.NothingAccepted:
        text = tk._("Nothing of this period is accepted yet.")
        raise tk.ValidationError({"period": [text]}) from None
    out = {
        "dataset": made.dataset_id,
        "revision": made.revision_id,
        "period": made.period,
        "figures": sum(1 for row in made.rows if row["value"]),
        "missing": sorted({gap["region"] for gap in made.missing}),
    }
    commit(context)
    return out


@tk.side_effect_free
@validate(schema.trace)
def satudata_setoran_trace(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Tell where a figure of a recap comes from: the cells, who filled them in, who answers.

    You must work for the receiving agency or the walidata.

    :param dataset: id or name of the dataset that the recap made
    :param period: of the figure
    :param region: of the figure
    :param classification: of the figure, empty for the total
    :returns: ``value``, ``method``, ``parts`` (the figures it was computed of, each with its
        setoran), ``setoran`` (for a single one), ``history`` of the cell, and who recapped when
    """
    tk.check_access("satudata_setoran_trace", context, data_dict)
    package = model.Package.get(data_dict["dataset"])
    assert package is not None
    classification = data_dict.get("classification") or ""
    found = tracing.origin(package.id, data_dict["period"], data_dict["region"], classification)
    if found is None:
        raise tk.ObjectNotFound(tk._("The recaps of this dataset hold no such figure."))
    lang = page_language()
    obligation = model.Session.get_one(Obligation, found.recap.obligation_id)
    labels = shown.labels_of(obligation, load_codebook(model.Session))
    return {
        "dataset": package.id,
        "obligation": obligation.id,
        "method": obligation.method,
        "period": shown.period(periods.parse(found.recap.period), lang),
        "recapped_by": _name(found.recap.created_by),
        "recapped_at": found.recap.created_at.isoformat(),
        **_row(found.row, labels, lang),
        "parts": [_row(part, labels, lang) for part in found.parts],
        "setoran_state": shown.setoran(found.setoran, lang) if found.setoran else None,
        "history": [
            {
                "at": entry.at.isoformat(),
                "by": _name(entry.actor),
                "event": entry.event,
                "version": entry.version,
                "before": entry.before,
                "after": entry.after,
            }
            for entry in found.history
        ],
    }


@tk.side_effect_free
@validate(schema.one)
def satudata_setoran_origin_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """List the figures of the dataset that a recap made, by period.

    You must work for the receiving agency or the walidata.

    :param id: id or name of the dataset
    :returns: ``obligation`` and ``recaps``: ``period``, ``recapped_at``, ``rows`` and ``missing``
    """
    tk.check_access("satudata_setoran_origin_list", context, data_dict)
    package = model.Package.get(data_dict["id"])
    assert package is not None
    lang = page_language()
    newest: dict[str, Recap] = {}
    for recap in tracing.recaps_of(package.id):
        newest.setdefault(recap.period, recap)
    obligation = tracing.obligation_of(package.id)
    assert obligation is not None
    labels = shown.labels_of(obligation, load_codebook(model.Session))
    return {
        "obligation": shown.obligation(obligation, lang),
        "recaps": [
            {
                "period": shown.period(periods.parse(name), lang),
                "recapped_at": recap.created_at.isoformat(),
                "rows": [_row(row, labels, lang) for row in recap.rows],
                "missing": recap.missing,
            }
            for name, recap in sorted(newest.items(), reverse=True)
        ],
    }


def _row(row: dict[str, Any], labels: dict[str, str], lang: str) -> dict[str, Any]:
    book = load_codebook(model.Session)
    value = computing.exact(row["value"])
    return {
        "region": shown.region(row["region"], book),
        "classification": row["classification"],
        # What is not asked any more has no words.
        "classification_label": labels.get(row["classification"], row["classification"]),
        "value": row["value"],
        "shown": shown.number(value, lang),
        "setoran": row["setoran"],
        "version": row["version"],
        "entered_by": _name(row["entered_by"]),
        "entered_at": row["entered_at"],
        "responsible": row["responsible"],
        "weights": row["weights"],
    }


def _name(user: str | None) -> str | None:
    found = model.User.get(user) if user else None
    return (found.fullname or found.name) if found else None


def _refused(text: str) -> tk.ValidationError:
    model.Session.rollback()
    return tk.ValidationError({"id": [text]})
