"""Several datasets saved, compared and released in one transaction; the work of joint releases.

Nothing here commits but :func:`publish`'s caller. Whoever stands in the way is named by
:class:`Fails`, so that the others need not wait for ever.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import logic, model
from ckan.types import Context

from ckanext.satudata.consistency.findings import Report
from ckanext.satudata.errors import Refused, SatudataError, TryAgain
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store import publications
from ckanext.satudata.store.batch import Batch
from ckanext.satudata.store.codebook import load_codebook

from . import catalogue, comparing, gate, passage, revisions, sources
from .review import admission

_LOCK_DATASETS = sa.text("SELECT FROM package WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")


class Fails(SatudataError):
    """One of the datasets cannot become public as it would be; the transaction is rolled back.

    Attributes:
        dataset: its id.
        cause: why; a :class:`Refused`, :class:`revisions.ChangedSince` or ``tk.ValidationError``.
    """

    def __init__(self, dataset: str, cause: Exception) -> None:
        super().__init__(f"{dataset}: {cause}")
        self.dataset = dataset
        self.cause = cause

    @property
    def report(self) -> str | None:
        """The report that says why, if figures are why."""
        return self.cause.report if isinstance(self.cause, Refused) else None

    def told(self) -> dict[str, Any]:
        """The cause as a revision keeps it."""
        if isinstance(self.cause, tk.ValidationError):
            return json.loads(json.dumps(self.cause.error_dict, default=str))
        return {"satudata": ["changed_since" if self.report is None else "held_back"]}


@dataclass
class Contradicted:
    """A public dataset that the revisions would contradict.

    Attributes:
        dataset: its id.
        organization: id of its producer.
        resources: ids of the tables with such figures.
        indicators: code of each indicator concerned -> ids of the agencies that revise it.
    """

    dataset: str
    organization: str
    resources: set[str] = field(default_factory=set)
    indicators: dict[str, set[str]] = field(default_factory=dict)


def contradicted(revised: Sequence[Revision]) -> list[Contradicted]:
    """The public datasets, beside their own, that these revisions would contradict.

    They are found by trying: the revisions are saved, compared with everything public, and
    rolled back with the session's transaction.

    Raises:
        Fails: a revision cannot be saved.
    """
    session = model.Session
    try:
        saved = _saved(revised)
        session.flush()
        book, rules = load_codebook(session), catalogue.rules()
        found: dict[str, Contradicted] = {}
        for dataset in saved:
            package = model.Package.get(dataset)
            assert package is not None
            if not gate.is_public(package):
                continue
            subject, tables = gate.subject_of(package), sources.of_package(package)
            before = -1
            # A report lists the first findings of a rule: what it names is set aside, then
            # the rest is looked at.
            while before < len(found):
                before = len(found)
                _, report = comparing.compare(
                    session, subject, tables, book, rules, aside=(*saved, *found)
                )
                _gather(report, subject.organization, found)
        return sorted(found.values(), key=lambda c: c.dataset)
    finally:
        session.rollback()


def publish(
    revised: Sequence[Revision],
    found: Sequence[Contradicted],
    *,
    hidden: Collection[str] = (),
    background: bool = True,
    examined: bool = True,
) -> Mapping[str, list[str]]:
    """Let revisions become public in the session's transaction, and take out what contradicts.

    The caller commits, or rolls back where it was only a trial.

    Args:
        revised: revisions, the mandate holder's first.
        found: what :func:`contradicted` says of them.
        hidden: ids of datasets among ``found`` that are made private as a whole, because they
            could not stay public without the tables that are taken out.
        background: whether no work is too large.
        examined: whether somebody must have examined them, as everything that becomes public; a
            trial leaves time for that.

    Returns:
        Id of each dataset of ``found`` -> names of its tables that are taken out.

    Raises:
        Fails: one dataset cannot become public as it would be.
        TooLarge: see ``background``.
    """
    session = model.Session
    makers = {r.dataset_id: r.created_by for r in revised}
    revision_of = {r.dataset_id: r.id for r in revised}
    datasets = [*makers, *(c.dataset for c in found)]
    # As everybody who publishes: datasets first, then indicators.
    session.execute(_LOCK_DATASETS, {"ids": datasets})
    publications.lock_indicators(
        session, {p.indicator_id for d in datasets for p in publications.of_dataset(session, d)}
    )
    _saved(revised)
    tables = {c.dataset: _taken_out(c, hide=c.dataset in hidden) for c in found}
    # In this order: what the mandate holder revises must be there before others repeat it.
    for dataset in datasets:
        publications.withdraw(session, dataset)
    for dataset in datasets:
        package = model.Package.get(dataset)
        assert package is not None
        admitted = _admitted(package, revision_of.get(dataset)) if examined else None
        batch = Batch()
        try:
            with passage.through(passage.Passage(background=background)):
                # A report is its maker's; whoever presses the button may not see its figures.
                shown = gate.release(package, makers.get(dataset), batch)
            if admitted is not None:
                admitted.released(shown, batch)
            batch.send(session)
        except Refused as refusal:
            raise Fails(dataset, refusal) from refusal
    return tables


def _admitted(package: model.Package, revision: str | None) -> admission.Admitted | None:
    """Whether a member may be public as saved; what is only taken out needs nobody's approval.

    Raises:
        Fails: its revision has not been examined.
    """
    if revision is None:
        return admission.taken_out(package) if gate.is_public(package) else None
    dataset = package.id
    try:
        return admission.ask(package, None, revision=revision)
    except (admission.NotAdmitted, admission.MustWait) as refusal:
        model.Session.rollback()
        raise Fails(dataset, admission.explained(refusal, dataset)) from refusal


def index(datasets: Collection[str]) -> None:
    """Let a search find the datasets as they stand in the session's transaction."""
    for dataset in datasets:
        logic.index_update_package_dicts(
            logic.package_show_default_and_custom_schemas(_site(), dataset)
        )


