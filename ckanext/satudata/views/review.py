"""What the page of a process shows: stations, buttons, fields and tables with comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata.model.revision import Revision
from ckanext.satudata.schemas.publication import empty
from ckanext.satudata.workflow.review.transitions import table

from .common import lang
from .present import weight

#: Moves that lead on; the others are shown as second choices.
_FORWARD = frozenset(
    {
        "ajukan",
        "mulai_periksa",
        "setujui",
        "setujui_pembina",
        "setujui_rapat",
        "terbitkan",
        "buka_batasan",
    }
)
#: Moves that take something from the public or send it back.
_GRAVE = frozenset({"kembalikan", "kembalikan_pembina", "batasi"})
#: Fields that are told elsewhere on the page.
_ELSEWHERE = frozenset({"name", "private", "owner_org"})
#: Findings of one column that are shown beside it; the report has all.
_SHOWN = 3


def turns() -> dict[str, str]:
    """Whose turn it is, in words."""
    return {
        "produsen": tk._("the producer"),
        "walidata": tk._("the walidata"),
        "pembina": tk._("the pembina"),
        "rapat": tk._("the meeting"),
        "nobody": tk._("nobody"),
    }


def stations(names: Sequence[str], shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The stations of a publication with where it is.

    Those that this one does not pass are left out.

    Args:
        names: of the states, in their order.
        shown: what ``satudata_process_show`` returns.
    """
    current = shown["state"]
    process = shown["process"] or {}
    passed = {
        "draft",
        *(s["before"] for s in shown["steps"]),
        *(s["after"] for s in shown["steps"]),
    }
    skipped = {
        "diperiksa_pembina": not process.get("priority"),
        "menunggu_rapat": current != "menunggu_rapat" and "menunggu_rapat" not in passed,
        "diperiksa": False,
    }
    listed = [n for n in names if not skipped.get(n)]
    place = current if current in listed else {"dikembalikan": "draft"}.get(current, "terbit")
    position = listed.index(place)
    return [
        {
            "name": name,
            "label": table().states[current if n == position else name].label[lang()],
            "done": n < position,
            "current": n == position,
        }
        for n, name in enumerate(listed)
    ]


def moves(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The buttons of the page, those that lead on first.

    Args:
        shown: what ``satudata_process_show`` returns.
    """
    out: list[dict[str, Any]] = []
    for one in shown["moves"]:
        if one["name"] == "ajukan_rapat" and not shown["meeting"]:
            continue
        row = table().transitions[one["name"]]
        out.append(
            {
                **one,
                "label": row.label[lang()],
                "says": row.says[lang()],
                "forward": one["name"] in _FORWARD,
                "grave": one["name"] in _GRAVE,
                "asks": bool({"note", "ground"}.intersection(row.needs)),
                "ground": "ground" in row.needs,
                "day": "schedule" in row.effects,
            }
        )
    return sorted(out, key=lambda m: (not m["forward"], m["grave"]))


def fields(dataset: Mapping[str, Any], shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The sections of the metadata: value, former value where a change waits, and comments.

    Args:
        dataset: what ``package_show`` returns.
        shown: what ``satudata_process_show`` returns.
    """
    schema = tk.h.scheming_get_dataset_schema(dataset["type"])
    changed = _changed(shown)
    sections: list[dict[str, Any]] = []
    for section in tk.h.satudata_sections(schema["dataset_fields"]):
        rows = []
        for field in section["fields"]:
            name = field["field_name"]
            comments = [c for c in shown["comments"] if c["field"] == name]
            value, future = dataset.get(name), changed.get(name)
            differs = name in changed and future != value
            if empty(value) and not comments and not differs:
                continue
            if field.get("form_snippet", "") is None or name in _ELSEWHERE:
                continue
            rows.append(
                {
                    "field": field,
                    "name": name,
                    "comments": comments,
                    "differs": differs,
                    "future": {**dataset, **changed} if differs else None,
                }
            )
        if rows:
            sections.append({"title": section.get("title"), "rows": rows})
    return sections


def tables(
    dataset: Mapping[str, Any], shown: Mapping[str, Any], report: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """The dataset's tables, each with what the check found in its columns, and the comments.

    Args:
        dataset: what ``package_show`` returns.
        shown: what ``satudata_process_show`` returns.
        report: the report of the check before the submission, or None.
    """
    waiting = _revision(shown)
    future = {r["id"]: r for r in (waiting.data.get("resources", []) if waiting else [])}
    listed = list(future.values()) if waiting else dataset["resources"]
    now = {r["id"] for r in dataset["resources"]}
    return [
        {
            "id": resource["id"],
            "name": resource.get("name") or resource.get("url") or resource["id"],
            "url": resource.get("url") if resource["id"] in now else None,
            "waiting": bool(waiting and resource["id"] in waiting.files),
            "columns": _columns(resource["id"], report),
            "comments": [c for c in shown["comments"] if c["resource_id"] == resource["id"]],
        }
        for resource in listed
    ]


def _columns(resource: str, report: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """What the check found in a table, by column; a finding about the whole table comes first."""
    if report is None:
        return []
    places = {n for n, t in enumerate(report["tables"]) if t["resource"] == resource}
    names: dict[str, list[dict[str, Any]]] = {}
    for n in sorted(places):
        for name in report["tables"][n]["columns"]:
            names.setdefault(str(name), [])
    for finding in report["findings"]:
        location = finding["location"]
        if location is None or location["table"] not in places:
            continue
        header = location["header"] or ""
        names.setdefault(header, []).append(
            {
                "severity": weight(finding),
                "title": finding["texts"]["title"],
                "message": finding["texts"]["message"],
            }
        )
    ordered = sorted(names.items(), key=lambda item: item[0] != "")
    return [
        {"header": header, "findings": found[:_SHOWN], "more": max(0, len(found) - _SHOWN)}
        for header, found in ordered
    ]


def _changed(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the change that waits, or none."""
    waiting = _revision(shown)
    if waiting is None:
        return {}
    return {k: v for k, v in waiting.data.items() if k not in ("resources", "organization")}


def _revision(shown: Mapping[str, Any]) -> Revision | None:
    process = shown["process"] or {}
    name = process.get("revision_id")
    if not name or process.get("published_at"):
        return None
    return model.Session.get(Revision, name)
