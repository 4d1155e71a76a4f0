"""One run of frictionless: what it reads, what it may be told to do, and what its report says."""

from __future__ import annotations

import gzip
import io
import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from frictionless import Resource, system

from ckanext.satudata.extract.fetch import safe_session
from ckanext.satudata.tests.web_server import Server
from ckanext.satudata.validation.problems import Problem, TooLarge
from ckanext.satudata.validation.records import Outcome
from ckanext.satudata.validation.tables import (
    format_of,
    trusted_context,
    validate_resource,
    validation_options,
)

pytestmark = pytest.mark.usefixtures("settings", "with_plugins")
MB = 1 << 20


def check(resource: dict[str, Any], max_bytes: int = MB) -> Outcome:
    return validate_resource(resource, max_bytes=max_bytes, fetch_max_bytes=max_bytes)


def refused(resource: dict[str, Any], max_bytes: int = MB) -> tuple[str, str]:
    with pytest.raises(Problem) as caught:
        check(resource, max_bytes)
    return caught.value.code, caught.value.field


def types(outcome: Outcome) -> list[str]:
    assert outcome.report is not None
    return [error["type"] for error in outcome.report["tasks"][0]["errors"]]


class TestIncomingFile:
    def test_success(self, upload: Callable) -> None:
        outcome = check({"upload": upload("a,b\n1,2\n")})
        assert outcome.status == "success"
        assert outcome.error is None

    def test_a_report_shows_no_personal_data(self, upload: Callable) -> None:
        number = "6105015708450001"
        outcome = check({"upload": upload(f"a,b,c\n{number},x\n{number},081234567890\n")})
        assert outcome.status == "failure"
        shown = json.dumps(outcome.report)
        assert "6105************" in shown
        assert number not in shown
        assert "081234567890" not in shown

    def test_failure_names_the_file_and_no_path(self, upload: Callable) -> None:
        outcome = check({"upload": upload("a,b\n1\n", "beras 2025.csv")})
        assert outcome.status == "failure"
        assert types(outcome) == ["missing-cell"]
        assert outcome.report is not None
        assert outcome.report["tasks"][0]["place"] == "beras 2025.csv"
        assert "satudata-validation-" not in json.dumps(outcome.report)

    def test_a_broken_spreadsheet_names_no_path_either(self, upload: Callable) -> None:
        outcome = check({"upload": upload("not a workbook", "x.xlsx")})
        assert outcome.status == "failure"
        assert "satudata-validation-" not in json.dumps(outcome.report)

    def test_stays_readable_for_whoever_stores_it(self, upload: Callable) -> None:
        file = upload("a\n1\n")
        file.stream.seek(3)
        check({"upload": file})
        assert file.stream.read() == b"a\n1\n"

    def test_an_empty_file_is_a_failure(self, upload: Callable) -> None:
        assert types(check({"upload": upload("")})) == ["source-error"]

    def test_too_large(self, upload: Callable) -> None:
        with pytest.raises(TooLarge) as caught:
            check({"upload": upload("a" * 101)}, max_bytes=100)
        assert caught.value.code == "too-large"
        assert check({"upload": upload("a\n" * 50)}, max_bytes=100).status == "success"

    def test_a_spreadsheet_that_unpacks_to_a_multiple_is_refused(self, upload: Callable) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
        assert len(packed.getvalue()) < 100_000
        file = upload(packed.getvalue(), "bom.xlsx")
        assert refused({"upload": file}, 100_000) == ("unpacks-too-large", "upload")


