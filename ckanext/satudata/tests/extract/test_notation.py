from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.extract.notation import (
    Notation,
    common,
    detect,
    evidence,
    prepare,
    settle,
    to_numbers,
)
from ckanext.satudata.extract.odd_numbers import read_odd
from ckanext.satudata.extract.state import State

NUMBERS = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=None
).map(lambda d: d.quantize(Decimal(10) ** -min(6, max(0, -d.as_tuple().exponent))))


def write(number: Decimal, notation: str, *, grouped: bool) -> str:
    text = f"{number:,f}" if grouped else f"{number:f}"
    return text if notation == "en" else text.translate(str.maketrans(",.", ".,"))


def texts(cells: list[str | None]) -> pl.Series:
    return pl.Series(cells, dtype=pl.String)


class TestDetect:
    @pytest.mark.parametrize(
        ("cells", "notation"),
        [
            (["9,31", "448.850"], Notation.ID),
            (["1.234.567"], Notation.ID),
            (["1.234,5"], Notation.ID),
            (["0,123"], Notation.ID),
            (["1234,567"], Notation.ID),
            (["9.31", "448,850"], Notation.EN),
            (["1,234.5"], Notation.EN),
            (["0.123"], Notation.EN),
            (["448.850", "12"], Notation.AMBIGUOUS),
            (["448,850"], Notation.AMBIGUOUS),
            (["1", "-", None, "23"], Notation.PLAIN),
            (["9.31", "9,31"], Notation.MIXED),
            (["1.234.567", "1,234,567"], Notation.MIXED),
            (["1.2.3"], Notation.PLAIN),
        ],
    )
    def test_evidence(self, cells: list[str | None], notation: Notation) -> None:
        assert detect(pl.Series(cells, dtype=pl.String)) is notation

    def test_examples_are_positions_of_cells(self) -> None:
        found = evidence(prepare(pl.Series(["5", "9.31", "x", "9,31"])))
        assert (found.english, found.indonesian) == (1, 3)

    def test_number_cells_of_a_spreadsheet_are_no_evidence(self) -> None:
        column = prepare(pl.Series(["9.31", "8,5"]), np.array([True, False]))
        assert evidence(column).notation is Notation.ID

    def test_evidence_behind_the_first_glance_is_found(self) -> None:
        cells = pl.Series(["448.850"] * 20_000 + ["448.8"])
        assert detect(cells) is Notation.EN


class TestSettle:
    FOUND = evidence(prepare(pl.Series(["448.850"])))

    def test_declared_wins(self) -> None:
        assert settle([self.FOUND], declared=Notation.EN, whole=True) is Notation.EN

    def test_whole_units(self) -> None:
        assert settle([self.FOUND], whole=True) is Notation.ID

    def test_whole_units_with_commas(self) -> None:
        assert settle([evidence(prepare(pl.Series(["448,850"])))], whole=True) is Notation.EN

    def test_table(self) -> None:
        assert settle([self.FOUND], table=Notation.EN) is Notation.EN

    def test_contradiction_decides_nothing(self) -> None:
        assert settle([self.FOUND], table=Notation.EN, whole=True) is Notation.AMBIGUOUS

    def test_both_separators_decide_nothing(self) -> None:
        both = evidence(prepare(pl.Series(["448.850", "1,250"])))
        assert settle([both], whole=True) is Notation.AMBIGUOUS

    def test_columns_of_one_measure_are_judged_together(self) -> None:
        other = evidence(prepare(pl.Series(["9,31"])))
        assert settle([self.FOUND, other]) is Notation.ID

    def test_common(self) -> None:
        assert common([Notation.ID, Notation.PLAIN, Notation.AMBIGUOUS]) is Notation.ID
        assert common([Notation.ID, Notation.EN]) is None
        assert common([Notation.PLAIN]) is None


