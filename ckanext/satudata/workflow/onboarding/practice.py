"""The practice space: publishing is a rehearsal, with the same checks, and nothing is ever public.

A practice dataset is a draft with a mark that no route can take away (:class:`PracticeDataset`).
Whatever would make it public, by whatever action, ends in :func:`rehearse`: the dataset is checked
in the transaction that saved it as public, the transaction is rolled back, and the report is kept.
So it is held back where the real one would be, and what passes stays a draft all the same. The gate
refuses such datasets once more, the audit looks for them, and searches leave them out for everybody
but the person who practises.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.satudata import config
from ckanext.satudata.demo import metadata
from ckanext.satudata.errors import SatudataError, TooLarge
from ckanext.satudata.model.onboarding import PracticeDataset
from ckanext.satudata.model.publication import ReportRow
from ckanext.satudata.store.transaction import apart

from .. import checking, reports, sources
from . import progress

_TYPE = "dataset"


class NothingIsPublic(SatudataError):
    """A rehearsal is over; nothing of it was saved but its report.

    Attributes:
        report: id of the report.
        errors: number of findings that would hold the dataset back.
    """

    def __init__(self, report: str, errors: int) -> None:
        super().__init__(f"rehearsed, report {report}")
        self.report = report
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Practice:
    """A dataset that somebody practises on.

    Attributes:
        dataset: its id.
        name: its name.
        exercise: which one.
        report: id of the newest rehearsal's report, or None.
    """

    dataset: str
    name: str
    exercise: str
    report: str | None


def is_practice(dataset: str | None) -> bool:
    """Whether a dataset is for practice."""
    return PracticeDataset.of(dataset) is not None


def begin(
    exercise: str,
    user: model.User,
    organization: model.Group,
    now: datetime,
    fields: Mapping[str, Any],
) -> str:
    """Make a practice dataset with complete metadata; one that is there is given back. Commits.

    Args:
        exercise: one of :data:`.model.onboarding.EXERCISES`.
        user: who practises.
        organization: the body for which they edit.
        now: the present moment, UTC.
        fields: of the dataset that differ from the example.

    Returns:
        The id of the dataset.
    """
    for one in of_user(user.id):
        if one.exercise == exercise:
            return one.dataset
    activity = _marked(exercise, user, now)
    # Only those who may do everything choose an id; rights were asked by the action.
    context: Context = {"user": user.name, "auth_user_obj": user, "ignore_auth": True}
    name = f"latihan-kegiatan-{activity[:8]}"
    values = metadata.activity(name, organization.id, str(now.year), state="draft")
    # A transaction each: CKAN indexes what was created at the end of the one it was created in.
    tk.get_action("package_create")({**context}, {**values, "id": activity})
    dataset = _marked(exercise, user, now)
    draft = metadata.dataset(
        f"latihan-{dataset[:8]}", organization.id, name, state="draft", **{**fields, "id": dataset}
    )
    tk.get_action("package_create")(context, draft)
    return dataset


def of_user(user: str) -> list[Practice]:
    """What somebody practises on, the newest first."""
    package = model.Package
    rows = model.Session.execute(
        sa.select(PracticeDataset, package.name)
        .join(package, package.id == PracticeDataset.dataset_id)
        .where(
            PracticeDataset.user_id == user,
            package.type == _TYPE,
            package.state != model.State.DELETED,
        )
        .order_by(PracticeDataset.created_at.desc())
    )
    return [Practice(one.dataset_id, name, one.exercise, one.report_id) for one, name in rows]


def of_others(user: str | None) -> list[str]:
    """Ids of the datasets on which others practise.

    Args:
        user: id of the person who looks, or None.
    """
    wanted = sa.select(PracticeDataset.dataset_id)
    if user:
        wanted = wanted.where(PracticeDataset.user_id != user)
    return list(model.Session.scalars(wanted.order_by(PracticeDataset.dataset_id)))


def rehearse(package: model.Package, user: str | None) -> None:
    """Do with a practice dataset what was asked for: nothing, or a rehearsal of publishing.

    Args:
        package: the dataset, flushed but not committed.
        user: id of the person, or None for a job.

    Raises:
        NothingIsPublic: it would have become public. The session has been rolled back; the report
            is kept, and what the person has learned.
        TooLarge: the files are too large to be checked while somebody waits.
    """
    if package.state != model.State.ACTIVE:
        return
    dataset, of_table = package.id, package.type == _TYPE
    tables = sources.of_package(package)
    if sources.size(tables) > config.background_size():
        model.Session.rollback()
        raise TooLarge
    kept = checking.check_dataset(package, user)
    model.Session.rollback()
    reports.keep_apart(kept)
    errors = sum(f.blocks for f in kept.report.findings)
    if of_table:
        _learned(dataset, kept)
    raise NothingIsPublic(kept.id, errors)


def reset(now: datetime) -> list[str]:
    """Empty the practice space of everything older than the last reset; commits.

    Args:
        now: the present moment, UTC.

    Returns:
        A line that says how many datasets left, or nothing.
    """
    old = list(
        model.Session.scalars(
            sa.select(PracticeDataset.dataset_id)
            .where(PracticeDataset.created_at < last_reset(now))
            .order_by(PracticeDataset.created_at)
        )
    )
    # Datasets before the activities that they name.
    rows = model.Session.execute(
        sa.select(model.Package.id, model.Package.type).where(model.Package.id.in_(old))
    )
    kinds = {row.id: row.type for row in rows}
    count = 0
    for dataset in sorted(old, key=lambda d: kinds.get(d) != _TYPE):
        if dataset in kinds:
            context: Context = {"user": _site(), "ignore_auth": True}
            tk.get_action("dataset_purge")(context, {"id": dataset})
            count += kinds[dataset] == _TYPE
        # The mark goes last: a dataset that could not be purged keeps it.
        model.Session.execute(sa.delete(ReportRow).where(ReportRow.dataset_id == dataset))
        model.Session.execute(
            sa.delete(PracticeDataset).where(PracticeDataset.dataset_id == dataset)
        )
        model.Session.commit()
    return [f"practice space emptied: {count} dataset(s)"] if count else []


def last_reset(now: datetime) -> datetime:
    """When the practice space was last due to be emptied."""
    zone = ZoneInfo(config.timezone())
    local = now.astimezone(zone)
    at = datetime.combine(local.date(), time.fromisoformat(config.practice_reset_time()), zone)
    return at if at <= local else at - timedelta(days=1)


def _marked(exercise: str, user: model.User, now: datetime) -> str:
    """The id of a dataset that is marked before it is there, in the session's transaction."""
    dataset = str(uuid.uuid4())
    model.Session.add(
        PracticeDataset(dataset_id=dataset, user_id=user.id, exercise=exercise, created_at=now)
    )
    model.Session.flush()
    return dataset


def _learned(dataset: str, kept: reports.Kept) -> None:
    """Write down what came of a rehearsal, in a transaction of its own."""
    with apart() as session:
        found = session.get(PracticeDataset, dataset, with_for_update=True)
        if found is None:
            return
        found.report_id = kept.id
        if kept.report.blocked:
            found.held_at = found.held_at or kept.created
        elif kept.report.checked and (found.held_at or found.exercise != "latihan-konflik"):
            progress.taken(found.user_id, found.exercise, session=session)


def _site() -> str:
    return tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
