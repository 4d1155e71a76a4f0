"""Dry runs: what the gate would say, without changing anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.store.codebook import load_codebook

from . import catalogue, comparing, gate, reports, sources


def check_dataset(package: model.Package, user: str | None) -> reports.Kept:
    """What the gate would say if the dataset, as saved, were published now.

    Args:
        package: the dataset.
        user: id of the person asking.
    """
    return _check(gate.subject_of(package), sources.of_package(package), user)


def check_file(
    path: str,
    *,
    name: str,
    declaration: str | Mapping[str, Any] | None,
    organization: model.Group,
    coverage: str | None,
    user: str | None,
    dataset: model.Package | None = None,
) -> reports.Kept:
    """What the gate would say about a file that is not in the portal.

    Args:
        path: where the file is.
        name: what it is called.
        declaration: its column declaration, or None for the remembered one.
        organization: the producer it would belong to.
        coverage: region whose parts it must cover completely, or None.
        user: id of the person asking.
        dataset: the dataset whose tables the file would replace, or None.
    """
    subject = comparing.Subject(
        organization=organization.id,
        organization_title=organization.title or organization.name,
        dataset=dataset.id if dataset else None,
        dataset_title=(dataset.title or dataset.name) if dataset else None,
        coverage=coverage,
        asking=dataset is not None and gate.asking(dataset),
    )
    return _check(subject, [sources.of_file(path, name, declaration)], user)


def _check(
    subject: comparing.Subject, tables: list[sources.Source], user: str | None
) -> reports.Kept:
    book, rules = load_codebook(model.Session), catalogue.rules()
    built, report = comparing.compare(model.Session, subject, tables, book, rules)
    return reports.Kept(
        id=reports.new_id(),
        kind="check",
        dataset=subject.dataset,
        dataset_title=subject.dataset_title,
        organization=subject.organization,
        user=user,
        created=utc_now(),
        tables=built.candidate.tables,
        report=report,
    )
