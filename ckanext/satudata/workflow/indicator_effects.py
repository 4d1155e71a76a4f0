"""What a change of an indicator would do to figures that are public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency.disagreement import disagreeing
from ckanext.satudata.consistency.observations import Publication
from ckanext.satudata.consistency.tolerance import Tolerance
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.model.publication import PublicationRow
from ckanext.satudata.store import agreements, blocks, publications
from ckanext.satudata.types import AnySession

from . import indicators

#: Fields whose text readers see beside every figure.
_WORDS = ("name", "name_en", "konsep", "definition", "definition_en", "ukuran")
_WATCHED = (*_WORDS, "abs_tol", "rel_tol", "additive", "producer_org", "dimensions", "status")
_ALL_KEYS = (0, (1 << 63) - 1)


@dataclass(frozen=True, slots=True)
class Effect:
    """One consequence: the field that has it, its rule's name, and what its text needs."""

    field: str
    rule: str
    params: Mapping[str, object] = default(default_factory=dict)


@dataclass(frozen=True)
class Outlook:
    """What there is and what would happen to it.

    Attributes:
        figures: number of public figures of the indicator.
        publications: the tables that show them.
        effects: the consequences of the change.
    """

    figures: int
    publications: tuple[Publication, ...]
    effects: tuple[Effect, ...]


def outlook(session: AnySession, row: IndicatorRow, values: Mapping[str, Any]) -> Outlook:
    """Try a change and tell what it would do; nothing of it stays.

    Args:
        session: the session to try it in.
        row: the indicator.
        values: as for :func:`.indicators.update`.

    Raises:
        indicators.InvalidIndicator: the change itself would be refused.
        ReferenceDataMissing: no reference data are loaded.
    """
    before = _watched(row)
    attempt = session.begin_nested()
    try:
        indicators.update(session, row, values)
        after = _watched(row)
    finally:
        attempt.rollback()
        session.refresh(row)
    rows = session.scalars(
        sa.select(PublicationRow).where(PublicationRow.indicator_id == row.id)
    ).all()
    sizes = {r.id: r.size for r in rows}
    shown = publications.describe(session, sorted(sizes))
    effects = tuple(_effects(session, row.id, shown, before, after)) if shown else ()
    return Outlook(sum(sizes.values()), tuple(shown.values()), effects)


def _effects(
    session: AnySession,
    number: int,
    shown: Mapping[int, Publication],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Iterator[Effect]:
    changed = {name for name in _WATCHED if before[name] != after[name]}
    for name in _WORDS:
        if name in changed:
            yield Effect(name, "words")
            break
    if changed & {"abs_tol", "rel_tol"}:
        figures = blocks.fetch(session, {number: _ALL_KEYS}, shown).get(number, [])
        agreed = agreements.in_force(session, [number]).get(number)
        now, then = (
            len(disagreeing(figures, Tolerance(v["abs_tol"], v["rel_tol"]), agreed))
            for v in (before, after)
        )
        yield Effect("abs_tol", "tolerance", {"now": now, "then": then})
    if "additive" in changed:
        yield Effect("additive", "sums" if after["additive"] else "no-sums")
    if "dimensions" in changed:
        added = after["dimensions"][len(before["dimensions"]) :]
        yield Effect("dimensions", "dimension", {"names": ", ".join(d["name"] for d in added)})
    if "producer_org" in changed:
        yield from _mandate(shown, before["producer_org"], after["producer_org"])
    if "status" in changed:
        yield Effect("status", after["status"])


def _mandate(
    shown: Mapping[int, Publication], before: str | None, after: str | None
) -> Iterator[Effect]:
    old = model.Group.get(before) if before else None
    new = model.Group.get(after) if after else None
    params = {"old": _title(old), "new": _title(new)}
    if new is None:
        yield Effect("producer_org", "mandate-ends", params)
        return
    others = {p.organization_title for p in shown.values() if p.organization != new.id}
    if others:
        yield Effect("producer_org", "mandate", {**params, "others": ", ".join(sorted(others))})
    else:
        yield Effect("producer_org", "mandate-own", params)


def _title(group: model.Group | None) -> str:
    return (group.title or group.name) if group else ""


def _watched(row: IndicatorRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _WATCHED}
