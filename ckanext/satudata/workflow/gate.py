"""The gate: what a dataset shows becomes public here, or it does not.

:func:`release` runs inside CKAN's own transaction, after the dataset was saved and before
it is indexed and committed (``after_dataset_create``/``after_dataset_update``), so every
action that goes through ``package_create`` or ``package_update`` passes it. Either the
commit carries dataset, figures and search index together, or nothing of it happened.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ckan import model

from ckanext.satudata import config, faults
from ckanext.satudata.consistency import engine
from ckanext.satudata.consistency.findings import Finding, Report
from ckanext.satudata.consistency.observations import Declared, Publication, Status
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.errors import NeverPublic, Refused, TooLarge
from ckanext.satudata.extract.readers import Limits
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.model.onboarding import PracticeDataset
from ckanext.satudata.model.publication import Release
from ckanext.satudata.schemas import variables
from ckanext.satudata.schemas.publication import listed
from ckanext.satudata.store import agreements, blocks, publications
from ckanext.satudata.store.beside import Beside, look
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.types import AnySession

from . import catalogue, exemptions, passage, reports, retirement, sources, trail, vintages
from .candidate import Built, build, fingerprint, with_agreements
from .meetings import escalated

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


@dataclass(frozen=True)
class Subject:
    """Whose figures are checked.

    Attributes:
        organization: id of the producer.
        organization_title: its name.
        dataset: id of the dataset, or None for a file that is not saved.
        dataset_title: its title, or None.
        coverage: region whose parts are promised to be complete, or None.
        asking: whether its activity is a census or survey, which asks people questions.
        declared: what the dataset says of its figures beside them.
        standing: status of figures in tables that give none.
    """

    organization: str
    organization_title: str
    dataset: str | None
    dataset_title: str | None
    coverage: str | None
    asking: bool = False
    declared: Declared = field(default_factory=Declared)
    standing: Status = Status.NORMAL


def is_public(package: model.Package) -> bool:
    """Whether anybody may see the dataset."""
    return package.state == model.State.ACTIVE and not package.private


def release(package: model.Package, user: str | None, *, again: bool = False) -> None:
    """Let the dataset's figures be public as it now stands in the transaction, or refuse.

    Args:
        package: the dataset, flushed but not committed.
        user: id of the person, or None for a job.
        again: read and compare even if nothing has changed since the last release.

    Raises:
        NeverPublic: the dataset is for practice; nothing should have come this far.
        TooLarge: the files are too large to be checked while somebody waits.
        Refused: a finding holds the dataset back. The session has been rolled back, and the
            report is kept by a transaction of its own.
    """
    session = model.Session
    if not is_public(package):
        withdraw(package, user)
        return
    if PracticeDataset.of(package.id) is not None:
        raise NeverPublic(package.id)
    subject = subject_of(package)
    tables = sources.of_package(package)
    if not tables:
        withdraw(package, user)
        return
    book = load_codebook(session)
    rules = catalogue.rules()
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
    way = passage.current()
    released = session.get(Release, package.id)
    # The indicators are those shown now: another table has another fingerprint in any case.
    said = agreements.history_of_public(session, package.id) if released is not None else ""
    same = released is not None and released.fingerprint == with_agreements(print_, said)
    if same and not again:
        return
    if not way.background and sources.size(tables) > config.background_size():
        raise TooLarge
    built, report = compare(session, subject, tables, book, rules, lock=True, exempted=exempted)
    if load_codebook(session).version != book.version:
        # An indicator was changed before it was locked; now it is.
        release(package, user, again=again)
        return
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
        change = vintages.Change(kept.created, user, reason, kept.id, released.released_at)
        counts = vintages.keep(session, package.id, built.previous, after, change)
        before = {"report": released.report_id, **counts}
    publications.replace(session, package.id, subject.organization, after)
    faults.reach("figures-written")
    reports.keep(session, kept)
    earlier = released if same or way.kind == reports.RECHECK else None
    values = {
        "dataset_id": package.id,
        "organization_id": subject.organization,
        "fingerprint": print_,
        "ruleset": report.ruleset,
        "report_id": kept.id,
        "released_at": earlier.released_at if earlier else kept.created,
        "released_by": earlier.released_by if earlier else user,
    }
    publications.record_release(session, values)
    if released is not None:
        session.expire(released)
    trail.record(
        "dataset.recheck" if way.kind == reports.RECHECK else "dataset.publish",
        _about(package),
        actor=user,
        organization=subject.organization,
        before=before,
        after={"report": kept.id, "figures": sum(len(p.arrays.keys) for p in after)},
        ruleset=report.ruleset,
        session=session,
    )


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


def compare(
    session: AnySession,
    subject: Subject,
    tables: list[sources.Source],
    book: CodeBook,
    rules: RuleSet,
    *,
    lock: bool = False,
    aside: Collection[str] = (),
    exempted: Mapping[str, Sequence[Exemption]] | None = None,
) -> tuple[Built, Report]:
    """Read the tables and compare them with everything public.

    Args:
        session: whose view of the public figures is used.
        subject: whose tables they are.
        tables: what to read.
        book: the reference data.
        rules: the rules.
        lock: whether to keep others from publishing the same indicators until the
            transaction ends. Reading and comparing happen before, so that the locks are held
            shortly; if anybody published or agreed meanwhile, the comparison is done again.
        aside: ids of public datasets that are not compared with.
        exempted: the tables' exemptions, if the caller has read (and, with ``lock``, locked) them.
    """
    built = read(session, subject, tables, book, rules, exempted=exempted)
    spans = engine.spans(built.candidate, book, rules.relations)
    passage.step("compare", 0, 1)
    # What the dataset itself shows is not compared with, but is what changes.
    aside = {*aside} - {subject.dataset}
    shown = publications.overlapping(session, spans, exclude=aside)
    built = _agreed(session, built)
    # With locks it is looked at under them: whoever closes a meeting has these locks.
    waiting = () if lock else escalated.new_values(session, built.candidate.figures, rules, book)
    judged = _judge(session, subject, built, shown, spans, book, rules, waiting)
    if lock:
        faults.reach("figures-read")
        own = {subject.dataset} if subject.dataset else set[str]()
        # Whatever the rules look at, or two that agree with neither would pass side by side.
        publications.lock_indicators(session, spans, datasets=own)
        faults.reach("indicators-locked")
        said = _agreed(session, built)
        same = publications.numbers(session, spans, exclude=aside) == shown.keys()
        # Figures of a publication never change; whoever changes them makes another publication.
        # Neither does what an agreement says; whoever lets one hold or end has these locks.
        waiting = escalated.new_values(session, built.candidate.figures, rules, book)
        if waiting or not same or said.agreements != built.agreements:
            now = shown if same else publications.overlapping(session, spans, exclude=aside)
            judged = _judge(session, subject, said, now, spans, book, rules, waiting)
    return judged


def _agreed(session: AnySession, built: Built) -> Built:
    """The candidate with what agreements in force say of its indicators."""
    concerned = [f.indicator.id for f in built.candidate.figures if len(f)]
    history = agreements.history(session, concerned)
    found = agreements.in_force(session, concerned) if history else {}
    return replace(built, agreed=found, agreements=history)


def _judge(
    session: AnySession,
    subject: Subject,
    built: Built,
    shown: Mapping[int, Publication],
    spans: Mapping[int, tuple[int, int]],
    book: CodeBook,
    rules: RuleSet,
    waiting: Sequence[Finding],
) -> tuple[Built, Report]:
    """Compare what was read with these publications; the dataset's own are what it replaces."""
    others = {number: p for number, p in shown.items() if p.dataset != subject.dataset}
    own = {number: p for number, p in shown.items() if p.dataset == subject.dataset}
    rests = engine.classifications(built.candidate, book, rules.relations)
    found = blocks.fetch(session, spans, others, rests)
    # An indicator without an entry counts as not looked up, and so would not be a pass.
    published = {number: found.get(number, []) for number in spans}
    retired = retirement.new_figures(session, built.candidate.figures, subject.dataset, rules)
    problems = (*built.candidate.problems, *retired, *waiting)
    candidate = replace(built.candidate, problems=problems)
    previous = vintages.before(session, candidate, own)
    report = engine.check(
        candidate,
        published,
        rules,
        book,
        own_dataset=subject.dataset,
        previous=previous,
        agreed=built.agreed,
        checks=catalogue.checks(),
    )
    return replace(built, candidate=candidate, previous=previous), report


def read(
    session: AnySession,
    subject: Subject,
    tables: list[sources.Source],
    book: CodeBook,
    rules: RuleSet,
    *,
    exempted: Mapping[str, Sequence[Exemption]] | None = None,
) -> Built:
    """Read the tables as a candidate; arguments as :func:`compare`."""
    if exempted is None:
        exempted = exemptions.active(session, (t.resource for t in tables), dataset=subject.dataset)
    return build(
        tables,
        organization=subject.organization,
        organization_title=subject.organization_title,
        dataset=subject.dataset,
        coverage=subject.coverage,
        asking=subject.asking,
        book=book,
        rules=rules,
        limits=limits(),
        exempted=exempted,
        declared=subject.declared,
        standing=subject.standing,
    )


def subject_of(package: model.Package) -> Subject:
    """Whose figures a dataset holds."""
    beside = look(model.Session, package)
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


def limits() -> Limits:
    """The configured sizes above which a table is refused."""
    return Limits(
        bytes=config.max_file_size(), rows=config.max_rows(), columns=config.max_columns()
    )
