"""Vintages: what a dataset showed before, why it changes, and keeping what it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from ckan import model

from ckanext.satudata.consistency.observations import Candidate, Publication, Published
from ckanext.satudata.model.former import REVISED, WITHDRAWN
from ckanext.satudata.store import blocks, former, publications
from ckanext.satudata.store.batch import Batch
from ckanext.satudata.store.beside import Beside
from ckanext.satudata.store.publications import NewPublication
from ckanext.satudata.types import AnySession

#: Dataset field in which the producer says why public final figures change.
REASON = "alasan_perubahan"

#: Indicator number -> what was shown.
Shown = Mapping[int, Sequence[Published]]


@dataclass(frozen=True, slots=True)
class Change:
    """The release that takes the place of another.

    Attributes:
        moment: when.
        user: id of the person, or None for a job.
        reason: why final figures change; may be empty.
        report: id of its report.
        since: since when the figures before were public.
    """

    moment: datetime
    user: str | None
    reason: str
    report: str
    since: datetime


def reason(package: model.Package, beside: Beside) -> str:
    """Why final figures change: of the revision being released, or the dataset's field.

    A reason counts once. What is still in the field from the last change explains no other.
    """
    if beside.note:
        return beside.note
    written = package.extras.get(REASON)
    text = written.strip() if isinstance(written, str) else ""
    return "" if text == beside.last_reason else text


def before(
    session: AnySession,
    candidate: Candidate,
    own: Mapping[int, Publication],
    *,
    withdrawn: bool,
) -> dict[int, list[Published]]:
    """What the dataset shows until now, and what its organization took out, by indicator.

    Figures that were taken out and come back with another value are changed figures, too, even
    in another dataset.

    Args:
        session: the session to read with.
        candidate: what would become public.
        own: the dataset's publications, by number; at least those that overlap the candidate.
        withdrawn: whether its organization took out any figures near the candidate's.
    """
    spans = {f.indicator.id: (int(f.keys[0]), int(f.keys[-1])) for f in candidate.figures if len(f)}
    found = blocks.fetch(session, spans, own)
    gone_before = former.withdrawn(session, candidate.organization, spans) if withdrawn else {}
    for number, gone in gone_before.items():
        shown = found.setdefault(number, [])
        keep = np.ones(len(gone.keys), dtype=bool)
        for one in shown:
            keep &= ~np.isin(gone.keys, one.keys)
        about = Publication(
            id=0,
            dataset=candidate.dataset or "",
            dataset_name="",
            dataset_title="",
            organization=candidate.organization,
            organization_title=candidate.organization_title,
            resource="",
            resource_name="",
        )
        columns = (gone.keys, gone.values, gone.decimals, gone.status)
        keys, values, decimals, status = (c[keep] for c in columns)
        shown.append(Published(about, keys, values, decimals, status))
    return found


def keep(
    session: AnySession,
    batch: Batch,
    dataset: str,
    known: Shown,
    after: list[NewPublication],
    change: Change,
) -> dict[str, int]:
    """Keep what the dataset shows until now and will not show as it was.

    Args:
        session: to read with; the former figures are still stored.
        batch: with what else they are kept.
        dataset: id of the dataset.
        known: what :func:`before` found; what it has whole is not read again.
        after: what it will show.
        change: the release that is going on.

    Returns:
        How many were ``revised``, and how many ``withdrawn``.
    """
    counts = {REVISED: 0, WITHDRAWN: 0}
    for number, shown in _current(session, dataset, known).items():
        new = [p.arrays for p in after if p.indicator == number]
        for one in shown:
            changed, gone = _differences(one, new)
            for which, kind in ((changed, REVISED), (gone, WITHDRAWN)):
                if which.any():
                    ending = former.Ending(
                        kind, change.since, change.moment, change.user, change.reason, change.report
                    )
                    former.keep(batch, number, _some(one, which), ending)
                    counts[kind] += int(which.sum())
    return counts


def _current(session: AnySession, dataset: str, known: Shown) -> dict[int, list[Published]]:
    # A publication's figures never change, so one of the same number and size is the same.
    read = {(p.publication.id, len(p)): p for shown in known.values() for p in shown}
    out: dict[int, list[Published]] = {}
    spans: dict[int, tuple[int, int]] = {}
    unread: list[int] = []
    for row in publications.of_dataset(session, dataset):
        whole = read.get((row.id, row.size))
        if whole is not None:
            out.setdefault(row.indicator_id, []).append(whole)
            continue
        unread.append(row.id)
        low, high = spans.get(row.indicator_id, (row.key_min, row.key_max))
        spans[row.indicator_id] = min(low, row.key_min), max(high, row.key_max)
    if unread:
        described = publications.describe(session, unread)
        for number, shown in blocks.fetch(session, spans, described).items():
            out.setdefault(number, []).extend(shown)
    return out


def _differences(shown: Published, after: list[blocks.Arrays]) -> tuple[np.ndarray, np.ndarray]:
    """Which of the figures have another value or status, and which are not shown any more."""
    present = np.zeros(len(shown), dtype=bool)
    changed = present.copy()
    for new in after:
        _, here, there = np.intersect1d(
            shown.keys, new.keys, assume_unique=True, return_indices=True
        )
        present[here] = True
        changed[here] |= (shown.values[here] != new.values[there]) | (
            shown.status[here] != new.status[there]
        )
    return changed, ~present


def _some(shown: Published, which: np.ndarray) -> Published:
    return replace(
        shown,
        keys=shown.keys[which],
        values=shown.values[which],
        decimals=shown.decimals[which],
        status=shown.status[which],
    )
