"""The form of requests, what may answer before it is written, and what was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.workflow.cases import deadlines, request_form

from .common import call, lang
from .field import field

#: Letters that are worth searching for.
LEAST = 3
#: What is written about what is asked for; the other fields say who asks.
_ABOUT = ("purpose", "obtain", "delivery")
_LONG = frozenset({"purpose", "address"})
_TYPES = {"email": "email", "phone": "tel"}
_COMPLETE = {"name": "name", "email": "email", "phone": "tel", "address": "street-address"}


def way() -> list[str]:
    """What happens with a request, step by step."""
    days = {step: deadline.days for step, deadline in deadlines.all_of("permintaan").items()}
    complete = tk._(
        "It is registered; within {days} working days somebody looks whether it is complete."
    )
    answered = tk._(
        "Within {days} working days you get the data, a part of them, or a reason; once, {more} "
        "days may be added."
    )
    return [
        tk._("You write what you need, and confirm it by e-mail or with your account."),
        complete.format(days=days["kelengkapan"]),
        tk._("It goes to the agency that has the data. The agency may ask you something."),
        answered.format(days=days["jawaban"], more=days["perpanjangan"]),
    ]


def suggestions(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What may answer, with addresses."""
    return [
        {
            **one,
            "text": one.get("notes", ""),
            "kind_label": tk._("Dataset") if one["kind"] == "dataset" else tk._("Indicator"),
            "address": address_of(one["kind"], one["name"]),
        }
        for one in found
    ]


def address_of(kind: str, name: str) -> str:
    """Where a dataset or an indicator is shown."""
    if kind == "indicator":
        return tk.h.url_for("satudata_indicator.show", code=name)
    return tk.h.url_for("dataset.read", id=name)


def steps(bodies: Sequence[Mapping[str, Any]], *, known: bool) -> list[dict[str, Any]]:
    """The form, step by step.

    Args:
        bodies: the person may ask for, by the government lane.
        known: the person is signed in, so who they are need not be asked.
    """
    of_law = request_form.fields()
    hint = tk._(
        "One thing on each line: each can be answered by itself. Say which kecamatan and which "
        "years."
    )
    asked = [
        field("items", tk._("Which information do you need?"), "text", hint=hint, rows=4),
        *(_of_law(of_law[name]) for name in _ABOUT),
        field("upload", tk._("A file that explains it"), "file", required=False),
    ]
    out = [{"title": tk._("What you need"), "fields": asked}]
    if bodies:
        out.insert(0, {"title": tk._("For whom you ask"), "fields": _lane(bodies)})
    if not known:
        mine = [_of_law(f) for name, f in of_law.items() if name not in _ABOUT]
        out.append({"title": tk._("Who you are"), "fields": mine})
    return out


def parameters(form: Mapping[str, str]) -> dict[str, Any]:
    """What the form says, as ``satudata_request_create`` wants it."""
    names = [*request_form.fields(), "lane", "organization", "dataset"]
    out: dict[str, Any] = {n: form[n].strip() for n in names if form.get(n, "").strip()}
    if out.get("lane") != "pemerintah":
        out.pop("organization", None)
    out["items"] = [line.strip() for line in form.get("items", "").splitlines() if line.strip()]
    return out


def about(dataset: str) -> dict[str, str] | None:
    """The dataset a request is about, if everybody may see it."""
    if not dataset:
        return None
    try:
        found = call("package_show", id=dataset)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    address = tk.h.url_for("dataset.read", id=found["name"])
    return {"name": found["name"], "title": found["title"] or found["name"], "address": address}


def published(one: Mapping[str, Any]) -> dict[str, Any]:
    """A published answer."""
    links = [
        {"title": d["title"], "address": tk.h.url_for("dataset.read", id=d["name"])}
        for d in one["datasets"]
    ]
    return {**one, "links": links}


def _lane(bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    lanes = [
        {"value": "publik", "label": tk._("for myself")},
        {"value": "pemerintah", "label": tk._("for my agency (walidata looks after it)")},
    ]
    mine = [{"value": b["name"], "label": b["display_name"]} for b in bodies]
    return [
        field("lane", tk._("You ask"), "radio", options=lanes),
        field("organization", tk._("Your agency"), "select", options=mine, required=False),
    ]


def _of_law(one: request_form.Field) -> dict[str, Any]:
    hints = [one.help.get(lang(), "")]
    if one.applicants:
        kinds = request_form.fields()["applicant"].choices
        named = ", ".join(kinds[k][lang()] for k in kinds if k in one.applicants)
        hints.append(tk._("Filled in by: {kinds}.").format(kinds=named))
    return field(
        one.name,
        one.label[lang()],
        "radio" if one.choices else "text" if one.name in _LONG else _TYPES.get(one.name, "line"),
        # What not all fill in is demanded by the action, which knows who asks.
        required=one.required and not one.applicants,
        hint=" ".join(h for h in hints if h),
        options=[{"value": v, "label": words[lang()]} for v, words in one.choices.items()],
        rows=3,
        complete=_COMPLETE.get(one.name, ""),
        mode="numeric" if one.name == "nik" else "",
        applicants=" ".join(sorted(one.applicants)),
    )
