"""Granting and revoking exemptions: the walidata's acts, each on record with its reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency.findings import Finding
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.extract.declaration import DeclarationError
from ckanext.satudata.extract.observations import extract
from ckanext.satudata.extract.readers import ReadError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.model.publication import Release, ReportRow
from ckanext.satudata.store.codebook import load_codebook

from . import catalogue, comparing, exemptions, memory, sources


class StructureChanged(SatudataError):
    """The table is not the one that was looked at any more, or cannot be read."""


class NothingToExempt(SatudataError):
    """No finding of this kind holds the column back."""


class AlreadyGranted(SatudataError):
    """The exemption is there already."""


@dataclass(frozen=True, slots=True)
class Granted:
    """A new exemption.

    Attributes:
        row: the exemption.
        indicator: code of the indicator that the exempted column seems to hold, or None.
    """

    row: Exemption
    indicator: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """An exemption with whether the public figures rest on it."""

    row: Exemption
    in_use: bool


def grant(
    resource: model.Resource, *, kind: str, column: str, structure: str, reason: str, user: str
) -> Granted:
    """Let a column be public as it is while headers and declaration stay the same.

    Args:
        resource: whose table it is.
        kind: one of :data:`.exemptions.KINDS`.
        column: the column's name as findings give it.
        structure: the structure that was looked at, from the finding.
        reason: why.
        user: id of the person.

    Raises:
        StructureChanged: headers or declaration are others by now.
        NothingToExempt: nothing of this kind holds the column back.
        AlreadyGranted: it is exempted already.
    """
    found = _findings(resource, structure)
    mine = [f for f in found if exemptions.kind_of(f) == kind and exemptions.column_of(f) == column]
    if not mine:
        raise NothingToExempt
    session = model.Session
    standing = exemptions.active(session, [resource.id]).get(resource.id, [])
    if any((e.kind, e.column_name, e.structure) == (kind, column, structure) for e in standing):
        raise AlreadyGranted
    row = Exemption(
        id=str(uuid.uuid4()),
        resource_id=resource.id,
        dataset_id=resource.package_id,
        kind=kind,
        column_name=column,
        structure=structure,
        reason=reason,
        granted_by=user,
        granted_at=utc_now(),
    )
    session.add(row)
    session.flush()
    return Granted(row, next((f.indicator for f in mine if f.indicator), None))


def revoke(row: Exemption, *, reason: str, user: str) -> bool:
    """End an exemption.

    Args:
        row: the exemption.
        reason: why.
        user: id of the person.

    Returns:
        Whether something public rests on it, so that the dataset must be taken back.
    """
    row.revoked_by, row.revoked_at, row.revoke_reason = user, utc_now(), reason
    # Waits for a publication that is resting on it, so that the next look sees its release.
    model.Session.flush()
    return row.id in _used(row.dataset_id)


def of_dataset(dataset: str, *, ended: bool) -> Sequence[Listed]:
    """The exemptions of a dataset's tables, oldest first.

    Args:
        dataset: id of the dataset.
        ended: whether to list revoked ones, too.
    """
    query = sa.select(Exemption).where(Exemption.dataset_id == dataset)
    if not ended:
        query = query.where(Exemption.revoked_at.is_(None))
    rows = model.Session.scalars(query.order_by(Exemption.granted_at, Exemption.id)).all()
    in_use = _used(dataset) if rows else set()
    return [Listed(row, row.id in in_use) for row in rows]


def _used(dataset: str) -> set[str]:
    """Ids of the exemptions on which what the dataset shows now rests."""
    released = model.Session.get(Release, dataset, populate_existing=True)
    report = model.Session.get(ReportRow, released.report_id) if released else None
    return exemptions.used(report.document["findings"]) if report else set()


def _findings(resource: model.Resource, structure: str) -> Sequence[Finding]:
    source = sources.of_resource(resource)
    if source.kind is not sources.Kind.TABLE or source.path is None:
        raise NothingToExempt
    try:
        declaration = memory.resolve(source, resource.package.owner_org or "", comparing.limits())
        if declaration is None:
            raise NothingToExempt
        extraction = extract(
            source.path,
            name=source.name,
            format=source.format,
            declaration=declaration,
            book=load_codebook(model.Session),
            resource=resource.id,
            limits=comparing.limits(),
        )
    except (DeclarationError, ReadError) as error:
        raise StructureChanged from error
    if extraction.structure != structure:
        raise StructureChanged
    rules = catalogue.rules()
    return exemptions.applied(extraction, (), rules).problems
