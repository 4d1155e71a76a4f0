"""Public numbers of complaints and suggestions."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
from ckan import model

from ckanext.satudata.tests.workflow.cases.reports import report, step
from ckanext.satudata.tests.worlds import Agency, agency, unique, walidata_editor
from ckanext.satudata.workflow.cases import cases, complaint_statistics
from ckanext.satudata.workflow.cases.complaint_statistics import Statistics

pytestmark = pytest.mark.usefixtures("portal")

_YEARS = count(2040)


@pytest.fixture
def year() -> int:
    """A year that no other test uses."""
    return next(_YEARS)


@pytest.fixture
def body() -> Agency:
    """An agency."""
    return agency(unique("angka"))


def at(year: int, month: int = 3, day: int = 5, hour: int = 3) -> datetime:
    """A moment of the year, UTC."""
    return datetime(year, month, day, hour, tzinfo=timezone.utc)


def numbers(year: int, now: datetime | None = None) -> Statistics:
    """The year's numbers."""
    return complaint_statistics.of_year(model.Session, year, now or at(year))


def answered(body: Agency, year: int, *days: int) -> None:
    """Reports of the year that were answered after as many days."""
    walidata = walidata_editor()
    for taken in days:
        opened = report(at(year))
        step(opened.case, "verifikasi", walidata, at(year), **{"class": "berkadar_pengawasan"})
        step(opened.case, "disposisikan", walidata, at(year), organization=body.id)
        step(opened.case, "jawab", body.user, at(year) + timedelta(days=taken), note="Selesai.")


class TestNumbers:
    def test_what_came_in_was_answered_and_waits(self, body: Agency, year: int) -> None:
        answered(body, year, 2)
        report(at(year))
        report(at(year), kind="aspirasi")
        found = numbers(year)
        assert (found.total.received, found.total.answered, found.waiting) == (3, 1, 2)
        assert found.kinds["aspirasi"].received == 1
        assert [(b.id, b.numbers.received) for b in found.bodies] == [(body.id, 1)]
        assert year in found.years

    def test_the_median_is_that_of_the_answers(self, body: Agency, year: int) -> None:
        answered(body, year, 2, 4, 30)
        report(at(year))
        found = numbers(year)
        assert found.total.median_days == 4.0
        assert found.bodies[0].numbers.median_days == 4.0

    def test_a_median_of_few_is_not_told(self, body: Agency, year: int) -> None:
        answered(body, year, 2, 4)
        assert numbers(year).total.median_days is None

    def test_what_is_overdue_is_told(self, year: int) -> None:
        report(at(year))
        assert numbers(year).total.overdue == 0
        found = numbers(year, at(year, 4)).total
        assert (found.overdue, found.open) == (1, 0)

    def test_a_year_begins_in_the_portals_time_zone(self, year: int) -> None:
        report(at(year - 1, 12, 31, 18))
        assert numbers(year).total.received == 1

    def test_a_year_without_any_has_none(self, year: int) -> None:
        found = numbers(year)
        assert (found.total.received, found.bodies, found.modes) == (0, [], {})

    def test_what_nobody_confirmed_does_not_count(self, year: int) -> None:
        identity = {"name": "A", "email": "a@example.com"}
        report(at(year), reporter=cases.Reporter(identity=identity), confirm=True)
        assert numbers(year).total.received == 0


class TestModes:
    def test_they_are_told_where_each_has_some(self, year: int) -> None:
        for mode in ("terbuka", "anonim"):
            for _ in range(complaint_statistics.LEAST):
                report(at(year), reporter=cases.Reporter(mode=mode))
        assert numbers(year).modes == {"terbuka": 3, "anonim": 3}

    def test_a_single_confidential_report_is_not_told(self, year: int) -> None:
        for mode in ("terbuka", "terbuka", "terbuka", "rahasia"):
            report(at(year), reporter=cases.Reporter(mode=mode))
        assert numbers(year).modes == {}
