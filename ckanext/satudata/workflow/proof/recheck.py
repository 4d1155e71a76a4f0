"""What is public already, judged again where that by which it was judged has changed.

A tolerance, a code list, the rules or a mandate can change while files stay. The figures are then
public under something that no longer holds. They are not taken away for that, as nobody has said
which of two values is wrong; but what disagrees now is found, kept as a report, and listed until it
is mended (:func:`standing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import aliased

from ckanext.satudata.errors import Refused
from ckanext.satudata.model.publication import Release, ReportRow
from ckanext.satudata.store.batch import Batch
from ckanext.satudata.types import AnySession

from .. import gate, passage, reports


@dataclass(frozen=True, slots=True)
class Standing:
    """A public dataset that would not be let through today.

    Attributes:
        dataset: its id.
        name: its name.
        title: its title.
        organization: id of its producer.
        organization_title: its producer's title.
        report: id of the report that says why.
        since: when that was found, UTC.
        rules: ids of the rules that hold it back, and how many findings each has.
    """

    dataset: str
    name: str
    title: str
    organization: str
    organization_title: str
    report: str
    since: datetime
    rules: dict[str, int]


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a dataset.

    Attributes:
        changed: whether it was released anew, or found to disagree just now.
        report: id of the report if it was found to disagree just now.
    """

    changed: bool
    report: str | None = None


def datasets(session: AnySession) -> Sequence[str]:
    """Ids of all datasets that are released, the longest public first."""
    return session.scalars(
        sa.select(Release.dataset_id).order_by(Release.released_at, Release.dataset_id)
    ).all()


def run(dataset: str) -> Judged:
    """Judge a public dataset again if it has to be, and commit.

    What agrees is released anew under what holds now, as it was. What disagreed before is compared
    again, because that with which it disagreed may have been corrected; a report of the same
    state is not kept a second time.

    Args:
        dataset: its id.

    Returns:
        What became of it.
    """
    session = model.Session
    session.rollback()
    session.expire_all()
    # Its row first, as everybody who changes a dataset holds that before anything else.
    package = model.Package.get(dataset, for_update=True)
    if package is None or not gate.is_public(package):
        session.rollback()
        return Judged(changed=False)
    before = _state(session, dataset)
    found = _found(session, [dataset]).get(dataset)
    known = {found.document.get("state")} if found is not None else set[str]()
    way = passage.Passage(
        background=True, kind=reports.RECHECK, refused=frozenset(k for k in known if k)
    )
    try:
        with passage.through(way):
            batch = Batch()
            gate.release(package, None, batch, again=found is not None)
            batch.send(session)
        session.commit()
    except Refused:
        now = _found(session, [dataset]).get(dataset)
        new = now if now is not None and (found is None or now.id != found.id) else None
        return Judged(changed=new is not None, report=new.id if new else None)
    finally:
        session.rollback()
    return Judged(changed=_state(session, dataset) != before)


def standing(session: AnySession) -> list[Standing]:
    """Public datasets that disagree with what holds now, the longest known first."""
    found = _found(session)
    package, group = model.Package, model.Group
    rows = session.execute(
        sa.select(package.id, package.name, package.title, group.id, group.title, group.name)
        .join(Release, Release.dataset_id == package.id)
        .outerjoin(group, group.id == Release.organization_id)
        .where(package.id.in_(found))
    )
    listed = [
        Standing(
            dataset=id_,
            name=name,
            title=title or name,
            organization=organization or "",
            organization_title=organization_title or organization_name or "",
            report=found[id_].id,
            since=found[id_].created_at,
            rules=_rules(found[id_]),
        )
        for id_, name, title, organization, organization_title, organization_name in rows
    ]
    return sorted(listed, key=lambda s: (s.since, s.dataset))


def _state(session: AnySession, dataset: str) -> str | None:
    return session.scalar(sa.select(Release.report_id).where(Release.dataset_id == dataset))


def _found(session: AnySession, only: Sequence[str] | None = None) -> dict[str, ReportRow]:
    """The newest report about each dataset that disagreed after it was released."""
    report, released = aliased(ReportRow), aliased(ReportRow)
    query = (
        sa.select(report)
        .join(Release, Release.dataset_id == report.dataset_id)
        .outerjoin(released, released.id == Release.report_id)
        .where(
            report.kind == reports.RECHECK,
            report.blocked,
            sa.or_(released.id.is_(None), report.created_at > released.created_at),
        )
        .distinct(report.dataset_id)
        .order_by(report.dataset_id, report.created_at.desc())
    )
    if only is not None:
        query = query.where(report.dataset_id.in_(only))
    return {row.dataset_id or "": row for row in session.scalars(query)}


def _rules(row: ReportRow) -> dict[str, int]:
    kept = reports.restore(row)
    out: dict[str, int] = {}
    for finding in kept.report.findings:
        if finding.blocks:
            out[finding.rule] = out.get(finding.rule, 0) + 1
    return out
