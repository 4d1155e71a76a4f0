"""Saves in the modes that validate afterwards, and what holds for results in all of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import uploader
from ckan.lib.search import rebuild
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata.validation import records

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


@pytest.mark.usefixtures("portal")
class TestAsync:
    def test_new_resources_are_queued_after_the_commit(
        self, queued: Callable, upload: Callable
    ) -> None:
        dataset = factories.Dataset(
            resources=[{"url": "https://bps.go.id/a.csv"}, {"url": "https://bps.go.id/a.pdf"}]
        )
        [first, _] = dataset["resources"]
        assert [job["resource"] for job in queued()] == [first["id"]]
        assert queued()[0]["function"] == "ckanext.satudata.validation.jobs.run_validation_job"
        assert result(first["id"]) == ("created", False)
        second = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        assert [job["resource"] for job in queued()] == [first["id"], second["id"]]

    def test_only_changed_resources_are(self, queued: Callable, clean_queues: None) -> None:
        urls = ["https://bps.go.id/a.csv", "https://bps.go.id/b.csv"]
        dataset = factories.Dataset(resources=[{"url": url} for url in urls])
        before = len(queued())
        call_action("package_patch", id=dataset["id"], notes="x")
        call_action("resource_patch", id=dataset["resources"][0]["id"], description="x")
        assert len(queued()) == before
        call_action(
            "resource_patch", id=dataset["resources"][1]["id"], url="https://bps.go.id/c.csv"
        )
        assert [job["resource"] for job in queued()[before:]] == [dataset["resources"][1]["id"]]

    def test_the_result_of_another_file_is_not_shown(
        self, work: Callable, upload: Callable
    ) -> None:
        dataset = factories.Dataset()
        resource = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        work()
        shown = call_action("resource_show", id=resource["id"])
        assert shown["validation_status"] == "success"
        changed = call_action("resource_patch", id=resource["id"], upload=upload(INVALID))
        assert "validation_status" not in changed
        assert result(resource["id"]) == ("created", False)
        work()
        assert call_action("resource_show", id=resource["id"])["validation_status"] == "failure"

    def test_a_refused_save_queues_nothing(self, queued: Callable) -> None:
        dataset = factories.Dataset()
        refusal(
            "package_update",
            id=dataset["id"],
            name="Not A Name",
            resources=[{"url": "https://bps.go.id/a.csv"}],
        )
        factories.Dataset()
        assert queued() == []

    def test_a_plugin_that_refuses_later_leaves_nothing_behind(
        self, queued: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: Any, **kwargs: Any) -> None:
            raise RuntimeError

        dataset = factories.Dataset()
        # After all hooks, before the commit.
        monkeypatch.setattr("ckan.logic.index_update_package_dicts", fail)
        with pytest.raises(RuntimeError):
            call_action("resource_create", package_id=dataset["id"], url="https://bps.go.id/a.csv")
        model.Session.rollback()
        monkeypatch.undo()
        assert queued() == []
        assert call_action("package_show", id=dataset["id"])["resources"] == []

    def test_a_deferred_commit_queues_when_it_comes(self, queued: Callable) -> None:
        dataset = factories.Dataset()
        context = {"defer_commit": True, "return_id_only": True}
        data = {**dataset, "resources": [{"url": "https://bps.go.id/a.csv"}]}
        call_action("package_update", context, **data)
        assert queued() == []
        model.repo.commit()
        rebuild(dataset["id"])
        assert len(queued()) == 1

    def test_a_deferred_commit_that_never_comes_does_not(self, queued: Callable) -> None:
        dataset = factories.Dataset()
        context = {"defer_commit": True, "return_id_only": True}
        data = {**dataset, "resources": [{"url": "https://bps.go.id/a.csv"}]}
        call_action("package_update", context, **data)
        model.Session.rollback()
        factories.Dataset()
        assert queued() == []

    def test_the_uploader_is_named_to_the_job(
        self, queued: Callable, editor: dict[str, Any]
    ) -> None:
        dataset = factories.Dataset()
        call_action(
            "resource_create", editor, package_id=dataset["id"], url="https://bps.go.id/a.csv"
        )
        assert queued()[0]["notify"] == editor["user"]

    @pytest.mark.ckan_config("ckanext.validation.notify_uploader", False)
    def test_unless_nobody_wants_to_be_told(self, queued: Callable, editor: dict[str, Any]) -> None:
        dataset = factories.Dataset()
        call_action(
            "resource_create", editor, package_id=dataset["id"], url="https://bps.go.id/a.csv"
        )
        assert queued()[0]["notify"] is None

    def test_sending_the_same_file_field_again_asks_for_a_validation(
        self, queued: Callable
    ) -> None:
        # CKAN finds nothing changed here and calls no hook.
        resource = {"format": "CSV", "upload": "text", "url_type": "upload"}
        dataset = factories.Dataset(resources=[resource])
        before = len(queued())
        call_action("resource_update", **dataset["resources"][0])
        assert len(queued()) == before + 1


@pytest.mark.usefixtures("off", "portal")
class TestResultsAreOurs:
    FORGED: ClassVar[dict[str, str]] = {
        "validation_status": "success",
        "validation_timestamp": "2020-01-01",
    }

    def test_a_person_cannot_set_them(self, editor: dict[str, Any]) -> None:
        dataset = factories.Dataset()
        created = call_action(
            "resource_create",
            editor,
            package_id=dataset["id"],
            url="https://bps.go.id/a.csv",
            **self.FORGED,
        )
        assert not set(self.FORGED) & set(created)
        patched = call_action("resource_patch", editor, id=created["id"], **self.FORGED)
        assert not set(self.FORGED) & set(patched)
        inlined = call_action(
            "package_create",
            editor,
            name="forged-inline",
            resources=[{"url": "x.csv", **self.FORGED}],
        )
        assert not set(self.FORGED) & set(inlined["resources"][0])

    def test_nor_lose_them_by_not_sending_them(self, editor: dict[str, Any]) -> None:
        resource = factories.Resource(format="CSV", **self.FORGED)
        updated = call_action(
            "resource_update",
            editor,
            id=resource["id"],
            url=resource["url"],
            format="CSV",
            description="x",
        )
        assert updated["validation_status"] == "success"

    def test_a_new_file_without_validation_ends_the_old_result(
        self, upload: Callable, editor: dict[str, Any]
    ) -> None:
        dataset = factories.Dataset()
        resource = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        call_action("resource_validation_run", resource_id=resource["id"], **{"async": False})
        assert result(resource["id"]) == ("success", True)
        changed = call_action("resource_patch", editor, id=resource["id"], upload=upload(INVALID))
        assert result(resource["id"]) is None
        assert "validation_status" not in changed

    @pytest.mark.parametrize("clean", [False, True])
    def test_another_format_ends_it_if_that_is_wanted(
        self, settings: Any, upload: Callable, clean: bool
    ) -> None:
        settings["ckanext.validation.clean_validation_reports"] = clean
        dataset = factories.Dataset()
        resource = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        call_action("resource_validation_run", resource_id=resource["id"], **{"async": False})
        call_action("resource_patch", id=resource["id"], format="PDF")
        assert (result(resource["id"]) is None) is clean

    def test_a_deleted_resource_takes_it_along(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        resource = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        call_action("resource_validation_run", resource_id=resource["id"], **{"async": False})
        call_action("resource_delete", id=resource["id"])
        assert result(resource["id"]) is None


@pytest.mark.usefixtures("portal")
class TestSchemaFields:
    URL = "https://bps.go.id/a.csv"

    def test_upload_url_and_text_become_the_schema(self, upload: Callable) -> None:
        dataset = factories.Dataset()
        schema = {"fields": [{"name": "kode"}]}
        for given, expected in (
            ({"schema_upload": upload("\ufeff" + json.dumps(schema), "s.json")}, schema),
            ({"schema_json": json.dumps(schema)}, schema),
            ({"schema_url": "https://bps.go.id/s.json"}, "https://bps.go.id/s.json"),
        ):
            made = call_action("resource_create", package_id=dataset["id"], url=self.URL, **given)
            assert made["schema"] == expected
            assert not {"schema_upload", "schema_url", "schema_json"} & set(made)

    @pytest.mark.parametrize("url", ["httpfoo", "file:///etc/passwd", "http://user:x@bps.go.id/"])
    def test_not_every_text_is_an_address(self, url: str) -> None:
        dataset = factories.Dataset()
        error = refusal("resource_create", package_id=dataset["id"], url=self.URL, schema_url=url)
        assert list(error) == ["schema_url"]

    @pytest.mark.parametrize("content", [b"x" * ((1 << 20) + 1), b"\xff\xfe\x00"])
    def test_not_every_file_is_a_schema(self, upload: Callable, content: bytes) -> None:
        dataset = factories.Dataset()
        data = {"package_id": dataset["id"], "url": self.URL}
        error = refusal("resource_create", **data, schema_upload=upload(content, "s.json"))
        assert list(error) == ["schema_upload"]
