"""What agreements do to figures that are public: which have to be corrected, and what is told.

An agreement changes no public figure by itself. A public table that is not as agreed stays, with
a note, until its agency corrects it; it is listed here and by the recheck.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
import numpy as np
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency.agreements import Agreed, Agreement, Entry, contradictions
from ckanext.satudata.consistency.disagreement import disagreeing
from ckanext.satudata.consistency.observations import Publication, Published
from ckanext.satudata.consistency.tolerance import Tolerance
from ckanext.satudata.consistency.vocabulary import Indicator
from ckanext.satudata.model.agreement import (
    BOTH,
    FIGURE,
    IN_FORCE,
    PROPOSED,
    AgreementObject,
    AgreementRow,
)
from ckanext.satudata.model.publication import PublicationRow
from ckanext.satudata.store import agreements as stored
from ckanext.satudata.store import blocks, publications
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.store.observations import Row
from ckanext.satudata.types import AnySession

from .. import catalogue
from ..proof import recheck
from . import agreements

#: The rule whose tolerance decides whether a figure is the agreed one.
_RULE = "nilai-berbeda"
#: Objects of a dataset that its page tells of; the agreement's page tells all.
_TOLD = 200
_TIMEOUT = 3600


@dataclass(frozen=True, slots=True)
class Deviation:
    """A public figure that an agreement wants otherwise.

    Attributes:
        publication: whose figure it is.
        object: the object.
        value: what is public.
        agreed: what was agreed; None where an agreement has ended and two values are left.
    """

    publication: Publication
    object: AgreementObject
    value: float
    agreed: float | None


def objects_of(session: AnySession, agreement_id: str) -> list[AgreementObject]:
    """What an agreement speaks of, in the order of the keys."""
    thing = AgreementObject
    query = sa.select(thing).where(thing.agreement_id == agreement_id)
    return list(session.scalars(query.order_by(thing.indicator_id, thing.key)))


def deviations(session: AnySession, row: AgreementRow) -> list[Deviation]:
    """Public figures that are not as an agreement says, or would say, or that it let stand.

    Of a proposal and of an agreement in force: what contradicts it. Of one that has ended and let
    both values stand: the values that still differ and that nothing explains any more.
    """
    things = objects_of(session, row.id)
    told = {(t.indicator_id, t.key): t for t in things}
    book = load_codebook(session)
    out: list[Deviation] = []
    for number, agreed in _said(session, row, things).items():
        indicator = book.indicator_by_id(number)
        if indicator is None:
            continue
        shown = _shown(session, number, agreed.keys)
        tolerance = _tolerance(indicator)
        if row.state in (PROPOSED, IN_FORCE):
            out += _contradicting(shown, agreed, tolerance, number, told)
        elif row.kind == BOTH and row.effective_at is not None:
            current = stored.in_force(session, [number]).get(number)
            out += _left(shown, agreed, tolerance, number, told, current)
    return out


def _said(
    session: AnySession, row: AgreementRow, things: Sequence[AgreementObject]
) -> dict[int, Agreed]:
    """What an agreement says, whether or not it holds."""
    about = Agreement(row.id, row.number, {"id": row.note, "en": row.note_en or row.note})
    entries: dict[int, list[Entry]] = {}
    for thing in things:
        if thing.value is not None and thing.decimals is not None:
            entry = Entry(thing.key, thing.value, thing.decimals, None, about)
            entries.setdefault(thing.indicator_id, []).append(entry)
    stands = stored.stands_of(session, [t.id for t in things])
    for thing in things:
        for who, one in stands.get(thing.id, {}).items():
            entry = Entry(thing.key, one.value, one.decimals, who, about)
            entries.setdefault(thing.indicator_id, []).append(entry)
    return {number: Agreed.of(found) for number, found in entries.items()}


def _shown(session: AnySession, number: int, keys: np.ndarray) -> list[Published]:
    """Everybody's public figures of some objects alone."""
    spans = {number: (int(keys.min()), int(keys.max()))}
    described = publications.overlapping(session, spans, exclude=())
    found = blocks.fetch(session, spans, described).get(number, [])
    out = []
    for one in found:
        at = np.isin(one.keys, keys)
        if at.any():
            columns = one.keys[at], one.values[at], one.decimals[at], one.status[at]
            out.append(Published(one.publication, *columns))
    return out


