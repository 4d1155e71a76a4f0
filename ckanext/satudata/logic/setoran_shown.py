"""Obligations and setoran as dictionaries, in the words of a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.consistency import period as periods
from ckanext.satudata.consistency import wording
from ckanext.satudata.consistency.vocabulary import CodeBook, Indicator
from ckanext.satudata.extract.state import State
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.setoran import WRITABLE, Obligation, Setoran, SetoranCell
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow.setoran import analysis, calendar, cells, judging, obligations
from ckanext.satudata.workflow.setoran.cells import Form, Key
from ckanext.satudata.workflow.setoran.computing import Computed


def obligation(found: Obligation, lang: str) -> dict[str, Any]:
    """An obligation with the names of what it speaks of."""
    book = load_codebook(model.Session)
    indicator = obligations.indicator_of(found, book)
    weight = obligations.weight_of(found, book)
    following = calendar.upcoming(found, workdays.today(utc_now()))
    return {
        "id": found.id,
        **obligations.describe(found),
        "indicator_name": indicator.name,
        "unit": _unit(indicator, book),
        "organization_title": _title(found.organization_id),
        "regions": [region(code, book) for code in found.regions],
        "classes": found.classes,
        "classifications": [
            {"id": obligations.written(one), "label": label(one, indicator, book)}
            for one in obligations.classifications(found, indicator)
        ],
        "weight_name": weight.name if weight else None,
        "instruction": (found.instructions_en if lang == "en" else "") or found.instructions,
        "dataset": found.dataset_id,
        "next": (
            {
                **period(following, lang),
                "opens": following.end.isoformat(),
                "due": calendar.last_day(found, following).isoformat(),
            }
            if following
            else None
        ),
    }


def setoran(found: Setoran, lang: str) -> dict[str, Any]:
    """A setoran as lists show it."""
    book = load_codebook(model.Session)
    asked = model.Session.get_one(Obligation, found.obligation_id)
    indicator = obligations.indicator_of(asked, book)
    last = calendar.due(found.due_on, workdays.today(utc_now()))
    return {
        "id": found.id,
        "obligation": found.obligation_id,
        "indicator": indicator.code,
        "indicator_name": indicator.name,
        "unit": _unit(indicator, book),
        "receiver": asked.organization_id,
        "receiver_title": _title(asked.organization_id),
        "organization": found.organization_id,
        "organization_title": _title(found.organization_id),
        "region": region(found.region, book),
        "period": period(periods.parse(found.period), lang),
        "due": found.due_on.isoformat(),
        "days_left": last.days,
        "late": last.late and not found.sent,
        "state": found.state,
        "writable": found.state in WRITABLE,
        "version": found.version,
        "sent": found.sent,
        "responsible": found.responsible,
        "submitted_by": found.submitted_by,
        "submitted_at": _moment(found.submitted_at),
        "accepted_by": found.accepted_by,
        "accepted_at": _moment(found.accepted_at),
    }


def grid(form: Form, lang: str) -> dict[str, Any]:
    """A setoran with its cells, what the rules say of them, and the period before."""
    known = cells.of_setoran(form.setoran.id)
    before = cells.previous_of(form.setoran)
    past = cells.of_setoran(before.id) if before else {}
    remarks = remarks_by_cell(form, known, lang)
    shown = [
        {
            **cell(key, known.get(key), lang),
            "previous": number(cells.number(past.get(key)), lang),
            "remarks": remarks.get(key, []),
        }
        for key in form.keys
    ]
    return {
        **setoran(form.setoran, lang),
        "instruction": obligation(form.obligation, lang)["instruction"],
        "regions": [{"code": r.code, "label": r.label} for r in form.regions],
        "classes": [
            {"id": obligations.written(one), "label": label(one, form.indicator, form.book)}
            for one in form.classes
        ],
        "previous_period": period(periods.parse(form.setoran.period).previous, lang),
        "cells": shown,
        **progress(shown),
    }


def progress(shown: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How far a grid is filled in: ``filled`` of ``asked``, ``blocking`` and ``unanswered``."""
    return {
        "asked": len(shown),
        "filled": sum(1 for c in shown if c["text"]),
        "blocking": sum(1 for c in shown if any(r["blocks"] for r in c["remarks"])),
        "unanswered": sum(1 for c in shown if c["open_question"]),
    }


def cell(key: Key, found: SetoranCell | None, lang: str) -> dict[str, Any]:
    """A cell as it stands."""
    empty = {"text": "", "value": None, "missing": None, "version": 0}
    own = (
        {name: getattr(found, name) for name in (*empty, "question", "answer", "entered_by")}
        if found
        else {**empty, "question": None, "answer": None, "entered_by": None}
    )
    return {
        "region": key.region,
        "classification": key.classification,
        **own,
        "open_question": found is not None and found.waits_for_answer,
        "shown": number(cells.number(found), lang),
        "entered_at": _moment(found.entered_at) if found else None,
    }


