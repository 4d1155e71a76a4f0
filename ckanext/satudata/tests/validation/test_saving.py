"""Validation around the actions that save, through the actions themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import uploader
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata.tests.web_server import Server
from ckanext.satudata.validation import records, saving

VALID, INVALID = "a,b\n1,2\n", "a,b\n1\n"


def result(resource_id: str) -> tuple[str, bool] | None:
    row = records.find(resource_id)
    return None if row is None else (row.status, row.report is not None)


def refusal(action: str, context: dict[str, Any] | None = None, **data: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as caught:
        call_action(action, context or {}, **data)
    return caught.value.error_dict


def stored_bytes(resource: dict[str, Any]) -> bytes:
    path = uploader.get_resource_uploader(dict(resource)).get_path(resource["id"])
    return Path(path).read_bytes()


@pytest.fixture
def editor() -> dict[str, Any]:
    """The context of a person, for whom authorization is checked."""
    user = factories.Sysadmin()
    return {"user": user["name"], "ignore_auth": False}


@pytest.mark.usefixtures("sync", "portal")
class TestSyncResource:
    def test_a_valid_file_is_saved_with_its_result(
        self, upload: Callable, queued: Callable
    ) -> None:
        dataset = factories.Dataset()
        resource = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        assert resource["validation_status"] == "success"
        row = records.find(resource["id"])
        assert row.finished.isoformat() == resource["validation_timestamp"]
        assert json.loads(row.report)["valid"] is True
        assert queued() == []

    def test_an_invalid_file_is_refused_with_report_and_words(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        error = refusal("resource_create", package_id=dataset["id"], upload=upload(INVALID))
        assert error["validation"][0]["tasks"][0]["errors"][0]["type"] == "missing-cell"
        [words] = error["validation_messages"]
        assert 'Baris 2 tidak mempunyai sel untuk kolom 2 ("b").' in words
        assert call_action("package_show", id=dataset["id"])["resources"] == []

    def test_a_refused_update_leaves_everything_as_it_was(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        before = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        row = records.find(before["id"]).report
        refusal("resource_update", id=before["id"], upload=upload(INVALID), description="new")
        assert call_action("resource_show", id=before["id"]) == before
        assert stored_bytes(before) == VALID.encode()
        assert records.find(before["id"]).report == row
        assert result(before["id"]) == ("success", True)

    def test_the_next_save_after_a_refused_one_is_validated(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        resource = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        refusal("resource_update", id=resource["id"], upload=upload(INVALID))
        refusal("resource_update", id=resource["id"], upload=upload(INVALID))
        saved = call_action("resource_update", id=resource["id"], upload=upload("c\n1\n"))
        assert saved["validation_status"] == "success"
        assert stored_bytes(saved) == b"c\n1\n"

    def test_a_changed_schema_validates_the_stored_file(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        resource = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        schema = {"fields": [{"name": "a", "type": "date"}, {"name": "b"}]}
        error = refusal("resource_patch", id=resource["id"], schema=json.dumps(schema))
        assert error["validation"][0]["tasks"][0]["errors"][0]["type"] == "type-error"
        schema["fields"][0]["type"] = "integer"
        call_action("resource_patch", id=resource["id"], schema=json.dumps(schema))

    def test_a_change_of_the_description_validates_nothing(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        resource = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        finished = records.find(resource["id"]).finished
        patched = call_action("resource_patch", id=resource["id"], description="x")
        assert patched["validation_status"] == "success"
        assert records.find(resource["id"]).finished == finished

    def test_other_formats_pass(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        resource = call_action(
            "resource_create", package_id=dataset["id"], upload=upload(INVALID, "a.pdf")
        )
        assert result(resource["id"]) is None

    def test_a_link(self, server: Server) -> None:
        dataset = factories.Dataset()
        base = f"http://127.0.0.1:{server.port}"
        good = call_action("resource_create", package_id=dataset["id"], url=f"{base}/valid.csv")
        assert good["validation_status"] == "success"
        error = refusal("resource_create", package_id=dataset["id"], url=f"{base}/invalid.csv")
        assert "validation" in error

    def test_a_link_into_the_portals_network(self) -> None:
        dataset = factories.Dataset()
        error = refusal("resource_create", package_id=dataset["id"], url="http://10.0.0.1/a.csv")
        assert list(error) == ["url"]
        assert "tidak berada di internet umum" in error["url"][0]

    def test_a_wrong_schema_is_told_on_its_field(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        error = refusal(
            "resource_create",
            package_id=dataset["id"],
            upload=upload(VALID),
            schema="http://127.0.0.1:1/schema.json",
        )
        assert list(error) == ["schema"]

    def test_nobody_skips_it(self, upload: Callable, editor: dict[str, Any]) -> None:
        dataset = factories.Dataset()
        error = refusal(
            "resource_create",
            editor,
            package_id=dataset["id"],
            upload=upload(INVALID),
            _skip_next_validation=True,
            _validation_performed=True,
        )
        assert "validation" in error

    def test_who_may_not_save_gets_no_validation(self, upload: Callable) -> None:
        dataset = factories.Dataset(owner_org=factories.Organization()["id"])
        context = {"user": factories.User()["name"], "ignore_auth": False}
        with pytest.raises(tk.NotAuthorized):
            call_action(
                "resource_create", context, package_id=dataset["id"], upload=upload(INVALID)
            )
        resources = [{"upload": upload(INVALID), "url": "x.csv"}]
        with pytest.raises(tk.NotAuthorized):
            call_action("package_update", context, **{**dataset, "resources": resources})


@pytest.mark.usefixtures("sync", "portal")
class TestSyncDataset:
    def test_resources_inside_package_create(self, server: Server, upload: Callable) -> None:
        base = f"http://127.0.0.1:{server.port}"
        good, bad = {"url": f"{base}/valid.csv"}, {"url": f"{base}/invalid.csv"}
        dataset = factories.Dataset(resources=[good])
        assert dataset["resources"][0]["validation_status"] == "success"
        assert result(dataset["resources"][0]["id"]) == ("success", True)
        error = refusal("package_create", name="satu-data-refused", resources=[good, bad])
        assert error["resources"][0] == {}
        assert "validation" in error["resources"][1]
        assert model.Package.get("satu-data-refused") is None

    def test_resources_inside_package_update(self, server: Server) -> None:
        base = f"http://127.0.0.1:{server.port}"
        dataset = factories.Dataset(resources=[{"url": f"{base}/valid.csv"}])
        [resource] = dataset["resources"]
        bad = {**resource, "url": f"{base}/invalid.csv"}
        added = {"url": f"{base}/valid.csv"}
        error = refusal("package_update", **{**dataset, "resources": [resource, added, bad]})
        assert [sorted(entry) for entry in error["resources"]] == [
            [],
            [],
            ["validation", "validation_messages"],
        ]
        updated = call_action("package_update", **{**dataset, "resources": [added, resource]})
        assert [result(entry["id"]) for entry in updated["resources"]] == [("success", True)] * 2

    def test_through_package_revise(self, server: Server, upload: Callable) -> None:
        dataset = factories.Dataset(
            resources=[{"url": f"http://127.0.0.1:{server.port}/valid.csv"}]
        )
        with pytest.raises(tk.ValidationError):
            call_action(
                "package_revise",
                match={"id": dataset["id"]},
                update__resources__extend=[{"upload": upload(INVALID), "url": "x"}],
            )
        assert len(call_action("package_show", id=dataset["id"])["resources"]) == 1

    def test_package_patch_validates_no_unchanged_resource(self, server: Server) -> None:
        dataset = factories.Dataset(
            resources=[{"url": f"http://127.0.0.1:{server.port}/valid.csv"}]
        )
        assert len(server.requests) == 1
        patched = call_action("package_patch", id=dataset["id"], notes="x")
        assert patched["notes"] == "x"
        assert len(server.requests) == 1
        assert patched["resources"][0]["validation_status"] == "success"

    def test_a_dry_run_is_refused_as_well_and_writes_nothing(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        data = {"id": dataset["id"], "name": dataset["name"]}
        bad = {**data, "resources": [{"upload": upload(INVALID), "url": "x"}]}
        refusal("package_update", {"defer_commit": True}, **bad)
        good = {**data, "resources": [{"url": "", "upload": upload(VALID)}]}
        call_action("package_update", {"defer_commit": True}, **good)
        model.Session.rollback()
        assert call_action("package_show", id=dataset["id"])["resources"] == []

    def test_leaves_nothing_in_the_callers_context(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        user = factories.Sysadmin()["name"]
        for content, fails in ((INVALID, True), (VALID, False)):
            context = {"user": user, "ignore_auth": True}
            data = {**dataset, "resources": [{"upload": upload(content), "url": "x"}]}
            try:
                tk.get_action("package_update")(context, data)
            except tk.ValidationError:
                assert fails
            assert not {saving.PLAN, saving.SKIP, "original_package"} & set(context)


@pytest.mark.usefixtures("sync", "portal")
@pytest.mark.ckan_config("ckanext.validation.sync_max_size", 1)
class TestLargeFiles:
    LARGE = "a,b\n" + "1,2\n" * 300_000
    LARGE_BAD = "a,b\n1\n" + "1,2\n" * 300_000

    def test_are_refused_where_everybody_would_see_them(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        error = refusal("resource_create", package_id=dataset["id"], upload=upload(self.LARGE))
        assert "lebih besar dari 1 MB" in error["upload"][0]

    def test_in_a_draft_the_worker_decides_whether_it_can_be_published(
        self, upload: Callable, work: Callable, queued: Callable
    ) -> None:
        dataset = factories.Dataset(state="draft")
        resource = call_action(
            "resource_create", package_id=dataset["id"], upload=upload(self.LARGE, "besar.csv")
        )
        assert [job["resource"] for job in queued()] == [resource["id"]]
        assert result(resource["id"]) == ("created", False)
        error = refusal("package_patch", id=dataset["id"], state="active")
        assert "belum lolos" in str(error["resources"][0])
        work()
        assert call_action("package_patch", id=dataset["id"], state="active")["state"] == "active"

    def test_with_errors_stays_a_draft(self, upload: Callable, work: Callable) -> None:
        dataset = factories.Dataset(state="draft")
        call_action("resource_create", package_id=dataset["id"], upload=upload(self.LARGE_BAD))
        work()
        refusal("package_patch", id=dataset["id"], state="active")
        assert call_action("package_show", id=dataset["id"])["state"] == "draft"


@pytest.mark.usefixtures("portal")
class TestPublishing:
    """In synchronous mode a dataset takes nothing unproven with it when it becomes public."""

    def make(self, settings: Any, upload: Callable, content: str, **dataset: Any) -> dict[str, Any]:
        for moment in ("create", "update"):
            settings[f"ckanext.validation.run_on_{moment}_async"] = False
        made = factories.Dataset(**dataset)
        call_action("resource_create", package_id=made["id"], upload=upload(content))
        settings["ckanext.validation.run_on_update_sync"] = True
        return call_action("package_show", id=made["id"])

    @pytest.mark.parametrize("start", [{"state": "draft"}, {"private": True}])
    def test_what_was_never_validated_is_validated_then(
        self, settings: Any, upload: Callable, start: dict[str, Any]
    ) -> None:
        org = factories.Organization()["id"]
        to = {"state": "active", "private": False}
        bad = self.make(settings, upload, INVALID, owner_org=org, **start)
        error = refusal("package_patch", id=bad["id"], **to)
        assert "validation" in error["resources"][0]
        good = self.make(settings, upload, VALID, owner_org=org, **start)
        published = call_action("package_patch", id=good["id"], **to)
        assert published["resources"][0]["validation_status"] == "success"
        assert result(good["resources"][0]["id"]) == ("success", True)

    def test_without_resources_in_the_call(self, settings: Any, upload: Callable) -> None:
        draft = self.make(settings, upload, VALID, state="draft")
        published = call_action(
            "package_update", id=draft["id"], name=draft["name"], state="active"
        )
        assert published["resources"][0]["validation_status"] == "success"

    def test_a_private_save_of_a_draft_validates_nothing(
        self, settings: Any, upload: Callable
    ) -> None:
        draft = self.make(settings, upload, INVALID, state="draft")
        assert call_action("package_patch", id=draft["id"], notes="x")["notes"] == "x"
