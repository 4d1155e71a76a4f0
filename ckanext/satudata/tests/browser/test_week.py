"""A whole week: kecamatan hand in, figures differ, agencies meet and agree, the public sees it.

Issue 5 §6. Everybody acts under an account of their own, in a browser of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser

from ckanext.satudata.tests.letterbox import Letterbox, open_letterbox

from . import week, week_agreeing, week_handing_in, week_publishing
from .people import People, people_of
from .server import Server, running
from .week import Week


@pytest.fixture(scope="module")
def letters() -> Iterator[Letterbox]:
    with open_letterbox() as box:
        yield box


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory, letters: Letterbox) -> Iterator[Server]:
    """A portal as it is delivered, but where changes of public datasets are examined, too."""
    with running(
        tmp_path_factory.mktemp("week"),
        letters=letters.address,
        first_publication="walidata",
        routine_update="walidata",
        meeting_invitation_days="7",
    ) as server:
        yield server


@pytest.fixture(scope="module")
def people(portal: Server, browser: Browser) -> Iterator[People]:
    with people_of(portal, browser) as people:
        yield people


@pytest.fixture
def played(people: People, letters: Letterbox, tmp_path: Path) -> Week:
    """The week before anything has happened.

    Nobody holds the mandate, so two agencies may publish the indicator and neither is right by law.
    """
    people.call(week.WALIDATA, "satudata_indicator_update", id=week.INDICATOR, producer_org="")
    today = datetime.now(ZoneInfo("Asia/Pontianak")).date()
    return Week(people, letters, tmp_path, today, week.last_month(today))


class TestWeek:
    def test_from_the_kecamatan_to_an_agreed_publication_and_its_revision(
        self, played: Week
    ) -> None:
        week_handing_in.asked(played)
        week_handing_in.handed_in(played)
        week_handing_in.asked_back(played)
        week_handing_in.late(played)
        week_handing_in.recapped(played)
        week_agreeing.published_elsewhere(played)
        week_agreeing.contradicted(played)
        week_agreeing.prepared(played)
        week_agreeing.held(played)
        week_agreeing.accepted(played)
        week_publishing.corrected_by_the_other(played)
        week_publishing.published(played)
        week_publishing.revised(played)
        week_publishing.on_record(played)
        assert played.faults == []

    def test_two_definitions_stay_and_both_pages_say_why(self, played: Week) -> None:
        week_agreeing.two_definitions(played)
        week_publishing.explained(played)
        assert played.faults == []
