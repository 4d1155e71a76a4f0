from __future__ import annotations

from contextlib import closing
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.satudata.demo import metadata
from ckanext.satudata.model.content import ContentVersion
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store import content
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Table,
    act,
    agency,
    figures,
    indicator,
    sysadmin,
    unique,
)
from ckanext.satudata.workflow import passage, revisions

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
SECOND = {**FIRST, KECAMATAN[0]: 555.0}
WHERE = (KECAMATAN[0], "2025")


def prepared(user: str, dataset: dict[str, Any], file: Table, **other: Any) -> str:
    """Prepare another file for the dataset's first resource."""
    return act(
        "satudata_revision_prepare",
        user,
        id=dataset["id"],
        resource_id=dataset["resources"][0]["id"],
        upload=file.resource()["upload"],
        **other,
    )["id"]


def served(resource_id: str) -> bytes:
    model.Session.expire_all()
    version = ContentVersion.current(resource_id)
    assert version is not None
    with closing(content.open_stored(version.sha256 or "", "x")) as file:
        return file.stream.read()


@pytest.mark.usefixtures("portal")
class TestPreparedRevision:
    def test_public_sees_the_former_file_until_the_release(self) -> None:
        code, dinas = indicator(), agency("revisi-satu")
        before, after = Table(code, FIRST), Table(code, SECOND)
        dataset = dinas.published(before)
        resource = dataset["resources"][0]["id"]

        revision = prepared(dinas.user, dataset, after, note="Angka tetap.")

        assert figures(code)[WHERE] == {100}
        assert served(resource) == before.content()
        assert act("package_show", None, id=dataset["id"])["resources"][0]["id"] == resource

        act("satudata_revision_release", dinas.user, id=revision)

        assert figures(code)[WHERE] == {555}
        assert served(resource) == after.content()
        shown = act("satudata_revision_show", dinas.user, id=revision)
        assert (shown["state"], shown["note"]) == ("released", "Angka tetap.")

    def test_what_is_held_back_leaves_the_dataset_and_says_why(self) -> None:
        code, dinas, other = indicator(), agency("revisi-satu"), agency("revisi-dua")
        dataset = dinas.published(Table(code, FIRST))
        other.published(Table(code, FIRST))
        revision = prepared(dinas.user, dataset, Table(code, SECOND))

        with pytest.raises(tk.ValidationError) as refused:
            act("satudata_revision_release", dinas.user, id=revision)

        shown = act("satudata_revision_show", dinas.user, id=revision)
        assert shown["state"] == "prepared"
        assert [shown["report_id"]] == refused.value.error_dict["satudata_report"]
        assert figures(code)[WHERE] == {100}
        assert served(dataset["resources"][0]["id"]) == Table(code, FIRST).content()

    def test_fields_wait_as_well_as_files(self) -> None:
        dinas = agency("revisi-satu")
        dataset = dinas.published(Table(indicator(), FIRST))
        revision = act(
            "satudata_revision_prepare", dinas.user, id=dataset["id"], fields={"title": "Baru"}
        )
        assert act("package_show", None, id=dataset["id"])["title"] == dataset["title"]
        act("satudata_revision_release", dinas.user, id=revision["id"])
        assert act("package_show", None, id=dataset["id"])["title"] == "Baru"

    def test_a_dataset_changed_since_is_not_overwritten(self) -> None:
        code, dinas = indicator(), agency("revisi-satu")
        dataset = dinas.published(Table(code, FIRST))
        revision = prepared(dinas.user, dataset, Table(code, SECOND))
        act("package_patch", dinas.user, id=dataset["id"], title="Judul lain")

        with pytest.raises(tk.ValidationError):
            act("satudata_revision_release", dinas.user, id=revision)

        assert figures(code)[WHERE] == {100}
        assert act("package_show", None, id=dataset["id"])["title"] == "Judul lain"
        assert act("satudata_revision_show", dinas.user, id=revision)["state"] == "refused"

    def test_one_change_waits_at_a_time(self) -> None:
        code, dinas = indicator(), agency("revisi-satu")
        dataset = dinas.published(Table(code, FIRST))
        first = prepared(dinas.user, dataset, Table(code, SECOND))
        with pytest.raises(tk.ValidationError):
            prepared(dinas.user, dataset, Table(code, SECOND))
        act("satudata_revision_cancel", dinas.user, id=first)
        assert prepared(dinas.user, dataset, Table(code, SECOND)) != first

    def test_a_cancelled_one_cannot_be_released(self) -> None:
        code, dinas = indicator(), agency("revisi-satu")
        dataset = dinas.published(Table(code, FIRST))
        revision = prepared(dinas.user, dataset, Table(code, SECOND))
        act("satudata_revision_cancel", dinas.user, id=revision)
        with pytest.raises(tk.ValidationError):
            act("satudata_revision_release", dinas.user, id=revision)
        assert figures(code)[WHERE] == {100}

    def test_drafts_are_changed_directly(self) -> None:
        dinas = agency("revisi-satu")
        with pytest.raises(tk.ValidationError) as refused:
            act("satudata_revision_prepare", dinas.user, id=dinas.draft()["id"], fields={})
        assert "id" in refused.value.error_dict

    @pytest.mark.parametrize("action", ["show", "release", "cancel"])
    def test_other_agencies_have_no_part_in_it(self, action: str) -> None:
        code, dinas, other = indicator(), agency("revisi-satu"), agency("revisi-dua")
        dataset = dinas.published(Table(code, FIRST))
        revision = prepared(dinas.user, dataset, Table(code, SECOND))
        for user in (other.user, None):
            with pytest.raises(tk.NotAuthorized):
                act(f"satudata_revision_{action}", user, id=revision)
        assert act("satudata_revision_show", dinas.user, id=revision)["state"] == "prepared"

    def test_nobody_prepares_for_another_agency(self) -> None:
        code, dinas, other = indicator(), agency("revisi-satu"), agency("revisi-dua")
        dataset = dinas.published(Table(code, FIRST))
        with pytest.raises(tk.NotAuthorized):
            prepared(other.user, dataset, Table(code, SECOND))


