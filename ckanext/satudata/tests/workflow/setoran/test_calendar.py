"""Which setoran are opened, and until when they are due."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from ckanext.satudata.consistency.period import parse
from ckanext.satudata.model.setoran import Obligation
from ckanext.satudata.tests.worlds import KECAMATAN
from ckanext.satudata.workflow.setoran import calendar

from .scene import moment, scene

FIRST, SECOND = KECAMATAN[0], KECAMATAN[1]


def _monthly(**values: object) -> Obligation:
    return Obligation(
        **{
            "frequency": "bulanan",
            "active_from": date(2026, 1, 1),
            "active_to": None,
            "due_days": 5,
            **values,
        }
    )


class TestPeriods:
    @pytest.mark.parametrize(
        ("frequency", "today", "expected"),
        [
            ("bulanan", date(2026, 3, 30), ["2026-01", "2026-02"]),
            ("bulanan", date(2026, 3, 31), ["2026-01", "2026-02", "2026-03"]),
            ("triwulanan", date(2026, 6, 30), ["2026-Q1", "2026-Q2"]),
            ("semesteran", date(2026, 6, 29), []),
            ("tahunan", date(2027, 12, 31), ["2026", "2027"]),
            ("mingguan", date(2026, 1, 18), ["2026-W02", "2026-W03"]),
            ("harian", date(2026, 1, 2), ["2026-01-01", "2026-01-02"]),
        ],
    )
    def test_are_asked_once_they_have_ended(
        self, frequency: str, today: date, expected: list[str]
    ) -> None:
        found = calendar.periods(_monthly(frequency=frequency), today)
        assert [str(p) for p in found] == expected

    def test_that_began_before_the_obligation_are_not_asked(self) -> None:
        obligation = _monthly(active_from=date(2026, 1, 15))
        assert [str(p) for p in calendar.periods(obligation, date(2026, 2, 28))] == ["2026-02"]

    def test_that_begin_after_the_obligation_are_not_asked(self) -> None:
        obligation = _monthly(active_to=date(2026, 2, 10))
        found = [str(p) for p in calendar.periods(obligation, date(2026, 12, 31))]
        assert found == ["2026-01", "2026-02"]

    def test_the_next_one_is_known_before(self) -> None:
        assert str(calendar.upcoming(_monthly(), date(2026, 3, 10))) == "2026-03"
        assert str(calendar.upcoming(_monthly(), date(2026, 3, 31))) == "2026-04"
        assert calendar.upcoming(_monthly(active_to=date(2026, 2, 1)), date(2026, 3, 1)) is None


class TestDue:
    def test_counts_working_days_only(self) -> None:
        # 31 October 2026 is a Saturday.
        assert calendar.last_day(_monthly(), parse("2026-10")) == date(2026, 11, 6)

    def test_holidays_do_not_count(self) -> None:
        # New Year's Day 2027 is a Friday, Isra Mikraj the Tuesday after.
        last = calendar.last_day(_monthly(due_days=3), parse("2026-12"))
        assert last == date(2027, 1, 7)

    @pytest.mark.parametrize(
        ("today", "days", "late"),
        [
            (date(2026, 11, 4), 2, False),
            (date(2026, 11, 6), 0, False),
            (date(2026, 11, 7), -1, True),
            (date(2026, 11, 9), -1, True),
            (date(2026, 11, 10), -2, True),
        ],
    )
    def test_tells_how_far_it_is(self, today: date, days: int, late: bool) -> None:
        found = calendar.due(date(2026, 11, 6), today)
        assert (found.days, found.late) == (days, late)


@pytest.mark.usefixtures("portal")
class TestOpening:
    def test_opens_one_setoran_for_each_kecamatan_and_ended_period(self) -> None:
        made = scene((FIRST, SECOND), first=date(2026, 9, 1), now=moment(2026, 11, 2))
        found = {(s.region, s.period, s.due_on, s.state) for s in made.all()}
        assert found == {
            (region, period, due, "terbuka")
            for region in (FIRST, SECOND)
            for period, due in (
                ("2026-09", date(2026, 10, 7)),
                ("2026-10", date(2026, 11, 6)),
            )
        }

    def test_opens_nothing_twice(self) -> None:
        made = scene((FIRST,), now=moment(2026, 11, 2))
        before = {s.id for s in made.all()}
        assert not [line for line in calendar.open_due(moment(2026, 11, 3)) if made.code in line]
        assert {s.id for s in made.all()} == before

    def test_gives_each_to_the_body_of_its_region(self) -> None:
        made = scene((FIRST, SECOND))
        assert len({s.organization_id for s in made.all()}) == 2

    def test_a_period_has_ended_when_it_has_in_the_portals_zone(self) -> None:
        # 18.00 UTC is one o'clock of the next day in Sintang.
        late = datetime(2026, 10, 30, 18, 0, tzinfo=timezone.utc)
        assert [s.period for s in scene((FIRST,), now=late).all()] == ["2026-10"]
        early = datetime(2026, 10, 30, 16, 0, tzinfo=timezone.utc)
        assert scene((FIRST,), now=early).all() == []
