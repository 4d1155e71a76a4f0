"""Comparing what a dataset would show with everything public; with locks, or without."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ckanext.satudata import config, faults
from ckanext.satudata.consistency import engine
from ckanext.satudata.consistency.findings import Finding, Report
from ckanext.satudata.consistency.observations import Declared, Publication, Status
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract.readers import Limits
from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.store import agreements, blocks, ground, publications
from ckanext.satudata.types import AnySession

from . import catalogue, exemptions, passage, retirement, sources, vintages
from .candidate import Built, build
from .meetings import escalated


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


def compare(
    session: AnySession,
    subject: Subject,
    tables: list[sources.Source],
    book: CodeBook,
    rules: RuleSet,
    *,
    aside: Collection[str] = (),
) -> tuple[Built, Report]:
    """Read the tables and compare them with everything public; nobody has to wait for it.

    Args:
        session: whose view of the public figures is used.
        subject: whose tables they are.
        tables: what to read.
        book: the reference data.
        rules: the rules.
        aside: ids of public datasets that are not compared with.
    """
    built = read(session, subject, tables, book, rules)
    look_at = _Looked(session, subject, book, rules)
    wanted = look_at.wanted(built, aside)
    passage.step("compare", 0, 1)
    found = ground.before(session, wanted)
    waiting = look_at.waiting(built, found)
    return look_at.judged(look_at.agreed(built, found), found, found.publications, wanted, waiting)


def compare_and_lock(
    session: AnySession,
    subject: Subject,
    tables: list[sources.Source],
    book: CodeBook,
    rules: RuleSet,
    exempted: Mapping[str, Sequence[Exemption]],
) -> tuple[Built, Report, str | None]:
    """As :func:`compare`, and keep others from publishing these indicators until the commit.

    Reading and comparing happen before, so that the locks are held shortly; if anybody published
    or agreed meanwhile, the comparison is done again.

    Args:
        session: in whose transaction the locks are held.
        subject: whose tables they are.
        tables: what to read.
        book: the reference data.
        rules: the rules.
        exempted: the tables' exemptions, which are locked.

    Returns:
        What was read, the report, and what tells the state of the reference data under the locks.
    """
    built = read(session, subject, tables, book, rules, exempted=exempted)
    look_at = _Looked(session, subject, book, rules)
    wanted = look_at.wanted(built, ())
    passage.step("compare", 0, 1)
    found = ground.before(session, wanted)
    built = look_at.agreed(built, found)
    judged = look_at.judged(built, found, found.publications, wanted, ())
    faults.reach("figures-read")
    own = {subject.dataset} if subject.dataset else set[str]()
    # Whatever the rules look at, or two that agree with neither would pass side by side.
    publications.lock_indicators(session, wanted.spans, datasets=own)
    faults.reach("indicators-locked")
    now = ground.locked(session, wanted)
    # Figures of a publication never change; whoever changes them makes another publication.
    # Neither does what an agreement says; whoever lets one hold or end has these locks. What waits
    # for a direction is only looked at here: whoever closes a meeting has them, too.
    same = now.numbers == found.publications.keys()
    waiting = look_at.waiting(built, now)
    if waiting or not same or now.agreements != built.agreements:
        shown = found.publications
        if not same:
            shown = publications.overlapping(session, wanted.spans, exclude=wanted.exclude)
        judged = look_at.judged(look_at.agreed(built, now), now, shown, wanted, waiting)
    return *judged, now.codebook


@dataclass(frozen=True, slots=True)
class _Looked:
    """What every look at a candidate needs."""

    session: AnySession
    subject: Subject
    book: CodeBook
    rules: RuleSet

    def wanted(self, built: Built, aside: Collection[str]) -> ground.Wanted:
        """What a judgement depends on."""
        return ground.Wanted(
            spans=engine.spans(built.candidate, self.book, self.rules.relations),
            written=[f.indicator.id for f in built.candidate.figures if len(f)],
            organization=self.subject.organization,
            # What the dataset itself shows is not compared with, but is what changes.
            exclude={*aside} - {self.subject.dataset},
        )

    def agreed(self, built: Built, found: ground.Ground) -> Built:
        """The candidate with what agreements in force say of its indicators."""
        concerned = [f.indicator.id for f in built.candidate.figures if len(f)]
        said = agreements.in_force(self.session, concerned) if found.agreements else {}
        return replace(built, agreed=said, agreements=found.agreements)

    def waiting(self, built: Built, found: ground.Ground) -> list[Finding]:
        """Values that nobody shows yet of what waits for a direction."""
        if not found.escalated:
            return []
        return escalated.new_values(self.session, built.candidate.figures, self.rules, self.book)

    def judged(
        self,
        built: Built,
        found: ground.Ground,
        shown: Mapping[int, Publication],
        wanted: ground.Wanted,
        waiting: Sequence[Finding],
    ) -> tuple[Built, Report]:
        """Compare with these publications; the dataset's own are what it replaces."""
        session, subject, book, rules = self.session, self.subject, self.book, self.rules
        others = {number: p for number, p in shown.items() if p.dataset != subject.dataset}
        own = {number: p for number, p in shown.items() if p.dataset == subject.dataset}
        rests = engine.classifications(built.candidate, book, rules.relations)
        stored = blocks.fetch(session, wanted.spans, others, rests)
        # An indicator without an entry counts as not looked up, and so would not be a pass.
        published = {number: stored.get(number, []) for number in wanted.spans}
        retired = retirement.new_figures(session, built.candidate.figures, subject.dataset, rules)
        problems = (*built.candidate.problems, *retired, *waiting)
        candidate = replace(built.candidate, problems=problems)
        previous = vintages.before(session, candidate, own, withdrawn=found.withdrawn)
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


def limits() -> Limits:
    """The configured sizes above which a table is refused."""
    return Limits(
        bytes=config.max_file_size(), rows=config.max_rows(), columns=config.max_columns()
    )
