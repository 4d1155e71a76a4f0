"""Cases as their pages need them: named, with sentences instead of codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.model.case import KINDS, LANES, OBJECTION, REQUEST
from ckanext.satudata.organizations import registry
from ckanext.satudata.workflow import roles
from ckanext.satudata.workflow.cases import grounds, request_form
from ckanext.satudata.workflow.cases.tables import UNCONFIRMED, table

from .common import lang, may

#: Working days left from which on a case is shown as pressing.
_PRESSING = 2
#: States in which the last day is the last one to object, or to go to the Information Commission.
_TO_OBJECT = frozenset({"dijawab", "ditolak"})
_TO_DISPUTE = frozenset({"dikabulkan", "dikabulkan_sebagian", "ditolak"})


def kind_label(kind: str) -> str:
    """What a kind of case is called."""
    return {
        "permintaan": tk._("Request for data"),
        "keberatan": tk._("Objection"),
        "pengaduan": tk._("Complaint"),
        "aspirasi": tk._("Suggestion"),
    }[kind]


def lane_label(lane: str | None) -> str:
    """What a lane of requests is called; empty where there is none."""
    names = {"publik": tk._("public lane"), "pemerintah": tk._("government lane")}
    return names.get(lane or "", "")


def kinds() -> list[dict[str, str]]:
    """The kinds of cases with their names."""
    return [{"name": kind, "label": kind_label(kind)} for kind in KINDS]


def lanes() -> list[dict[str, str]]:
    """The lanes of requests with their names."""
    return [{"name": lane, "label": lane_label(lane)} for lane in LANES]


def states(kind: str) -> list[dict[str, str]]:
    """The states of a kind of case, or of all, with their names."""
    found: dict[str, str] = {}
    for one in [kind] if kind in KINDS else KINDS:
        for state in table(one).states.values():
            if state.name != UNCONFIRMED:
                found.setdefault(state.name, state.label[lang()])
    return [{"name": name, "label": label} for name, label in found.items()]


def narrowed(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the inbox's address asks for, as ``satudata_case_list`` wants it.

    Without a wish what is open is listed, what is due first on top.
    """
    names = {
        "q": "q",
        "jenis": "kind",
        "keadaan": "state",
        "instansi": "organization",
        "jalur": "lane",
        "sesudah": "after",
    }
    out: dict[str, Any] = {names[k]: v for k, v in asked.items() if v and k in names}
    out["overdue"] = bool(asked["terlambat"])
    if not asked["q"] and not asked["keadaan"]:
        out["order"] = "due"
    return out


def left(found: Mapping[str, Any]) -> dict[str, str]:
    """How much time is left: ``state`` (ok, soon, late, done or none) and a sentence."""
    days, standing = found["days"], found["standing"]
    if standing == "tanpa":
        return {"state": "done" if found["closed_at"] else "none", "text": ""}
    if standing == "hari_ini":
        return {"state": "soon", "text": tk._("Today is the last day")}
    if standing == "lewat" and not days:
        return {"state": "late", "text": tk._("The last day is over")}
    if standing == "lewat":
        text = tk.ungettext("{n} working day late", "{n} working days late", days)
        return {"state": "late", "text": text.format(n=days)}
    if found["kind"] == REQUEST and found["state"] in _TO_OBJECT:
        text = tk.ungettext(
            "{n} working day left to object", "{n} working days left to object", days
        )
        return {"state": "ok", "text": text.format(n=days)}
    if found["kind"] == OBJECTION and found["state"] in _TO_DISPUTE:
        text = tk.ungettext(
            "{n} working day left to go to the Information Commission",
            "{n} working days left to go to the Information Commission",
            days,
        )
        return {"state": "ok", "text": text.format(n=days)}
    text = tk.ungettext("{n} working day left", "{n} working days left", days)
    return {"state": "soon" if days <= _PRESSING else "ok", "text": text.format(n=days)}