class TestToNumbers:
    @given(st.lists(NUMBERS, min_size=1, max_size=30), st.sampled_from(["id", "en"]), st.booleans())
    def test_what_was_written_is_read(self, numbers, notation: str, grouped: bool) -> None:
        cells = pl.Series([write(n, notation, grouped=grouped) for n in numbers])
        read = to_numbers(cells, Notation(notation))
        assert read.values.tolist() == [float(n) for n in numbers]
        assert read.decimals.tolist() == [max(0, -n.as_tuple().exponent) for n in numbers]
        assert not read.bad.any()

    @given(st.lists(NUMBERS, min_size=1, max_size=30), st.sampled_from(["id", "en"]), st.booleans())
    def test_a_column_never_shows_the_wrong_notation(self, numbers, notation, grouped) -> None:
        cells = pl.Series([write(n, notation, grouped=grouped) for n in numbers])
        assert detect(cells) in (Notation(notation), Notation.AMBIGUOUS, Notation.PLAIN)

    def test_cells_of_the_other_notation_are_bad(self) -> None:
        read = to_numbers(pl.Series(["1.5", "2,5", "3"]), Notation.ID)
        assert read.state.tolist() == [State.OTHER_NOTATION, State.OK, State.OK]
        assert read.values[1:].tolist() == [2.5, 3]

    def test_missing_is_not_bad(self) -> None:
        read = to_numbers(pl.Series(["-", None, "1"]), Notation.PLAIN)
        assert read.bad.tolist() == [False, False, False]
        assert np.isnan(read.values).tolist() == [True, True, False]

    def test_endless_digits(self) -> None:
        assert to_numbers(pl.Series(["9" * 400]), Notation.PLAIN).state.tolist() == [
            State.TOO_LARGE
        ]

    def test_exact_cells_keep_their_point(self) -> None:
        column = prepare(pl.Series(["1.5", "1.234,5"]), np.array([True, False]))
        assert to_numbers(column, Notation.ID).values.tolist() == [1.5, 1234.5]

    def test_spaces_around_each_number(self) -> None:
        assert to_numbers(pl.Series([" 1,5 ", "2,5\u00a0", "3"]), Notation.ID).values.tolist() == [
            1.5,
            2.5,
            3,
        ]


class TestReadOdd:
    @pytest.mark.parametrize(
        ("text", "core", "mark", "suffix"),
        [
            ("(1.234)", "-1.234", "", ""),
            ("1.234-", "-1.234", "", ""),
            ("−5", "-5", "", ""),
            ("- 5", "-5", "", ""),
            ("Rp 14.500", "14.500", "", "rp"),
            ("Rp. 14.500,-", "14.500", "", "rp"),
            ("-Rp 500", "-500", "", "rp"),
            ("14.500,-", "14.500", "", "rp"),
            ("1 234 567,5", "1234567,5", "", ""),
            ("1\u00a0234", "1234", "", ""),
            ("12,5%", "12,5", "", "%"),
            ("12 ton", "12", "", "ton"),
            ("1.234*", "1.234", "*", ""),
            ("1.234**)", "1.234", "**", ""),
            ("1.234 r)", "1.234", "r", ""),
            ("1.234r", "1.234", "r", ""),
            ("1.234¹", "1.234", "¹", ""),
            ("1.234 1)", "1.234", "1", ""),
            ("12%*", "12", "*", "%"),
            (",5", "0,5", "", ""),
            ("'12", "12", "", ""),
            ("\u200b12\ufeff", "12", "", ""),
        ],
    )
    def test_understood(self, text: str, core: str, mark: str, suffix: str) -> None:
        odd = read_odd(text)
        assert (odd.core, odd.state, odd.mark, odd.suffix) == (core, State.OK, mark, suffix)

    @pytest.mark.parametrize(
        ("text", "state"),
        [
            ("t.a.d", State.MISSING),
            ("…", State.MISSING),
            ("Tidak ada data", State.MISSING),
            ("nihil", State.UNREADABLE),
            ("NaN", State.UNREADABLE),
            ("inf", State.UNREADABLE),
            ("(-5)", State.UNREADABLE),
            ("1 23", State.UNREADABLE),
            ("12/5", State.UNREADABLE),
            ("2025-05-01", State.UNREADABLE),
            ("１２", State.UNREADABLE),
            ("1.2E+05", State.SCIENTIFIC),
            ("#N/A", State.FORMULA_ERROR),
            ("#REF!", State.FORMULA_ERROR),
        ],
    )
    def test_not_a_number(self, text: str, state: State) -> None:
        assert read_odd(text).state is state

    @given(st.text(max_size=30))
    def test_never_fails(self, text: str) -> None:
        odd = read_odd(text)
        assert (odd.core is not None) == (odd.state is State.OK)


class TestLongColumns:
    """A column that goes on as it began is looked at once; what differs must still be seen."""

    @pytest.mark.parametrize(("begun", "cell"), [("id", "1.234,5"), ("en", "1,234.5")])
    @pytest.mark.parametrize(
        ("last", "notation"),
        [("7", None), (None, None), ("1.234,5", "id"), ("1,234.5", "en"), ("5,5 *", "id")],
    )
    def test_the_last_cell_counts(self, begun, cell, last, notation):
        cells = [cell] * 6_000 + [last]
        expected = begun if notation in (None, begun) else "mixed"
        assert str(detect(texts(cells))) == expected

    def test_numbers_are_those_of_a_short_column(self):
        some = ["1.234,5", "7", None, "0,25", "-3.000", "448.850"]
        short, long = (to_numbers(texts(some * times), Notation.ID) for times in (1, 2_000))
        for name in ("values", "decimals", "state"):
            expected = np.tile(getattr(short, name), 2_000)
            np.testing.assert_array_equal(getattr(long, name), expected)

    def test_another_notation_than_the_one_it_has_fits_no_cell(self):
        numbers = to_numbers(texts(["1.234,5"] * 6_000), Notation.EN)
        assert set(numbers.state) == {State.OTHER_NOTATION}
