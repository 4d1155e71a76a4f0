"""Complaints and suggestions as their pages need them: the form's fields, reasons, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.model.case import Case
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow.cases import complaints, deadlines, figures

from .common import call, may
from .field import field

#: What the form asks about who reports; left out by whoever stays anonymous.
PERSON = ("name", "email", "phone")
#: What names a figure.
FIGURE = ("indicator", "region", "period", "dimensions", "dataset")
_LONGEST_TITLE, _LONGEST = 150, 4000


def steps(
    typed: Mapping[str, Any], figure: bool, dataset: bool, signed_in: bool
) -> list[dict[str, Any]]:
    """The form's steps with their fields.

    Args:
        typed: what was typed before, or came with the address.
        figure: whether it is about a figure that the address names.
        dataset: whether it is about a dataset that the address names.
        signed_in: whether the portal knows who reports.
    """
    what = [_kinds()] if figure else [_kinds(), _about(dataset)]
    return [
        {"title": tk._("What it is about"), "fields": [*what, *_words(figure)]},
        {"title": tk._("How you report"), "fields": [_modes(), *_person(signed_in)]},
    ]


def parameters(typed: Mapping[str, str]) -> dict[str, Any]:
    """What ``satudata_complaint_create`` is given; of anonymous people nothing leaves this page."""
    names = ("kind", "about", "title", "body", "mode", *FIGURE)
    person = () if typed.get("mode") == "anonim" else PERSON
    return {name: typed[name] for name in (*names, *person) if typed.get(name)}


def as_request(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, as the form of a request wants it."""
    words = ": ".join(" ".join(typed[n].split()) for n in ("title", "body") if typed.get(n))
    kept = {n: typed[n] for n in (*PERSON, "dataset") if typed.get(n)}
    return {**kept, "items": words}


def named(typed: Mapping[str, str]) -> figures.Named:
    """The figure that an address or a form names."""
    pairs = (pair.partition(":") for pair in typed.get("dimensions", "").split(",") if pair)
    return figures.Named(
        typed["indicator"],
        typed["region"],
        typed["period"],
        {name.strip(): code.strip() for name, _, code in pairs},
        typed.get("dataset", ""),
    )


def way() -> list[str]:
    """What happens with a report, step by step."""
    says = [
        (
            tk._("The walidata reads it and chooses its class: within {n} working days."),
            "verifikasi",
        ),
        (
            tk._("It is handed to the agency whose duty it is: {n} working days to begin."),
            "tindak_lanjut",
        ),
        (tk._("The agency answers; how long that may take depends on the class."), ""),
        (
            tk._(
                "You say whether it is resolved. After {n} working days without a word it is "
                "closed; you may reopen it."
            ),
            "tanggapan_pelapor",
        ),
    ]
    return [
        text.format(n=deadlines.of("pengaduan", step).days) if step else text for text, step in says
    ]


def class_label(name: str) -> str:
    """What a class of reports is called."""
    return {
        "ringan": tk._("Light"),
        "normatif": tk._("Normative"),
        "tidak_berkadar_pengawasan": tk._("Without elements of supervision"),
        "berkadar_pengawasan": tk._("With elements of supervision, to be examined"),
    }[name]


def kind_label(kind: str) -> str:
    """What a kind is called."""
    return {
        "pengaduan": tk._("Complaint"),
        "aspirasi": tk._("Suggestion"),
        "permintaan": tk._("Request for information"),
    }[kind]


def mode_label(mode: str) -> str:
    """What a mode is called."""
    return {
        "terbuka": tk._("openly"),
        "rahasia": tk._("confidentially"),
        "anonim": tk._("anonymously"),
    }[mode]


def reason(found: Mapping[str, Any]) -> str:
    """Why a body is suggested, as a sentence."""
    words = ", ".join(f"“{w}”" for w in found["words"])
    label = found["label"]
    return {
        "dataset": tk._("because it published “{label}”"),
        "indicator": tk._("because it is the produsen data of “{label}”"),
        "affair": tk._("because it is in charge of {label}: {words}"),
        "tupoksi": tk._("because its duties speak of {words}"),
        "name": tk._("because its name says it: {words}"),
        "produces": tk._("because it publishes data on {words}"),
    }[found["source"]].format(label=label, words=words)