def _tolerance(indicator: Indicator) -> Tolerance:
    return Tolerance.of(indicator, catalogue.rules().floor(_RULE, indicator))


def _contradicting(
    shown: Sequence[Published],
    agreed: Agreed,
    tolerance: Tolerance,
    number: int,
    told: Mapping[tuple[int, int], AgreementObject],
) -> Iterator[Deviation]:
    for one in shown:
        who = one.publication.organization
        found = contradictions(one.keys, one.values, one.decimals, who, agreed, tolerance)
        for row, entry in zip(found.rows.tolist(), found.entries.tolist(), strict=True):
            thing = told[number, int(one.keys[row])]
            value, right = float(one.values[row]), float(agreed.values[entry])
            yield Deviation(one.publication, thing, value, right)


def _left(
    shown: Sequence[Published],
    agreed: Agreed,
    tolerance: Tolerance,
    number: int,
    told: Mapping[tuple[int, int], AgreementObject],
    current: Agreed | None,
) -> Iterator[Deviation]:
    differing = disagreeing(shown, tolerance, current)
    for key in differing[np.isin(differing, agreed.keys)].tolist():
        for one in shown:
            for value in one.values[one.keys == key].tolist():
                yield Deviation(one.publication, told[number, key], value, None)


def concerned(session: AnySession, agreement_id: str) -> list[str]:
    """Ids of the public datasets that may show what an agreement speaks of."""
    thing, public = AgreementObject, PublicationRow
    query = (
        sa.select(public.dataset_id)
        .join(
            thing,
            sa.and_(
                thing.indicator_id == public.indicator_id,
                thing.key >= public.key_min,
                thing.key <= public.key_max,
            ),
        )
        .where(thing.agreement_id == agreement_id)
        .distinct()
    )
    return sorted(session.scalars(query))


def judge_again(agreement_id: str) -> None:
    """Let the job worker look again at what an agreement, made or ended, speaks of.

    ``ckan satudata due`` looks, too, so nothing is lost with a worker.
    """
    found = concerned(model.Session, agreement_id)
    if found:
        tk.enqueue_job(
            run,
            [found],
            title=f"satudata agreement {agreement_id}",
            rq_kwargs={"timeout": _TIMEOUT},
        )


def due(now: datetime) -> list[str]:
    """Let agreements hold and end whose day has come, each in a transaction of its own."""
    session = model.Session
    lines: list[str] = []
    for name in agreements.ripe(session, now):
        try:
            changed = agreements.settle(session, name, now)
            told = f"agreement {changed.number}: {changed.state}" if changed else None
            session.commit()
        except agreements.InvalidAgreement as error:
            session.rollback()
            lines.append(f"agreement {name} cannot come into force: {error}")
            continue
        if told:
            judge_again(name)
            lines.append(told)
    return lines


