"""What is to be told about a dataset: whether it is public, checked, and what is left to do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from ckan import model

from ckanext.satudata.errors import ReferenceDataMissing
from ckanext.satudata.extract.declaration import DeclarationError
from ckanext.satudata.extract.readers import ReadError
from ckanext.satudata.model.process import Process
from ckanext.satudata.model.publication import Release, ReportRow
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store import publications

from . import comparing, gate, joint_release, memory, reports, sources


@dataclass(frozen=True)
class ResourceStatus:
    """One resource, as far as the gate is concerned.

    Attributes:
        id: id of the resource.
        kind: ``table``, ``document``, ``archive``, ``linked_table``, ``link`` or ``missing``.
        figures: number of its figures that are public.
        declared: whether it is known what its columns mean; None where it was not looked at
            (documents, and for those who could not change it anyway).
    """

    id: str
    kind: str
    figures: int
    declared: bool | None = None


@dataclass(frozen=True)
class DatasetStatus:
    """One dataset.

    Attributes:
        public: whether everybody may see it.
        released_at: since when its figures are public, or None.
        ruleset: version of the rules they were checked by, or None.
        indicators: numbers of the indicators it has public figures of.
        resources: one entry per resource.
        last_check: the newest kept report, or None; never shown to those who may not see it.
        revision: the change that waits beside it, or None; told like ``last_check``.
        withdrawals: since the last release: joint release, when, and names of the tables.
        responsible: the official who answers for what is public, or empty.
    """

    public: bool
    released_at: datetime | None
    ruleset: str | None
    indicators: tuple[int, ...]
    resources: tuple[ResourceStatus, ...]
    last_check: ReportRow | None = field(default=None)
    revision: Revision | None = field(default=None)
    withdrawals: tuple[tuple[str, datetime, list[str]], ...] = ()
    responsible: str = ""

    @property
    def figures(self) -> int:
        """Number of public figures."""
        return sum(r.figures for r in self.resources)


def of_dataset(package: model.Package, *, inside: bool) -> DatasetStatus:
    """The status of a dataset.

    Args:
        package: the dataset.
        inside: whether to add what only its producer and the walidata are told. It needs a
            look into the head of each file, which visitors' pages are spared.
    """
    figures: Counter[str] = Counter()
    indicators: dict[int, None] = {}
    for row in publications.of_dataset(model.Session, package.id):
        figures[row.resource_id] += row.size
        indicators[row.indicator_id] = None
    released = model.Session.get(Release, package.id)
    accepted = Process.accepted_of(package.id)
    return DatasetStatus(
        public=gate.is_public(package),
        released_at=released.released_at if released else None,
        ruleset=released.ruleset if released else None,
        indicators=tuple(indicators),
        resources=tuple(
            _resource(r, package.owner_org or "", figures[r.id], inside=inside)
            for r in package.resources
        ),
        last_check=next(iter(reports.newest(package.id, 1)), None) if inside else None,
        revision=Revision.open_of(package.id) if inside else None,
        withdrawals=tuple(
            w
            for w in joint_release.withdrawals(package.id)
            if released is None or released.released_at <= w[1]
        ),
        responsible=accepted.responsible if accepted else "",
    )


def _resource(
    resource: model.Resource, organization: str, figures: int, *, inside: bool
) -> ResourceStatus:
    source = sources.of_resource(resource)
    declared = None
    if inside and source.kind is sources.Kind.TABLE:
        declared = figures > 0 or _declared(source, organization)
    return ResourceStatus(resource.id, source.kind.name.lower(), figures, declared)


def _declared(source: sources.Source, organization: str) -> bool:
    try:
        return memory.resolve(source, organization, comparing.limits()) is not None
    except (DeclarationError, ReadError, ReferenceDataMissing):
        return False
