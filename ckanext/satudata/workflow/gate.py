"""The gate: what a dataset shows becomes public here, or it does not.

:func:`release` runs inside CKAN's own transaction, after the dataset was saved and before
it is indexed and committed (``after_dataset_create``/``after_dataset_update``), so every
action that goes through ``package_create`` or ``package_update`` passes it. Either the
commit carries dataset, figures and search index together, or nothing of it happened.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model

from ckanext.satudata import config, faults
from ckanext.satudata.consistency.observations import Declared, Status
from ckanext.satudata.errors import NeverPublic, Refused, TooLarge
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.schemas import variables
from ckanext.satudata.schemas.publication import listed
from ckanext.satudata.store import publications
from ckanext.satudata.store.batch import Batch
from ckanext.satudata.store.beside import Beside, look
from ckanext.satudata.store.codebook import load_codebook

from . import catalogue, exemptions, passage, reports, sources, trail, vintages
from .candidate import fingerprint, with_agreements
from .comparing import Subject, compare_and_lock

log = logging.getLogger(__name__)

#: Values of the dataset field ``status_angka`` (SDMX CL_OBS_STATUS).
_STATUSES = {
    "A": Status.NORMAL,
    "P": Status.PROVISIONAL,
    "E": Status.ESTIMATED,
    "F": Status.FORECAST,
}

#: Dataset field naming the region whose parts the dataset promises to cover completely.
COVERAGE = "cakupan_wilayah"


def is_public(package: model.Package) -> bool:
    """Whether anybody may see the dataset."""
    return package.state == model.State.ACTIVE and not package.private


@dataclass(frozen=True, slots=True)
class Shown:
    """What a dataset shows after it has passed.

    Attributes:
        report: id of the report it rests on; None where it shows nothing.
        indicators: numbers of those it shows figures of; None if they are those it showed before.
    """

    report: str | None
    indicators: frozenset[int] | None


_NOTHING = Shown(None, frozenset())


def release(
    package: model.Package,
    user: str | None,
    batch: Batch,
    *,
    again: bool = False,
    beside: Beside | None = None,
) -> Shown:
    """Let the dataset's figures be public as it now stands in the transaction, or refuse.

    Args:
        package: the dataset, flushed but not committed.
        user: id of the person, or None for a job.
        batch: with what else report, release and trail are written; the caller sends it.
        again: read and compare even if nothing has changed since the last release.
        beside: what other rows say of the dataset, if the caller has asked.

    Returns:
        What it shows with the transaction's commit.

    Raises:
        NeverPublic: the dataset is for practice; nothing should have come this far.
        TooLarge: the files are too large to be checked while somebody waits.
        Refused: a finding holds the dataset back. The session has been rolled back, and the
            report is kept by a transaction of its own.
    """
    session = model.Session
    if not is_public(package):
        withdraw(package, user)
        return _NOTHING
    beside = beside or look(session, package)
    if beside.practice:
        raise NeverPublic(package.id)
    tables = sources.of_package(package, beside)
    if not tables:
        withdraw(package, user)
        return _NOTHING
    subject = subject_of(package, beside)
    book = load_codebook(session, token=beside.codebook)
    rules = catalogue.rules()
    exempted: Mapping[str, Sequence[Exemption]] = {}
    if beside.exempted:
        exempted = exemptions.active(session, (t.resource for t in tables), lock=True)
    print_ = fingerprint(
        tables,
        organization=subject.organization,
        coverage=subject.coverage,
        asking=subject.asking,
        book=book,
        rules=rules,
        exempted=exempted,
        standing=subject.standing,
    )
    way, released = passage.current(), beside.released
    # The indicators are those shown now: another table has another fingerprint in any case.
    same = released is not None and released.fingerprint == with_agreements(
        print_, released.agreements
    )
    if released is not None and same and not again:
        return Shown(released.report, None)
    if not way.background and sources.size(tables) > config.background_size():
        raise TooLarge
    built, report, codebook = compare_and_lock(session, subject, tables, book, rules, exempted)
    if load_codebook(session, token=codebook).version != book.version:
        # An indicator was changed before it was locked; now it is.
        return release(package, user, batch, again=again)
    print_ = with_agreements(print_, built.agreements)
    kept = reports.Kept(
        id=reports.new_id(),
        kind=way.kind,
        dataset=package.id,
        dataset_title=subject.dataset_title,
        organization=subject.organization,
        user=user,
        created=utc_now(),
        tables=built.candidate.tables,
        report=report,
        state=print_,
    )
    if report.blocked:
        session.rollback()
        if print_ not in way.refused:
            reports.keep_apart(kept)
        raise Refused(kept.id, sum(f.blocks for f in report.findings))
    passage.step("write", 0, 1)
    faults.reach("figures-compared")
    after = list(built.publications())
    before: dict[str, Any] | None = None
    if released is not None:
        reason = subject.declared.reason
        change = vintages.Change(kept.created, user, reason, kept.id, released.at)
        counts = vintages.keep(session, batch, package.id, built.previous, after, change)
        before = {"report": released.report, **counts}
    publications.replace(session, package.id, subject.organization, after)
    faults.reach("figures-written")
    reports.keep(batch, kept)
    earlier = released if same or way.kind == reports.RECHECK else None
    values = {
        "dataset_id": package.id,
        "organization_id": subject.organization,
        "fingerprint": print_,
        "ruleset": report.ruleset,
        "report_id": kept.id,
        "released_at": earlier.at if earlier else kept.created,
        "released_by": earlier.by if earlier else user,
    }
    publications.record_release(batch, session, values)
    entry = trail.entry(
        "dataset.recheck" if way.kind == reports.RECHECK else "dataset.publish",
        _about(package),
        actor=user,
        organization=subject.organization,
        before=before,
        after={"report": kept.id, "figures": sum(len(p.arrays.keys) for p in after)},
        ruleset=report.ruleset,
    )
    trail.record_all([entry], batch=batch)
    return Shown(kept.id, frozenset(p.indicator for p in after))


def _about(package: model.Package) -> trail.Subject:
    return trail.Subject("dataset", package.id, package.title or package.name)


def withdraw(package: model.Package, user: str | None) -> None:
    """Take the dataset's figures out, in the session's transaction.

    Args:
        package: the dataset.
        user: id of the person, or None for a job.
    """
    if publications.withdraw(model.Session, package.id):
        trail.record(
            "dataset.withdraw", _about(package), actor=user, organization=package.owner_org
        )


def subject_of(package: model.Package, beside: Beside | None = None) -> Subject:
    """Whose figures a dataset holds.

    Args:
        package: the dataset.
        beside: what other rows say of it, if the caller has asked.
    """
    beside = beside or look(model.Session, package)
    coverage = package.extras.get(COVERAGE)
    return Subject(
        organization=package.owner_org or "",
        organization_title=beside.organization,
        dataset=package.id,
        dataset_title=package.title or package.name,
        coverage=coverage if isinstance(coverage, str) and coverage else None,
        asking=beside.collecting in variables.ASKING,
        declared=_declared(package, beside),
        standing=_STATUSES.get(str(package.extras.get("status_angka")), Status.NORMAL),
    )


def _declared(package: model.Package, beside: Beside) -> Declared:
    extras = package.extras
    years = {int(y) for y in listed(extras.get("tahun_data")) if str(y).isdecimal()}
    cited = [str(extras.get("sumber") or ""), *map(str, listed(extras.get("rujukan")))]
    return Declared(
        years=frozenset(years) or None,
        cited=" \n ".join(cited),
        reason=vintages.reason(package, beside),
    )


def asking(package: model.Package) -> bool:
    """Whether the dataset's figures come from a census or survey."""
    return look(model.Session, package).collecting in variables.ASKING