def _gather(report: Report, revising: str, found: dict[str, Contradicted]) -> None:
    for finding in report.findings:
        other = finding.other
        if not finding.blocks or other is None or not other.dataset or not other.resource:
            continue
        entry = found.setdefault(
            other.dataset, Contradicted(other.dataset, other.organization or "")
        )
        entry.resources.add(other.resource)
        if finding.params.get("agreement"):
            continue  # The agencies have agreed upon the revised figure; it binds the holder, too.
        entry.indicators.setdefault(finding.indicator or "", set()).add(revising)


def _site() -> Context:
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": user["name"], "ignore_auth": True, "auth_user_obj": None}


def _saved(revised: Sequence[Revision]) -> list[str]:
    """Save the revisions in the session's transaction, past the gate; ids of the datasets."""
    datasets = [r.dataset_id for r in revised]
    for dataset, revision in zip(datasets, revised, strict=True):
        try:
            with passage.through(passage.Passage(together=[])):
                revisions.save_into_transaction(revision, _site())
        except TryAgain:
            raise
        except (revisions.ChangedSince, tk.ValidationError) as error:
            model.Session.rollback()
            raise Fails(dataset, error) from error
    return datasets


def _taken_out(entry: Contradicted, *, hide: bool) -> list[str]:
    """Take the tables out of the dataset in the session's transaction; their names."""
    shown = tk.get_action("package_show")({**_site(), "use_cache": False}, {"id": entry.dataset})
    named = {r["id"]: r["name"] or r["url"] for r in shown["resources"]}
    if hide:
        package = model.Package.get(entry.dataset)
        assert package is not None
        package.private = True
        model.Session.flush()
        return list(named.values())
    shown["resources"] = [r for r in shown["resources"] if r["id"] not in entry.resources]
    shown.pop("metadata_modified", None)
    try:
        with passage.through(passage.Passage(together=[])):
            tk.get_action("package_update")(
                {**_site(), "defer_commit": True, "return_id_only": True}, shown
            )
    except TryAgain:
        raise
    except tk.ValidationError as error:
        model.Session.rollback()
        raise Fails(entry.dataset, error) from error
    return [name for id_, name in named.items() if id_ in entry.resources]
