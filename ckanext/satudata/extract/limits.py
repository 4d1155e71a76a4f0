"""How large a file may be, and the error that refuses one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from ..consistency.frozen import frozen


class ReadError(Exception):
    """A file cannot be read as a table.

    Attributes:
        code: id of a rule in ``rules/reading.yaml``, which holds the words for people.
        params: values for those words; JSON-ready.
    """

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {dict(params or {})}")
        self.code = code
        self.params: dict[str, Any] = dict(params or {})


@frozen(slots=True)
class Limits:
    """Sizes above which a file is refused, before it can cost memory.

    Attributes:
        bytes: size of the file as uploaded.
        unpacked: size of all parts of a spreadsheet file once unpacked.
        ratio: how many times larger than its packed form one part may be. Real sheets stay
            below 100; a deflated run of one byte reaches 1,032.
        entries: number of parts in a spreadsheet file.
        rows: rows of one sheet.
        columns: columns of one sheet.
        cells: rows times columns of one sheet.
        text: bytes that the texts of one sheet may take when every cell has its own copy.
    """

    bytes: int = field(default=100_000_000)
    unpacked: int = 1_000_000_000
    ratio: int = 300
    entries: int = 2_000
    rows: int = 2_000_000
    columns: int = 1_024
    cells: int = 20_000_000
    text: int = 1_000_000_000


DEFAULT_LIMITS = Limits()


def require_size(rows: int, columns: int, *, name: str, sheet: str | None, limits: Limits) -> None:
    """Refuse a sheet whose rectangle is too large.

    Raises:
        ReadError: too many rows, columns or cells.
    """
    where = {"name": f"{name}, {sheet}" if sheet else name}
    if columns > limits.columns:
        raise ReadError(
            "kolom-terlalu-banyak", {**where, "found": columns, "limit": limits.columns}
        )
    if rows > limits.rows:
        raise ReadError("baris-terlalu-banyak", {**where, "found": rows, "limit": limits.rows})
    if rows * columns > limits.cells:
        raise ReadError(
            "sel-terlalu-banyak", {**where, "found": rows * columns, "limit": limits.cells}
        )
