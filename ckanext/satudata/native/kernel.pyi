"""What the extension module offers; each function is described in its C source."""

from typing import Any

import numpy.typing as npt

_Array = npt.NDArray[Any]
_Bytes = bytes | memoryview | _Array

def periods(keys: _Array, shift: int, starts: _Array) -> int: ...
def lines(data: _Bytes) -> int: ...
def scan(data: _Bytes, delimiter: str, width: int, plain: bool, starts: _Array) -> int: ...
def texts(
    data: _Bytes, starts: _Array, width: int, column: int, first: int, positions: _Array
) -> list[str | None]: ...
def number(
    data: _Bytes, starts: _Array, width: int, column: int, first: int, codes: _Array
) -> tuple[list[str], int]: ...
def evidence(
    data: _Bytes, starts: _Array, width: int, column: int, first: int, missing: _Array
) -> tuple[int, int, int, int, int] | None: ...
def figures(
    data: _Bytes,
    starts: _Array,
    width: int,
    column: int,
    first: int,
    notation: str,
    values: _Array,
    decimals: _Array,
) -> bool: ...
def pack(parts: tuple[tuple[_Array | None, _Array, int, int], ...], keys: _Array) -> int: ...
def tally(
    keys: _Array,
    whole_of: _Array,
    period_shift: int,
    region_shift: int,
    groups: _Array,
    first: _Array,
    present: _Array,
) -> int: ...
def match(a: _Array, b: _Array, in_a: _Array, in_b: _Array) -> int: ...
def look_up(needles: _Array, haystack: _Array, found: _Array, places: _Array) -> int: ...
def unequal(
    a: _Array, rows: _Array, b: _Array, places: _Array, factor: float, out: _Array
) -> int: ...
def decode(
    keys: _Bytes,
    values: _Bytes,
    decimals: _Bytes,
    status: _Bytes,
    count: int,
    wanted: _Array | None,
    rest: int,
    at: int,
    *columns: _Array,
) -> int: ...
