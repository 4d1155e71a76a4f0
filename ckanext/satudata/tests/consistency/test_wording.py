from __future__ import annotations

import pytest

from ckanext.satudata.consistency import wording
from ckanext.satudata.consistency.findings import Cause, Location, Outcome, Severity
from ckanext.satudata.consistency.observations import TableRef
from ckanext.satudata.consistency.period import parse


class TestNumber:
    @pytest.mark.parametrize(
        ("value", "indonesian", "english"),
        [
            (1234.5, "1.234,5", "1,234.5"),
            (-1234567.0, "-1.234.567", "-1,234,567"),
            (0.0, "0", "0"),
            (-0.25, "-0,25", "-0.25"),
            (448_850, "448.850", "448,850"),
            (9e15, "9.000.000.000.000.000", "9,000,000,000,000,000"),
            (0.1 + 0.2, "0,3", "0.3"),
            (1e-7, "0,0000001", "0.0000001"),
            (1234.0000001, "1.234,0000001", "1,234.0000001"),
            (None, "–", "–"),
        ],
    )
    def test_uses_the_languages_notation(self, value, indonesian, english):
        assert wording.number(value, "id") == indonesian
        assert wording.number(value, "en") == english


class TestPeriod:
    @pytest.mark.parametrize(
        ("text", "indonesian", "english"),
        [
            ("2025", "2025", "2025"),
            ("2025-S2", "Semester II 2025", "Semester II 2025"),
            ("2025-Q3", "Triwulan III 2025", "Quarter III 2025"),
            ("2025-05", "Mei 2025", "May 2025"),
            ("2025-W01", "Minggu 1 2025", "Week 1 2025"),
            ("2024-12-31", "31 Desember 2024", "31 December 2024"),
            ("2024/2025", "2024/2025", "2024/2025"),
        ],
    )
    def test_says_it_as_people_do(self, text, indonesian, english):
        assert wording.period(parse(text), "id") == indonesian
        assert wording.period(parse(text), "en") == english


class TestCell:
    TABLES = (TableRef("r", "stok.xlsx", "Data"), TableRef("r2", "lain.csv", None))

    @pytest.mark.parametrize(
        ("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")]
    )
    def test_columns_are_letters(self, column, letters):
        assert wording.column_letters(column) == letters

    def test_names_row_and_column(self):
        where = Location(0, 7, 3, "Kebutuhan")
        assert wording.cell(where, "id") == "baris 7, kolom D (Kebutuhan)"
        assert wording.cell(where, "en") == "row 7, column D (Kebutuhan)"
        assert wording.cell(Location(0, 7), "id") == "baris 7"

    def test_names_the_table_where_there_are_several(self):
        where = Location(0, 7, 3)
        assert wording.cell(where, "id", self.TABLES) == "stok.xlsx (Data), baris 7, kolom D"
        assert wording.cell(where, "id", self.TABLES[:1]) == "baris 7, kolom D"

    def test_names_the_table_where_nothing_else_is_known(self):
        assert wording.cell(Location(0), "id", self.TABLES[:1]) == "stok.xlsx (Data)"
        assert wording.cell(Location(1), "id", self.TABLES) == "lain.csv"
        assert wording.cell(Location(9), "id", self.TABLES) == "–"
        assert wording.cell(None, "id") == "–"


class TestWords:
    @pytest.mark.parametrize(
        ("words", "enumeration"),
        [
            (wording.SEVERITIES, Severity),
            (wording.OUTCOMES, Outcome),
            (wording.CAUSES, Cause),
        ],
    )
    def test_every_value_has_a_word_in_every_language(self, words, enumeration):
        assert set(words) == {e.value for e in enumeration}
        assert all(set(texts) == {"id", "en"} for texts in words.values())
