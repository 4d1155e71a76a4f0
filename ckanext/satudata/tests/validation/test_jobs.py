"""Validation in the worker, with a real queue, real files and a real worker."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, ClassVar

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

import ckanext.validation.interfaces as upstream_interfaces
from ckanext.satudata.tests.web_server import Server
from ckanext.satudata.validation import jobs, records
from ckanext.satudata.validation.jobs import run_validation_job

VALID, INVALID = "a,b\n1,2\n", "a,b\n1\n"


class Listener(p.SingletonPlugin):
    """An extension that waits for results."""

    p.implements(upstream_interfaces.IPipeValidation)
    heard: ClassVar[list[dict[str, Any]]] = []

    def receive_validation_report(self, validation_report: dict[str, Any]) -> None:
        self.heard.append(validation_report)


@pytest.fixture
def resource(off: None, portal: None, upload: Callable) -> Callable[..., dict[str, Any]]:
    """Make a stored resource with a file that nobody has validated."""

    def make(content: str = VALID, **fields: Any) -> dict[str, Any]:
        dataset = factories.Dataset()
        file = upload(content)
        return call_action("resource_create", package_id=dataset["id"], upload=file, **fields)

    return make


class TestRun:
    @pytest.mark.parametrize(("content", "status"), [(VALID, "success"), (INVALID, "failure")])
    def test_keeps_and_shows_the_result(
        self, resource: Callable, content: str, status: str
    ) -> None:
        made = resource(content)
        run_validation_job(made)
        row = records.find(made["id"])
        assert row.status == status
        assert json.loads(row.report)["valid"] is (status == "success")
        shown = call_action("resource_show", id=made["id"])
        assert shown["validation_status"] == status
        assert shown["validation_timestamp"] == row.finished.isoformat()

    def test_takes_an_id_as_well(self, resource: Callable) -> None:
        made = resource()
        run_validation_job(made["id"])
        assert records.find(made["id"]).status == "success"

    def test_validates_what_is_stored_now_and_not_what_was_queued(self, resource: Callable) -> None:
        made = resource(INVALID)
        run_validation_job({**made, "url": "/etc/passwd", "url_type": None})
        assert records.find(made["id"]).status == "failure"

    def test_report_names_no_path(self, resource: Callable, tmp_path: Any) -> None:
        made = resource(INVALID)
        run_validation_job(made)
        report = records.find(made["id"]).report
        assert str(tmp_path) not in report
        assert json.loads(report)["tasks"][0]["place"].endswith("data.csv")

    @pytest.mark.ckan_config("ckan.files.default_storages.resource", "validation_test")
    @pytest.mark.ckan_config("ckan.files.storage.validation_test.type", "ckan:memory")
    def test_reads_files_of_other_storages(self, resource: Callable) -> None:
        made = resource(INVALID)
        run_validation_job(made)
        assert records.find(made["id"]).status == "failure"

    def test_a_file_that_is_gone_is_an_error(self, resource: Callable, tmp_path: Any) -> None:
        made = resource()
        for path in tmp_path.rglob("*"):
            if path.is_file():
                path.unlink()
        run_validation_job(made)
        row = records.find(made["id"])
        assert row.status == "error"
        assert str(tmp_path) not in str(row.error)

    def test_a_schema_in_the_portals_network_is_an_error_in_words(self, resource: Callable) -> None:
        made = resource(schema="http://10.0.0.1/schema.json")
        run_validation_job(made)
        row = records.find(made["id"])
        assert row.status == "error"
        assert row.error["code"] == "private-address"
        assert "internet umum" in row.error["message"][0]
        assert call_action("resource_show", id=made["id"])["validation_status"] == "error"

    def test_what_nobody_foresaw_is_not_running_for_ever(
        self, resource: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def crash(*args: Any, **kwargs: Any) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr("ckanext.validation.jobs.validate", crash)
        made = resource()
        with pytest.raises(ZeroDivisionError):
            run_validation_job(made)
        row = records.find(made["id"])
        assert (row.status, row.error["code"]) == ("error", "failed")
        assert row.finished is not None

    def test_a_dataset_that_cannot_be_saved_still_gets_its_result(
        self, resource: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = resource()
        package = model.Package.get(made["package_id"])
        package.name = "Not A Valid Name"
        model.Session.commit()
        run_validation_job(made)
        assert records.find(made["id"]).status == "success"


class TestMeanwhile:
    """The resource changes while it is validated."""

    def during(self, monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Any]) -> None:
        from ckanext.validation import jobs as upstream

        real = upstream.validate

        def validate(*args: Any, **kwargs: Any) -> Any:
            monkeypatch.setattr(upstream, "validate", real)
            report = real(*args, **kwargs)
            happens()
            return report

        monkeypatch.setattr(upstream, "validate", validate)

    def test_a_new_file_makes_the_old_result_void(
        self, resource: Callable, upload: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = resource(INVALID)
        self.during(
            monkeypatch,
            lambda: call_action("resource_patch", id=made["id"], upload=upload(VALID)),
        )
        run_validation_job(made)
        row = records.find(made["id"])
        assert row is None or row.status != "failure"
        assert "validation_status" not in call_action("resource_show", id=made["id"])

    def test_a_deleted_resource_gets_none(
        self, resource: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = resource()
        self.during(monkeypatch, lambda: call_action("resource_delete", id=made["id"]))
        run_validation_job(made)
        assert records.find(made["id"]) is None

    def test_another_description_does_not_matter(
        self, resource: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made = resource()
        self.during(
            monkeypatch, lambda: call_action("resource_patch", id=made["id"], description="x")
        )
        run_validation_job(made)
        shown = call_action("resource_show", id=made["id"])
        assert (shown["validation_status"], shown["description"]) == ("success", "x")


class TestWorker:
    def test_a_save_ends_in_a_result(
        self, work: Callable, upload: Callable, server: Server
    ) -> None:
        dataset = factories.Dataset()
        url = f"http://127.0.0.1:{server.port}/invalid.csv"
        made = call_action("resource_create", package_id=dataset["id"], url=url)
        work()
        assert call_action("resource_show", id=made["id"])["validation_status"] == "failure"

    def test_upstreams_jobs_in_the_queue_are_done_by_ours(
        self, resource: Callable, work: Callable
    ) -> None:
        from ckanext.validation import jobs as upstream

        made = resource()
        tk.enqueue_job(upstream.run_validation_job, [made])
        work()
        assert records.find(made["id"]).status == "success"


class TestListeners:
    @pytest.mark.with_plugins({"validation_listener": Listener})
    def test_hear_of_results_of_the_worker_and_of_saves(
        self, settings: Any, work: Callable, upload: Callable
    ) -> None:
        Listener.heard.clear()
        dataset = factories.Dataset()
        first = call_action("resource_create", package_id=dataset["id"], upload=upload(INVALID))
        work()
        settings["ckanext.validation.run_on_create_sync"] = True
        second = call_action("resource_create", package_id=dataset["id"], upload=upload(VALID))
        work()
        heard = [(result["resource_id"], result["status"]) for result in Listener.heard]
        assert heard == [(first["id"], "failure"), (second["id"], "success")]

    def test_are_not_called_for_what_has_no_result(self, portal: None) -> None:
        assert not jobs.has_listeners()
        jobs.announce_result("no-such-resource")


class TestMail:
    def test_tells_the_uploader_in_indonesian(
        self, work: Callable, upload: Callable, mail_server: Any
    ) -> None:
        user = factories.Sysadmin()
        dataset = factories.Dataset()
        made = call_action(
            "resource_create",
            {"user": user["name"], "ignore_auth": False},
            package_id=dataset["id"],
            upload=upload(INVALID),
            name="Beras",
        )
        work()
        [message] = mail_server.get_smtp_messages()
        assert message[2] == [user["email"]]
        text = _decoded(message[3])
        assert "Kesalahan dalam data: Beras" in text
        assert 'Baris 2 tidak mempunyai sel untuk kolom 2 ("b")' in text
        assert f"/dataset/{dataset['id']}/resource/{made['id']}/validation" in text

    def test_says_nothing_when_there_is_nothing_to_say(
        self, work: Callable, upload: Callable, mail_server: Any
    ) -> None:
        user = factories.Sysadmin()
        call_action(
            "resource_create",
            {"user": user["name"], "ignore_auth": False},
            package_id=factories.Dataset()["id"],
            upload=upload(VALID),
        )
        work()
        assert mail_server.get_smtp_messages() == []

    @pytest.mark.ckan_config("smtp.server", "127.0.0.1:1")
    def test_a_mail_server_that_is_down_does_not_lose_the_result(
        self, work: Callable, upload: Callable
    ) -> None:
        made = call_action(
            "resource_create",
            {"user": factories.Sysadmin()["name"], "ignore_auth": False},
            package_id=factories.Dataset()["id"],
            upload=upload(INVALID),
        )
        work()
        assert records.find(made["id"]).status == "failure"


def _decoded(raw: str) -> str:
    import email
    from email.header import decode_header, make_header

    message = email.message_from_string(raw)
    body = message.get_payload(0) if message.is_multipart() else message
    text = body.get_payload(decode=True).decode()
    return f"{make_header(decode_header(message['Subject']))}\n{text}"
