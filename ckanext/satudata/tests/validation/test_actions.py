"""The API."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action, call_auth

from ckanext.satudata.validation import records
from ckanext.satudata.validation.records import Outcome

VALID, INVALID = "a,b\n1,2\n", "a,b\n1\n"


@pytest.fixture
def resource(off: None, portal: None, upload: Callable) -> dict[str, Any]:
    """A stored resource with an error that nobody has looked for."""
    dataset = factories.Dataset()
    return call_action("resource_create", package_id=dataset["id"], upload=upload(INVALID))


class TestRun:
    def test_at_once(self, resource: dict[str, Any], queued: Callable) -> None:
        call_action("resource_validation_run", resource_id=resource["id"], **{"async": False})
        assert records.find(resource["id"]).status == "failure"
        assert queued() == []

    def test_by_the_worker(self, resource: dict[str, Any], queued: Callable) -> None:
        call_action("resource_validation_run", resource_id=resource["id"])
        assert records.find(resource["id"]).status == "created"
        assert [job["resource"] for job in queued()] == [resource["id"]]

    def test_puts_an_earlier_result_aside(self, resource: dict[str, Any], queued: Callable) -> None:
        call_action("resource_validation_run", resource_id=resource["id"], **{"async": False})
        call_action("resource_validation_run", resource_id=resource["id"])
        row = records.find(resource["id"])
        assert (row.status, row.report, row.finished) == ("created", None, None)

    @pytest.mark.parametrize(
        ("fields", "field"), [({"format": "PDF"}, "format"), ({"url": "", "format": "CSV"}, "url")]
    )
    def test_refuses_what_has_no_table(
        self, off: None, portal: None, fields: dict[str, str], field: str
    ) -> None:
        made = factories.Resource(**fields)
        with pytest.raises(tk.ValidationError) as caught:
            call_action("resource_validation_run", resource_id=made["id"])
        assert list(caught.value.error_dict) == [field]

    def test_needs_a_resource(self, portal: None) -> None:
        with pytest.raises(tk.ValidationError):
            call_action("resource_validation_run")
        with pytest.raises(tk.ObjectNotFound):
            call_action("resource_validation_run", resource_id="no-such-resource")


class TestShow:
    def test_report_in_frictionless_shape_and_words_beside_it(
        self, resource: dict[str, Any]
    ) -> None:
        call_action("resource_validation_run", resource_id=resource["id"], **{"async": False})
        shown = call_action("resource_validation_show", resource_id=resource["id"])
        assert json.loads(shown["report"])["tasks"][0]["errors"][0]["type"] == "missing-cell"
        assert shown["lang"] == "id"
        assert shown["summary"] == "Ditemukan 1 kesalahan."
        [message] = shown["messages"]
        assert message["text"] == 'Baris 2 tidak mempunyai sel untuk kolom 2 ("b").'
        assert (message["row"], message["column"], message["letter"]) == (2, 2, "B")
        english = call_action("resource_validation_show", resource_id=resource["id"], lang="en")
        assert english["messages"][0]["text"] == 'Row 2 has no cell for column 2 ("b").'
        json.dumps(shown)

    @pytest.mark.parametrize(
        ("status", "summary"),
        [("created", "Menunggu"), ("running", "Sedang diperiksa"), ("error", "10 MB")],
    )
    def test_says_what_is_going_on(
        self, resource: dict[str, Any], status: str, summary: str
    ) -> None:
        error = {"code": "too-large", "params": {"limit": "10"}, "message": ["x"]}
        records.finish(resource["id"], Outcome(status, None, error))
        shown = call_action("resource_validation_show", resource_id=resource["id"])
        assert summary in shown["summary"]

    def test_has_two_languages(self, resource: dict[str, Any]) -> None:
        with pytest.raises(tk.ValidationError):
            call_action("resource_validation_show", resource_id=resource["id"], lang="fr")

    def test_without_a_result(self, resource: dict[str, Any]) -> None:
        with pytest.raises(tk.ObjectNotFound):
            call_action("resource_validation_show", resource_id=resource["id"])


class TestDelete:
    def test_removes_the_result(self, resource: dict[str, Any]) -> None:
        call_action("resource_validation_run", resource_id=resource["id"], **{"async": False})
        call_action("resource_validation_delete", resource_id=resource["id"])
        assert records.find(resource["id"]) is None
        with pytest.raises(tk.ObjectNotFound):
            call_action("resource_validation_delete", resource_id=resource["id"])


class TestBatch:
    def run(self, **data: Any) -> str:
        return call_action("resource_validation_run_batch", **data)["output"]

    @pytest.mark.parametrize("key", ["id", "name"])
    @pytest.mark.parametrize("shape", ["text", "list", "json"])
    def test_datasets_by_id_and_name_private_ones_too(
        self, off: None, queued: Callable, key: str, shape: str
    ) -> None:
        org = factories.Organization()
        resources = [{"url": "https://bps.go.id/a.csv"}, {"url": "https://bps.go.id/a.pdf"}]
        dataset = factories.Dataset(resources=resources, private=True, owner_org=org["id"])
        value = dataset[key]
        ids = {"text": value, "list": [value], "json": json.dumps([value])}[shape]
        assert self.run(dataset_ids=ids) == "Done. 1 resources sent to the validation queue"
        assert [job["resource"] for job in queued()] == [dataset["resources"][0]["id"]]

    def test_datasets_by_search(self, off: None, queued: Callable) -> None:
        resources = [{"url": "https://bps.go.id/a.csv"}]
        dataset = factories.Dataset(resources=resources)
        for query in (
            {"fq": f"name:{dataset['name']}"},
            json.dumps({"q": f"name:{dataset['name']}"}),
        ):
            assert self.run(query=query).startswith("Done. 1 ")

    def test_all_with_a_format_that_is_validated(self, off: None, queued: Callable) -> None:
        table = factories.Dataset(resources=[{"url": "https://bps.go.id/a.csv"}])
        text = factories.Dataset(resources=[{"url": "https://bps.go.id/a.pdf"}])
        self.run()
        sent = {job["resource"] for job in queued()}
        assert table["resources"][0]["id"] in sent
        assert text["resources"][0]["id"] not in sent

    def test_nothing_found_or_understood(self, portal: None) -> None:
        assert self.run(dataset_ids="no-such-dataset") == "No suitable datasets for validation"
        assert self.run(query="{broken").startswith("Error parsing")


class TestAuth:
    """Who may what: as upstream decides."""

    @pytest.mark.parametrize(
        ("action", "allowed"),
        [
            ("resource_validation_show", {"editor", "member", "sysadmin"}),
            ("resource_validation_run", {"editor", "sysadmin"}),
            ("resource_validation_delete", {"editor", "sysadmin"}),
            ("resource_validation_run_batch", {"sysadmin"}),
        ],
    )
    def test_on_a_private_dataset(self, portal: None, action: str, allowed: set[str]) -> None:
        people = {role: factories.User() for role in ("editor", "member", "stranger")}
        people["sysadmin"] = factories.Sysadmin()
        members = [
            {"name": people[role]["name"], "capacity": role} for role in ("editor", "member")
        ]
        org = factories.Organization(users=members)
        dataset = factories.Dataset(owner_org=org["id"], private=True)
        made = factories.Resource(package_id=dataset["id"])
        names = {**{role: user["name"] for role, user in people.items()}, "anonymous": ""}
        for role, name in names.items():
            context = {"user": name, "model": None}
            if role in allowed:
                assert call_auth(action, context, resource_id=made["id"])
            else:
                with pytest.raises(tk.NotAuthorized):
                    call_auth(action, context, resource_id=made["id"])
