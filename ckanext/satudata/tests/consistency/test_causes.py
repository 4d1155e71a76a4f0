from __future__ import annotations

import pytest

from ckanext.satudata.consistency.causes import guess, tidy
from ckanext.satudata.consistency.findings import Cause


class TestGuess:
    @pytest.mark.parametrize(
        ("a", "b", "half_a", "half_b", "cause"),
        [
            (12_435, 12_345, 0.5, 0.5, Cause.TRANSPOSED_DIGITS),
            (12.34, 12.43, 0.005, 0.005, Cause.TRANSPOSED_DIGITS),
            (-12_435, 12_345, 0.5, 0.5, Cause.UNKNOWN),
            (52_341, 12_345, 0.5, 0.5, Cause.UNKNOWN),  # not neighbours
            (12.39, 12.3, 0.005, 0.05, Cause.ROUNDING),  # cut off
            (448_850, 449_000, 0.5, 0.5, Cause.ROUNDING),
            (448_850, 448_000, 0.5, 0.5, Cause.ROUNDING),
            (449_000, 448_850, 0.5, 0.5, Cause.ROUNDING),
            (448_850, 462_990, 0.5, 0.5, Cause.UNKNOWN),
            (1, 2, 0.5, 0.5, Cause.UNKNOWN),
            (8, 10, 0.5, 0.5, Cause.UNKNOWN),
            (0, 5, 0.5, 0.5, Cause.UNKNOWN),
            (float("nan"), 5, 0.5, 0.5, Cause.UNKNOWN),
        ],
    )
    def test_looks_at_the_digits(self, a, b, half_a, half_b, cause):
        assert guess(a, b, half_a, half_b) is cause


class TestTidy:
    def test_drops_float_noise(self):
        assert tidy(0.3 - 0.1, 0.05, 0.05) == 0.2
        assert tidy(12.345 - 12.3, 0.0005, 0.05) == 0.045
        assert tidy(1234.0, 500.0, 500.0) == 1000.0