def suggestions(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Suggested bodies with the two weightiest reasons of each."""
    return [{**one, "because": [reason(r) for r in one["reasons"][:2]]} for one in found]


def _kinds() -> dict[str, Any]:
    says = {
        "pengaduan": tk._("Complaint: something is wrong"),
        "aspirasi": tk._("Suggestion: something could be better"),
        "permintaan": tk._("Request: I need information or data"),
    }
    return _choice("kind", tk._("What do you want to tell?"), says)


def _about(dataset: bool) -> dict[str, Any]:
    says = {
        "layanan": tk._("A service of an agency"),
        "dataset": tk._("A dataset or its figures"),
        "portal": tk._("This portal itself"),
    }
    if not dataset:
        says.pop("dataset")
    return _choice("about", tk._("What is it about?"), says)


def _words(figure: bool) -> list[dict[str, Any]]:
    told = (
        tk._("What is wrong with the figure, and where did you see another one?")
        if figure
        else tk._("What happened, where, and since when?")
    )
    return [
        field("title", tk._("In one line"), "line", most=_LONGEST_TITLE),
        field(
            "body",
            told,
            "text",
            rows=6,
            most=_LONGEST,
            hint=tk._("Do not write names, addresses, NIK or telephone numbers here."),
        ),
    ]


def _modes() -> dict[str, Any]:
    says = {
        "terbuka": tk._("Openly: those who answer may see who I am"),
        "rahasia": tk._(
            "Confidentially: only the portal's public information officer may see who I am"
        ),
        "anonim": tk._("Anonymously: nobody, the portal does not store who I am"),
    }
    return _choice("mode", tk._("Who may know who you are?"), says)


def _person(signed_in: bool) -> list[dict[str, Any]]:
    hint = tk._("Not for anonymous reports: whatever stands here is thrown away then.")
    name = field("name", tk._("Name"), "line", required=False, complete="name", hint=hint)
    told = (
        tk._("Only for a confidential report: with it your account is not stored.")
        if signed_in
        else tk._("The portal writes here when there is news.")
    )
    mail = field("email", tk._("E-mail"), "email", required=False, complete="email", hint=told)
    phone = field("phone", tk._("Telephone"), "tel", required=False, complete="tel")
    return [mail] if signed_in else [name, mail, phone]


def _choice(name: str, label: str, says: Mapping[str, str]) -> dict[str, Any]:
    options = [{"value": value, "label": text} for value, text in says.items()]
    return field(name, label, "radio", options=options)


def beside(found: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    """What the page of a case shows besides, or None for what is neither complaint nor suggestion.

    Args:
        found: the case as ``satudata_case_show`` returns it.
        lang: ``id`` or ``en``.

    Returns:
        ``figure`` (or None) and ``suggestions``: agencies with the reasons for which they are
        suggested, for whoever may hand the case on.
    """
    if found["kind"] not in complaints.KINDS:
        return None
    moves = {m["name"] for m in found["moves"]}
    routes = bool(moves & {"disposisikan", "alihkan"}) and may("satudata_complaint_suggest")
    suggested = call("satudata_complaint_suggest", id=found["id"]) if routes else []
    return {"figure": _mended(found, lang), "suggestions": suggestions(suggested)}


def _mended(found: Mapping[str, Any], lang: str) -> dict[str, Any] | None:
    figure = found["figure"]
    case = model.Session.get(Case, found["id"])
    mending = complaints.mending(model.Session, case) if figure and case is not None else None
    if mending is None:
        return None
    book = load_codebook(model.Session)
    indicator = book.indicators.get(figure["indicator"])
    unit = book.units.units.get(indicator.unit) if indicator else None
    return {
        "title": figures.title(model.Session, figure, lang),
        "reported": figures.written(figure, lang),
        "unit": unit.in_text if unit else "",
        "confirmed_on": mending.confirmed_on,
        "shown": mending.shown,
        "now": figures.written(mending.now, lang) if mending.now else "",
        "meetings": mending.meetings,
        "revision": mending.revision,
        "agreements": mending.agreements,
    }
