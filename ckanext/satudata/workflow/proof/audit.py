"""The proof that what is public agrees: files, figures, metadata and search index.

Nothing the gate concluded is taken for granted: files are read again, stored figures are read
back, and public figures are compared with each other. The work comes in units that are checked
one by one, each in a transaction that sees one state of the database, so the portal can go on
working meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.consistency.disagreement import disagreeing
from ckanext.satudata.consistency.keys import decode
from ckanext.satudata.consistency.tolerance import Tolerance
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.onboarding import PracticeDataset
from ckanext.satudata.model.publication import PublicationRow, Release
from ckanext.satudata.privacy import retention, rotation
from ckanext.satudata.store import agreements, blocks, content, publications, remains
from ckanext.satudata.store.blocks import Arrays
from ckanext.satudata.store.codebook import load_codebook

from .. import catalogue, comparing, gate, sources, trail
from . import index_audit

#: The rule whose tolerance decides whether two public values agree.
_RULE = "nilai-berbeda"
#: Figures of one indicator that are compared at once.
_AT_ONCE = 4_000_000
#: Conflicts of one indicator that are named; all are counted.
_NAMED = 20
#: Links of the audit trail that are checked at once.
_LINKS = 50_000
#: How late the scheduled deletion may be without anybody having to look.
_GRACE = timedelta(days=2)
#: The largest key there can be.
_LAST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that is not as it must be.

    Attributes:
        check: what was checked, for programs.
        message: what was found and where, for people.
        dataset: id of the dataset concerned, or None.
        details: the numbers and names of the message, for programs.
    """

    check: str
    message: str
    dataset: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)


def units(datasets: Collection[str] | None = None) -> list[str]:
    """The pieces of the work.

    Args:
        datasets: ids of the only datasets to look at; None means everything.
    """
    session = model.Session
    if datasets is not None:
        numbers = session.scalars(
            sa.select(PublicationRow.indicator_id)
            .where(PublicationRow.dataset_id.in_(datasets))
            .distinct()
        )
        return [
            *(f"dataset:{d}" for d in sorted(datasets)),
            *(f"indicator:{n}" for n in sorted(numbers)),
            *(f"index:{d}" for d in sorted(datasets)),
        ]
    public = sa.select(model.Package.id).where(
        model.Package.state == model.State.ACTIVE, model.Package.private.is_(False)
    )
    known = public.union(sa.select(Release.dataset_id), sa.select(PublicationRow.dataset_id))
    numbers = session.scalars(sa.select(PublicationRow.indicator_id).distinct())
    sealed, _ = trail.head()
    return [
        "remains",
        "identities",
        *(f"trail:{first}" for first in range(1, sealed + 1, _LINKS)),
        *(f"dataset:{d}" for d in sorted(session.scalars(known))),
        *(f"indicator:{n}" for n in sorted(numbers)),
        *(f"index:{page}" for page in index_audit.pages()),
    ]


def check(unit: str) -> list[Violation]:
    """Check one piece; see :func:`units`.

    Raises:
        SatudataError: it cannot be checked.
    """
    kind, _, what = unit.partition(":")
    model.Session.rollback()
    model.Session.expire_all()
    # One state of the database, although others go on working.
    model.Session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        if kind == "dataset":
            return list(_dataset(what))
        if kind == "indicator":
            return list(_indicator(int(what)))
        if kind == "trail":
            return list(_trail(int(what)))
        if kind == "remains":
            return [Violation("remains", text, details=d) for text, d in remains.found()]
        if kind == "identities":
            return list(_identities())
    finally:
        model.Session.rollback()
    if kind != "index":
        raise SatudataError(f"unknown piece of work: {unit}")
    return [
        Violation(check_, text, dataset, details)
        for check_, text, dataset, details in index_audit.differences(what)
    ]


def _trail(first: int) -> Iterator[Violation]:
    for fault in trail.faults(first, first + _LINKS - 1):
        text = f"audit trail: link {fault.position} (entry {fault.entry}) is {fault.what}"
        yield Violation("trail", text, details={"position": fault.position, "entry": fault.entry})


def _identities() -> Iterator[Violation]:
    for name in retention.overdue(utc_now(), grace=_GRACE):
        text = f"who asked is still known, although it should have been deleted: identity {name}"
        yield Violation("retention", text, details={"identity": name})
    for key in rotation.standing():
        if not key.there:
            text = f"no configured key opens what was sealed with key {key.mark}"
            yield Violation(
                "identities",
                text,
                details={"key": key.mark, "count": key.count, "files": key.files},
            )


def _dataset(dataset: str) -> Iterator[Violation]:
    session = model.Session
    package = session.get(model.Package, dataset)
    stored = {(r.resource_id, r.indicator_id): r for r in publications.of_dataset(session, dataset)}
    release = session.get(Release, dataset)
    if package is None or not gate.is_public(package):
        if release is not None or stored:
            yield Violation("hidden-figures", f"{dataset} is not public, its figures are", dataset)
        return
    if PracticeDataset.of(dataset) is not None:
        yield Violation("practice", f"{package.name} is for practice, and public", dataset)
    yield from _files(package)
    tables = sources.of_package(package)
    if release is None:
        if tables:
            yield Violation("never-checked", f"{package.name} is public without a check", dataset)
        return
    if release.organization_id != package.owner_org:
        yield Violation(
            "producer", f"{package.name} was released for another organization", dataset
        )
    yield from _figures(package, tables, stored)


