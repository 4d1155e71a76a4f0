"""What people examine: the whole of a dataset as it would be public, and whether it has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.satudata.consistency.findings import Report
from ckanext.satudata.model.publication import PublicationRow
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store.beside import Beside, look

from .. import checking, passage, reports, revisions, sources

#: Fields that the portal writes by itself; they say nothing that anybody could examine.
_BY_ITSELF = frozenset(
    {
        "datastore_active",
        "datastore_contains_all_records_of_source_file",
        "hash",
        "validation_status",
        "validation_timestamp",
    }
)
#: CKAN's own columns of a dataset that are part of what is examined.
_COLUMNS = ("name", "title", "notes", "url", "license_id", "author", "author_email", "maintainer",
            "maintainer_email", "version", "owner_org")  # fmt: skip
#: Dataset field with the official who answers for the figures, if it is not the agency's head.
RESPONSIBLE = "penanggung_jawab"
#: Dataset field that says whether these are priority data (Perpres 39/2019 Ps. 28).
_PRIORITY = "data_prioritas"


@dataclass(frozen=True)
class Trial:
    """What a dataset would be if it were published now.

    Attributes:
        fingerprint: of all that is examined.
        priority: whether it says that it holds priority data.
        responsible: the official who answers for it.
        kept: the report of a check; it is not stored yet.
    """

    fingerprint: str
    priority: bool
    responsible: str
    kept: reports.Kept


def fingerprint(package: model.Package, beside: Beside | None = None) -> str:
    """A digest of metadata, files and declarations as they stand in the transaction.

    Whether the dataset is a draft, and what the portal writes by itself, is not part of it.

    Args:
        package: the dataset.
        beside: what other rows say of it, if the caller has asked.
    """
    beside = beside or look(model.Session, package)
    contents = {s.resource: s.digest for s in sources.of_package(package, beside)}
    whole = {
        "columns": {name: getattr(package, name) or "" for name in _COLUMNS},
        "fields": _filled(package.extras),
        "tags": beside.tags,
        "resources": sorted(
            (_resource(r, contents[r.id]) for r in package.resources), key=lambda r: r["id"]
        ),
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def files(package: model.Package, beside: Beside) -> dict[str, dict[str, str]]:
    """The uploaded files that the dataset shows in this transaction: resource id -> what it is."""
    out: dict[str, dict[str, str]] = {}
    for resource in package.resources:
        stored = beside.files.get(resource.id)
        if stored is not None:
            out[resource.id] = {
                "name": resource.name or stored.filename or resource.id,
                "sha256": stored.digest,
                "filename": stored.filename or resource.id,
            }
    return out


def indicators(dataset: str) -> set[int]:
    """Numbers of the indicators that the dataset has public figures of in this transaction."""
    return set(
        model.Session.scalars(
            sa.select(PublicationRow.indicator_id)
            .where(PublicationRow.dataset_id == dataset)
            .distinct()
        )
    )


def is_priority(package: model.Package) -> bool:
    """Whether the dataset says that it holds priority data (Perpres 39/2019 Ps. 28)."""
    return package.extras.get(_PRIORITY) == "ya"


def responsible(package: model.Package, beside: Beside) -> str:
    """The official who answers for the dataset: named by it, or the head of the agency."""
    return str(package.extras.get(RESPONSIBLE) or "").strip() or beside.head


def of_draft(package: model.Package, context: Context) -> Trial:
    """Try to publish a draft: save it as public, look at it, and roll everything back.

    Raises:
        tk.ValidationError: its metadata are not complete.
    """
    dataset = package.id
    return _tried(
        dataset,
        context,
        lambda inner: tk.get_action("package_patch")(inner, {"id": dataset, "state": "active"}),
    )


def of_revision(revision: Revision, context: Context) -> Trial:
    """Try to release a revision, and roll everything back.

    Raises:
        revisions.ChangedSince: the dataset is not the one the revision was made from.
        tk.ValidationError: the metadata are not complete.
    """
    return _tried(
        revision.dataset_id, context, lambda i: revisions.save_into_transaction(revision, i)
    )


def of_saved(package: model.Package, user: str | None) -> Trial:
    """What is to be examined of a dataset as it stands in the transaction."""
    beside = look(model.Session, package)
    return Trial(
        fingerprint=fingerprint(package, beside),
        priority=is_priority(package),
        responsible=responsible(package, beside),
        kept=checking.check_dataset(package, user),
    )


def _tried(dataset: str, context: Context, save: Any) -> Trial:
    person = context.get("auth_user_obj")
    inner: Context = {
        "user": context.get("user", ""),
        "auth_user_obj": person,
        "defer_commit": True,
        "return_id_only": True,
    }
    try:
        with passage.through(passage.Passage(together=[])):
            save(inner)
        model.Session.flush()
        package = model.Package.get(dataset)
        assert package is not None
        return of_saved(package, person.id if isinstance(person, model.User) else None)
    finally:
        model.Session.rollback()


def conflicts_alone(report: Report, organization: str) -> bool:
    """Whether all that holds a dataset back are public figures of other agencies.

    Args:
        report: of a check.
        organization: id of the producer.
    """
    blocking = [f for f in report.findings if f.blocks]
    return bool(blocking) and all(
        f.other is not None and f.other.dataset and f.other.organization not in (None, organization)
        for f in blocking
    )


def _resource(resource: model.Resource, digest: str) -> dict[str, Any]:
    return {
        "id": resource.id,
        "name": resource.name or "",
        "description": resource.description or "",
        "format": resource.format or "",
        "content": digest,
        "fields": _filled(resource.extras),
    }


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if v not in (None, "") and k not in _BY_ITSELF}