def row(found: Mapping[str, Any]) -> dict[str, Any]:
    """A case in a list."""
    return {
        **found,
        "kind_label": kind_label(found["kind"]),
        "lane_label": lane_label(found["lane"]),
        "left": left(found),
        "address": tk.h.url_for("satudata_case.show", id=found["id"]),
    }


def case(found: Mapping[str, Any]) -> dict[str, Any]:
    """A case for its page.

    Args:
        found: what ``satudata_case_show`` returns.
    """
    reporter = "pemohon" in found["parts"]
    officer = bool(set(found["parts"]) - {"pemohon"})
    title = officer_title(found)
    delivered = {i["attachment"] for i in found["items"]}
    return {
        **row(found),
        "reporter": reporter,
        "officer": officer,
        "officer_title": title,
        "turn": _turn(found, title, reporter=reporter and not officer),
        "given": [_given(found, i) for i in found["items"] if i["answer"]],
        "open_items": [i for i in found["items"] if i["answer"] in (None, "janji")],
        "messages": [_message(m, title, officer=officer) for m in found["messages"]],
        "steps": [
            {"label": tk._("Registered"), "at": found["opened_at"], "by": "", "note": ""},
            *(_step(s, title) for s in found["steps"]),
        ],
        "attachments": [_file(found, f) for f in found["files"] if f["id"] not in delivered],
        "related": [_related(r) for r in [found["parent"], *found["objections"]] if r],
        "person": _person(found),
        "openings": found["openings"],
    }


def officer_title(found: Mapping[str, Any]) -> str:
    """The body that decides about a case."""
    role = roles.WALIDATA
    if found["kind"] == OBJECTION:
        role = roles.SUPERIOR_PPID
    elif found["kind"] == REQUEST and found["lane"] != "pemerintah":
        role = roles.PPID
    for body in registry.with_role(roles.office(role)):
        return body.title or body.name
    return tk._("the officer of this portal")


def facts(found: Mapping[str, Any]) -> list[dict[str, str]]:
    """What is known of a case besides its text, and of nobody who it is."""
    out = []
    fields = request_form.fields()
    for name, value in found["details"].items():
        field = fields.get(name)
        if field is not None and not field.personal and value:
            shown = field.choices[value][lang()] if value in field.choices else str(value)
            out.append({"label": field.label[lang()], "text": shown})
    for name in found["details"].get("grounds", []):
        ground = grounds.objection(name)
        if ground is not None:
            label = tk._("Ground {letter}").format(letter=name)
            out.append({"label": label, "text": ground.label[lang()]})
    if found["dataset"]:
        address = tk.h.url_for("dataset.read", id=found["dataset"]["name"])
        out.append(
            {"label": tk._("Dataset"), "text": found["dataset"]["title"], "address": address}
        )
    if found["organization_title"]:
        out.append({"label": tk._("Agency"), "text": found["organization_title"]})
    return out


def person_facts(known: Mapping[str, str]) -> list[dict[str, str]]:
    """What somebody told of themselves, masked or not, with what it is called."""
    fields = request_form.fields()
    return [
        {"label": fields[name].label[lang()] if name in fields else name, "text": text}
        for name, text in known.items()
        if text
    ]


def audiences(found: Mapping[str, Any]) -> list[dict[str, str]]:
    """To whom the person may write."""
    names = {"pemohon": tk._("the person who asks"), "internal": tk._("officers only")}
    return [{"value": a, "label": names[a]} for a in found["audiences"] if a in names]


def document_of(found: Mapping[str, Any]) -> str | None:
    """Which letter tells how a case was decided: ``refusal``, ``answer`` or none yet."""
    if found["kind"] == REQUEST and any(i["answer"] == "ditolak" for i in found["items"]):
        return "refusal"
    return "answer" if found["answered_at"] else None