class TestLink:
    def test_success_and_failure(self, server: Server) -> None:
        base = f"http://127.0.0.1:{server.port}"
        assert check({"url": f"{base}/valid.csv", "format": "CSV"}).status == "success"
        assert types(check({"url": f"{base}/invalid.csv", "format": "CSV"})) == ["missing-cell"]

    def test_a_spreadsheet_is_fetched_whole(self, server: Server) -> None:
        xlsxwriter = pytest.importorskip("xlsxwriter")
        body = io.BytesIO()
        with xlsxwriter.Workbook(body) as book:
            book.add_worksheet().write_row(0, 0, ["a", "b"])
        server.body("/t.xlsx", body.getvalue())
        resource = {"url": f"http://127.0.0.1:{server.port}/t.xlsx", "format": "XLSX"}
        assert check(resource).status == "success"

    @pytest.mark.parametrize(
        "url", ["/etc/passwd", "file:///etc/passwd", "ftp://bps.go.id/a.csv", "etc/passwd"]
    )
    def test_is_never_a_path_or_another_scheme(self, url: str) -> None:
        assert refused({"url": url, "format": "csv"}) == ("scheme", "url")

    def test_does_not_reach_this_machine(self) -> None:
        hidden = Server()
        try:
            hidden.body("/a.csv", b"secret\n1\n")
            url = f"http://127.0.0.1:{hidden.port}/a.csv"
            assert refused({"url": url, "format": "csv"}) == ("private-address", "url")
            assert hidden.requests == []
        finally:
            hidden.close()

    def test_a_refusal_by_the_server_is_an_error_not_a_fault_of_the_data(
        self, server: Server
    ) -> None:
        server.answer("/gone.csv", 404)
        outcome = check({"url": f"http://127.0.0.1:{server.port}/gone.csv", "format": "csv"})
        assert outcome.status == "error"
        assert outcome.error is not None
        assert "404" in outcome.error["message"][0]

    def test_too_large(self, server: Server) -> None:
        server.body("/a.csv", b"a\n" * 100)
        with pytest.raises(TooLarge):
            check({"url": f"http://127.0.0.1:{server.port}/a.csv", "format": "csv"}, max_bytes=100)

    @pytest.mark.parametrize("name", ["a.csv.gz", "a.zip", "A.CSV.BZ2"])
    def test_archives_are_not_unpacked(self, server: Server, name: str) -> None:
        server.body(f"/{name}", gzip.compress(b"a\n1\n"))
        url = f"http://127.0.0.1:{server.port}/{name}"
        assert refused({"url": url, "format": "csv"}) == ("compressed", "url")
        assert server.requests == []

    def test_a_spreadsheet_that_unpacks_to_a_multiple_is_refused(self, server: Server) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/worksheets/sheet1.xml", b"0" * 3_000_000)
        server.body("/a.xlsx", packed.getvalue())
        url = f"http://127.0.0.1:{server.port}/a.xlsx"
        assert refused({"url": url, "format": "xlsx"}, 100_000) == ("unpacks-too-large", "url")

    def test_nothing_at_all(self) -> None:
        assert refused({"url": "", "format": "csv"}) == ("no-source", "url")


class TestSchema:
    def test_as_dict_text_or_address(self, server: Server, upload: Callable) -> None:
        schema = {"fields": [{"name": "a", "type": "integer"}]}
        for given in (
            schema,
            json.dumps(schema),
            f"http://127.0.0.1:{server.port}/schema.json",
        ):
            outcome = check({"upload": upload("a\nx\n"), "schema": given})
            assert "type-error" in types(outcome)

    @pytest.mark.parametrize(
        ("schema", "code"),
        [
            ('"/etc/passwd"', "schema-not-json"),
            ("[1]", "schema-not-json"),
            ("/etc/passwd", "schema-invalid"),
            ({"fields": [{"name": "a", "type": "no-such-type"}]}, "schema-invalid"),
            ({"fields": [{"type": "string"}]}, "schema-invalid"),
            ("http://127.0.0.1:1/schema.json", "private-address"),
            ("http://169.254.169.254/latest", "private-address"),
            ("httpx://example.org/", "scheme"),
        ],
    )
    def test_anything_else_is_refused(self, upload: Callable, schema: Any, code: str) -> None:
        assert refused({"upload": upload("a\n1\n"), "schema": schema}) == (code, "schema")

    def test_an_address_without_a_schema(self, server: Server, upload: Callable) -> None:
        server.body("/page", b"<html>")
        server.body("/list", b"[1]")
        server.answer("/secret", 403)
        for path, code in (
            ("/page", "schema-not-json"),
            ("/list", "schema-not-json"),
            ("/secret", "status"),
        ):
            url = f"http://127.0.0.1:{server.port}{path}"
            assert refused({"upload": upload("a\n"), "schema": url}) == (code, "schema")

    @pytest.mark.ckan_config("ckanext.validation.schema_max_size", 1)
    def test_an_address_with_too_much(self, server: Server, upload: Callable) -> None:
        server.body("/huge", b" " * (MB + 1))
        url = f"http://127.0.0.1:{server.port}/huge"
        assert refused({"upload": upload("a\n"), "schema": url}) == ("too-large", "schema")


