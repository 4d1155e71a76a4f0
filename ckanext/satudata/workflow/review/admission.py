"""Whether a dataset may become public now: the question before the gate's.

The gate asks whether figures agree; here is asked whether somebody has looked. It is asked in
CKAN's own transaction, of the state after the change, whatever way it took. What is accepted here
is written down in the same transaction, so a process says ``terbit`` exactly when the dataset is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.process import SUBMITTED, Process
from ckanext.satudata.store.batch import Batch
from ckanext.satudata.store.beside import Beside, look

from .. import gate
from . import process, publishing, reviewed, steps

#: CKAN type of the datasets that are examined; activities (MS-Keg) hold no figures.
_TYPE = "dataset"
DIRECT = "langsung"


class NotAdmitted(SatudataError):
    """The dataset may not become public, or be changed, as it is.

    Attributes:
        why: ``first`` (nobody has examined it), ``revision`` (nobody has examined the change),
            ``submitted`` (it is being examined), ``restricted`` (access to it is limited) or
            ``definition`` (it shows an indicator that nobody has examined in it).
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class MustWait(SatudataError):
    """The change of a public dataset waits beside it until it was examined."""


class Admitted:
    """A dataset that may become public, if the gate finds nothing.

    Args:
        package: the dataset, saved but not committed.
        person: who saves it, or None.
        fingerprint: of what would be public.
        accepted: the newest version that the public has seen, or None.
        open_process: its process that is under way, or None.
        transition: what happens to the process when it is public: ``terbitkan``, ``langsung``,
            ``setujui_langsung``, or None if nothing changes that anybody could examine.
        beside: what other rows say of the dataset.
    """

    def __init__(
        self,
        package: model.Package,
        person: model.User | None,
        fingerprint: str,
        accepted: Process | None,
        open_process: Process | None,
        transition: str | None,
        beside: Beside,
    ) -> None:
        self._package = package
        self._beside = beside
        self._accepted = accepted
        self._person = person.id if person else None
        self._fingerprint = fingerprint
        self._transition = transition
        self._process = open_process
        self.ready = (
            open_process.id if open_process and open_process.state == "siap_terbit" else None
        )

    def released(self, shown: gate.Shown, batch: Batch) -> None:
        """Write down that the dataset is public with the transaction's commit.

        Args:
            shown: what the gate let pass.
            batch: with what else it is written; what people are told of is written at once.

        Raises:
            NotAdmitted: it shows an indicator that nobody has examined in it.
        """
        if self._transition is None:
            return
        package, accepted = self._package, self._accepted
        known = shown.indicators
        indicators = set(known) if known is not None else reviewed.indicators(package.id)
        self._demand_known(accepted, indicators)
        files = reviewed.files(package, self._beside)
        if self._process is None and _same_version(accepted, package, files, indicators):
            assert accepted is not None
            accepted.fingerprint = self._fingerprint
            accepted.files, accepted.indicators = files, sorted(indicators)
            accepted.responsible = reviewed.responsible(package, self._beside)
            model.Session.flush()
            return
        moves: list[steps.Move] = []
        if accepted is not None and accepted.state == "terbit":
            moves.append(steps.Move(accepted, "revisi", "direvisi", None))
        moves.append(self._published(files, indicators, shown.report))
        if self._transition == DIRECT:
            steps.write_quietly(moves, batch=batch)
        else:
            self._write(moves)

    def _demand_known(self, accepted: Process | None, shown: set[int]) -> None:
        """A new definition in an accepted dataset is a first publication, too."""
        if (
            self._transition == DIRECT
            and accepted is not None
            and process.policy("pertama") != DIRECT
            and shown - _accepted_indicators(package=self._package.id)
        ):
            raise NotAdmitted("definition")

    def _published(
        self, files: dict[str, dict[str, str]], indicators: set[int], report: str | None
    ) -> steps.Move:
        """The process of what is public with the commit, and its last move."""
        package, moment = self._package, utc_now()
        owner = package.owner_org or ""
        found = self._process or steps.started(
            package.id, owner, publishing.kind_of(self._accepted, owner), ended=moment
        )
        found.organization_id = owner
        found.fingerprint = self._fingerprint
        found.priority = reviewed.is_priority(package)
        found.responsible = reviewed.responsible(package, self._beside)
        found.files, found.indicators = files, sorted(indicators)
        found.published_at = found.ended_at = moment
        return steps.Move(found, self._transition or DIRECT, "terbit", self._person, report)

    @staticmethod
    def _write(moves: Sequence[steps.Move]) -> None:
        """Write moves of which people are told."""
        *before, last = moves
        steps.write_quietly(before)
        model.Session.add(last.process)
        steps.write(last.process, last.transition, last.after, last.actor, report=last.report)