@pytest.fixture
def background(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every table is too large to wait for; what is queued is told, not run."""
    queued: list[str] = []
    monkeypatch.setitem(tk.config, "ckanext.satudata.background_size", 0)
    monkeypatch.setattr(revisions, "enqueue", queued.append)
    return queued


@pytest.mark.usefixtures("portal")
class TestLargeWork:
    def test_a_draft_is_published_by_the_worker(self, background: list[str]) -> None:
        code, dinas = indicator(), agency("revisi-satu")
        draft = dinas.draft()
        dinas.add(draft["id"], Table(code, FIRST))

        with pytest.raises(tk.ValidationError) as waits:
            dinas.publish(draft["id"])

        (revision,) = waits.value.error_dict["satudata_revision"]
        assert background == [revision]
        assert figures(code) == {}
        assert act("package_show", dinas.user, id=draft["id"])["state"] == "draft"
        assert act("satudata_revision_show", dinas.user, id=revision)["state"] == "queued"

        revisions.run(revision)

        assert figures(code)[WHERE] == {100}
        assert act("package_show", None, id=draft["id"])["state"] == "active"
        assert act("satudata_revision_show", dinas.user, id=revision)["state"] == "released"

    def test_a_file_added_to_a_public_dataset_waits(self, background: list[str]) -> None:
        code, more, dinas = indicator(), indicator(), agency("revisi-satu")
        with passage.through(passage.Passage(background=True)):
            dataset = dinas.published(Table(code, FIRST))

        with pytest.raises(tk.ValidationError) as waits:
            dinas.add(dataset["id"], Table(more, SECOND))

        assert len(act("package_show", None, id=dataset["id"])["resources"]) == 1
        revisions.run(*waits.value.error_dict["satudata_revision"])
        assert figures(more)[WHERE] == {555}
        _, added = act("package_show", None, id=dataset["id"])["resources"]
        assert served(added["id"]) == Table(more, SECOND).content()

    def test_a_refusal_is_kept_for_the_producer(self, background: list[str]) -> None:
        code, dinas, other = indicator(), agency("revisi-satu"), agency("revisi-dua")
        with passage.through(passage.Passage(background=True)):
            other.published(Table(code, FIRST))
        draft = dinas.draft()
        dinas.add(draft["id"], Table(code, SECOND))
        with pytest.raises(tk.ValidationError):
            dinas.publish(draft["id"])

        revisions.run(*background)

        shown = act("satudata_revision_show", dinas.user, id=background[0])
        assert shown["state"] == "refused"
        report = act("satudata_report_show", dinas.user, id=shown["report_id"])
        assert report["blocked"]
        assert figures(code)[WHERE] == {100}

    def test_cancelled_while_it_runs_changes_nothing(
        self, background: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        code, dinas = indicator(), agency("revisi-satu")
        draft = dinas.draft()
        dinas.add(draft["id"], Table(code, FIRST))
        with pytest.raises(tk.ValidationError):
            dinas.publish(draft["id"])
        steps: list[str] = []
        told = passage.step

        def cancel_at_the_end(stage: str, done: int, total: int) -> None:
            steps.append(stage)
            if stage == "write":
                assert revisions.cancel(background[0])
            told(stage, done, total)

        monkeypatch.setattr(passage, "step", cancel_at_the_end)
        revisions.run(*background)

        assert steps == ["read", "compare", "write"]
        assert figures(code) == {}
        assert act("package_show", dinas.user, id=draft["id"])["state"] == "draft"
        assert act("satudata_revision_show", dinas.user, id=background[0])["state"] == "cancelled"

    def test_what_a_killed_worker_left_is_taken_up_again(self, background: list[str]) -> None:
        code, dinas = indicator(), agency("revisi-satu")
        draft = dinas.draft()
        dinas.add(draft["id"], Table(code, FIRST))
        with pytest.raises(tk.ValidationError):
            dinas.publish(draft["id"])
        (revision,) = background
        row = model.Session.get(Revision, revision)
        assert row is not None
        row.state, row.stage = "running", "read"
        model.Session.commit()

        assert revision in revisions.resume()
        revisions.run(revision)

        assert figures(code)[WHERE] == {100}

    def test_one_worker_at_a_time(self, background: list[str]) -> None:
        code, dinas = indicator(), agency("revisi-satu")
        draft = dinas.draft()
        dinas.add(draft["id"], Table(code, FIRST))
        with pytest.raises(tk.ValidationError):
            dinas.publish(draft["id"])
        with revisions._only_one(background[0]) as mine:
            assert mine
            revisions.run(*background)
            assert figures(code) == {}
        revisions.run(*background)
        assert figures(code)[WHERE] == {100}

    def test_rights_lost_meanwhile_count(self, background: list[str]) -> None:
        code, dinas = indicator(), agency("revisi-pamit")
        draft = dinas.draft()
        dinas.add(draft["id"], Table(code, FIRST))
        with pytest.raises(tk.ValidationError):
            dinas.publish(draft["id"])
        act(
            "organization_member_delete",
            sysadmin(),
            id=dinas.id,
            username=dinas.user,
        )
        revisions.run(*background)
        assert figures(code) == {}
        row = model.Session.get(Revision, background[0])
        assert row is not None
        assert row.state == "refused"

    def test_a_new_dataset_is_to_be_a_draft_first(self, background: list[str]) -> None:
        """Nothing is there that the change could wait beside."""
        way = passage.Passage(hold=True)
        dinas = agency("revisi-satu")
        with passage.through(way), pytest.raises(tk.ValidationError) as refused:
            act(
                "package_create",
                dinas.user,
                **metadata.dataset(unique("data"), dinas.name, dinas.activity),
            )
        assert "satudata_revision" not in refused.value.error_dict
        assert background == []
