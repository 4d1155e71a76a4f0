"""Deadlines are what a slow reference says, whatever holidays there are."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata import config, workdays
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.case import KINDS
from ckanext.satudata.workflow.cases import deadlines, reminders

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
STEPS = [(kind, step) for kind in KINDS for step in deadlines.all_of(kind)]


def slow_due(start: date, days: int) -> date:
    """Go on day by day and count those on which agencies work."""
    day = start
    while days:
        day += timedelta(days=1)
        if workdays.name(day) is None and day.isoweekday() <= 5:
            days -= 1
    return day


class TestDue:
    @given(start=DAYS, step=st.sampled_from(STEPS))
    def test_as_counted_by_hand(self, start: date, step: tuple[str, str]) -> None:
        found = deadlines.of(*step)
        assert found.working
        assert deadlines.due_on(*step, start) == slow_due(start, found.days)

    @given(due=DAYS, gap=st.integers(-90, 90))
    def test_what_is_left_is_counted_by_hand_too(self, due: date, gap: int) -> None:
        today = due + timedelta(days=gap)
        standing, days = deadlines.standing(due, today)
        first, last = sorted((due, today))
        between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
        counted = sum(d.isoweekday() <= 5 and workdays.name(d) is None for d in between)
        expected = "hari_ini" if gap == 0 else "lewat" if gap > 0 else "sisa"
        assert (standing, days) == (expected, counted)

    @given(due=DAYS, gap=st.integers(-40, 40))
    def test_reminders_never_overlap(self, due: date, gap: int) -> None:
        kinds = reminders.kinds_at(due, due + timedelta(days=gap))
        assert (reminders.AFTER in kinds) == (gap > 0)
        assert (reminders.TODAY in kinds) == (gap == 0)
        assert reminders.ESCALATED not in kinds or reminders.AFTER in kinds

    def test_the_laws_days(self) -> None:
        days = {step: deadlines.of("permintaan", step).days for step in ("jawaban", "perpanjangan")}
        assert days == {"jawaban": 10, "perpanjangan": 7}
        assert deadlines.of("keberatan", "tanggapan").days == 30

    def test_calendar_days_are_counted_without_holidays(self) -> None:
        deadline = deadlines.Deadline(14, False, "")
        assert deadlines.after(deadline, date(2026, 12, 20)) == date(2027, 1, 3)

    def test_local_holidays_count(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = deadlines.due_on("permintaan", "kelengkapan", date(2026, 10, 5))
        local = tmp_path / "libur.yaml"
        local.write_text("libur: {2026-10-06: Hari jadi}\n", encoding="utf-8")
        monkeypatch.setitem(tk.config, config.HOLIDAY_FILE, str(local))
        after = deadlines.due_on("permintaan", "kelengkapan", date(2026, 10, 5))
        assert (before, after) == (date(2026, 10, 8), date(2026, 10, 9))


class TestOption:
    def test_a_kabupaten_sets_its_own_days(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(tk.config, config.DEADLINES, ["permintaan.jawaban=7"])
        assert deadlines.of("permintaan", "jawaban").days == 7
        assert deadlines.of("permintaan", "kelengkapan").days == 3

    @pytest.mark.parametrize("entry", ["permintaan.jawab=7", "jawaban=7", "permintaan.jawaban=x"])
    def test_what_says_nothing_is_refused(
        self, entry: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(tk.config, config.DEADLINES, [entry])
        with pytest.raises(SatudataError, match="write for example"):
            deadlines.of("permintaan", "jawaban")
