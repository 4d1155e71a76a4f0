"""From a file to raw tables, whatever its format."""

from __future__ import annotations

import os

from . import csv_reader
from .limits import DEFAULT_LIMITS, Limits, ReadError
from .raw import RawTable
from .sniff import Container, sniff

__all__ = ["Limits", "ReadError", "read_tables"]


def read_tables(
    path: str,
    *,
    name: str,
    format: str | None,
    limits: Limits = DEFAULT_LIMITS,
    sheet: str | None = None,
    head: int | None = None,
) -> list[RawTable]:
    """Read a file's tables as text.

    What the file is, is told by its content; its name only helps to say what is wrong.

    Args:
        path: where the file is.
        name: what people call it.
        format: format its owner or its name claims, or None.
        limits: sizes above which it is refused.
        sheet: read only this sheet; None: all visible ones.
        head: read only so many rows of each.

    Returns:
        One table per visible sheet, in the file's order; one for a text file.

    Raises:
        ReadError: it is no table that can be read; nothing else is ever raised for its content.
    """
    size = os.path.getsize(path)
    if size > limits.bytes:
        raise ReadError(
            "berkas-terlalu-besar",
            {"name": name, "size": round(size / 1e6, 1), "limit": round(limits.bytes / 1e6, 1)},
        )
    if size == 0:
        raise ReadError("berkas-kosong", {"name": name})
    container = sniff(path, name=name, format=format)
    if container is Container.TEXT:
        return [csv_reader.read(path, name=name, limits=limits, head=head)]
    from . import sheet_reader

    return sheet_reader.read(path, container, name=name, limits=limits, sheet=sheet, head=head)
