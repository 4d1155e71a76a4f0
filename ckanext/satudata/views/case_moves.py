"""What can be done with a case, as buttons: each move's form asks what it needs, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.workflow.cases import deadlines, grounds
from ckanext.satudata.workflow.cases.tables import table

from . import present_complaint
from .common import lang
from .field import field
from .indicator_form import producers

#: Moves that lead on; the others are second choices.
_FORWARD = frozenset(
    {
        "nyatakan_lengkap",
        "izinkan",
        "lengkapi",
        "disposisikan",
        "sampaikan_bahan",
        "jawab",
        "penuhi_janji",
        "puas",
        "kabulkan",
        "terima",
        "verifikasi",
        "mulai_tindak_lanjut",
    }
)


def buttons(
    found: Mapping[str, Any],
    tried: str,
    error: tk.ValidationError | None,
    typed: Mapping[str, str],
) -> list[dict[str, Any]]:
    """The moves a person has, those that lead on first.

    Args:
        found: the case as :func:`present_case.case` gives it.
        tried: name of the move that was refused just now, or empty.
        error: why it was.
        typed: what was sent with it.
    """
    out = []
    for one in found["moves"]:
        again = one["name"] == tried and error is not None
        out.append(
            {
                **one,
                "forward": one["name"] in _FORWARD,
                "open": again,
                "kept": typed if again else {},
                "wrong": error.error_dict if again and error else {},
                "fields": [f for need in one["needs"] for f in _fields(need, found)],
            }
        )
    return sorted(out, key=lambda m: not m["forward"])


def parameters(
    found: Mapping[str, Any], transition: str, form: Mapping[str, str]
) -> dict[str, Any]:
    """What a move's form says, as the action wants it.

    Raises:
        tk.ObjectNotFound: there is no such move.
    """
    row = table(found["kind"]).transitions.get(transition)
    if row is None:
        raise tk.ObjectNotFound
    out: dict[str, Any] = {}
    for need in row.needs:
        if need == "answers":
            out["answers"] = [a for item in found["open_items"] if (a := _answer(item, form))]
            out["note"] = form.get("note", "").strip()
        elif need == "dataset":
            out["dataset"] = named(form.get("dataset", ""))
        else:
            out[need] = form.get(need, "").strip()
    return out


def files(data: Mapping[str, Any], sent: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], Any]]:
    """The answers by a file, each with the file that was sent.

    Args:
        data: as :func:`parameters` gives it.
        sent: the request's files.
    """
    for answer in data.get("answers", []):
        file = sent.get(f"file-{answer['item']}")
        if answer["how"] == "berkas" and file:
            yield answer, file


def publishing(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The form by which question and answer are published."""
    known = found["answer"] or {}
    hint = tk._("In words of your own, so that nobody can be recognised")
    return [
        field("title", tk._("Title"), "line", value=known.get("title", "")),
        field("question", tk._("Question"), "text", hint=hint, value=known.get("question", "")),
        field("text", tk._("Answer"), "text", required=False, value=known.get("text", "")),
    ]


def objecting(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The form by which whoever asked objects."""
    options = [
        {"value": g.name, "label": f"{g.name}. {g.label[lang()]}"}
        for g in grounds.objections()
        if g.name in found["objection_grounds"]
    ]
    return [
        field("grounds", tk._("Why you object (Article 35)"), "checks", options=options),
        field("text", tk._("What happened"), "text", rows=5),
    ]


def _fields(need: str, found: Mapping[str, Any]) -> list[dict[str, Any]]:
    if need == "note":
        return [field("note", tk._("What you write"), "text")]
    if need == "organization":
        bodies = [{"value": b["name"], "label": b["text"]} for b in producers()]
        likely = found.get("suggested", "")
        return [field("organization", tk._("Agency"), "select", options=bodies, value=likely)]
    if need == "dataset":
        hint = tk._("Its name, or its address in this portal")
        return [field("dataset", tk._("Dataset"), "line", hint=hint)]
    if need == "class":
        options = [
            {
                "value": name,
                "label": f"{present_complaint.class_label(name)} ({_days(found['kind'], name)})",
            }
            for name in deadlines.CLASSES
        ]
        return [field("class", tk._("Class"), "radio", options=options)]
    if need == "ground":
        options = [{"value": g.name, "label": g.label[lang()]} for g in grounds.exemptions()]
        return [field("ground", tk._("Ground of Article 17"), "select", options=options)]
    if need == "consequence":
        hint = tk._(
            "What would happen if it became public, and why that outweighs the public's interest"
        )
        return [field("consequence", tk._("Consequence test"), "text", hint=hint, rows=6)]
    if need != "answers":
        return []
    told = field("note", tk._("A letter to the person"), "text", required=False)
    return [*(f for item in found["open_items"] for f in _item_fields(item)), told]


def _item_fields(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The form's fields about one item that was asked for."""
    name, label = item["id"], item["text"]
    hows = {
        "dataset": tk._("by a public dataset"),
        "berkas": tk._("by a file for this person alone"),
        "janji": tk._("by a promise: it will be published"),
        "keterangan": tk._("by what is written below"),
        "tidak_dikuasai": tk._("nobody in this kabupaten has it; who has it is written below"),
    }
    options = [{"value": how, "label": words} for how, words in hows.items()]
    asked = tk._("How “{item}” is answered").format(item=label)
    reference = tk._("Dataset: its name, or its address in this portal")
    day = tk._("Day on which it will be published")
    return [
        field(f"how-{name}", asked, "radio", required=False, options=options),
        field(f"dataset-{name}", reference, "line", required=False),
        field(f"file-{name}", tk._("File"), "file", required=False),
        field(f"day-{name}", day, "day", required=False),
        field(f"text-{name}", tk._("Explanation"), "text", required=False, rows=3),
    ]


def _answer(item: Mapping[str, Any], form: Mapping[str, str]) -> dict[str, Any] | None:
    name = item["id"]
    how = form.get(f"how-{name}", "")
    if not how:
        return None
    out: dict[str, Any] = {"item": name, "how": how, "text": form.get(f"text-{name}", "").strip()}
    if how == "dataset":
        out["dataset"] = named(form.get(f"dataset-{name}", ""))
    elif how == "janji":
        out["release_on"] = form.get(f"day-{name}", "")
    return out


def named(text: str) -> str:
    """The name of a dataset, of which its address may have been given."""
    return text.strip().split("?")[0].rstrip("/").rpartition("/")[2]


def _days(kind: str, step: str) -> str:
    days = deadlines.of(kind, step).days
    return tk.ungettext("{n} working day", "{n} working days", days).format(n=days)
