from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency.period import Frequency, Period, parse, unpack

CANONICAL = (
    "1900",
    "2025",
    "2025-S1",
    "2025-S2",
    "2025-Q3",
    "2025-07",
    "2025-W05",
    "2020-W53",
    "2024-02-29",
    "2024/2025",
)


@st.composite
def periods(draw):
    day = draw(st.dates(date(1901, 1, 1), date(2257, 12, 31)))
    frequency = draw(st.sampled_from(Frequency))
    year = day.year
    iso = day.isocalendar()
    return parse(
        {
            Frequency.YEAR: f"{year}",
            Frequency.SEMESTER: f"{year}-S{(day.month - 1) // 6 + 1}",
            Frequency.QUARTER: f"{year}-Q{(day.month - 1) // 3 + 1}",
            Frequency.MONTH: f"{year}-{day.month:02d}",
            Frequency.WEEK: f"{iso.year}-W{iso.week:02d}",
            Frequency.DAY: day.isoformat(),
            Frequency.SCHOOL_YEAR: f"{year}/{year + 1}",
        }[frequency]
    )


class TestParse:
    @pytest.mark.parametrize("text", CANONICAL)
    def test_reads_back_what_it_writes(self, text):
        assert str(parse(text)) == text

    @pytest.mark.parametrize(
        "text",
        ["", "25", "2025-13", "2025-00", "2025-Q5", "2025-S3", "2024/2026", "2025-02-30", "1899",
         "2259", "2021-W53", "2025-7", " 2025", "Januari 2025"],
    )  # fmt: skip
    def test_refuses_what_is_no_period(self, text):
        with pytest.raises(ValueError, match=r"period|range|year|day|week|month"):
            parse(text)

    @pytest.mark.parametrize(
        ("text", "end"),
        [
            ("2025", date(2025, 12, 31)),
            ("2025-S1", date(2025, 6, 30)),
            ("2025-S2", date(2025, 12, 31)),
            ("2025-Q3", date(2025, 9, 30)),
            ("2024-02", date(2024, 2, 29)),
            ("2025-12", date(2025, 12, 31)),
            ("2025-W01", date(2025, 1, 5)),
            ("2025-07-31", date(2025, 7, 31)),
            ("2024/2025", date(2025, 6, 30)),
        ],
    )
    def test_knows_the_last_day(self, text, end):
        assert parse(text).end == end


class TestPacking:
    @given(periods())
    def test_round_trip_within_twenty_bits(self, one):
        assert 0 <= one.packed < 1 << 20
        assert unpack(one.packed) == one

    @given(periods(), periods())
    def test_sorts_by_first_day(self, one, two):
        if one.start < two.start:
            assert one.packed < two.packed

    @given(periods(), periods())
    def test_tells_periods_apart(self, one, two):
        assert (one.packed == two.packed) == (one == two)

    @pytest.mark.parametrize(
        "wrong", [7, Period(Frequency.MONTH, date(2025, 7, 2)).packed, (1 << 17) << 3]
    )
    def test_refuses_what_it_did_not_pack(self, wrong):
        with pytest.raises(ValueError, match=r"Frequency|period|1900"):
            unpack(wrong)


class TestUnpack:
    @given(
        frequency=st.sampled_from(Frequency),
        day=st.dates(date(1899, 12, 1), date(2260, 2, 1)),
    )
    def test_only_a_day_on_which_such_a_period_begins(self, frequency, day):
        one = Period(frequency, day)
        try:
            begins = one.packed >= 0 and parse(str(one)) == one
        except ValueError:
            begins = False
        if begins:
            assert unpack(one.packed) == one
        else:
            with pytest.raises(ValueError, match="first day of a period"):
                unpack(one.packed)
