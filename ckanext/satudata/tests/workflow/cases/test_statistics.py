"""The annual report counts what happened."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.cli.cli import ckan
from openpyxl import load_workbook

from ckanext.satudata.tests.worlds import agency
from ckanext.satudata.workflow.cases import cases, report_document, statistics

from .scene import Scene

pytestmark = pytest.mark.usefixtures("portal")

TEST = "Bila dibuka, penyidikan yang sedang berjalan akan terganggu; kepentingan umum lebih besar."
#: A Monday of a year that no other test uses.
BEGIN = datetime(2028, 10, 2, 3, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def made(module_portal: None) -> statistics.Report:
    scene = Scene()
    for days in (1, 2, 4):
        case = scene.handed(now=BEGIN)
        later = BEGIN + timedelta(days=days)
        scene.move(case, "jawab", scene.ppid, later, answers=scene.answer(case))
    refused = scene.handed(now=BEGIN)
    scene.move(refused, "tolak", scene.ppid, BEGIN, note="Ditolak.", ground="a", consequence=TEST)
    cases.lodge(refused, ["a", "e"], "Bukan rahasia.", BEGIN + timedelta(days=1))
    scene.request(now=BEGIN)
    scene.government(now=BEGIN)
    late = scene.handed(now=BEGIN)
    scene.move(late, "perpanjang", scene.ppid, BEGIN, note="Masih direkap.")
    model.Session.commit()
    return statistics.report(2028, BEGIN + timedelta(days=60))


class TestReport:
    def test_numbers(self, made: statistics.Report) -> None:
        assert made.received == {"publik": 6, "pemerintah": 1}
        assert made.states == {"diajukan": 1, "didisposisikan": 1, "dijawab": 3, "ditolak": 1}
        assert made.outcomes == {"dipenuhi": 3, "ditolak": 1, "": 2}
        assert made.grounds == {"a": 1}
        assert made.extended == 1
        assert made.objections == {"diajukan": 1}
        assert made.objection_grounds == {"a": 1, "e": 1}

    def test_durations_are_working_days(self, made: statistics.Report) -> None:
        days = made.durations
        assert (days.count, days.median, days.mean) == (4, 1.5, 1.8)
        assert days.late == 2  # the one that nobody looked at, and the one that was extended

    def test_by_agency(self, made: statistics.Report) -> None:
        own = next(b for b in made.bodies if b.id == agency("kasus-instansi").id)
        assert (own.received, own.durations.count) == (5, 4)

    def test_other_years_have_nothing(self, made: statistics.Report) -> None:
        other = statistics.report(2027, BEGIN)
        assert other.received == {"publik": 0, "pemerintah": 0}
        assert other.durations.median is None
        assert report_document.lines(other, "id")


class TestDocument:
    def test_the_sheet_says_what_the_report_says(self, made: statistics.Report) -> None:
        book = load_workbook(io.BytesIO(report_document.as_xlsx(made, "id")))
        cells = [cell.value for row in book.worksheets[0].iter_rows() for cell in row]
        assert "Laporan layanan informasi publik 2028" in cells
        assert {6, 1.5, 1.8} <= {c for c in cells if isinstance(c, int | float)}

    def test_the_command_prints_and_writes_it(
        self, made: statistics.Report, cli: Any, tmp_path: Path
    ) -> None:
        printed = cli.invoke(ckan, ["satudata", "request-report", "2028", "--lang", "id"])
        assert not printed.exit_code, printed.output
        assert "Laporan layanan informasi publik 2028" in printed.output
        assert "Jalur publik (PPID): 6" in printed.output
        path = tmp_path / "laporan.xlsx"
        written = cli.invoke(ckan, ["satudata", "request-report", "2028", "--output", str(path)])
        assert not written.exit_code, written.output
        assert load_workbook(path).sheetnames == ["2028"]