def _files(package: model.Package) -> Iterator[Violation]:
    for resource in package.resources:
        if resource.url_type != "upload":
            continue
        place = f"{package.name}, {resource.name or resource.id}"
        file = content.served(resource)
        if file is None:
            yield Violation("file-missing", f"{place}: the file is not there", package.id)
            continue
        found = {content.sha256_of(file.path), file.digest, resource.hash or file.digest}
        if len(found) > 1:
            yield Violation(
                "file-changed",
                f"{place}: the file's content is not what was stored",
                package.id,
                {"resource": resource.id, "hashes": sorted(found)},
            )


def _figures(
    package: model.Package,
    tables: list[sources.Source],
    stored: Mapping[tuple[str, int], PublicationRow],
) -> Iterator[Violation]:
    """What the files say now against what is stored."""
    session = model.Session
    book, rules = load_codebook(session), catalogue.rules()
    built = comparing.read(session, gate.subject_of(package), tables, book, rules)
    wanted = {(p.resource, p.indicator): p.arrays for p in built.publications()}
    kept = _stored_arrays(stored.values())
    for resource, indicator in sorted(wanted.keys() | stored.keys()):
        row, arrays = stored.get((resource, indicator)), wanted.get((resource, indicator))
        place = f"{package.name}, resource {resource}, indicator {indicator}"
        details = {"resource": resource, "indicator": indicator}
        if row is None:
            text = "the file's figures are not stored"
        elif arrays is None:
            text = "figures are stored that the file does not hold"
        elif _described(row) != _describing(arrays):
            text = "the stored figures are not the file's"
        elif row.id not in kept or kept[row.id].checksum() != row.checksum:
            text = "the stored figures are damaged"
        else:
            continue
        yield Violation("figures", f"{place}: {text}", package.id, details)


def _stored_arrays(rows: Collection[PublicationRow]) -> dict[int, Arrays]:
    spans = {r.indicator_id: (0, _LAST) for r in rows}
    described = publications.describe(model.Session, [r.id for r in rows])
    found = blocks.fetch(model.Session, spans, described)
    return {
        p.publication.id: Arrays(p.keys, p.values, p.decimals, p.status)
        for pieces in found.values()
        for p in pieces
    }


def _described(row: PublicationRow) -> tuple[int, int, int, str]:
    return row.size, row.key_min, row.key_max, row.checksum


def _describing(arrays: Arrays) -> tuple[int, int, int, str]:
    keys = arrays.keys
    return len(keys), int(keys[0]), int(keys[-1]), arrays.checksum()


def _indicator(number: int) -> Iterator[Violation]:
    """Public figures of one indicator against each other."""
    session = model.Session
    book, rules = load_codebook(session), catalogue.rules()
    indicator = next((i for i in book.indicators.values() if i.id == number), None)
    if indicator is None:
        yield Violation("indicator", f"figures of indicator {number} are public, it is unknown")
        return
    tolerance = Tolerance.of(indicator, rules.floor(_RULE, indicator))
    # A pair that an agreement names is shown with its note; everything else has to agree.
    agreed = agreements.in_force(session, [number]).get(number)
    for span in _spans(number):
        described = publications.overlapping(session, {number: span}, exclude=())
        found = blocks.fetch(session, {number: span}, described).get(number, [])
        keys = disagreeing(found, tolerance, agreed)
        keys = keys[(keys >= span[0]) & (keys <= span[1])]
        if not keys.size:
            continue
        named = [
            {
                "object": asdict(decode(indicator, int(key), book.codelists)),
                "shown": [
                    {
                        "dataset": p.publication.dataset,
                        "organization": p.publication.organization_title,
                        "resource": p.publication.resource,
                        "value": value,
                    }
                    for p in found
                    for value in p.values[p.keys == key].tolist()
                ],
            }
            for key in keys[:_NAMED]
        ]
        yield Violation(
            "conflict",
            f"{indicator.code}: {keys.size} object(s) are shown with different values, "
            f"the first: {named[0]}",
            details={"indicator": indicator.code, "objects": int(keys.size), "named": named},
        )


def _spans(number: int) -> Iterator[tuple[int, int]]:
    """Spans of keys that each hold about as many figures as are compared at once."""
    rows = model.Session.execute(
        sa.text(
            "SELECT key_max, size FROM satudata_block WHERE indicator_id = :number ORDER BY key_max"
        ),
        {"number": number},
    ).all()
    low = gathered = 0
    for key_max, size in rows:
        gathered += size
        if gathered >= _AT_ONCE:
            yield low, key_max
            low, gathered = key_max + 1, 0
    if gathered:
        yield low, _LAST
