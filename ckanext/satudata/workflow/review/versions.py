"""A dataset's history for the public: which version was shown when, and its files.

A former file holds former figures. It is told as such, with the day on which it was replaced, and
is offered only while the dataset is public and the table still belongs to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.model.process import Process
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store import content

from .. import gate


@dataclass(frozen=True, slots=True)
class File:
    """One file of a version.

    Attributes:
        resource: id of the resource that showed it.
        name: as people know it.
        filename: what it is called.
        current: whether it is what the resource shows now.
        offered: whether a former file can still be had.
    """

    resource: str
    name: str
    filename: str
    current: bool
    offered: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One version that the public has seen.

    Attributes:
        process: its process.
        until: when a newer version took its place, or None.
        files: what it showed.
    """

    process: Process
    until: datetime | None
    files: tuple[File, ...]


def of_dataset(package: model.Package) -> list[Version]:
    """The versions of a dataset, newest first."""
    published = [p for p in Process.of_dataset(package.id) if p.published_at is not None]
    published.sort(key=lambda p: (p.published_at or p.created_at, p.created_at), reverse=True)
    shown = _shown(package)
    withheld = _withheld(package.id)
    out: list[Version] = []
    newer: Process | None = None
    for process in published:
        files = tuple(
            File(
                resource=resource,
                name=file["name"],
                filename=file["filename"],
                current=shown.get(resource) == file["sha256"],
                offered=gate.is_public(package) and resource in shown and resource not in withheld,
            )
            for resource, file in process.files.items()
        )
        out.append(Version(process, newer.published_at if newer else None, files))
        newer = process
    return out


def open_file(package: model.Package, process_id: str, resource_id: str) -> tuple[IO[bytes], str]:
    """A former file and its name.

    Raises:
        LookupError: there is none that may be had.
    """
    for version in of_dataset(package):
        if version.process.id != process_id:
            continue
        for file in version.files:
            if file.resource == resource_id and file.offered:
                stored = version.process.files[resource_id]
                moment = version.process.published_at or version.process.created_at
                opened = content.open_stored(stored["sha256"], stored["filename"])
                return opened.stream, f"versi-{moment:%Y%m%d}-{stored['filename']}"
    raise LookupError(resource_id)


def _shown(package: model.Package) -> dict[str, str]:
    """What each resource serves now: resource id -> SHA-256."""
    found = ((r.id, content.served(r)) for r in package.resources)
    return {name: served.digest for name, served in found if served is not None}


def _withheld(dataset: str) -> set[str]:
    """Resources of which a column was let pass and that was taken back."""
    return set(
        model.Session.scalars(
            sa.select(Exemption.resource_id).where(
                Exemption.dataset_id == dataset, Exemption.revoked_at.is_not(None)
            )
        )
    )


def waiting_file(dataset: str, resource: str) -> tuple[IO[bytes], str] | None:
    """The file that a change which waits beside a dataset would show, and its name; or None."""
    revision = Revision.open_of(dataset)
    file = revision.files.get(resource) if revision else None
    if file is None:
        return None
    opened = content.open_stored(file["sha256"], file["filename"])
    return opened.stream, file["filename"]
