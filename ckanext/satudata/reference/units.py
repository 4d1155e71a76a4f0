"""Units: from rows to checked units with their spellings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ckanext.satudata.consistency.vocabulary import normalise

from .document import BadReference, Document, Problem, Row

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]*")
_COLUMNS = ("code", "label", "label_en", "quantity", "factor", "aliases")


@dataclass(frozen=True, slots=True)
class UnitEntry:
    """One unit; ``aliases`` are folded and include the folded code and label."""

    code: str
    label: str
    label_en: str
    quantity: str
    factor: Decimal
    aliases: tuple[str, ...]


def parse(document: Document) -> tuple[UnitEntry, ...]:
    """Check a list of units and return them in file order.

    Args:
        document: of kind ``units``.

    Raises:
        BadReference: with every problem found.
    """
    problems: list[Problem] = []
    lines: dict[str, Row] = {}
    spelled: dict[str, Row] = {}
    out: list[UnitEntry] = []
    for row in document.rows:
        found = _row_problems(row)
        factor = _factor(row.get("factor"))
        code = row.get("code")
        if code in lines:
            found.append(("code-twice", {"code": code, "first": lines[code].line}))
        lines.setdefault(code, row)
        names = (code, row.get("label"), *row.several("aliases"))
        aliases = tuple(dict.fromkeys(normalise(name) for name in names))
        for alias in aliases:
            other = spelled.setdefault(alias, row)
            if other is not row and other.get("code") != code:
                params = {"name": alias, "code": code, "other": other.get("code")}
                found.append(("name-clash", {**params, "first": other.line}))
        problems.extend(Problem(rule, row.file, row.line, params) for rule, params in found)
        if factor is not None:
            unit = (code, row.get("label"), row.get("label_en"), row.get("quantity"))
            out.append(UnitEntry(*unit, factor, aliases))
    if problems:
        raise BadReference(problems)
    return tuple(out)


def _row_problems(row: Row) -> list[tuple[str, dict[str, object]]]:
    out: list[tuple[str, dict[str, object]]] = []
    for column in row.cells.keys() - set(_COLUMNS):
        out.append(("column-unknown", {"column": column, "known": ", ".join(_COLUMNS)}))
    for column in _COLUMNS[:-1]:
        if not row.get(column):
            out.append(("cell-empty", {"column": column}))
    for column in ("code", "quantity"):
        if row.get(column) and not _SLUG.fullmatch(row.get(column)):
            out.append(("code-bad", {"code": row.get(column)}))
    if row.get("factor") and _factor(row.get("factor")) is None:
        out.append(("factor-bad", {"found": row.get("factor")}))
    return out


def _factor(text: str) -> Decimal | None:
    try:
        factor = Decimal(text)
    except InvalidOperation:
        return None
    return factor if factor.is_finite() and factor > 0 else None