def run(datasets: Collection[str]) -> None:
    """The job of :func:`judge_again`."""
    for dataset in datasets:
        recheck.run(dataset)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told beside one public figure.

    Attributes:
        said: the agreement and what it says of the object.
        conforms: whether this figure is what the agreement records for its agency.
    """

    said: stored.Said
    conforms: bool


def beside(session: AnySession, rows: Sequence[Row]) -> dict[tuple[int, int], list[Beside]]:
    """What agreements have to say beside public figures; nothing for most.

    Args:
        session: the session to read with.
        rows: public figures.

    Returns:
        Publication number and key -> what is told.
    """
    spoken = stored.said_of(session, {(r.indicator, r.key) for r in rows})
    if not spoken:
        return {}
    left = _still_differing(session, [s for found in spoken.values() for s in found])
    book = load_codebook(session)
    out: dict[tuple[int, int], list[Beside]] = {}
    for row in rows:
        indicator = book.indicator_by_id(row.indicator)
        for said in spoken.get((row.indicator, row.key), ()):
            ended = said.agreement.state != IN_FORCE
            if indicator is None or (ended and said.object.id not in left):
                continue
            told = Beside(said, _conforms(row, said, indicator))
            out.setdefault((row.publication.id, row.key), []).append(told)
    return out


def _still_differing(session: AnySession, said: Sequence[stored.Said]) -> set[int]:
    """Ids of objects of ended agreements of which different values are still public."""
    ended = {s.agreement.id: s.agreement for s in said if s.agreement.state != IN_FORCE}
    return {d.object.id for row in ended.values() for d in deviations(session, row)}


def _conforms(row: Row, said: stored.Said, indicator: Indicator) -> bool:
    who = row.publication.organization
    wanted = said.object if said.agreement.kind == FIGURE else said.stands.get(who)
    if wanted is None or wanted.value is None or wanted.decimals is None:
        return True
    about = Agreement(said.agreement.id, said.agreement.number, {})
    agreed = Agreed.of([Entry(row.key, wanted.value, wanted.decimals, None, about)])
    found = contradictions(
        np.array([row.key], dtype=np.int64),
        np.array([row.value]),
        np.array([row.decimals], dtype=np.int8),
        who,
        agreed,
        _tolerance(indicator),
    )
    return not len(found)


def of_dataset(session: AnySession, dataset: str) -> list[tuple[Row, Beside]]:
    """What agreements have to say beside a dataset's public figures, the first of them.

    Args:
        session: the session to read with.
        dataset: id of the dataset.
    """
    thing, public, agreement = AgreementObject, PublicationRow, AgreementRow
    spoken = session.execute(
        sa.select(public.id, thing.indicator_id, thing.key)
        .join(
            thing,
            sa.and_(
                thing.indicator_id == public.indicator_id,
                thing.key >= public.key_min,
                thing.key <= public.key_max,
            ),
        )
        .join(agreement, agreement.id == thing.agreement_id)
        .where(public.dataset_id == dataset, agreement.effective_at.is_not(None))
        .distinct()
        .order_by(public.id, thing.key)
        .limit(_TOLD)
    ).all()
    if not spoken:
        return []
    wanted: dict[int, list[int]] = {}
    for _, number, key in spoken:
        wanted.setdefault(number, []).append(key)
    rows = list(_rows(session, dataset, wanted))
    told = beside(session, rows)
    return [(row, one) for row in rows for one in told.get((row.publication.id, row.key), ())]


def _rows(session: AnySession, dataset: str, wanted: Mapping[int, list[int]]) -> Iterator[Row]:
    described = publications.describe(
        session, [r.id for r in publications.of_dataset(session, dataset)]
    )
    for number, keys in wanted.items():
        found = blocks.fetch(session, {number: (min(keys), max(keys))}, described)
        for one in found.get(number, ()):
            for i in np.flatnonzero(np.isin(one.keys, keys)).tolist():
                yield Row(
                    one.publication,
                    number,
                    int(one.keys[i]),
                    float(one.values[i]),
                    int(one.decimals[i]),
                    int(one.status[i]),
                )


def describe(told: Beside, titles: Mapping[str, str]) -> dict[str, Any]:
    """What is told beside a figure, JSON-ready.

    Args:
        told: what is told.
        titles: id of organization -> what it is called.
    """
    row, thing = told.said.agreement, told.said.object
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "note": row.note,
        "note_en": row.note_en or None,
        "value": thing.value,
        "values": [
            {"organization": who, "organization_title": titles.get(who, who), "value": one.value}
            for who, one in sorted(told.said.stands.items())
        ],
        "conforms": told.conforms,
    }
