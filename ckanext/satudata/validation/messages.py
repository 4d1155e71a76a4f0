"""Reports in the words of the people who have to mend the table, in Indonesian and English.

The words are data (``messages.yaml``). Nothing here is HTML, and nothing knows of CKAN: page,
e-mail, API and command line all use it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("id", "en")
CELL_LENGTH = 120
"""Longer cells are cut in texts; the report itself has them whole."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Message:
    """One error of a report.

    Attributes:
        type: frictionless' error type, e.g. ``type-error``.
        title: the kind of error.
        text: the whole sentence, with row, column and field.
        advice: what to do about it; ``""`` where there is nothing to say.
        row: counted from 1 with the header, as spreadsheets do; None where there is none.
        column: counted from 1.
        letter: the column as spreadsheets name it, or ``""``.
        field: name of the column in the schema, or ``""``.
        cell: the offending text, cut if it is long; None where there is none.
    """

    type: str
    title: str
    text: str
    advice: str
    row: int | None
    column: int | None
    letter: str
    field: str
    cell: str | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@functools.cache
def catalogue() -> dict[str, Any]:
    """The texts.

    Raises:
        ValueError: one of them lacks a language.
    """
    with open(Path(__file__).with_name("messages.yaml"), encoding="utf-8") as source:
        texts = yaml.safe_load(source)
    for note in texts["notes"]:
        note["pattern"] = re.compile(note["pattern"], re.DOTALL)
    for section in ("types", "problems", "summary"):
        for key, text in texts[section].items():
            if set(text) != set(LANGUAGES):
                raise ValueError(f"messages.yaml: {section}.{key} needs exactly {LANGUAGES}")
    return texts


def language(lang: str | None) -> str:
    """The language of ours for a locale of CKAN: ``id`` for Indonesian, ``en`` for all others."""
    return "id" if (lang or "").split("_")[0].lower() == "id" else "en"


def problem(code: str, lang: str, params: Mapping[str, Any] | None = None) -> str:
    """Why a table could not be validated.

    Args:
        code: of a :class:`~.problems.Problem`.
        lang: ``id`` or ``en``.
        params: what the text mentions.
    """
    return _fill(catalogue()["problems"][code][lang], params or {})


def summary(key: str, lang: str, **params: Any) -> str:
    """A sentence about the whole: ``valid``, ``invalid``, ``more``, ``waiting`` or ``running``."""
    return _fill(catalogue()["summary"][key][lang], params)


def translate(error: Mapping[str, Any], lang: str) -> Message:
    """One error of a report in a language.

    Args:
        error: as frictionless 5 writes it; reports that were stored by version 4 or 3 are
            understood as well. A type that the catalogue does not have keeps frictionless' words.
        lang: ``id`` or ``en``.
    """
    kind = str(error.get("type") or error.get("code") or "error")
    row = _number(error, "rowNumber", "rowPosition", "row-number")
    if row is None:
        row = next(iter(error.get("rowNumbers") or []), None)
    column = _number(error, "fieldNumber", "fieldPosition", "column-number")
    cell = error.get("cell")
    params: dict[str, Any] = {
        "row": row,
        "column": column,
        "letter": column_letter(column) if column else "",
        "field": error.get("fieldName") or "",
        "label": error.get("label") or "",
        "cell": None if cell is None else _cut(str(cell)),
        "note": _note(str(error.get("note") or ""), lang),
    }
    texts = catalogue()["errors"].get(kind)
    mentioned = _PLACEHOLDER.findall(texts["message"][lang]) if texts else []
    if texts is None or any(params[name] is None for name in mentioned):
        title = texts["title"][lang] if texts else str(error.get("title") or kind)
        text = str(error.get("message") or title)
        advice = texts["advice"][lang] if texts else ""
    else:
        title, advice = texts["title"][lang], texts["advice"][lang]
        text = _fill(texts["message"][lang], params)
    return Message(
        type=kind,
        title=title,
        text=text,
        advice=advice,
        row=row,
        column=column,
        letter=params["letter"],
        field=params["field"],
        cell=params["cell"],
    )


def errors_of(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """All errors of a report in any shape frictionless ever had, in their order."""
    errors = [error for error in report.get("errors") or [] if isinstance(error, dict)]
    for task in [*(report.get("tasks") or []), *(report.get("tables") or [])]:
        errors.extend(error for error in task.get("errors") or [] if isinstance(error, dict))
    return errors


def error_count(report: Mapping[str, Any]) -> int:
    """How many errors there are, also where the report lists only the first ones."""
    stats = report.get("stats") or {}
    counts = (stats.get("errors"), report.get("error-count"), len(errors_of(report)))
    return max(count for count in counts if isinstance(count, int))


def translate_report(report: Mapping[str, Any], lang: str) -> list[Message]:
    """All errors of a report in a language."""
    return [translate(error, lang) for error in errors_of(report)]


def report_summary(report: Mapping[str, Any], lang: str) -> str:
    """A report in one sentence."""
    if report.get("valid"):
        return summary("valid", lang)
    return summary("invalid", lang, count=error_count(report))


def report_lines(report: Mapping[str, Any], lang: str, limit: int = 20) -> list[str]:
    """A report as plain lines, for e-mails and refused saves.

    Args:
        report: in the shape of frictionless.
        lang: ``id`` or ``en``.
        limit: of errors that are written out; the rest is counted.
    """
    messages = translate_report(report, lang)
    lines = [report_summary(report, lang)]
    lines += [f"{message.text} {message.advice}".strip() for message in messages[:limit]]
    if len(messages) > limit:
        lines.append(summary("more", lang, count=error_count(report) - limit))
    return lines


def error_lines(error: Mapping[str, Any] | None, lang: str) -> list[str]:
    """The texts of a stored ``error``: ours in the language asked for, others as they are."""
    if not error:
        return []
    code = error.get("code")
    if code in catalogue()["problems"]:
        return [problem(str(code), lang, error.get("params"))]
    return [str(text) for text in error.get("message") or []]


def column_letter(number: int) -> str:
    """The name of a column in spreadsheets: 1 is A, 27 is AA."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _note(note: str, lang: str) -> str:
    for known in catalogue()["notes"]:
        match = known["pattern"].fullmatch(note)
        if match:
            params = match.groupdict()
            if "type" in params:
                kind = catalogue()["types"].get(params["type"])
                params["type"] = kind[lang] if kind else params["type"]
            return _fill(known[lang], params)
    return note.rstrip(".")


def _fill(text: str, params: Mapping[str, Any]) -> str:
    # Not str.format: cells and notes come from files, and braces in them mean nothing.
    return _PLACEHOLDER.sub(lambda match: str(params.get(match[1], match[0])), text)


def _number(error: Mapping[str, Any], *names: str) -> int | None:
    return next((error[name] for name in names if isinstance(error.get(name), int)), None)


def _cut(text: str) -> str:
    return text if len(text) <= CELL_LENGTH else text[: CELL_LENGTH - 1] + "…"
