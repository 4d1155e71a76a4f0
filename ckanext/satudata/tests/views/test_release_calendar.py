"""The calendar made from the release schedules of public datasets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from ckanext.satudata import workdays
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.tests.worlds import KECAMATAN, Agency, Table, act, agency, indicator, unique

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def who() -> Agency:
    return agency(unique("kalender"))


def released(who: Agency, **schedule: str) -> dict[str, Any]:
    figures = {code: float(n) for n, code in enumerate(KECAMATAN, 1)}
    return who.published(Table(indicator(producer_org=who.id), figures), **schedule)


def soon(days: int) -> str:
    return (workdays.today(utc_now()) + timedelta(days=days)).isoformat()


class TestCalendar:
    def test_releases_and_updates_of_public_datasets_by_day(self, who: Agency) -> None:
        one = released(who, jadwal_rilis=soon(-3), jadwal_pemutakhiran=soon(30))
        two = released(who, jadwal_rilis=soon(10))
        who.draft(jadwal_rilis=soon(11))
        found = act("satudata_release_calendar_list", None, organization=who.name)
        assert [(f["day"], f["kind"], f["dataset"]) for f in found] == [
            (soon(-3), "rilis", one["id"]),
            (soon(10), "rilis", two["id"]),
            (soon(30), "pemutakhiran", one["id"]),
        ]

    def test_days_asked_for_are_both_included(self, who: Agency) -> None:
        released(who, jadwal_rilis=soon(5), jadwal_pemutakhiran=soon(9))
        days = {"first": soon(5), "last": soon(8)}
        found = act("satudata_release_calendar_list", None, organization=who.id, **days)
        assert [f["day"] for f in found] == [soon(5)]

    def test_the_feed_is_read_by_other_calendars(self, who: Agency, app: Any) -> None:
        dataset = released(who, jadwal_rilis=soon(4))
        answer = app.get(f"/id/satudata/kalender/umpan.ics?instansi={who.id}")
        assert answer.content_type.startswith("text/calendar")
        [event] = Calendar.from_ical(answer.data).walk("VEVENT")
        assert event.decoded("dtstart").isoformat() == soon(4)
        assert str(event["url"]).endswith(dataset["name"])
        assert dataset["title"] in str(event["summary"])

    def test_the_page_names_them_by_month(self, who: Agency, app: Any) -> None:
        dataset = released(who, jadwal_rilis=soon(4))
        page = app.get(f"/id/satudata/kalender?instansi={who.id}")
        assert dataset["title"] in page.body
