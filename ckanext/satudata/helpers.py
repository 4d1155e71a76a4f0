"""Template helpers; every name starts with ``satudata_``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import g
from markupsafe import Markup

from ckanext.satudata.workflow import trail_words
from ckanext.satudata.workflow.onboarding import practice, progress
from ckanext.satudata.workflow.review.transitions import table

from . import built, config, form_helpers, letters, moments
from .abuse import gate, words
from .form_helpers import *  # noqa: F403  (the forms' helpers, named in their __all__)
from .model.revision import Revision
from .store import publications
from .store.codebook import codebook_of_transaction
from .views import present
from .workflow import notices

__all__ = [
    *form_helpers.__all__,
    "satudata_agreement_notes",
    "satudata_agreement_word",
    "satudata_built",
    "satudata_dataset_status",
    "satudata_date",
    "satudata_exemptions",
    "satudata_figures",
    "satudata_form_stamp",
    "satudata_home_region",
    "satudata_is_practice",
    "satudata_latest_releases",
    "satudata_number",
    "satudata_former_figures",
    "satudata_notes",
    "satudata_options",
    "satudata_process",
    "satudata_publishes_directly",
    "satudata_period",
    "satudata_refusal",
    "satudata_review_comments",
    "satudata_state_label",
    "satudata_tour_offered",
    "satudata_trail_label",
    "satudata_unread_notices",
    "satudata_words",
    "satudata_wrong_figure",
]

#: Characters of an ISO 8601 day.
_DAY = len("2025-12-31")


def satudata_number(value: float | int | None, decimals: int | None = None) -> str:
    """A number as people write it in the page's language: ``1.234,5`` or ``1,234.5``.

    Args:
        value: the number; None gives an empty text.
        decimals: digits after the decimal mark; None: as many as the number needs.
    """
    if value is None:
        return ""
    exact = Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    if decimals is None:
        exponent = exact.normalize().as_tuple().exponent
        decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    text = f"{exact:,.{max(0, decimals)}f}"
    if letters.page_language() == "en":
        return text
    return text.translate(str.maketrans(",.", ".,"))


def satudata_date(moment: str, *, time: bool = False) -> str:
    """A moment in the portal's time zone: ``21 November 2026``, with ``time`` also ``17.25 WIB``.

    Args:
        moment: ISO 8601 text: a moment with its offset, or a day alone.
        time: whether to add the time of day.
    """
    if len(moment) == _DAY:
        return moments.day(date.fromisoformat(moment), tk.h.lang())
    return moments.spoken(datetime.fromisoformat(moment), tk.h.lang(), time=time)


def satudata_unread_notices() -> int:
    """How many notices the person who looks at the page has not read."""
    return notices.unread(tk.current_user.id) if tk.current_user.is_authenticated else 0


def satudata_options(
    items: Iterable[Mapping[str, Any]], value: str, text: str
) -> list[dict[str, Any]]:
    """The options of a select from a list of dictionaries.

    Args:
        items: what to choose from.
        value: key of the option's value.
        text: key of the option's label.
    """
    return [{"value": item[value], "text": item[text]} for item in items]


def satudata_built(name: str) -> str | None:
    """Address of what ``frontend/`` made for browsers, or None where it was not made."""
    return built.address_of(name)


def satudata_form_stamp(form: str) -> str:
    """When a form that anybody can send was opened, signed."""
    return gate.stamp(form)


def satudata_words(text: str | None) -> Markup:
    """What anybody wrote (Markdown), as HTML that neither runs nor loads anything."""
    return words.rendered(text)


def satudata_home_region() -> str:
    """Kemendagri code of the kabupaten whose portal this is."""
    return config.home_region()


def satudata_dataset_status(dataset_id: str) -> dict[str, Any] | None:
    """What ``satudata_dataset_status`` says about a dataset, asked once per page."""
    return _once("satudata_dataset_status", dataset_id)


def satudata_figures(dataset_id: str, limit: int) -> dict[str, Any]:
    """The first public figures of a dataset, named for people.

    Args:
        dataset_id: id of the dataset.
        limit: how many.

    Returns:
        ``figures`` and whether there are ``more``.
    """
    found = tk.get_action("satudata_observation_list")(
        {"user": tk.current_user.name}, {"dataset": dataset_id, "limit": limit}
    )
    lang = letters.page_language()
    book = codebook_of_transaction(model.Session())
    return {
        "figures": present.figures(found["results"], book, lang),
        "more": found["next"] is not None,
    }


def satudata_wrong_figure(figure: Mapping[str, Any]) -> str:
    """Address of the form that reports a public figure as wrong.

    Args:
        figure: a result of ``satudata_observation_list``.
    """
    named = {name: figure[name] for name in ("indicator", "region", "period", "dataset")}
    codes = ",".join(f"{name}:{code}" for name, code in figure["dimensions"].items())
    return tk.url_for("satudata_complaint.new", **named, **({"dimensions": codes} if codes else {}))


def satudata_notes(dataset_id: str) -> list[dict[str, Any]]:
    """Other definitions that must be told beside a dataset's figures (``satudata_note_list``)."""
    return [n for n in _once("satudata_note_list", dataset_id) or [] if "other" in n]