def remarks_by_cell(
    form: Form, known: Mapping[Key, SetoranCell], lang: str
) -> dict[Key, list[dict[str, Any]]]:
    """What is to be said of each cell."""
    out: dict[Key, list[dict[str, Any]]] = {}
    for one in judging.judge(form, known, lang):
        out.setdefault(one.key, []).append(remark(one, form))
    return out


def remark(one: judging.Remark, form: Form) -> dict[str, Any]:
    """One remark in words."""
    title, message, advice = one.title, one.message, one.advice
    if one.rule == "tak-terbaca":
        title, message, advice = _unreadable(one, form)
    elif one.rule == "tanpa-alasan":
        title = tk._("Reason missing")
        message = tk._("There is no figure here.")
        advice = tk._("Say why there is none. If it is really none, write 0.")
    return {
        "rule": one.rule,
        "blocks": one.blocks,
        "title": title,
        "message": message,
        "advice": advice,
    }


def _unreadable(one: judging.Remark, form: Form) -> tuple[str, str, str]:
    unit = _unit(form.indicator, form.book)
    title = tk._("Cannot be read as a number")
    write = tk._("Write digits, with a comma before decimals: 1234,5")
    if one.state is State.OTHER_NOTATION:
        message = tk._("A point stands between thousands only, as in 12.345.")
    elif one.state is State.OTHER_UNIT:
        message = tk._("'{found}' is another unit.").format(found=one.suffix)
        write = tk._("Write the figure in {unit}, without the unit.").format(unit=unit)
    elif one.state is State.TOO_LARGE:
        message = tk._("The number is too large.")
    else:
        message = tk._("There is something else than a number here.")
    return title, message, write


def recap(
    asked: Obligation, computed: Computed, told: Iterable[analysis.Told], lang: str
) -> dict[str, Any]:
    """A recap with its analysis."""
    book = load_codebook(model.Session)
    labels = labels_of(asked, book)
    return {
        "period": period(periods.parse(computed.period), lang),
        "method": asked.method,
        "complete": computed.complete,
        "lines": [
            {
                "region": region(t.line.region, book),
                "whole": t.line.region == book.home,
                "classification": t.line.classification,
                "classification_label": labels[t.line.classification],
                "value": t.line.value,
                "shown": number(Decimal(t.line.value) if t.line.value else None, lang),
                "before": number(t.before, lang),
                "change": number(t.change, lang),
                "percent": t.percent,
                "share": t.share,
                "stands_out": t.stands_out,
                "setoran": t.line.setoran,
                "version": t.line.version,
                "entered_by": t.line.entered_by,
                "responsible": t.line.responsible,
            }
            for t in told
        ],
        "missing": _gaps(computed, labels, book),
        "unweighted": [region(code, book) for code in computed.unweighted],
    }


def _gaps(computed: Computed, labels: Mapping[str, str], book: CodeBook) -> list[dict[str, Any]]:
    """What is missing; a region of which everything is missing for one reason stands there once."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for gap in computed.gaps:
        grouped.setdefault((gap.region, gap.why, gap.reason), []).append(gap.classification)
    return [
        {
            "region": region(place, book),
            "classifications": texts,
            "labels": [] if len(texts) == len(labels) else [labels[text] for text in texts],
            "why": why,
            "reason": reason,
        }
        for (place, why, reason), texts in grouped.items()
    ]


def number(value: Decimal | None, lang: str) -> str | None:
    """An exact number as people write it, with all its digits."""
    if value is None:
        return None
    text = f"{value:,f}"
    return text if lang == "en" else text.translate(str.maketrans(",.", ".,"))


def period(value: periods.Period, lang: str) -> dict[str, str]:
    """A period's canonical text and its name."""
    return {"id": str(value), "name": wording.period(value, lang)}


def region(code: str, book: CodeBook) -> dict[str, str]:
    """A region's code and name."""
    found = book.regions.get(code)
    return {"code": code, "label": found.label if found else code}


def labels_of(asked: Obligation, book: CodeBook) -> dict[str, str]:
    """Classifications that are asked, as cells write them -> in words."""
    indicator = obligations.indicator_of(asked, book)
    return {
        obligations.written(one): label(one, indicator, book)
        for one in obligations.classifications(asked, indicator)
    }


def label(one: Mapping[str, str], indicator: Indicator, book: CodeBook) -> str:
    """A classification in words; empty for the total."""
    words = []
    for name, code in one.items():
        dimension = indicator.dimension(name)
        entry = book.codelists[dimension.codelist].codes.get(code) if dimension else None
        words.append(entry.label if entry else code)
    return ", ".join(words)


def _unit(indicator: Indicator, book: CodeBook) -> str:
    unit = book.units.units.get(indicator.unit)
    return unit.in_text if unit else indicator.unit


def _title(organization: str | None) -> str | None:
    body = model.Group.get(organization) if organization else None
    return (body.title or body.name) if body else None


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
