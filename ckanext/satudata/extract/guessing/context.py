"""What stands around a table: titles, names of sheet and file, the dataset's title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ...consistency.frozen import frozen
from ...consistency.period import Frequency, Period
from ...consistency.vocabulary import Code, CodeBook, Unit, normalise
from . import lists, times, words
from .grid import Grid

if TYPE_CHECKING:
    from ..raw import RawTable

#: Sheet names that programs give; they say nothing.
_BLAND = re.compile(r"(?:sheet|lembar|tabel|table|data)\s*\d*", re.IGNORECASE)
_REGION_CLAUSE = re.compile(
    r"\b(kabupaten|kab|kecamatan|kec|kelurahan|kel|desa)\b\.?\s*:?\s*(.+)", re.IGNORECASE
)
#: Underscores and hyphens of a file name, except inside "2025-01".
_FILE_GAP = re.compile(r"_|(?<!\d)-|-(?!\d)")
_LONGEST_NAME = 4
#: Characters of a text that are looked at; a title is shorter, and a crafted one costs time.
_LONGEST_TEXT = 1000


@frozen
class Context:
    """Texts around a table, from the nearest to the farthest.

    Attributes:
        texts: text and how far it is trusted to say what is measured, 0 to 1.
        region: canonical code of the publisher's own region, from the hints.
    """

    texts: tuple[tuple[str, float], ...]
    region: str | None = None

    @property
    def plain(self) -> tuple[str, ...]:
        """The texts alone."""
        return tuple(text for text, _ in self.texts)

    def period(self) -> Period | None:
        """The period that the nearest text naming one names."""
        return times.common(self.plain)

    def year(self) -> int | None:
        """The year for months that stand without one."""
        for text in self.plain:
            years = {p.start.year for p in times.find(text).periods}
            schoolish = any(p.frequency is Frequency.SCHOOL_YEAR for p in times.find(text).periods)
            if years:
                return years.pop() if len(years) == 1 and not schoolish else None
        return None

    def unit(self, book: CodeBook) -> Unit | None:
        """The unit stated above the table: ``(dalam ton)``, ``Satuan: Rp/kg``."""
        for text in self.plain:
            unit = words.stated_unit(text, book.units)
            if unit is not None:
                return unit
        return None

    def named_region(self, book: CodeBook) -> Code | None:
        """The region a text names after its level ("Kecamatan Sepauk"), the most detailed one."""
        found: list[Code] = []
        for text in self.plain:
            rest = text.replace("_", " ")
            while (match := _REGION_CLAUSE.search(rest)) is not None:
                code = _leading_region(match.group(1), match.group(2), book)
                if code is not None:
                    found.append(code)
                rest = match.group(2)
            alone = [c for c in lists.regions_named(text, book) if c.code != book.home]
            if len(alone) == 1 and book.regions.is_within(alone[0].code, book.home):
                found.append(alone[0])
        return max(found, key=lambda c: lists.depth(c.level), default=None)


def gather(table: RawTable, grid: Grid, hints: Mapping[str, object]) -> Context:
    """Collect the texts around a table.

    Args:
        table: the sheet.
        grid: its table.
        hints: ``title`` of the dataset, ``resource`` (name given to the file's entry), ``name``
            of the file, ``region`` of the publisher; all optional.
    """
    texts = [(t, 0.95) for t in grid.titles]
    texts += [(t, 0.9) for t in (_hint(hints, "title"), _hint(hints, "resource")) if t]
    if table.sheet and not _BLAND.fullmatch(table.sheet.strip()):
        texts.append((table.sheet, 0.74))
    for name in dict.fromkeys((table.name, _hint(hints, "name"))):
        if name:
            texts.append((_FILE_GAP.sub(" ", PurePosixPath(name).stem), 0.74))
    return Context(
        tuple((t[:_LONGEST_TEXT], trust) for t, trust in texts), _hint(hints, "region") or None
    )


def _hint(hints: Mapping[str, object], key: str) -> str:
    value = hints.get(key)
    return value if isinstance(value, str) else ""


def _leading_region(level: str, text: str, book: CodeBook) -> Code | None:
    wanted = lists.header_level(level)
    pieces = normalise(text).split()
    for size in range(min(_LONGEST_NAME, len(pieces)), 0, -1):
        for code in lists.regions_named(" ".join(pieces[:size]), book):
            if code.level == wanted:
                return code
    return None
