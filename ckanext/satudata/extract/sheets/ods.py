"""Looking into an ODS file before calamine parses it (OpenDocument 1.3 part 3, §9)."""

from __future__ import annotations

import html
import re

from ..limits import Limits, ReadError
from .archive import Archive
from .scan import SheetScan, require_size

_TAG = re.compile(
    rb"<(?P<close>/?)(?:table:(?P<kind>table-row|table-cell|covered-table-cell|table))\b"
    rb"(?P<attrs>(?:\"[^\"]*\"|'[^']*'|[^>\"'])*?)(?P<empty>/?)>"
)
_ROWS = re.compile(rb"number-rows-repeated\s*=\s*[\"'](\d+)")
_COLUMNS = re.compile(rb"number-columns-repeated\s*=\s*[\"'](\d+)")
_NAME = re.compile(rb"table:name\s*=\s*[\"']([^\"']*)")
_ERROR = re.compile(rb"value-type\s*=\s*[\"']error[\"']")
_PERCENT = re.compile(rb"value-type\s*=\s*[\"']percentage[\"']")
_SPACES = re.compile(rb"text:c\s*=\s*[\"']\d{5,}")
_TEXT = re.compile(rb"<text:p[^>]*>([^<]*)<")
_ERROR_TEXT = re.compile(rb"#[A-Z/0!?N]+|Err:\d+")


def scan(archive: Archive, *, name: str, limits: Limits) -> dict[str, SheetScan]:
    """Look through a document; see :func:`.xlsx.scan`.

    Raises:
        ReadError: damage, macros, encryption, or sizes beyond the limits.
    """
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise ReadError("berkas-terkunci", {"name": name})
    if any(n.startswith("Basic/") and n.endswith(".xml") and "Module" in n for n in archive.names):
        raise ReadError("berkas-makro", {"name": name})
    for part in archive.names - {"content.xml"}:
        for _ in archive.chunks(part):
            pass
    if "content.xml" not in archive.names:
        raise ReadError("berkas-rusak", {"name": name})
    archive.require_xml("content.xml")
    data = archive.read("content.xml", limits.unpacked)
    if _SPACES.search(data):
        raise ReadError("bom-zip", {"name": name, "limit": round(limits.unpacked / 1e6)})
    walk = _Walk(data, name, limits)
    for tag in _TAG.finditer(data):
        walk.step(tag)
    return walk.sheets


class _Walk:
    """Follows rows and cells through the tags, counting repeated ones without expanding them."""

    def __init__(self, data: bytes, name: str, limits: Limits) -> None:
        self.sheets: dict[str, SheetScan] = {}
        self._data, self._name, self._limits = data, name, limits
        self._sheet = ""
        self._row = self._column = self._used = 0
        self._repeat = 1
        self._cell: tuple[int, int, bytes] | None = None

    def step(self, tag: re.Match[bytes]) -> None:
        """Take one tag."""
        opening = not tag["close"]
        match tag["kind"]:
            case b"table":
                if opening:
                    found = _NAME.search(tag["attrs"])
                    title = found.group(1).decode("utf-8", "replace") if found else ""
                    self._sheet, self._row = html.unescape(title), 0
                    self.sheets[self._sheet] = SheetScan()
            case b"table-row":
                if opening:
                    self._repeat = _count(_ROWS, tag["attrs"])
                    self._column = self._used = 0
                if not opening or tag["empty"]:
                    self._end_row()
            case _:
                if opening:
                    self._start_cell(tag)
                else:
                    self._end_cell(tag.start())

    def _start_cell(self, tag: re.Match[bytes]) -> None:
        width = _count(_COLUMNS, tag["attrs"])
        if not tag["empty"]:
            self._cell = (tag.end(), self._column, tag["attrs"])
            self._used = self._column + width
        self._column += width

    def _end_cell(self, end: int) -> None:
        if self._cell is not None and self._sheet in self.sheets:
            _note_cell(self._data, self._cell, end, self._row, self.sheets[self._sheet])
        self._cell = None

    def _end_row(self) -> None:
        self._row += self._repeat
        if self._used and self._sheet in self.sheets:
            scan_ = self.sheets[self._sheet]
            scan_.rows = self._row
            scan_.columns = max(scan_.columns, self._used)
            require_size(
                scan_.rows, scan_.columns, name=self._name, sheet=self._sheet, limits=self._limits
            )


def _count(pattern: re.Pattern[bytes], attrs: bytes) -> int:
    found = pattern.search(attrs)
    return max(1, min(int(found.group(1)[:9]), 1 << 30)) if found else 1


def _note_cell(
    data: bytes, start: tuple[int, int, bytes], end: int, row: int, result: SheetScan
) -> None:
    begin, column, attrs = start
    if _PERCENT.search(attrs):
        result.percent.add((row, column))
    if b"formula" not in attrs and not _ERROR.search(attrs):
        return
    text = _TEXT.search(data, begin, end)
    shown = text.group(1) if text else b""
    if _ERROR.search(attrs) or _ERROR_TEXT.fullmatch(shown):
        result.errors[(row, column)] = shown.decode("utf-8", "replace") or "#ERROR!"