def ask(
    package: model.Package,
    person: model.User | None,
    *,
    revision: str | None = None,
    beside: Beside | None = None,
) -> Admitted | None:
    """Whether what the transaction saved may become public, or be changed, now.

    Args:
        package: the dataset, flushed but not committed.
        person: who saves it, or None for a job.
        revision: id of the revision that is being released, or None.
        beside: what other rows say of the dataset, if the caller has asked.

    Returns:
        What to write down when the gate has passed it; None where nothing becomes public.

    Raises:
        NotAdmitted: it may not.
        MustWait: it may, beside the public dataset, until it was examined.
    """
    if package.type != _TYPE:
        return None
    if not gate.is_public(package):
        found = Process.open_of(package.id, lock=True)
        if (
            found is not None
            and found.revision_id is None
            and found.state in SUBMITTED
            and reviewed.fingerprint(package) != found.fingerprint
        ):
            raise NotAdmitted("submitted")
        return None
    found, accepted = Process.both_of(package.id)
    if accepted is not None and accepted.state == "dibatasi":
        raise NotAdmitted("restricted")
    beside = beside or look(model.Session, package)
    print_ = reviewed.fingerprint(package, beside)
    kind = publishing.kind_of(accepted, package.owner_org or "")
    if kind == "rutin" and accepted is not None and accepted.fingerprint == print_:
        return Admitted(package, person, print_, accepted, None, None, beside)
    mine = found if _is_about(found, revision) else None
    if mine is not None and mine.state == "siap_terbit" and mine.fingerprint == print_:
        return Admitted(package, person, print_, accepted, mine, "terbitkan", beside)
    if mine is not None and mine.state in SUBMITTED and mine.fingerprint != print_:
        raise NotAdmitted("submitted")
    policy = process.policy(kind)
    if policy == DIRECT:
        return Admitted(package, person, print_, accepted, mine, DIRECT, beside)
    if person is not None and _approves(person, package, policy):
        return Admitted(package, person, print_, accepted, mine, "setujui_langsung", beside)
    if kind == "pertama" or revision is not None:
        raise NotAdmitted("first" if revision is None else "revision")
    raise MustWait


def taken_out(package: model.Package) -> Admitted:
    """What to write down of a dataset from which a joint release takes tables out."""
    accepted, beside = Process.accepted_of(package.id), look(model.Session, package)
    print_ = reviewed.fingerprint(package, beside)
    return Admitted(package, None, print_, accepted, None, DIRECT, beside)


def explained(error: NotAdmitted | MustWait, dataset: str) -> tk.ValidationError:
    """What people are told; ``satudata_process`` names the dataset.

    Args:
        error: why it may not become public.
        dataset: id of the dataset.
    """
    why = error.why if isinstance(error, NotAdmitted) else "revision"
    messages = {
        "first": tk._(
            "Not public yet: nobody has examined this dataset. It stays a draft. "
            "Submit it; when the walidata has approved it, it can be published."
        ),
        "definition": tk._(
            "Not public yet: this dataset would show an indicator that nobody has examined in it. "
            "Publish it in a dataset of its own, or ask the walidata to approve it."
        ),
        "submitted": tk._(
            "This dataset is being examined, so nothing was saved. "
            "Take the submission back before you change it."
        ),
        "restricted": tk._(
            "Access to this dataset is limited, so it cannot be public. "
            "Ask the walidata to lift the limit first."
        ),
        "revision": tk._(
            "Not public yet: changes of this dataset are examined first. "
            "Submit the change; until it is approved, the public sees the dataset as it was."
        ),
    }
    out: dict[str, Any] = {"satudata": [messages[why]]}
    if model.Package.get(dataset) is not None:
        out["satudata_process"] = [dataset]
    return tk.ValidationError(out)


def direct(package: model.Package, user: model.User | None) -> bool:
    """Whether this person could publish the dataset now without submitting it.

    Args:
        package: the dataset.
        user: the person, or None.
    """
    if package.type != _TYPE:
        return True
    found = Process.open_of(package.id)
    if found is not None and found.state == "siap_terbit":
        return True
    policy = process.policy(
        publishing.kind_of(Process.accepted_of(package.id), package.owner_org or "")
    )
    return policy == DIRECT or (user is not None and _approves(user, package, policy))


def _is_about(found: Process | None, revision: str | None) -> bool:
    """Whether a process is about what is saved: the dataset itself, or this revision of it."""
    return found is not None and found.revision_id in (None, revision)


def _approves(person: model.User, package: model.Package, policy: str) -> bool:
    """Whether the person saving may approve it as well, which is written down as an approval.

    Priority data need the pembina (Ps. 35), and what the meeting decides needs the meeting.
    The portal's own account is nobody.
    """
    if person.name == tk.config["ckan.site_id"]:
        return False
    if person.sysadmin:
        return True
    if policy != "walidata" or reviewed.is_priority(package):
        return False
    return "walidata" in process.parts_of(person, package.owner_org or "")


def _same_version(
    accepted: Process | None,
    package: model.Package,
    files: dict[str, dict[str, str]],
    shown: set[int],
) -> bool:
    """Whether the public goes on seeing the same tables; texts may have changed."""
    return (
        accepted is not None
        and accepted.state == "terbit"
        and accepted.organization_id == package.owner_org
        and (
            not (accepted.fingerprint or accepted.files)
            or ({k: v["sha256"] for k, v in accepted.files.items()}, set(accepted.indicators))
            == ({k: v["sha256"] for k, v in files.items()}, shown)
        )
    )


def _accepted_indicators(package: str) -> set[int]:
    """Numbers of the indicators that any public version of the dataset showed."""
    shown = sa.func.jsonb_array_elements_text(Process.indicators)
    rows = model.Session.scalars(
        sa.select(shown)
        .where(Process.dataset_id == package, Process.published_at.is_not(None))
        .distinct()
    )
    return {int(number) for number in rows}