def satudata_agreement_notes(dataset_id: str) -> list[dict[str, Any]]:
    """What agencies have agreed upon about a dataset's figures (``satudata_note_list``)."""
    return [n for n in _once("satudata_note_list", dataset_id) or [] if "agreement" in n]


def satudata_agreement_word(word: str) -> str:
    """What a kind or a state of agreements is called on pages."""
    words = {
        "angka_disepakati": tk._("One figure for all"),
        "keduanya_berlaku": tk._("Both figures stay"),
        "usulan": tk._("proposed"),
        "berlaku": tk._("in force"),
        "diganti": tk._("replaced"),
        "dicabut": tk._("ended before its time"),
        "ditolak": tk._("declined"),
        "berakhir": tk._("expired"),
    }
    return words.get(word, word)


def satudata_period(text: str) -> str:
    """A period as people say it: ``Triwulan III 2025``."""
    lang = letters.page_language()
    return present.period_name(text, lang) or ""


def satudata_former_figures(dataset_id: str) -> list[dict[str, Any]]:
    """What a dataset's figures were before they were revised (``satudata_former_figure_list``)."""
    return _once("satudata_former_figure_list", dataset_id) or []


def satudata_process(dataset_id: str) -> dict[str, Any] | None:
    """Where a dataset is on its way to the public; None for those who are not told."""
    if not tk.current_user.is_authenticated:
        return None
    return _once("satudata_process_show", dataset_id)


def satudata_trail_label(action: str) -> str | None:
    """What an action of the audit trail is called, or None."""
    return trail_words.label(action, letters.page_language())


def satudata_is_practice(dataset_id: str) -> bool:
    """Whether a dataset is for practice, and so is never public."""
    return practice.is_practice(dataset_id)


def satudata_tour_offered() -> bool:
    """Whether somebody who works for a body has neither seen the tour nor done without it."""
    user = tk.current_user
    if not user.is_authenticated or progress.has_taken(user.id, "tur"):
        return False
    found = progress.of_user(user.id)
    return found is not None and bool(found.bodies)


def satudata_publishes_directly(dataset: str) -> bool:
    """Whether the person may publish a dataset (id or name) without submitting it first."""
    shown = satudata_process(dataset)
    return shown is None or shown["direct"]


def satudata_review_comments(dataset_id: str | None, field: str) -> list[dict[str, Any]]:
    """What those who examine a dataset say about one of its fields and nobody has settled."""
    shown = satudata_process(dataset_id) if dataset_id else None
    comments = shown["comments"] if shown else []
    return [c for c in comments if c["field"] == field and not c["resolved_at"]]


def satudata_state_label(state: str) -> str:
    """What a state of a process is called."""
    return table().states[state].label[letters.page_language()]


def satudata_exemptions(dataset_id: str) -> list[dict[str, Any]]:
    """Columns that are public without having been compared (``satudata_exemption_list``)."""
    listed = _once("satudata_exemption_list", dataset_id) or []
    return [e for e in listed if e["in_use"]]


def _once(action: str, dataset_id: str) -> Any:
    kept: dict[tuple[str, str], Any] = g.setdefault("satudata_asked", {})
    if (action, dataset_id) not in kept:
        try:
            kept[action, dataset_id] = tk.get_action(action)(
                {"user": tk.current_user.name, "auth_user_obj": tk.current_user},
                {"id": dataset_id},
            )
        except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
            kept[action, dataset_id] = None
    return kept[action, dataset_id]


def satudata_refusal(errors: Mapping[str, Any]) -> dict[str, Any]:
    """Take the gate's refusal out of a form's errors.

    Args:
        errors: an error dictionary, or CKAN's summary of one (with prettified keys).

    Returns:
        ``messages`` of the gate, ``report``: id of its report or None, ``dataset``: id of the
        dataset beside which the change waits or None, ``process``: id of the dataset that has to
        be examined or None, and ``others``: the errors that have nothing to do with the gate.
    """
    messages: list[str] = []
    report = dataset = process = None
    others: dict[str, Any] = {}
    for key, value in errors.items():
        name = str(key).lower().replace(" ", "_")
        texts = [str(v) for v in value] if isinstance(value, list) else [str(value)]
        if name == "satudata":
            messages.extend(texts)
        elif name == "satudata_report":
            report = texts[0] if texts else None
        elif name == "satudata_process":
            process = texts[0] if texts else None
        elif name == "satudata_revision":
            revision = model.Session.get(Revision, texts[0]) if texts else None
            dataset = revision.dataset_id if revision else None
        else:
            others[key] = value
    return {
        "messages": messages,
        "report": report,
        "dataset": dataset,
        "process": process,
        "others": others,
    }


def satudata_latest_releases(limit: int) -> list[dict[str, str]]:
    """The newest releases, newest first.

    Returns:
        ``name`` and ``title`` of the dataset, ``organization`` and ``released_at`` of each.
    """
    return publications.latest_releases(model.Session, limit)
