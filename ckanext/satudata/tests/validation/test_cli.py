"""``ckan validation``."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ckan.cli.cli import ckan
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata.validation import reports
from ckanext.satudata.validation.cli import validation


@pytest.fixture
def faulty(off: None, portal: None, upload: Callable) -> dict[str, Any]:
    """A resource with a result of twelve errors."""
    dataset = factories.Dataset()
    made = call_action(
        "resource_create", package_id=dataset["id"], upload=upload("a,b\n" + "1\n" * 12)
    )
    call_action("resource_validation_run", resource_id=made["id"], **{"async": False})
    return {**made, "dataset": dataset["name"]}


def rows_of(path: Path, resource_id: str) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as source:
        return [row for row in csv.DictReader(source) if row["resource_id"] == resource_id]


class TestRun:
    def test_one_resource(self, cli: Any, faulty: dict[str, Any], queued: Callable) -> None:
        result = cli.invoke(validation, ["run", "-r", faulty["id"]])
        assert result.exit_code == 0, result.output
        assert [job["resource"] for job in queued()] == [faulty["id"]]

    def test_a_dataset(self, cli: Any, faulty: dict[str, Any], queued: Callable) -> None:
        result = cli.invoke(validation, ["run", "-y", "-d", faulty["dataset"]])
        assert "1 resources sent" in result.output
        assert len(queued()) == 1

    def test_asks_first(self, cli: Any, faulty: dict[str, Any], queued: Callable) -> None:
        result = cli.invoke(validation, ["run", "-d", faulty["dataset"]], input="n\n")
        assert result.exit_code == 1
        assert queued() == []

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["run", "-r", "no-such-resource"], 1),
            (["run", "-y", "-d", "no-such-dataset"], 1),
            (["run", "-y", "-s", "{broken"], 2),
        ],
    )
    def test_mistakes_have_an_exit_status(
        self, cli: Any, portal: None, arguments: list[str], code: int
    ) -> None:
        assert cli.invoke(validation, arguments).exit_code == code


class TestReport:
    def test_one_row_per_resource(self, cli: Any, faulty: dict[str, Any], tmp_path: Path) -> None:
        path = tmp_path / "report.csv"
        result = cli.invoke(validation, ["report", "-o", str(path)])
        assert result.exit_code == 0, result.output
        [row] = rows_of(path, faulty["id"])
        assert row["status"] == "failure"
        assert row["validation_report_url"].endswith(
            f"/dataset/{faulty['dataset']}/resource/{faulty['id']}/validation"
        )

    def test_in_full_up_to_ten_errors_of_a_kind(
        self, cli: Any, faulty: dict[str, Any], tmp_path: Path
    ) -> None:
        path = tmp_path / "report.csv"
        result = cli.invoke(validation, ["report-full", "-o", str(path), "-l", "en"])
        assert result.exit_code == 0, result.output
        rows = rows_of(path, faulty["id"])
        assert len(rows) == 10
        assert {row["error_code"] for row in rows} == {"missing-cell"}
        assert rows[0]["error_message"] == 'Row 2 has no cell for column 2 ("b").'
        assert "* missing-cell: " in result.output

    def test_what_could_not_be_read_has_its_reason(
        self, off: None, portal: None, tmp_path: Path
    ) -> None:
        made = factories.Resource(url="http://10.0.0.1/a.csv", format="CSV")
        call_action("resource_validation_run", resource_id=made["id"], **{"async": False})
        path = tmp_path / "report.csv"
        reports.write(str(path), full=True, lang="id")
        [row] = rows_of(path, made["id"])
        assert row["error_code"] == "error"
        assert "internet umum" in row["error_message"]


class TestInitDb:
    def test_is_the_migration(self, cli: Any, portal: None) -> None:
        result = cli.invoke(validation, ["init-db"])
        assert result.exit_code == 0, result.output
        assert "already exist" in result.output


def test_is_a_command_of_ckan(portal: None, cli: Any) -> None:
    result = cli.invoke(ckan, ["validation", "--help"])
    for name in ("init-db", "run", "report", "report-full"):
        assert name in result.output
