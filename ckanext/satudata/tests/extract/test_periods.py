from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.extract.periods import part_of_year, read_part, read_period, read_year


class TestReadPeriod:
    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("2025", "2025"),
            (" Tahun 2025", "2025"),
            ("2025.0", "2025"),
            ("2025-S1", "2025-S1"),
            ("Semester I 2025", "2025-S1"),
            ("Semester 2 Tahun 2025", "2025-S2"),
            ("Triwulan II 2025", "2025-Q2"),
            ("TW II 2025", "2025-Q2"),
            ("TW.IV-2025", "2025-Q4"),
            ("2025 Triwulan III", "2025-Q3"),
            ("q1 2025", "2025-Q1"),
            ("Januari 2025", "2025-01"),
            ("januari\u00a02025", "2025-01"),
            ("Pebruari 2025", "2025-02"),
            ("Agt. 2025", "2025-08"),
            ("Bulan Mei Tahun 2025", "2025-05"),
            ("Jan-25", "2025-01"),
            ("Des'24", "2024-12"),
            ("01/2025", "2025-01"),
            ("2025-07", "2025-07"),
            ("2025-W05", "2025-W05"),
            ("31 Desember 2024", "2024-12-31"),
            ("31/12/2024", "2024-12-31"),
            ("1-2-2025", "2025-02-01"),
            ("2024-12-31 00:00:00", "2024-12-31"),
            ("2024/2025", "2024/2025"),
            ("Tahun Ajaran 2024-2025", "2024/2025"),
        ],
    )
    def test_understood(self, text: str, period: str) -> None:
        assert str(read_period(text)) == period

    @pytest.mark.parametrize(
        "text",
        ["", "Maret", "25", "12.5", "61.05", "13/2025", "2025-02-30", "1999/2003", "2024-2025",
         "2021-2025", "5/13/2025", "Triwulan V 2025", "Semester III 2025", "1850", "9999", "20255",
         "beras 2025"],
    )  # fmt: skip
    def test_not_certainly_a_period(self, text: str) -> None:
        assert read_period(text) is None

    @given(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)))
    def test_every_day_in_each_spelling(self, day: dt.date) -> None:
        spellings = {day.isoformat(), f"{day.day}/{day.month}/{day.year}", f"{day:%d-%m-%Y}"}
        assert {str(read_period(s)) for s in spellings} == {day.isoformat()}

    @given(st.text(max_size=30))
    def test_never_fails(self, text: str) -> None:
        read_period(text)


class TestParts:
    @pytest.mark.parametrize(
        ("concept", "text", "number"),
        [
            ("bulan", "Maret", 3),
            ("bulan", "3", 3),
            ("bulan", "03", 3),
            ("bulan", "3.0", 3),
            ("bulan", "Bulan ke-3", 3),
            ("bulan", "13", None),
            ("triwulan", "IV", 4),
            ("triwulan", "TW II", 2),
            ("triwulan", "5", None),
            ("semester", "Semester 2", 2),
            ("semester", "III", None),
        ],
    )
    def test_read_part(self, concept: str, text: str, number: int | None) -> None:
        assert read_part(concept, text) == number

    def test_read_year(self) -> None:
        assert [read_year(t) for t in ("2025", "Th. 2025", "2025.0", "25")] == [
            2025,
            2025,
            2025,
            None,
        ]

    def test_part_of_year(self) -> None:
        assert str(part_of_year("triwulan", 2025, 3)) == "2025-Q3"
