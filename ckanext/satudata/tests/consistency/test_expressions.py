from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.consistency.expressions import ExpressionError, Interval, parse


def exact(*values: float) -> Interval:
    a = np.array(values, dtype=float)
    return Interval(a, a, a)


class TestParse:
    def test_computes_with_the_usual_precedence(self):
        one = parse("a + b * -2 / (c - 1)")
        assert one.names == {"a", "b", "c"}
        out = one({"a": exact(1, 2), "b": exact(3, 4), "c": exact(3, 5)})
        assert out.value.tolist() == [-2.0, 0.0]

    def test_has_three_functions(self):
        out = parse("max(min(a, b), abs(a))")({"a": exact(-3), "b": exact(2)})
        assert out.value.tolist() == [3.0]

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "not an expression"),
            ("a +", "not an expression"),
            ("1 + 2", "names nothing"),
            ("a ** 2", "not arithmetic"),
            ("a % 2", "not arithmetic"),
            ("a.real", "not arithmetic"),
            ("a[0]", "not arithmetic"),
            ("a if b else c", "not arithmetic"),
            ("__import__('os')", "not arithmetic"),
            ("min(a)", "takes 2"),
            ("abs(x=a)", "not arithmetic"),
            ("'a'", "not arithmetic"),
            ("a + True", "no number"),
            ("(lambda: a)()", "not arithmetic"),
            ("a + " * 200 + "a", "longer"),
            ("-" * 60 + "a", "too deeply"),
        ],
    )
    def test_refuses_all_else(self, text, says):
        with pytest.raises(ExpressionError, match=says):
            parse(text)


class TestIntervals:
    def test_division_by_what_may_be_zero_says_nothing(self):
        near_zero = Interval(np.array([1.0]), np.array([-1.0]), np.array([2.0]))
        out = parse("a / b")({"a": exact(6), "b": near_zero})
        assert (out.value[0], out.low[0], out.high[0]) == (6.0, -np.inf, np.inf)

    def test_division_by_zero_is_no_number(self):
        assert not np.isfinite(parse("a / b")({"a": exact(0), "b": exact(0)}).value[0])

    @pytest.mark.parametrize(
        "text", ["a + b", "a - b", "a * b", "a / b", "min(a, b)", "max(a, b)", "abs(a) - b"]
    )
    @given(data=st.data())
    def test_hold_whatever_the_written_figures_stand_for(self, text, data):
        numbers = st.integers(-50, 50)
        halves = st.integers(0, 8)
        values, inside = {}, {}
        for name in "ab":
            value, half = data.draw(numbers), data.draw(halves)
            values[name] = Interval.around(np.array([float(value)]), np.array([half / 2]))
            inside[name] = value + Fraction(half, 2) * Fraction(data.draw(st.integers(-10, 10)), 10)
        if text == "a / b" and inside["b"] == 0:
            return
        out = parse(text)(values)
        truth = {
            "a + b": lambda a, b: a + b,
            "a - b": lambda a, b: a - b,
            "a * b": lambda a, b: a * b,
            "a / b": lambda a, b: a / b,
            "min(a, b)": min,
            "max(a, b)": max,
            "abs(a) - b": lambda a, b: abs(a) - b,
        }[text](inside["a"], inside["b"])
        if np.isnan(out.low[0]) or np.isnan(out.high[0]):
            return
        assert out.low[0] - 1e-9 <= float(truth) <= out.high[0] + 1e-9
