"""The national data standard: codes, and what its free texts mean in our code lists."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .document import BadReference, Document, Problem

#: Code of a standard: one or two letters, konsep, definisi, klasifikasi (Peraturan BPS 4/2021).
CODE = re.compile(r"[A-Z]{1,2}\d{5}\.\d{2}\.\d{2}")

FLAGS = ("VAR", "KON", "IND")

_COLUMNS = ("code", "name", "other_names", "ukuran", "satuan", "flags")
_NUMBERING = re.compile(r"(?:^|\s)\d\.?\s+")
_LOOSE = re.compile(r",|\.\s|/|\s+(?:dan|atau)\s+|\s+-\s+")


@dataclass(frozen=True, slots=True)
class StandardEntry:
    """One standard; texts as the source has them, several variants separated by ``|``."""

    code: str
    name: str
    other_names: tuple[str, ...]
    ukuran: str
    satuan: str
    flags: tuple[str, ...]


def parse(document: Document) -> tuple[StandardEntry, ...]:
    """Check a list of standards and return them in file order.

    Args:
        document: of kind ``standards``.

    Raises:
        BadReference: with every problem found.
    """
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    out: list[StandardEntry] = []
    for row in document.rows:
        found: list[tuple[str, dict[str, object]]] = []
        for column in row.cells.keys() - set(_COLUMNS):
            found.append(("column-unknown", {"column": column, "known": ", ".join(_COLUMNS)}))
        code = row.get("code")
        if not CODE.fullmatch(code):
            found.append(("standard-bad", {"code": code}))
        if code in lines:
            found.append(("code-twice", {"code": code, "first": lines[code]}))
        lines.setdefault(code, row.line)
        if not row.get("name"):
            found.append(("cell-empty", {"column": "name"}))
        flags = row.several("flags")
        if not flags or not set(flags) <= set(FLAGS):
            known = ", ".join(FLAGS)
            found.append(("flag-unknown", {"found": row.get("flags"), "flags": known}))
        problems.extend(Problem(rule, row.file, row.line, params) for rule, params in found)
        texts = (row.get("ukuran"), row.get("satuan"))
        out.append(StandardEntry(code, row.get("name"), row.several("other_names"), *texts, flags))
    if problems:
        raise BadReference(problems)
    return tuple(out)


def meanings(text: str, find: Callable[[str], str | None]) -> tuple[str, ...]:
    """The codes that a free text of ukuran or satuan speaks of.

    Measures are separated by ``;`` and the units of one measure by ``,`` (Peraturan BPS
    4/2021), but the texts also use other signs. A part is looked up whole first, because
    some names contain such a sign themselves (``Rupiah/Kg``).

    Args:
        text: for example ``Orang; Persen``.
        find: from a spelling to a code, or None.
    """
    out: dict[str, None] = {}
    for part in re.split(r"[;|]", text):
        whole = _NUMBERING.sub(" ", part).strip()
        pieces = [whole] if find(whole) else [whole, *_LOOSE.split(_NUMBERING.sub(",", part))]
        out.update(dict.fromkeys(code for piece in pieces if (code := find(piece.strip()))))
    return tuple(out)
