"""Every cell of one XLSX sheet, for sheets in which something has to be found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from ..limits import ReadError
from .archive import Archive
from .number_formats import NumberFormat
from .scan import SheetScan, column_number

_PLACE = re.compile(r"([A-Za-z]{1,9})([0-9]{1,9})")


def walk(archive: Archive, part: str, formats: Mapping[str, NumberFormat]) -> SheetScan:
    """Parse a sheet and note errors, formulas without a result, formats, what is hidden, its size.

    Args:
        archive: the file.
        part: the sheet's part.
        formats: number of a cell style -> its format, where that shows more than the number.

    Raises:
        ReadError: the part is no well-formed XML, or a cell has an impossible place.
    """
    walker = _Walker(formats)
    archive.require_xml(part, walker)
    if walker.misplaced:
        raise ReadError("berkas-rusak", {"name": archive.label})
    return walker.result


class _Walker:
    """Handlers for expat; follows rows and cells as calamine does."""

    def __init__(self, formats: Mapping[str, NumberFormat]) -> None:
        self.result = SheetScan()
        self.misplaced = False
        self._formats = formats
        self._hidden_row = False
        self._hidden: list[range] = []
        self._row, self._column = 0, -1
        self._kind = self._style = ""
        self._formula = self._inline = False
        self._text: list[str] | None = None
        self._value = ""

    def attach(self, parser: expat.XMLParserType) -> None:
        """Set the handlers of a parser."""
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                number = attributes.get("r", "").strip()
                self._row = int(number) if number.isdecimal() else self._row + 1
                self._column = -1
                self._hidden_row = _is_true(attributes.get("hidden"))
            case "col":
                if _is_true(attributes.get("hidden")):
                    self._hidden.append(_span(attributes))
            case "c":
                self._place(attributes.get("r", ""))
                self._kind, self._style = attributes.get("t", ""), attributes.get("s", "")
                self._formula = self._inline = False
                self._value = ""
            case "v":
                self._text = []
            case "f":
                self._formula = True
            case "is":
                self._inline = True

    def _place(self, reference: str) -> None:
        found = _PLACE.fullmatch(reference.strip())
        if found:
            self._column = column_number(found[1].upper())
            self._row = int(found[2])
        else:
            self.misplaced |= bool(reference)
            self._column += 1

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                self._value = "".join(self._text or ())
                self._text = None
            case "c":
                self._finish()

    def _finish(self) -> None:
        if not (self._value or self._formula or self._inline):
            return
        self.result.rows = max(self.result.rows, self._row)
        self.result.columns = max(self.result.columns, self._column + 1)
        position = (self._row - 1, self._column)
        if self._kind == "e":
            self.result.errors[position] = self._value or "#ERROR!"
        elif self._formula and not self._value and self._kind != "str":
            self.result.uncalculated.add(position)
        elif self._style in self._formats:
            # Shared texts are kept elsewhere; here stands their number.
            value = self._value if self._kind in ("", "n") else "text"
            self.result.formatted(*position, self._formats[self._style], value)
        if self._hidden_row:
            self.result.hidden_rows.add(position[0])
        if any(self._column in span for span in self._hidden):
            self.result.hidden_columns.add(self._column)


def _is_true(value: str | None) -> bool:
    return value is not None and value.strip() in ("1", "true")


def _span(attributes: Mapping[str, str]) -> range:
    """Columns of a ``col`` element, 0-based."""
    first, last = attributes.get("min", ""), attributes.get("max", "")
    if not (first.isdecimal() and last.isdecimal()):
        return range(0)
    return range(int(first[:9]) - 1, int(last[:9]))
