"""The diagram and the tables of docs/process.md, from the table of transitions.

Nothing of the extension is imported: the table is parsed, so the site is built without a portal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).resolve().parents[1] / "ckanext/satudata/workflow/review/transitions.yaml"

#: Where the states stand, top to bottom: the way to the public first.
ORDER = (
    "draft",
    "dikembalikan",
    "diajukan",
    "diperiksa",
    "diperiksa_pembina",
    "menunggu_rapat",
    "siap_terbit",
    "terbit",
    "direvisi",
    "dibatasi",
)
#: Moves that would cross the whole picture; they are dashed and named once.
_FAINT = frozenset({"langsung", "setujui_langsung"})
_ROW, _TOP, _LEFT, _BOX = 66, 12, 330, (150, 34)
_WHO = {
    "produsen": "produsen data",
    "walidata": "walidata",
    "pembina": "pembina",
    "portal": "portal sendiri",
    "rapat": "rapat",
    "nobody": "–",
}
_COLOURS = {"produsen": "#8a5a00", "walidata": "#0b5c7a", "pembina": "#5b3a8c", "portal": "#6b7684"}
_NEEDS = {
    "metadata": "metadata lengkap",
    "check": "tidak ada temuan yang menahan",
    "conflict": "yang menahan hanya angka instansi lain",
    "note": "alasan",
    "unchanged": "isinya sama dengan yang diajukan",
    "four_eyes": "bukan orang yang mengajukan",
    "ground": "dasar pembatasan",
}


def table() -> Mapping[str, Any]:
    """The table as it stands in the file."""
    return yaml.safe_load(TABLE.read_text("utf-8"))


def arrows(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Every arrow: transition, state it leads from, state it leads to."""
    for name, row in document["transitions"].items():
        for start in row["from"]:
            for goal in row["to"]:
                yield name, start, goal if isinstance(goal, str) else goal["state"]


def svg(document: Mapping[str, Any]) -> Iterator[str]:
    """The lines of the picture: states top to bottom, moves on at the right, back at the left."""
    height = _TOP + _ROW * (len(ORDER) - 1) + _BOX[1] + 10
    yield (
        f'<svg viewBox="0 0 900 {height}" role="img" aria-label="Diagram proses penerbitan" '
        'style="max-width:100%;height:auto;font:13px sans-serif">'
    )
    yield from _arrows(document)
    for name in ORDER:
        x, y = _LEFT, _place(name)
        label = escape(document["states"][name]["label"]["id"])
        yield (
            f'<g id="state-{name}"><rect x="{x}" y="{y - _BOX[1] // 2}" width="{_BOX[0]}" '
            f'height="{_BOX[1]}" rx="6" fill="#eef6f9" stroke="#0b5c7a"/>'
            f'<text x="{x + _BOX[0] // 2}" y="{y + 4}" text-anchor="middle" fill="#1f2a37" '
            f'font-weight="600">{label}</text></g>'
        )
    yield "</svg>"


def markdown() -> Iterator[str]:
    """The lines of the generated part of the page."""
    document = table()
    yield '<figure markdown="0">'
    yield from svg(document)
    yield "</figure>\n"
    yield "| keadaan | menunggu siapa |\n|---|---|"
    for row in document["states"].values():
        yield f"| **{row['label']['id']}** | {_WHO[row['waits_on']]} |"
    yield "\n| perpindahan | siapa | dari | ke | syarat | Perpres 39/2019 |"
    yield "|---|---|---|---|---|---|"
    label = {name: row["label"]["id"] for name, row in document["states"].items()}
    for name, row in document["transitions"].items():
        who = ", ".join(_WHO[w] for w in row["who"])
        starts = ", ".join(label[s] for s in row["from"])
        goals = "; ".join(_goal(g, label) for g in row["to"])
        needs = ", ".join(_NEEDS[n] for n in row.get("needs", ())) or "–"
        yield (
            f"| **{row['label']['id']}** (`{name}`)<br>{row['says']['id']} | {who} | {starts} | "
            f"{goals} | {needs} | {row['article']} |"
        )


def _goal(goal: str | Mapping[str, str], label: Mapping[str, str]) -> str:
    if isinstance(goal, str):
        return label[goal]
    return f"{label[goal['state']]} ({goal['when']})"


def _place(state: str) -> int:
    return _TOP + _BOX[1] // 2 + ORDER.index(state) * _ROW


def _arrows(document: Mapping[str, Any]) -> Iterator[str]:
    longest: dict[str, tuple[int, str, str]] = {}
    every = list(arrows(document))
    for name, start, goal in every:
        span = abs(ORDER.index(goal) - ORDER.index(start))
        if span > longest.get(name, (-1, "", ""))[0]:
            longest[name] = (span, start, goal)
    yield (
        '<defs><marker id="panah" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#4a5563"/></marker></defs>'
    )
    taken: set[tuple[bool, int]] = set()
    for name, start, goal in every:
        row = document["transitions"][name]
        named = longest[name][1:] == (start, goal)
        yield _arrow(name, row, start, goal, taken if named else None)


def _arrow(
    name: str, row: Mapping[str, Any], start: str, goal: str, taken: set[tuple[bool, int]] | None
) -> str:
    """One arc; its name stands where it is widest, on a line that no other name has taken."""
    first, last = _place(start), _place(goal)
    onward = last > first
    side = 1 if onward else -1
    edge = _LEFT + _BOX[0] if onward else _LEFT
    span = abs(ORDER.index(goal) - ORDER.index(start))
    reach = edge + side * (28 + 34 * max(span, 1))
    shift = 6 if span else 12
    begin, end = first + shift, last - shift
    path = f"M{edge} {begin} C{reach} {begin}, {reach} {end}, {edge} {end}"
    colour = _COLOURS[row["who"][0]]
    dashed = ' stroke-dasharray="4 4" opacity="0.45"' if name in _FAINT else ""
    title = escape(f"{row['label']['id']}: {start} → {goal}")
    text = ""
    if taken is not None:
        line = round((first + last) / 2 / 16)
        while (onward, line) in taken:
            line += 1
        taken.add((onward, line))
        middle = edge + side * (0.75 * (28 + 34 * max(span, 1)) + 6)
        anchor = "start" if onward else "end"
        text = (
            f'<text x="{middle:.0f}" y="{line * 16 + 4}" text-anchor="{anchor}" '
            f'fill="{colour}" stroke="#fff" stroke-width="4" paint-order="stroke">'
            f"{escape(row['label']['id'])}</text>"
        )
    return (
        f'<g data-transition="{name}" data-from="{start}" data-to="{goal}"><title>{title}</title>'
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.5" '
        f'marker-end="url(#panah)"{dashed}/>{text}</g>'
    )