def documents(found: Mapping[str, Any]) -> list[dict[str, str]]:
    """What can be printed of a case."""
    out = [(tk._("Receipt"), "satudata_case_document.receipt")]
    names = {"refusal": tk._("Decision to refuse"), "answer": tk._("Letter of answer")}
    letter = document_of(found)
    if letter:
        out.append((names[letter], "satudata_case_document.answer"))
    return [{"label": text, "address": tk.h.url_for(to, id=found["id"])} for text, to in out]


def _turn(found: Mapping[str, Any], title: str, *, reporter: bool) -> str:
    """Whose turn it is, as a sentence for who reads it."""
    turn = found["waits_on"]
    if found["state"] == "dijanjikan":
        return tk._("It was promised that the data will be published.")
    if turn == "pemohon":
        return tk._("It is your turn.") if reporter else tk._("It is the turn of whoever asked.")
    if turn == "instansi":
        return tk._("{agency} is working on it.").format(
            agency=found["organization_title"] or title
        )
    if turn == "nobody":
        return ""
    return tk._("{agency} is working on it.").format(agency=title)


def _given(found: Mapping[str, Any], item: Mapping[str, Any]) -> dict[str, Any]:
    """An answered item: what was asked, and what was given."""
    how = item["answer"]
    out: dict[str, Any] = {
        "kind": how,
        "asked": item["text"],
        "text": item["note"],
        "day": item["release_on"] if how == "janji" else None,
        "late": how == "janji" and found["state"] == "dijanjikan" and found["standing"] == "lewat",
        "by": item["organization_title"],
    }
    if how == "dataset" and item["dataset"]:
        out["title"] = item["dataset"]["title"]
        out["address"] = tk.h.url_for("dataset.read", id=item["dataset"]["name"])
    elif how == "berkas":
        names = {f["id"]: f["filename"] for f in found["files"]}
        out["title"] = names.get(item["attachment"]) or tk._("Download the file")
        out["address"] = tk.h.url_for(
            "satudata_case.file", id=found["id"], file_id=item["attachment"]
        )
    elif how == "tidak_dikuasai":
        out["title"] = tk._("Nobody in this kabupaten has it.")
    elif how == "ditolak":
        ground = grounds.exemption(item["ground"] or "")
        out["title"] = tk._("Refused")
        out["ground"] = tk._("Article 17 letter {letter}: {text}").format(
            letter=item["ground"], text=ground.label[lang()]
        ) if ground else ""  # fmt: skip
        out["consequence"] = item["consequence"] or ""
    return out


def _message(message: Mapping[str, Any], title: str, *, officer: bool) -> dict[str, Any]:
    mine = (message["side"] == "pemohon") != officer
    if message["side"] == "pemohon":
        by = tk._("The person who asks") if officer else tk._("You")
    else:
        by = message["organization_title"] or title
    return {
        **message,
        "by": f"{message['author']}, {by}" if message["author"] else by,
        "mine": mine,
        "inside": message["audience"] == "internal",
        "everybody": message["audience"] == "publik",
    }


def _step(step: Mapping[str, Any], title: str) -> dict[str, Any]:
    names = {"pemohon": tk._("the person who asks"), "portal": tk._("the portal")}
    by = step["organization_title"] if step["part"] == "instansi" else title
    return {**step, "by": names.get(step["part"]) or step["actor"] or by}


def _related(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **found,
        "kind_label": kind_label(found["kind"]),
        "address": tk.h.url_for("satudata_case.show", id=found["id"]),
    }


def _file(found: Mapping[str, Any], file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **file,
        "size_text": tk.h.localised_filesize(file["size"]),
        "address": tk.h.url_for("satudata_case.file", id=found["id"], file_id=file["id"]),
    }


def _person(found: Mapping[str, Any]) -> dict[str, Any] | None:
    if not found["person"]:
        return None
    return {
        "facts": person_facts(found["person"]),
        "may_open": may("satudata_case_identity", id=found["id"]),
    }
