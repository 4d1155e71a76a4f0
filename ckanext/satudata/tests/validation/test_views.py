"""The page of a result, the badge, and the form of a refused save."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata.validation import helpers, records
from ckanext.satudata.validation.records import Outcome

INVALID = "a,b\n1\n"


@pytest.fixture
def app(portal: None, app: Any) -> Any:
    """The portal's web application, made after its plugins were loaded."""
    return app


@pytest.fixture
def resource(off: None, portal: None, upload: Callable) -> dict[str, Any]:
    """A resource with a result that has an error."""
    dataset = factories.Dataset()
    made = call_action("resource_create", package_id=dataset["id"], upload=upload(INVALID))
    call_action("resource_validation_run", resource_id=made["id"], **{"async": False})
    return call_action("resource_show", id=made["id"])


def page(app: Any, resource: dict[str, Any], dataset: str | None = None, **kwargs: Any) -> Any:
    place = f"/dataset/{dataset or resource['package_id']}/resource/{resource['id']}/validation"
    return app.get(place, **kwargs)


class TestPage:
    def test_by_the_datasets_id_and_name(self, app: Any, resource: dict[str, Any]) -> None:
        name = call_action("package_show", id=resource["package_id"])["name"]
        for dataset in (resource["package_id"], name):
            body = page(app, resource, dataset, status=200).body
            assert "Baris 2 tidak mempunyai sel untuk kolom 2 (&#34;b&#34;)." in body

    def test_in_english(self, app: Any, resource: dict[str, Any]) -> None:
        path = f"/en/dataset/{resource['package_id']}/resource/{resource['id']}/validation"
        assert "Row 2 has no cell for column 2 (&#34;b&#34;)." in app.get(path).body

    def test_another_dataset_does_not_have_it(self, app: Any, resource: dict[str, Any]) -> None:
        page(app, resource, factories.Dataset()["name"], status=404)

    def test_without_a_result(self, app: Any, resource: dict[str, Any]) -> None:
        call_action("resource_validation_delete", resource_id=resource["id"])
        page(app, resource, status=404)

    def test_of_a_private_dataset(self, app: Any, off: None, portal: None) -> None:
        org = factories.Organization()
        dataset = factories.Dataset(owner_org=org["id"], private=True)
        made = factories.Resource(package_id=dataset["id"], format="CSV")
        records.finish(made["id"], Outcome("success", {"valid": True}))
        page(app, made, status=403)
        token = factories.SysadminWithToken()["token"]
        page(app, made, headers={"Authorization": token}, status=200)

    def test_brings_styles_viewer_and_its_data_encoded_once(
        self, app: Any, resource: dict[str, Any]
    ) -> None:
        body = page(app, resource).body
        assert re.search(r"ckanext-validation/[^\"]*_validation\.css", body)
        assert re.search(r"ckanext-validation/[^\"]*_report_form\.js", body)
        assert 'data-module-report="{&#34;errors&#34;' in body

    @pytest.mark.parametrize(
        ("outcome", "text"),
        [
            (Outcome("created", None), "Menunggu pemeriksaan"),
            (
                Outcome("error", None, {"code": "timeout", "params": {}, "message": ["x"]}),
                "tidak menjawab tepat waktu",
            ),
            (Outcome("error", None, {"message": ["<b>stored</b>"]}), "&lt;b&gt;stored&lt;/b&gt;"),
        ],
    )
    def test_tells_why_there_is_no_report(
        self, app: Any, resource: dict[str, Any], outcome: Outcome, text: str
    ) -> None:
        from ckan import model

        records.finish(resource["id"], outcome)
        model.Session.commit()
        assert text in page(app, resource).body

    def test_cells_are_text(self, app: Any, off: None, portal: None, upload: Callable) -> None:
        attack = "<script>alert(1)</script>"
        made = call_action(
            "resource_create",
            package_id=factories.Dataset(title=attack)["id"],
            name=attack,
            upload=upload(f"a,{attack}\n{attack},1\n{attack}\n"),
            schema={"fields": [{"name": "a", "type": "integer"}, {"name": attack + "b"}]},
        )
        call_action("resource_validation_run", resource_id=made["id"], **{"async": False})
        body = page(app, made).body
        assert attack not in body
        assert body.count("&lt;script&gt;alert(1)") > 3


