"""Small arithmetic expressions over figures, as rule files write them.

Numbers, names, ``+ - * /``, brackets, ``min(a, b)``, ``max(a, b)`` and ``abs(a)``; nothing else
can be written, and nothing is executed as Python. Values are intervals: a written 7.4 stands for
anything from 7.35 to 7.45, and what is computed from it is known as closely as that.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from .frozen import frozen

Floats = npt.NDArray[np.float64]

#: A formula of a statistical standard is a line; what is longer is no formula.
_LONGEST = 500
_DEEPEST = 40


class ExpressionError(ValueError):
    """The text is no expression; the message says why."""


@frozen
class Interval:
    """Values known within limits; all arrays have shape ``(n,)``.

    Attributes:
        value: as computed from the written figures.
        low: the least it can be.
        high: the most it can be.
    """

    value: Floats
    low: Floats
    high: Floats

    @classmethod
    def around(cls, value: Floats, half: Floats) -> Interval:
        """Written values with half a unit of their last digits."""
        return cls(value, value - half, value + half)


Function = Callable[[Mapping[str, Interval]], Interval]


@frozen
class Expression:
    """A parsed expression.

    Attributes:
        text: as written.
        names: the names in it.
    """

    text: str
    names: frozenset[str]
    _compute: Function

    def __call__(self, values: Mapping[str, Interval]) -> Interval:
        """Compute for whole columns.

        Args:
            values: name -> intervals, all of one shape.

        Returns:
            The results; not finite where something is divided by zero.
        """
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return self._compute(values)


def parse(text: str) -> Expression:
    """Read an expression.

    Raises:
        ExpressionError: it holds anything but arithmetic, is too long or too deep.
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"longer than {_LONGEST} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"not an expression: {text!r}") from error
    names: set[str] = set()
    compute = _build(tree.body, names, 0)
    if not names:
        raise ExpressionError(f"names nothing: {text!r}")
    return Expression(text.strip(), frozenset(names), compute)


def _build(node: ast.expr, names: set[str], depth: int) -> Function:
    if depth > _DEEPEST:
        raise ExpressionError("nested too deeply")
    match node:
        case ast.Constant(value=bool()):
            raise ExpressionError(f"{node.value} is no number")
        case ast.Constant(value=int() | float() as number):
            return _constant(float(number))
        case ast.Name(id=name):
            names.add(name)
            return lambda values: values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _applied(_negative, _build(operand, names, depth + 1))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            one, two = _build(left, names, depth + 1), _build(right, names, depth + 1)
            return _applied(_OPERATORS[type(op)], one, two)
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS:
            count, function = _FUNCTIONS[name]
            if len(args) != count:
                raise ExpressionError(f"{name} takes {count} values, not {len(args)}")
            return _applied(function, *(_build(a, names, depth + 1) for a in args))
    raise ExpressionError(f"not arithmetic: {ast.unparse(node)!r}")


def _constant(number: float) -> Function:
    exact = np.array(number)
    return lambda values: Interval(exact, exact, exact)


def _applied(function: Callable[..., Interval], *parts: Function) -> Function:
    return lambda values: function(*(part(values) for part in parts))


def _negative(a: Interval) -> Interval:
    return Interval(-a.value, -a.high, -a.low)


def _add(a: Interval, b: Interval) -> Interval:
    return Interval(a.value + b.value, a.low + b.low, a.high + b.high)


def _subtract(a: Interval, b: Interval) -> Interval:
    return _add(a, _negative(b))


def _multiply(a: Interval, b: Interval) -> Interval:
    return _spanned(
        a.value * b.value, a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high
    )


def _divide(a: Interval, b: Interval) -> Interval:
    # A divisor that may be zero lets the result be anything.
    through_zero = (b.low <= 0) & (b.high >= 0) & (b.low != b.high)
    out = _spanned(
        a.value / b.value, a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high
    )
    return Interval(
        out.value,
        np.where(through_zero, -np.inf, out.low),
        np.where(through_zero, np.inf, out.high),
    )


def _spanned(value: Floats, *corners: Floats) -> Interval:
    return Interval(value, np.minimum.reduce(corners), np.maximum.reduce(corners))


def _least(a: Interval, b: Interval) -> Interval:
    return Interval(
        np.minimum(a.value, b.value), np.minimum(a.low, b.low), np.minimum(a.high, b.high)
    )


def _greatest(a: Interval, b: Interval) -> Interval:
    return Interval(
        np.maximum(a.value, b.value), np.maximum(a.low, b.low), np.maximum(a.high, b.high)
    )


def _absolute(a: Interval) -> Interval:
    inside = (a.low <= 0) & (a.high >= 0)
    one, two = np.abs(a.low), np.abs(a.high)
    return Interval(
        np.abs(a.value), np.where(inside, 0.0, np.minimum(one, two)), np.maximum(one, two)
    )


_OPERATORS: Mapping[type[ast.operator], Callable[[Interval, Interval], Interval]] = {
    ast.Add: _add,
    ast.Sub: _subtract,
    ast.Mult: _multiply,
    ast.Div: _divide,
}

_FUNCTIONS: Mapping[str, tuple[int, Callable[..., Interval]]] = {
    "min": (2, _least),
    "max": (2, _greatest),
    "abs": (1, _absolute),
}
