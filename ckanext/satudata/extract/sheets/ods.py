"""Looking into an ODS file before calamine parses it (OpenDocument 1.3 part 3, §9)."""

from __future__ import annotations

import re
from xml.parsers import expat

from ..limits import Limits, ReadError, require_size
from .archive import Archive
from .ods_formats import Formats
from .scan import SheetScan

_COVERED = "table:covered-table-cell"
_CELLS = frozenset({"table:table-cell", _COVERED})
_DEFAULT_STYLE = "table:default-cell-style-name"
_ERROR_TEXT = re.compile(r"#[A-Z/0!?N]+|Err:\d+")
#: Most characters kept of what may be an error's text.
_LONGEST_ERROR = 64
#: Larger counts are no real ones; what they stand for is refused all the same.
_MOST_DIGITS = 9


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
    walk = _Walk(name, limits)
    if "styles.xml" in archive.names:
        archive.require_xml("styles.xml", _Styles(walk.formats))
    archive.require_xml("content.xml", walk)
    return walk.sheets


class _Styles:
    """Handlers for expat that look at styles only."""

    def __init__(self, formats: Formats) -> None:
        self._formats = formats

    def attach(self, parser: expat.XMLParserType) -> None:
        """Set the handlers of a parser."""
        parser.buffer_text = True
        parser.StartElementHandler = self._formats.start
        parser.EndElementHandler = self._formats.end
        parser.CharacterDataHandler = self._formats.characters


class _Walk:
    """Handlers for expat; counts repeated rows and cells without expanding them, as calamine does.

    Names are compared with their usual prefix, because calamine does so.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self.sheets: dict[str, SheetScan] = {}
        self.formats = Formats()
        self._name, self._limits = name, limits
        self._columns: list[tuple[range, str, bool]] = []
        self._row_style = self._style = self._value = ""
        self._row_hidden = False
        self._sheet = ""
        self._row = self._column = self._used = 0
        self._repeat = self._width = 1
        self._filled = self._may_err = self._is_error = False
        self._length = self._row_text = self._text = 0
        self._shown: list[str] = []
        self._in_text = False

    def attach(self, parser: expat.XMLParserType) -> None:
        """Set the handlers of a parser."""
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _CELLS:
            self._start_cell(attributes)
        elif name == "table:table-row":
            self._repeat = _count(attributes, "table:number-rows-repeated")
            self._column = self._used = self._row_text = 0
            self._row_style = attributes.get(_DEFAULT_STYLE, "")
            self._row_hidden = _is_hidden(attributes)
        elif name == "table:table-column":
            columns = _count(attributes, "table:number-columns-repeated")
            start = self._columns[-1][0].stop if self._columns else 0
            style = attributes.get(_DEFAULT_STYLE, "")
            span = range(start, start + columns)
            self._columns.append((span, style, _is_hidden(attributes)))
        elif name == "table:table":
            self._sheet, self._row = attributes.get("table:name", ""), 0
            self._columns = []
            self.sheets[self._sheet] = SheetScan()
        elif not self.sheets:
            self.formats.start(name, attributes)
        else:
            self._filled = True
            self._in_text = self._may_err and name == "text:p" and not self._shown
            if name == "text:s":
                self._length += _count(attributes, "text:c")

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._width = _count(attributes, "table:number-columns-repeated")
        kinds = {value for key, value in attributes.items() if key.endswith("value-type")}
        self._filled = bool(kinds) or any(key.startswith("office:") for key in attributes)
        self._is_error = "error" in kinds
        self._may_err = self._is_error or "table:formula" in attributes
        self._style = attributes.get("table:style-name", "") or self._row_style
        self._value = attributes.get("office:value", "text")
        self._shown, self._in_text = [], False
        self._length = len(attributes.get("office:string-value", ""))
        if "percentage" in kinds and self._sheet in self.sheets:
            self.sheets[self._sheet].percent.add((self._row, self._column))

    def _characters(self, text: str) -> None:
        if not self.sheets:
            self.formats.characters(text)
            return
        self._filled = True
        self._length += len(text)
        if self._in_text:
            self._shown.append(text[:_LONGEST_ERROR])

    def _end(self, name: str) -> None:
        self._in_text = False
        if name in _CELLS:
            self._end_cell(covered=name == _COVERED)
        elif name == "table:table-row":
            self._end_row()
        elif not self.sheets:
            self.formats.end(name)

    def _look(self, sheet: SheetScan) -> None:
        """Note what is seen of a cell that holds something."""
        column = next((c for c in self._columns if self._column in c[0]), None)
        how = self.formats.of_cell(self._style or (column[1] if column else ""))
        if how is not None:
            sheet.formatted(self._row, self._column, how, self._value)
        if self._row_hidden:
            sheet.hidden_rows.add(self._row)
        if column is not None and column[2]:
            sheet.hidden_columns.add(self._column)

    def _end_cell(self, *, covered: bool) -> None:
        if self._filled and self._sheet in self.sheets:
            self._look(self.sheets[self._sheet])
        if covered and self._filled and self._sheet in self.sheets:
            self.sheets[self._sheet].covered.add((self._row, self._column))
        if self._may_err and self._sheet in self.sheets:
            shown = "".join(self._shown)
            if self._is_error or _ERROR_TEXT.fullmatch(shown):
                errors = self.sheets[self._sheet].errors
                errors[(self._row, self._column)] = shown or "#ERROR!"
        self._column += self._width
        if self._filled:
            self._used = self._column
            self._row_text += self._length * self._width
        self._may_err = False

    def _end_row(self) -> None:
        self._row += self._repeat
        if not self._used or self._sheet not in self.sheets:
            return
        found = self.sheets[self._sheet]
        found.rows = self._row
        found.columns = max(found.columns, self._used)
        require_size(
            found.rows, found.columns, name=self._name, sheet=self._sheet, limits=self._limits
        )
        # Each repeated cell becomes a copy of its text.
        self._text += self._row_text * self._repeat
        if self._text > self._limits.text:
            raise ReadError(
                "bom-zip", {"name": self._name, "limit": round(self._limits.text / 1e6)}
            )


def _is_hidden(attributes: dict[str, str]) -> bool:
    return attributes.get("table:visibility", "visible") != "visible"


def _count(attributes: dict[str, str], key: str) -> int:
    text = attributes.get(key, "").strip()
    return max(1, int(text[:_MOST_DIGITS])) if text.isascii() and text.isdecimal() else 1