class TestBadge:
    def test_links_the_report(self, app: Any, resource: dict[str, Any]) -> None:
        body = app.get(f"/dataset/{resource['package_id']}").body
        link = f"/dataset/{resource['package_id']}/resource/{resource['id']}/validation"
        assert f'href="{link}" class="validation-badge"' in body
        assert (
            f'href="{link}"'
            in app.get(f"/dataset/{resource['package_id']}/resource/{resource['id']}").body
        )

    @pytest.mark.ckan_config("ckanext.validation.show_badges_in_listings", False)
    def test_not_in_lists_if_not_wanted(self, app: Any, resource: dict[str, Any]) -> None:
        assert "validation-badge" not in app.get(f"/dataset/{resource['package_id']}").body

    def test_is_safe(self, app: Any, portal: None) -> None:
        attack = '"><script>alert(1)</script>'
        badge = {
            "id": "x",
            "package_id": "y",
            "validation_status": attack,
            "validation_timestamp": attack,
        }
        with app.flask_app.test_request_context():
            html = helpers.get_validation_badge(badge)
        assert "<script>" not in html
        assert 'class="status unknown"' in html


class TestForm:
    @pytest.mark.usefixtures("sync", "portal")
    def test_a_refused_file_is_explained_in_a_dialog(self, app: Any) -> None:
        dataset = factories.Dataset()
        token = factories.SysadminWithToken()["token"]
        response = app.post(
            f"/dataset/{dataset['id']}/resource/new",
            data={
                "id": "",
                "save": "",
                "url": "",
                "upload": (io.BytesIO(INVALID.encode()), "a.csv"),
            },
            headers={"Authorization": token},
        )
        assert 'id="validation-report-dialog"' in response.body
        assert 'data-module="modal-dialog"' in response.body
        assert "Baris 2 tidak mempunyai sel untuk kolom 2" in response.body
        assert response.body.count('id="report"') == 1
        assert "<li>Ditemukan 1 kesalahan.</li>" in response.body
        assert "validation_messages" not in response.body
        assert re.search(r"ckanext-validation/[^\"]*_report_form\.js", response.body)

    @pytest.mark.usefixtures("sync", "portal")
    def test_its_empty_fields_say_nothing(self, app: Any, upload: Callable) -> None:
        # All fields the browser sends, most of them empty.
        dataset = factories.Dataset()
        made = call_action("resource_create", package_id=dataset["id"], upload=upload("a\n1\n"))
        empty = ("schema", "schema_url", "schema_json", "validation_options", "description", "name")
        app.post(
            f"/dataset/{dataset['id']}/resource/{made['id']}/edit",
            data={
                **dict.fromkeys(empty, ""),
                "schema_upload": (io.BytesIO(b""), ""),
                "upload": (io.BytesIO(b"a,b\n1,2\n"), "b.csv"),
                "format": "CSV",
                "url": "b.csv",
                "clear_upload": "",
                "id": made["id"],
                "save": "go-metadata",
                "validation_status": "failure",
                "validation_timestamp": "x",
            },
            headers={"Authorization": factories.SysadminWithToken()["token"]},
            follow_redirects=False,
            status=302,
        )
        shown = call_action("resource_show", id=made["id"])
        assert shown["url"].endswith("b.csv")
        assert shown["validation_status"] == "success"


class TestHelpers:
    def test_cells_above_the_form_are_text(self, app: Any, portal: None) -> None:
        errors = {"validation": [{"valid": False}], "validation_messages": ["a\n<b>x</b>"]}
        with app.flask_app.test_request_context():
            _, shown = helpers.validation_extract_report_from_errors(errors)
        assert "&lt;b&gt;x" in shown["validation"][0]
        assert set(shown) == {"validation"}

    def test_json_is_encoded_once(self) -> None:
        assert helpers.dump_json_value('{"a": 1}') == '{"a": 1}'
        assert helpers.dump_json_value({"a": 1}) == '{"a": 1}'
        assert helpers.dump_json_value("text") == '"text"'

    def test_messages_are_limited_and_the_rest_is_counted(self, app: Any, portal: None) -> None:
        error = {"type": "blank-row", "rowNumber": 1}
        report = {"valid": False, "stats": {"errors": 1000}, "tasks": [{"errors": [error] * 1000}]}
        with app.flask_app.test_request_context():
            found = helpers.satudata_validation_messages(report)
        assert (len(found["messages"]), found["total"], found["rest"]) == (200, 1000, 800)
