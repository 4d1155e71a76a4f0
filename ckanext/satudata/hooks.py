"""CKAN's dataset events, handed to the gate; errors become CKAN's."""

from __future__ import annotations

from typing import Any, NoReturn

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudata.workflow import gate, passage, reports, revisions
from ckanext.satudata.workflow.onboarding import practice
from ckanext.satudata.workflow.review import admission, process, publishing, reviewed

from . import faults
from .errors import ReferenceDataMissing, Refused, TooLarge
from .store import content, search_index
from .store.batch import Batch
from .store.beside import Beside, look


def dataset_created(data: dict[str, Any]) -> None:
    """Let nothing that once had the id of one of its resources come back to life."""
    package = model.Package.get(data["id"])
    if package is not None:
        content.begin(r.id for r in package.resources)


def dataset_saved(context: Context, data: dict[str, Any]) -> None:
    """Let the gate decide about a dataset that was just saved and is not yet committed.

    Raises:
        tk.ValidationError: the dataset is held back; ``satudata_report`` names the report.
    """
    package = model.Package.get(data["id"])
    if package is None:
        return
    faults.reach("dataset-saved")
    if package.state == model.State.DELETED:
        # It leaves the index without CKAN's asking (``before_dataset_index``).
        search_index.announce(package.id)
    user = context.get("auth_user_obj")
    person = user.id if user else None
    beside = look(model.Session, package) if gate.is_public(package) else None
    if beside.practice if beside else practice.is_practice(package.id):
        _rehearse(package, person)
        return
    way = passage.current()
    if way.together is not None:
        way.together.append(package.id)
        return
    if way.hold:
        _wait(package, person)
    try:
        _release(package, user if isinstance(user, model.User) else None, person, beside)
    except TooLarge:
        _wait(package, person)
    except ReferenceDataMissing as missing:
        model.Session.rollback()
        raise tk.ValidationError(
            {
                "satudata": [
                    tk._(
                        "Not published: the portal has no reference data yet. "
                        "Ask the administrator to run 'ckan satudata reference load'."
                    )
                ]
            }
        ) from missing


def _rehearse(package: model.Package, person: str | None) -> None:
    """Let nothing of a practice dataset be public; whoever publishes it is told what would be.

    Raises:
        tk.ValidationError: always, if it would be public; ``satudata_rehearsal`` names the report.
    """
    try:
        practice.rehearse(package, person)
    except TooLarge:
        message = tk._("This table is too large to practise with. Choose a smaller one.")
        raise tk.ValidationError({"satudata": [message]}) from None
    except practice.NothingIsPublic as over:
        message = (
            tk._(
                "Rehearsal: {count} finding(s) would hold this dataset back. Nothing was published."
            ).format(count=over.errors)
            if over.errors
            else tk._("Rehearsal: every check is passed. Nothing was published.")
        )
        raise tk.ValidationError(
            {"satudata": [message], "satudata_rehearsal": [over.report]}
        ) from over


def _release(
    package: model.Package, user: model.User | None, person: str | None, beside: Beside | None
) -> None:
    """Let the dataset be public as it was saved, if somebody has examined it and it agrees.

    Raises:
        TooLarge: see :func:`.gate.release`.
        ReferenceDataMissing: likewise.
        tk.ValidationError: it may not be public.
    """
    way, dataset = passage.current(), package.id
    ready: str | None = None
    batch = Batch()
    try:
        admitted = admission.ask(package, user, revision=way.revision, beside=beside)
        ready = admitted.ready if admitted else None
        shown = gate.release(package, person, batch, beside=beside)
        if admitted is not None:
            admitted.released(shown, batch)
        batch.send(model.Session)
    except admission.NotAdmitted as refusal:
        model.Session.rollback()
        raise admission.explained(refusal, dataset) from refusal
    except admission.MustWait as refusal:
        _submit(package, person, refusal)
    except Refused as refusal:
        if ready is not None:
            publishing.refused(ready, refusal.report)
        raise _held_back(refusal) from refusal
    if way.released is not None:
        way.released()


def _held_back(refusal: Refused) -> tk.ValidationError:
    return tk.ValidationError(
        {
            "satudata": [
                tk._(
                    "Not published: {count} finding(s) hold this dataset back. "
                    "See the report for both figures and what to do next."
                ).format(count=refusal.errors)
            ],
            "satudata_report": [refusal.report],
        }
    )


def _submit(package: model.Package, user: str | None, cause: admission.MustWait) -> NoReturn:
    """Submit the change of a public dataset, which waits beside it.

    Raises:
        tk.ValidationError: always, as nothing was saved; ``satudata_process`` names the dataset,
            or ``satudata_report`` what holds the change back.
    """
    dataset, organization = package.id, package.owner_org or ""
    trial = reviewed.of_saved(package, user)
    report = trial.kept.report
    if report.blocked:
        model.Session.rollback()
        reports.keep_apart(trial.kept)
        raise _held_back(Refused(trial.kept.id, sum(f.blocks for f in report.findings)))
    with passage.through(passage.Passage(hold=True)):
        revision = _held(package, user)
    reports.keep_apart(trial.kept)
    publishing.submitted(dataset, organization, trial, actor=user, note="", revision=revision)
    model.repo.commit()
    message = tk._(
        "Not public yet: the change was submitted to the walidata. "
        "Until it is approved and published, the public sees the dataset as it was."
    )
    raise tk.ValidationError({"satudata": [message], "satudata_process": [dataset]}) from cause


def _wait(package: model.Package, user: str | None) -> NoReturn:
    """Hold the change beside the dataset; the public goes on seeing what it saw.

    Raises:
        tk.ValidationError: always, as nothing was saved; ``satudata_revision`` names what waits.
    """
    revision = _held(package, user)
    message = tk._(
        "Not public yet: the files are large and are being checked in the background. "
        "Until that is done, the public sees the dataset as it was."
    )
    raise tk.ValidationError({"satudata": [message], "satudata_revision": [revision]})


def _held(package: model.Package, user: str | None) -> str:
    """Turn what was saved into a change that waits; its id.

    Raises:
        tk.ValidationError: it cannot wait.
    """
    try:
        return revisions.hold(package, user)
    except revisions.NothingToHoldBeside:
        message = tk._(
            "These files are too large to be checked while you wait. "
            "Save the dataset as a draft first, then publish it."
        )
        raise tk.ValidationError({"satudata": [message]}) from None
    except revisions.AlreadyWaiting:
        message = tk._(
            "Another change of this dataset is waiting already. "
            "Release or cancel that one first; nothing was saved."
        )
        raise tk.ValidationError({"satudata": [message]}) from None


def dataset_deleted(context: Context, data: dict[str, Any]) -> None:
    """Take the figures of a dataset out that is about to be deleted."""
    # Its row first, as whoever changes it holds that while waiting for the indicators.
    package = model.Package.get(data["id"], for_update=True)
    if package is not None:
        user = context.get("auth_user_obj")
        person = user.id if user else None
        gate.withdraw(package, person)
        process.end(package.id, person)
        search_index.announce(package.id)
