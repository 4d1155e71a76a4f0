"""Open conflicts: two agencies give different values for one object, and nobody has mended it yet.

They are found in the newest report about each dataset: a release that was refused, a check that
was kept, or a recheck of what is public. What has been settled since is left out: the dataset is
gone or passed, or the public figure now agrees. Findings about one indicator between one pair of
agencies are one conflict, since they are settled in one conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import aliased

from ckanext.satudata import config
from ckanext.satudata.consistency import keys
from ckanext.satudata.consistency.findings import Cause, Finding
from ckanext.satudata.consistency.vocabulary import CodeBook, Indicator
from ckanext.satudata.consistency.wording import column_letters
from ckanext.satudata.model.publication import PublicationRow, ReportRow
from ckanext.satudata.store import blocks, publications
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.types import AnySession

from .. import checking, gate, reports, sources

#: Rules by which two agencies' values for one object differ.
RULES = frozenset({"nilai-berbeda", "satuan-skala"})
#: Objects of one conflict that are looked at; a report itself lists the first ones of a rule.
MOST = 50


@dataclass(frozen=True, slots=True)
class Side:
    """Where one of the two values stands.

    Attributes:
        organization: id of the agency.
        organization_title: its name.
        dataset: id of the dataset.
        dataset_name: its name in addresses.
        dataset_title: its title.
        table: name of the file, with its sheet.
        public: whether the value is public.
        changed: when the dataset was last changed, UTC.
    """

    organization: str
    organization_title: str
    dataset: str
    dataset_name: str
    dataset_title: str
    table: str
    public: bool
    changed: datetime


@dataclass(frozen=True, slots=True)
class Disputed:
    """One object with its two values.

    Attributes:
        key: the object as a packed key of the indicator.
        region: canonical code.
        period: canonical text.
        rest: further dimension -> code.
        own: the value of the dataset that is held back, in the indicator's unit.
        other: the public value it contradicts.
        tolerance: the difference that would be allowed.
        cause: a guess at why they differ.
        cell: where the own value stands (``baris 7, kolom D``), or empty.
    """

    key: int
    region: str
    period: str
    rest: Mapping[str, str]
    own: float
    other: float
    tolerance: float
    cause: Cause
    cell: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """What two agencies have to settle about one indicator.

    Attributes:
        indicator: the indicator.
        own: the side that is held back, or public and found to disagree.
        other: the side whose figures are public.
        objects: the objects, the largest relative difference first.
        report: id of the report that says so.
        since: when that was found, UTC.
    """

    indicator: Indicator
    own: Side
    other: Side
    objects: tuple[Disputed, ...]
    report: str
    since: datetime

    @property
    def subject(self) -> str:
        """What it is about, the same text as long as it is open."""
        return f"konflik:{self.own.dataset}:{self.indicator.code}:{self.other.dataset}"


def standing(session: AnySession) -> list[Conflict]:
    """The open conflicts, the longest known first."""
    book = load_codebook(session)
    out: list[Conflict] = []
    for row in _blocked(session):
        package = session.get(model.Package, row.dataset_id)
        if package is None or package.state == model.State.DELETED:
            continue
        out += _of_report(session, reports.restore(row), package, book)
    return sorted(out, key=lambda c: (c.since, c.subject))


def renew(session: AnySession) -> list[str]:
    """Check datasets again that were changed after the report that held them back; commits.

    Without that a corrected table would stay on the agenda until somebody pressed a button. Tables
    too large to be checked at once are left to their agency.

    Returns:
        Ids of the datasets that were checked.
    """
    found = [(r.dataset_id or "", r.created_at) for r in _blocked(session)]
    done = []
    for dataset, checked_at in found:
        package = session.get(model.Package, dataset)
        if package is None or package.state == model.State.DELETED:
            continue
        if not _changed_since(package, checked_at):
            continue
        tables = sources.of_package(package)
        if not tables or sources.size(tables) > config.background_size():
            continue
        reports.keep_apart(checking.check_dataset(package, None))
        done.append(dataset)
    return done


def _changed_since(package: model.Package, moment: datetime) -> bool:
    """CKAN stores UTC without saying so."""
    changed = package.metadata_modified
    return changed is not None and changed > moment.replace(tzinfo=None)


def _blocked(session: AnySession) -> list[ReportRow]:
    """The newest report of each dataset, where that one holds it back."""
    newest = aliased(ReportRow)
    ids = (
        sa.select(newest.id)
        .where(newest.dataset_id.is_not(None))
        .distinct(newest.dataset_id)
        .order_by(newest.dataset_id, newest.created_at.desc())
    )
    return list(
        session.scalars(
            sa.select(ReportRow)
            .where(ReportRow.id.in_(ids), ReportRow.blocked)
            .order_by(ReportRow.created_at)
        )
    )


def _of_report(
    session: AnySession, kept: reports.Kept, package: model.Package, book: CodeBook
) -> list[Conflict]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in _between_agencies(kept, book):
        assert finding.other is not None
        groups.setdefault((finding.indicator or "", finding.other.dataset or ""), []).append(
            finding
        )
    out = []
    for (code, dataset), findings in groups.items():
        indicator = book.indicators[code]
        other_package = session.get(model.Package, dataset)
        if other_package is None:
            continue
        objects = _unsettled(session, indicator, dataset, findings[:MOST], book)
        if not objects:
            continue
        where = findings[0].location
        table = kept.tables[where.table] if where and where.table < len(kept.tables) else None
        name = f"{table.name} ({table.sheet})" if table and table.sheet else table and table.name
        out.append(
            Conflict(
                indicator=indicator,
                own=_side(session, package, kept.organization, name or ""),
                other=_side(
                    session,
                    other_package,
                    findings[0].other.organization or "" if findings[0].other else "",
                    _resource_name(session, findings[0]),
                ),
                objects=objects,
                report=kept.id,
                since=kept.created,
            )
        )
    return out


def _between_agencies(kept: reports.Kept, book: CodeBook) -> list[Finding]:
    """Of each object one finding: against the mandate holder, or else against the first agency.

    Others that show the same figure repeat it; there is nothing to settle with them.
    """
    chosen: dict[tuple[str, ...], Finding] = {}
    for finding in kept.report.findings:
        other, key = finding.other, finding.key
        indicator = book.indicators.get(finding.indicator or "")
        if finding.rule not in RULES or not finding.blocks or finding.value is None:
            continue
        if other is None or key is None or indicator is None or not other.dataset:
            continue
        if other.organization == kept.organization:
            continue
        rest = [f"{name}={code}" for name, code in sorted(key.rest.items())]
        thing = (indicator.code, key.region, key.period, *rest)
        if thing not in chosen or other.organization == indicator.producer:
            chosen[thing] = finding
    return list(chosen.values())


def _side(session: AnySession, package: model.Package, organization: str, table: str) -> Side:
    group = session.get(model.Group, organization)
    return Side(
        organization=organization,
        organization_title=(group.title or group.name) if group else "",
        dataset=package.id,
        dataset_name=package.name,
        dataset_title=package.title or package.name,
        table=table,
        public=gate.is_public(package),
        changed=package.metadata_modified,
    )


def _resource_name(session: AnySession, finding: Finding) -> str:
    other = finding.other
    found = session.get(model.Resource, other.resource) if other and other.resource else None
    return (found.name or found.url or "") if found else ""


def _unsettled(
    session: AnySession,
    indicator: Indicator,
    dataset: str,
    findings: Sequence[Finding],
    book: CodeBook,
) -> tuple[Disputed, ...]:
    """The objects for which the other dataset still shows a value that differs."""
    packed: dict[int, Finding] = {}
    for finding in findings:
        # A code that was taken out of its list since names no object of today.
        with suppress(ValueError):
            assert finding.key is not None
            packed[keys.encode(indicator, finding.key, book.codelists)] = finding
    shown = _public(session, indicator, dataset, packed)
    out = []
    for key, finding in packed.items():
        value = shown.get(key)
        assert finding.key is not None
        assert finding.value is not None
        allowed = finding.tolerance.amount if finding.tolerance else 0.0
        if value is None or abs(value - finding.value) <= allowed:
            continue
        out.append(
            Disputed(
                key=key,
                region=finding.key.region,
                period=finding.key.period,
                rest=finding.key.rest,
                own=finding.value,
                other=value,
                tolerance=allowed,
                cause=finding.cause or Cause.UNKNOWN,
                cell=_cell(finding),
            )
        )
    return tuple(sorted(out, key=lambda d: (-abs(d.own - d.other) / (abs(d.other) or 1), d.key)))


def _cell(finding: Finding) -> str:
    where = finding.location
    if where is None or where.row is None:
        return ""
    column = f", kolom {column_letters(where.column)}" if where.column is not None else ""
    return f"baris {where.row}{column}"


def _public(
    session: AnySession, indicator: Indicator, dataset: str, wanted: Iterable[int]
) -> dict[int, float]:
    """The values a dataset shows for these objects."""
    sorted_keys = np.array(sorted(wanted), dtype=np.int64)
    if not len(sorted_keys):
        return {}
    rows = session.scalars(
        sa.select(PublicationRow.id).where(
            PublicationRow.dataset_id == dataset, PublicationRow.indicator_id == indicator.id
        )
    ).all()
    described = publications.describe(session, rows)
    spans = {indicator.id: (int(sorted_keys[0]), int(sorted_keys[-1]))}
    found = blocks.fetch(session, spans, described)
    out: dict[int, float] = {}
    for piece in found.get(indicator.id, []):
        at = np.searchsorted(piece.keys, sorted_keys)
        for key, place in zip(sorted_keys, at, strict=True):
            if place < len(piece.keys) and piece.keys[place] == key:
                out[int(key)] = float(piece.values[place])
    return out
