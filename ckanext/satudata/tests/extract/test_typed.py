"""Numbers typed into a form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ckanext.satudata.extract.state import State
from ckanext.satudata.extract.typed import read_typed

from .books import book

BOOK = book()


class TestReadTyped:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("1.234,5", "1234.5"),
            ("7412,60", "7412.60"),
            ("-3", "-3"),
            ("5 ton", "5"),
            ("9007199254740993,1", None),
        ],
    )
    def test_is_exact_to_the_last_digit(self, text: str, value: str | None) -> None:
        (found,) = read_typed([text], BOOK.units.units["ton"], BOOK)
        assert found.value == (None if value is None else Decimal(value))
        assert str(found.value) == str(value)

    @pytest.mark.parametrize(
        ("text", "state"),
        [
            ("", State.MISSING),
            ("  ", State.MISSING),
            ("-", State.MISSING),
            ("n/a", State.MISSING),
            ("1,234.5", State.OTHER_NOTATION),
            ("12 kg", State.OTHER_UNIT),
            ("abc", State.UNREADABLE),
            ("5*", State.UNREADABLE),
            ("1e5", State.SCIENTIFIC),
        ],
    )
    def test_says_why_there_is_no_number(self, text: str, state: State) -> None:
        (found,) = read_typed([text], BOOK.units.units["ton"], BOOK)
        assert (found.value, found.state) == (None, state)

    def test_reads_each_cell_by_itself(self) -> None:
        found = read_typed(["1.234", "abc", "", "5,5"], BOOK.units.units["ton"], BOOK)
        assert [f.value for f in found] == [Decimal(1234), None, None, Decimal("5.5")]