class TestOptions:
    def test_own_options_go_before_the_sites(self, settings: Any) -> None:
        site = '{"skip_errors": ["blank-row"], "limit_rows": 5}'
        settings["ckanext.validation.default_validation_options"] = site
        options = validation_options('{"limit_rows": 9}')
        assert options == {"skip_errors": ["blank-row"], "limit_rows": 9}

    @pytest.mark.parametrize("nothing", [None, "", " \r\n", {}, "{}"])
    def test_may_be_absent_or_empty(self, upload: Callable, nothing: Any) -> None:
        assert validation_options(nothing) == {}
        resource = {"upload": upload("a\n1\n"), "schema": nothing and str(nothing).strip("{}")}
        assert check(resource).status == "success"

    def test_are_used(self, upload: Callable) -> None:
        file = "# catatan\na;b\n1;2\n"
        dialect = {"dialect": {"commentChar": "#", "csv": {"delimiter": ";"}}}
        schema = {"fields": [{"name": "a"}, {"name": "b"}]}
        resource = {"upload": upload(file), "schema": schema, "validation_options": dialect}
        assert check(resource).status == "success"
        assert (
            check({**resource, "upload": upload(file), "validation_options": None}).status
            == "failure"
        )

    def test_checks(self, upload: Callable) -> None:
        options = {"checks": [{"type": "duplicate-row"}]}
        outcome = check({"upload": upload("a\n1\n1\n"), "validation_options": options})
        assert types(outcome) == ["duplicate-row"]
        options = {"checklist": {"checks": [{"type": "duplicate-row"}]}}
        outcome = check({"upload": upload("a\n1\n1\n"), "validation_options": options})
        assert types(outcome) == ["duplicate-row"]

    def test_both_ways_of_writing_a_name(self) -> None:
        assert validation_options({"skipErrors": ["blank-row"]}) == {"skip_errors": ["blank-row"]}

    def test_the_number_of_errors_has_a_limit(self) -> None:
        assert validation_options({"limit_errors": 10**9}) == {"limit_errors": 1000}

    @pytest.mark.parametrize(
        "options",
        [
            {"basepath": "/etc"},
            {"path": "/etc/passwd"},
            {"scheme": "file"},
            {"innerpath": "x"},
            {"extrapaths": ["/etc/passwd"]},
            {"detector": {}},
            {"delimiter": ";"},
            {"parallel": True},
            {"http_session": {}},
        ],
    )
    def test_what_is_not_known_is_refused(self, options: dict[str, Any]) -> None:
        with pytest.raises(Problem) as caught:
            validation_options(options)
        assert caught.value.code == "option-unknown"
        assert caught.value.params["option"] == next(iter(options))

    @pytest.mark.parametrize(
        "options",
        [
            {"dialect": "/etc/passwd"},
            {"dialect": "http://169.254.169.254/"},
            {"dialect": {"sql": {"table": "user"}}},
            {"dialect": {"remote": {"httpTimeout": 10**6}}},
            {"checks": ["/etc/passwd"]},
            {"checks": [{"type": "no-such-check"}]},
            {"checks": "/etc/passwd"},
            {"checklist": "/etc/passwd"},
            {"checklist": {"checks": ["/etc/passwd"]}},
            {"limit_rows": "5"},
            {"limit_rows": True},
        ],
    )
    def test_what_has_the_wrong_shape_is_refused(self, options: dict[str, Any]) -> None:
        with pytest.raises(Problem) as caught:
            validation_options(options)
        assert caught.value.code == "option-invalid"
        assert caught.value.field == "validation_options"

    @pytest.mark.parametrize("options", ["[1]", "not json", "3"])
    def test_what_is_no_object_is_refused(self, options: str) -> None:
        with pytest.raises(Problem) as caught:
            validation_options(options)
        assert caught.value.code == "options-not-json"


class TestFormatOf:
    @pytest.mark.parametrize(
        ("resource", "expected"),
        [
            ({"format": "CSV"}, "csv"),
            ({"format": "text/csv"}, "csv"),
            ({"url": "https://bps.go.id/a.XLSX"}, "xlsx"),
            ({"url": "https://bps.go.id/a.csv?x=1.pdf"}, "csv"),
            ({"url": "https://bps.go.id/a"}, ""),
            ({"format": "PDF", "url": "https://bps.go.id/a.csv"}, "pdf"),
            ({}, ""),
        ],
    )
    def test_told_or_guessed(self, resource: dict[str, str], expected: str) -> None:
        assert format_of(resource) == expected

    def test_from_the_name_of_an_upload(self, upload: Callable) -> None:
        assert format_of({"upload": upload("", "a.ods")}) == "ods"


class TestTrustedContext:
    """frictionless keeps trust and session once per process; ours is per thread."""

    def test_trust_ends_with_the_context_also_after_an_exception(self) -> None:
        def fail_inside() -> None:
            with safe_session(max_bytes=1, timeout=1) as session, trusted_context(session):
                assert system.trusted
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail_inside()
        assert not system.trusted

    def test_each_thread_fetches_through_its_own_session(self, server: Server) -> None:
        base = f"http://127.0.0.1:{server.port}"
        both_inside, results = threading.Barrier(2, timeout=10), {}

        def fetch_rows(name: str, allow: list[str]) -> None:
            with safe_session(max_bytes=MB, timeout=5, allow=allow) as session:
                with trusted_context(session):
                    both_inside.wait()
                    resource = Resource(f"{base}/valid.csv", format="csv")
                    report = resource.validate()
                    both_inside.wait()
                results[name] = report.valid, session.error and session.error.code

        threads = [
            threading.Thread(target=fetch_rows, args=("allowed", ["127.0.0.0/8"])),
            threading.Thread(target=fetch_rows, args=("refused", [])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == {"allowed": (True, None), "refused": (False, "private-address")}
        assert not system.trusted

    def test_the_first_to_leave_does_not_take_the_others_trust(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text("a\n1\n")
        entered, left = threading.Event(), threading.Event()

        def early() -> None:
            with safe_session(max_bytes=1, timeout=1) as session, trusted_context(session):
                entered.wait(10)
            left.set()

        thread = threading.Thread(target=early)
        thread.start()
        with safe_session(max_bytes=1, timeout=1) as session, trusted_context(session):
            entered.set()
            assert left.wait(10)
            assert Resource(str(path)).validate().valid
        thread.join()
