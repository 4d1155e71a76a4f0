"""Working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata import config, workdays
from ckanext.satudata.errors import SatudataError

#: Independence day 2026 is a Monday.
FREE = date(2026, 8, 17)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


class TestNational:
    def test_weekends_and_holidays_are_free(self) -> None:
        assert not workdays.is_working(FREE)
        assert not workdays.is_working(date(2026, 8, 15))
        assert workdays.is_working(date(2026, 8, 18))
        assert "Kemerdekaan" in (workdays.name(FREE) or "")
        assert workdays.name(date(2026, 8, 18)) is None

    def test_counting_leaves_them_out(self) -> None:
        friday = date(2026, 8, 14)
        assert workdays.add(friday, 1) == date(2026, 8, 18)
        assert workdays.add(date(2026, 8, 18), -1) == friday
        assert workdays.add(FREE, 0) == date(2026, 8, 18)
        assert workdays.between(friday, date(2026, 8, 18)) == 1
        assert workdays.between(date(2026, 8, 18), friday) == -1

    @given(DAYS, st.integers(1, 40))
    def test_what_was_added_lies_between(self, day: date, count: int) -> None:
        later = workdays.add(day, count)
        assert workdays.is_working(later)
        assert workdays.between(day, later) == count


class TestLocal:
    def test_a_file_adds_and_takes_away(self, tmp_path, ckan_config, monkeypatch) -> None:
        path = tmp_path / "libur.yaml"
        path.write_text("libur:\n  2026-08-18: Hari jadi\nmasuk: [2026-08-17]\n")
        monkeypatch.setitem(ckan_config, config.HOLIDAY_FILE, str(path))
        assert workdays.is_working(FREE)
        assert workdays.name(FREE) is None
        assert workdays.name(date(2026, 8, 18)) == "Hari jadi"
        assert workdays.add(date(2026, 8, 14), 2) == date(2026, 8, 19)

    @pytest.mark.parametrize("text", ["libur: [2026-08-18]", "masuk: [besok]", "libur: {x: y}"])
    def test_a_file_that_says_something_else_is_refused(
        self, text, tmp_path, ckan_config, monkeypatch
    ) -> None:
        path = tmp_path / "libur.yaml"
        path.write_text(text)
        monkeypatch.setitem(ckan_config, config.HOLIDAY_FILE, str(path))
        with pytest.raises(SatudataError, match="libur"):
            workdays.is_working(date(2026, 8, 18))


def test_today_is_the_portals_day() -> None:
    late = datetime(2026, 8, 17, 18, 0, tzinfo=timezone.utc)
    assert workdays.today(late) == FREE + timedelta(days=1)
