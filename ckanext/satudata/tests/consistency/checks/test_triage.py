from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ckanext.satudata.consistency.findings import Cause

from ..worlds import KECAMATAN, NEED, candidate, cell, check, figures, found, public

FIRST, SECOND, THIRD, FOURTH = KECAMATAN
#: Values far apart, so that nothing but what is meant explains a difference.
PUBLIC = {FIRST: "113.7", SECOND: "289.4", THIRD: "471.2", FOURTH: "658.9"}


def cause(mine, theirs, **changes) -> Cause:
    """The cause of the first conflict; changes are made to the candidate's arrays."""
    ours = replace(figures(NEED, mine), **changes)
    report = check(candidate(ours), public(1, NEED, theirs))
    return found(report, "nilai-berbeda")[0].cause


def rows(values: dict[str, str], when: str = "2025"):
    return [cell(when, where, text, "beras") for where, text in values.items()]


class TestTriage:
    def test_provisional_against_final(self):
        mine = figures(NEED, rows({FIRST: "150.3"}))
        provisional = np.ones_like(mine.status)
        assert cause(rows({FIRST: "150.3"}), rows(PUBLIC), status=provisional) is Cause.VINTAGE

    def test_the_value_of_the_row_below(self):
        shifted = {FIRST: "289.4", SECOND: "471.2", THIRD: "658.9", FOURTH: "1.1"}
        assert cause(rows(shifted), rows(PUBLIC)) is Cause.SHIFTED_ROW

    def test_the_value_of_the_column_beside(self):
        years = [cell("2024", FIRST, "471.2", "beras"), cell("2025", FIRST, "5.3", "beras")]
        known = [cell("2024", FIRST, "113.7", "beras"), cell("2025", FIRST, "471.2", "beras")]
        ours = figures(NEED, years)
        places = {"row": np.full_like(ours.row, 2), "column": np.array([2, 3], np.int16)}
        assert cause(years, known, **places) is Cause.SHIFTED_COLUMN

    @pytest.mark.parametrize("when", ["2024", "2026"])
    def test_the_value_of_another_period(self, when):
        known = [*rows(PUBLIC), cell(when, FIRST, "777.3", "beras")]
        assert cause(rows({FIRST: "777.3"}), known) is Cause.REFERENCE_DATE

    @pytest.mark.parametrize("text", ["113.9", "143.7", "1113.7", "11.7"])
    def test_one_digit(self, text):
        assert cause(rows({FIRST: text}), rows(PUBLIC)) is Cause.MISTAKE

    def test_two_swapped_digits_come_first(self):
        assert cause(rows({FIRST: "131.7"}), rows(PUBLIC)) is Cause.TRANSPOSED_DIGITS

    def test_small_values_prove_nothing(self):
        known = rows({FIRST: "1", SECOND: "9"})
        assert cause(rows({FIRST: "9", SECOND: "5"}), known) is Cause.UNKNOWN

    def test_nothing_explains_it(self):
        assert cause(rows({FIRST: "901.5"}), rows(PUBLIC)) is Cause.UNKNOWN
