"""``menunggu-arahan``: what waits for the Bupati's direction takes no new value until it comes.

Both agencies' values stay as they are (Perpres 39/2019 Ps. 23(10)). The comparison alone would let
a new value pass once the public one is taken out; here it is held back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

import numpy as np

from ckanext.satudata.consistency.findings import Finding, Location
from ckanext.satudata.consistency.keys import ObjectKey, decode, encode
from ckanext.satudata.consistency.observations import Figures
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.model.meeting import AgendaItem
from ckanext.satudata.store import blocks, publications
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.types import AnySession

RULE = "menunggu-arahan"


def new_values(
    session: AnySession, figures: Sequence[Figures], rules: RuleSet, book: CodeBook
) -> list[Finding]:
    """Values nobody shows yet for objects that wait for a direction.

    Args:
        session: whose view of the public figures is used.
        figures: what the dataset would show.
        rules: the rules.
        book: the reference data.

    Returns:
        One finding per object.
    """
    waiting = _waiting(session, {f.indicator.code: f for f in figures if len(f)}, book)
    found = []
    for one in figures:
        keys = waiting.get(one.indicator.code)
        if not keys:
            continue
        rows = np.flatnonzero(np.isin(one.keys, sorted(keys)))
        shown = _shown(session, one.indicator.id, one.keys[rows]) if rows.size else {}
        for row in rows.tolist():
            key, value = int(one.keys[row]), float(one.values[row])
            if value in shown.get(key, ()):
                continue
            found.append(
                Finding(
                    rule=RULE,
                    rule_version=rules[RULE].version,
                    severity=rules[RULE].severity,
                    indicator=one.indicator.code,
                    key=decode(one.indicator, key, book.codelists),
                    location=Location(int(one.table[row]), int(one.row[row]), int(one.column[row])),
                    value=value,
                )
            )
    return found


def lock(session: AnySession, items: Sequence[AgendaItem]) -> None:
    """Let nobody publish figures of what these items escalate until the transaction ends."""
    known = load_codebook(session).indicators
    codes = {_code(i) for i in items if i.outcome == "eskalasi_bupati"}
    numbers = [known[code].id for code in codes if code in known]
    if numbers:
        publications.lock_indicators(session, numbers)


def _code(item: AgendaItem) -> str:
    return str((item.snapshot.get("indicator") or {}).get("code"))


def _waiting(
    session: AnySession, figures: Mapping[str, Figures], book: CodeBook
) -> dict[str, set[int]]:
    """Packed keys of the objects that wait, by code of the indicator."""
    out: dict[str, set[int]] = {}
    for item in AgendaItem.escalated(session):
        code = _code(item)
        one = figures.get(code)
        if one is None:
            continue
        for thing in item.snapshot["objects"]:
            named = ObjectKey(thing["period"], thing["region"], thing["dimensions"])
            # A code that was taken out of its list since names no object of today.
            with suppress(ValueError):
                out.setdefault(code, set()).add(encode(one.indicator, named, book.codelists))
    return out


def _shown(session: AnySession, indicator: int, keys: np.ndarray) -> dict[int, set[float]]:
    """What anybody shows for these objects."""
    spans = {indicator: (int(keys.min()), int(keys.max()))}
    described = publications.overlapping(session, spans, exclude=())
    out: dict[int, set[float]] = {}
    for piece in blocks.fetch(session, spans, described).get(indicator, []):
        for at in np.flatnonzero(np.isin(piece.keys, keys)).tolist():
            out.setdefault(int(piece.keys[at]), set()).add(float(piece.values[at]))
    return out
