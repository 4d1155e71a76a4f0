"""Meetings as their pages need them: named, formatted, with sentences instead of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from babel.numbers import NumberFormatError, parse_decimal

from ckanext.satudata import moments

from . import present
from .common import lang

#: Outcomes in the order of their keys on the meeting's page.
SHORTCUTS = "123456789"


def kind_label(kind: str) -> str:
    """What a kind of item is called."""
    return {
        "lanjutan": tk._("Follow-up"),
        "konflik": tk._("Two different figures"),
        "revisi_final": tk._("Revision of final figures"),
        "dataset": tk._("Dataset waiting for the meeting"),
        "angka_keliru": tk._("Figure confirmed as wrong"),
        "setoran_terlambat": tk._("Overdue submission"),
        "definisi_baru": tk._("New definition"),
        "lain": tk._("Other matter"),
    }[kind]


def outcome_label(outcome: str | None) -> str:
    """What an outcome is called."""
    if outcome is None:
        return tk._("Not decided yet")
    return {
        "angka_disepakati": tk._("Agreed figure"),
        "keduanya_berlaku": tk._("Both stay, with a public note"),
        "kembali_ke_produsen": tk._("Back to the producer"),
        "ditunda": tk._("Postponed"),
        "eskalasi_bupati": tk._("Escalated to the Bupati"),
        "disetujui": tk._("Approved"),
        "dicatat": tk._("Noted"),
    }[outcome]


def state_label(state: str) -> str:
    """What a meeting's state is called."""
    return {
        "disiapkan": tk._("In preparation"),
        "berlangsung": tk._("Being held"),
        "selesai": tk._("Closed"),
        "dibatalkan": tk._("Called off"),
    }[state]


def cause_sentence(cause: str) -> str:
    """Why two figures probably differ, as one would say it."""
    return {
        "definition": tk._("The two probably count different things."),
        "vintage": tk._("One of the two is probably an earlier state of the other."),
        "reference_date": tk._("The two are probably about different days."),
        "unit_or_scale": tk._("One of the two is probably in another unit."),
        "rounding": tk._("One of the two is probably rounded."),
        "transposed_digits": tk._("Two digits were probably swapped in writing."),
        "shifted_row": tk._("A row probably slipped: the figure is a neighbour's."),
        "shifted_column": tk._("A column probably slipped: the figure is of another column."),
        "mistake": tk._("One digit was probably mistyped."),
    }.get(cause, tk._("Why they differ is not known. Ask both sides how they counted."))


def number(text: str | float | None) -> str:
    """A figure in the page's notation, with the digits it was written with."""
    if text is None:
        return ""
    exact = Decimal(str(text))
    exponent = exact.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    shown = f"{exact:,.{decimals}f}"
    if lang() == "en":
        return shown
    return shown.translate(str.maketrans(",.", ".,"))


def plain(text: str) -> str:
    """A number as somebody typed it in the page's notation, as a decimal text.

    What is no number comes back as it is, so that the action says so.
    """
    locale = lang()
    try:
        return str(parse_decimal(text.strip(), locale=locale, strict=True))
    except NumberFormatError:
        return text


def moment(text: str | None, lang: str, *, time: bool = False) -> str:
    """An ISO moment as people read it; empty for None."""
    return moments.spoken(_aware(text), lang, time=time) if text else ""


def _aware(text: str) -> datetime:
    """CKAN writes its own moments as UTC without saying so."""
    return moments.parse(text if "+" in text or text.endswith("Z") else text + "+00:00")


def meeting(found: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """A meeting for its pages.

    Args:
        found: what ``satudata_meeting_show`` or an entry of ``satudata_meeting_list`` is.
        lang: ``id`` or ``en``.
    """
    items = [item(i, lang) for i in found.get("items", [])]
    starts = moments.parse(found["starts_at"])
    return {
        **found,
        "title": tk._("Synchronisation meeting, {day}").format(day=moments.spoken(starts, lang)),
        "when": moments.spoken(starts, lang, time=True),
        "input": moments.local(starts).strftime("%Y-%m-%dT%H:%M"),
        "state_label": state_label(found["state"]),
        "total": sum(found["kinds"].values()),
        "kind_counts": [(kind_label(k), n) for k, n in found["kinds"].items()],
        "items": items,
        "decided": sum(i["outcome"] is not None for i in items),
    }


def item(found: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """An agenda item for a page; of what is not shown to the person, only what is."""
    snapshot = found["snapshot"]
    indicator = snapshot.get("indicator") or {}
    out = {
        **found,
        "kind_label": kind_label(found["kind"]),
        "outcome_label": outcome_label(found["outcome"]),
        "since": moment(snapshot.get("since"), lang),
        "objects": [_object(o, found, n, lang) for n, o in enumerate(snapshot.get("objects", []))],
        "indicator": indicator,
        "sides": _sides(snapshot, lang),
        "series": series(snapshot, lang),
        "choices": [
            {"name": name, "label": outcome_label(name), "key": SHORTCUTS[n]}
            for n, name in enumerate(found.get("possible", []))
        ],
    }
    if not found["title"]:
        out["title"] = tk._("A matter of {agencies}").format(
            agencies=", ".join(found["organization_titles"])
        )
    return out


def _object(
    shown: Mapping[str, Any], found: Mapping[str, Any], place: int, lang: str
) -> dict[str, Any]:
    decision = found.get("decision") or {}
    values: Sequence[str] = decision.get("values") or ()
    own, other = shown.get("own"), shown.get("other")
    out = {
        **shown,
        "name": [
            p
            for p in (
                *shown["labels"],
                shown["region_name"],
                present.period_name(shown["period"], lang),
            )
            if p
        ],
        "own_text": number(own),
        "other_text": number(other),
        "agreed": values[place] if place < len(values) else None,
        "agreed_text": number(values[place]) if place < len(values) else "",
        "cause_text": cause_sentence(shown["cause"]) if "cause" in shown else "",
    }
    if own is not None and other is not None:
        difference = Decimal(own) - Decimal(other)
        out["difference"] = ("+" if difference > 0 else "−") + number(str(abs(difference)))
        if Decimal(other):
            share = f"{abs(100 * difference / Decimal(other)):.1f}"
            out["percent"] = ("+" if difference > 0 else "−") + number(share) + " %"
    return out


def _sides(snapshot: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    producer = (snapshot.get("indicator") or {}).get("producer")
    return [
        {
            **snapshot[name],
            "name": name,
            "changed_text": moment(snapshot[name].get("changed"), lang),
            "mandate": producer is not None and snapshot[name]["organization"] == producer,
        }
        for name in ("own", "other")
        if name in snapshot
    ]


def series(snapshot: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    """The history of a conflict's first object for a table: what is and was public."""
    return [
        {
            **point,
            "period_name": present.period_name(point["period"], lang),
            "value_text": number(repr(point["value"]).removesuffix(".0")),
            "since_text": moment(point["since"], lang),
            "until_text": moment(point["until"], lang),
        }
        for point in snapshot.get("series", [])
    ]
