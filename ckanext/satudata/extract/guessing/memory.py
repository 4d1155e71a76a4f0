"""Recognising a table of which a person has confirmed the declaration before."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...consistency.vocabulary import REGION, normalise
from ..declaration import PERIOD, Declaration, Field, Role
from . import grid, times
from .result import Guess, Notes

if TYPE_CHECKING:
    from ..raw import RawTable

_YEAR = re.compile(r"\b(?:19[5-9]|20\d)\d\b")
#: What a title says anew for each table; a remembered value must not outlive it.
_TITLED = (PERIOD, "tahun", REGION)


def signature(table: RawTable | Declaration) -> str:
    """A hash by which a table with the same header is recognised, in any process.

    Headers count without regard to case, punctuation and spaces. For a table, the periods
    named above it and by its sheet and file count too: the same form filled in for another
    year is another signature, so that a year kept as a constant is never silently reused.

    Args:
        table: a sheet, or a declaration (of which only the field names count).
    """
    if isinstance(table, Declaration):
        parts = [normalise(f.name) for f in table.fields]
    else:
        found = grid.read(table)
        parts = [normalise(c.name) for c in found.columns if c.parts]
        around = (*found.titles, table.sheet or "", table.name)
        periods = {str(p) for text in around for p in times.find(text).periods}
        parts += ["", *sorted(periods)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def recall(found: grid.Grid, remembered: Sequence[Declaration]) -> Declaration | None:
    """The remembered declaration for these columns: the same headers, years left aside."""
    outline = _outline([c.name for c in found.columns if c.parts])
    for declaration in remembered:
        if outline and _outline([f.name for f in declaration.fields]) == outline:
            return declaration
    return None


def follow(known: Declaration, fresh: Declaration, notes: Notes, found: grid.Grid) -> Guess:
    """Fit a remembered declaration to this table.

    Column by column the confirmed meaning is taken; columns for new years get the meaning
    of the old years' columns. Constants for period and region come from this table's own
    titles; where those are silent, the remembered value is asked about.

    Args:
        known: what was confirmed for a table with these columns.
        fresh: what this table says by itself.
        notes: reasons and questions of the fresh guess.
        found: the table.
    """
    by_name = {normalise(f.name): f for f in known.fields}
    by_outline = {_masked(f.name): f for f in known.fields}
    fields: list[Field] = []
    for own in fresh.fields:
        before = by_name.get(normalise(own.name))
        if before is None:
            before = _new_year(by_outline.get(_masked(own.name)), own)
        fields.append(replace(before, name=own.name) if before is not None else own)
    result = Notes()
    result.reason("diingat", None, 1.0)
    for f in fields:
        result.confidence[f.name] = 0.98
    extra = tuple(_extra(f, fresh, notes, result) for f in known.extra)
    return Guess(
        replace(
            known,
            fields=tuple(fields),
            extra=extra,
            sheet=fresh.sheet,
            header_row=fresh.header_row,
            header_rows=fresh.header_rows,
        ),
        result.confidence,
        result.reasons,
        result.questions
        + [q for q in notes.questions if q["code"] in ("kepala-belum-pasti", "baris-berulang")],
        remembered=True,
    )


def reusable(known: Declaration, table: RawTable) -> bool:
    """Whether a remembered declaration may be used for a table without asking anybody.

    It may not, where a period or year stands in it as a constant that the table itself does
    not name: the figures of a new year would be taken for those of the old one.
    """
    found = grid.read(table)
    around = (*found.titles, table.sheet or "", table.name)
    named = {str(p) for text in around for p in times.find(text).periods}
    named |= {str(p.start.year) for text in around for p in times.find(text).periods}
    constants = {f.constant for f in known.extra if f.concept in (PERIOD, "tahun") and f.constant}
    return constants <= named


def _extra(before: Field, fresh: Declaration, seen: Notes, notes: Notes) -> Field:
    if before.concept not in _TITLED or before.constant is None:
        return before
    now = next((f for f in fresh.extra if f.concept == before.concept), None)
    if now is not None and now.constant is not None and seen.confidence.get(now.name, 0) > 0.5:
        if before.concept == REGION and now.constant != before.constant:
            notes.ask("wilayah-berubah", before.name, before=before.constant, value=now.constant)
        else:
            notes.reason(
                "nilai-tetap", before.name, 0.85, concept=before.concept, value=now.constant
            )
        return replace(before, constant=now.constant)
    if before.concept == REGION:
        notes.confidence[before.name] = 0.9
    else:
        notes.ask("periode-diingat", before.name, value=before.constant)
    return before


def _new_year(pattern: Field | None, own: Field) -> Field | None:
    """A column for another year, meant like its remembered neighbours."""
    if pattern is None:
        return None
    if not pattern.normalize:
        return pattern if pattern.role is Role.MEASURE else None
    period = times.common((own.name,))
    if period is None:
        return None
    changed = {
        k: str(period) if times.whole(v) is not None else v for k, v in pattern.normalize.items()
    }
    return replace(pattern, name=own.name, normalize=changed)


def _masked(name: str) -> str:
    return _YEAR.sub("#", normalise(name))


def _outline(names: Sequence[str]) -> tuple[str, ...]:
    """Headers with years masked; neighbours that then look alike count once."""
    out: list[str] = []
    for name in map(_masked, names):
        if not out or out[-1] != name:
            out.append(name)
    return tuple(out)
