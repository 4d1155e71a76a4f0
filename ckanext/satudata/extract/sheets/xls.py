"""Looking into an XLS file beside calamine (MS-XLS: the binary format of Excel 97 to 2003)."""

from __future__ import annotations

import struct

from ..limits import Limits, ReadError
from .number_formats import read as read_format
from .scan import SheetScan

_BOUNDSHEET, _FILEPASS, _EOF, _BOOLERR, _FORMULA = 0x0085, 0x002F, 0x000A, 0x0205, 0x0006
#: The workbook's texts, what goes on from the record before, and a cell with one of the texts.
_SST, _CONTINUE, _LABELSST = 0x00FC, 0x003C, 0x00FD
#: Number formats, cell styles, and what is shown of rows and columns.
_FORMAT, _XF, _ROW, _COLINFO, _BOF = 0x041E, 0x00E0, 0x0208, 0x007D, 0x0809
#: Cells with a number, and several of them in one record.
_NUMBER, _RK, _LABEL, _MULRK = 0x0203, 0x027E, 0x0204, 0x00BD
_MAY_ERR = frozenset({_BOOLERR, _FORMULA})
_NO_NUMBER = b"\xff\xff"
_BIFF8 = 0x0600
#: Per cent among the built-in formats (MS-XLS 2.4.126, Format).
_BUILT_IN = {9: "0%", 10: "0.00%"}
#: Error codes of BoolErr and Formula records (MS-XLS 2.5.10, BErr).
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def scan(content: bytes, *, name: str, limits: Limits) -> dict[str, SheetScan]:
    """Find errors, formats, what is hidden, passwords, macros, and texts beyond the limits.

    Args:
        content: the whole file.
        name: what people call it.
        limits: sizes above which it is refused.

    Returns:
        Sheet name -> what was seen in it.

    Raises:
        ReadError: the file is protected, has macros, is too large once unpacked, or is no
            workbook.
    """
    from xlrd import compdoc

    try:
        with open("/dev/null", "w") as silence:
            document = compdoc.CompDoc(content, logfile=silence)
        if document.get_named_stream("EncryptedPackage"):
            raise ReadError("berkas-terkunci", {"name": name})
        if _has_macros(document):
            raise ReadError("berkas-makro", {"name": name})
        stream = document.get_named_stream("Workbook") or document.get_named_stream("Book")
    except ReadError:
        raise
    # The container's reader leaks errors of many kinds for damaged files.
    except Exception as error:
        raise ReadError("berkas-rusak", {"name": name}) from error
    if not stream:
        raise ReadError("ole-bukan-lembar", {"name": name})
    try:
        return _records(bytes(stream), name, limits)
    except (struct.error, IndexError, UnicodeDecodeError, AssertionError) as error:
        raise ReadError("berkas-rusak", {"name": name}) from error


def holds_workbook(content: bytes) -> bool:
    """Whether an OLE file is a workbook; a damaged one is, if it names its stream."""
    from xlrd import compdoc

    try:
        with open("/dev/null", "w") as silence:
            document = compdoc.CompDoc(content, logfile=silence)
        return any(document.get_named_stream(name) for name in ("Workbook", "Book"))
    # The container's reader leaks errors of many kinds for damaged files.
    except Exception:
        return "Workbook".encode("utf-16-le") in content


def _has_macros(document: object) -> bool:
    entries = getattr(document, "dirlist", [])
    return any(e.name in ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA") for e in entries)


def _records(stream: bytes, name: str, limits: Limits) -> dict[str, SheetScan]:
    sheets: dict[int, SheetScan] = {}
    names: dict[str, SheetScan] = {}
    current: SheetScan | None = None
    lengths: list[int] = []
    look = _Look()
    text = position = 0
    unpack = struct.Struct("<HH").unpack_from
    while position + 4 <= len(stream):
        kind, size = unpack(stream, position)
        current = sheets.get(position, current)
        body = position + 4
        if kind == _FILEPASS:
            raise ReadError("berkas-terkunci", {"name": name})
        if kind == _SST:
            lengths = _text_lengths(stream, position)
        elif kind == _LABELSST:
            # Cells may share one text, but each is given a copy of its own when it is read.
            (index,) = struct.unpack_from("<I", stream, body + 6)
            text += lengths[index]
            if text > limits.text:
                raise ReadError("bom-zip", {"name": name, "limit": round(limits.text / 1e6)})
        elif kind == _BOUNDSHEET:
            (offset,) = struct.unpack_from("<I", stream, body)
            sheets[offset] = names[_sheet_name(stream, body + 6)] = SheetScan()
        elif current is None:
            look.style(kind, stream, body, size)
        else:
            look.cell(kind, stream, body, current)
        if current is not None and kind == _LABELSST:
            look.cell(kind, stream, body, current)
        position = body + size
    return names


class _Look:
    """What cells show: number formats are told before the sheets, rows before their cells."""

    def __init__(self) -> None:
        self._codes = dict(_BUILT_IN)
        self._kinds: list[int] = []
        self._wide = True
        self._sheet: SheetScan | None = None
        self._rows: set[int] = set()
        self._columns: list[range] = []

    def style(self, kind: int, stream: bytes, body: int, size: int) -> None:
        """Take a record of the workbook's own part."""
        if kind == _BOF:
            self._wide = struct.unpack_from("<H", stream, body) == (_BIFF8,)
        elif kind == _XF:
            self._kinds.append(struct.unpack_from("<H", stream, body + 2)[0])
        elif kind == _FORMAT:
            (number,) = struct.unpack_from("<H", stream, body)
            self._codes[number] = self._code(stream[body + 2 : body + size])

    def _code(self, data: bytes) -> str:
        if not self._wide:
            return data[1:].decode("cp1252", "replace")
        wide = data[2] & 1
        return data[3:].decode("utf-16-le" if wide else "latin-1", "replace")

    def cell(self, kind: int, stream: bytes, body: int, sheet: SheetScan) -> None:
        """Take a record of a sheet."""
        if sheet is not self._sheet:
            self._sheet, self._rows, self._columns = sheet, set(), []
        if kind == _ROW:
            row, *_, flags = struct.unpack_from("<HHHHHHH", stream, body)
            if flags & 0x20:
                self._rows.add(row)
        elif kind == _COLINFO:
            first, last, _, _, flags = struct.unpack_from("<HHHHH", stream, body)
            if flags & 1:
                self._columns.append(range(first, last + 1))
        elif kind == _MULRK:
            (size,) = struct.unpack_from("<H", stream, body - 2)
            row, first = struct.unpack_from("<HH", stream, body)
            for number in range((size - 6) // 6):
                style, value = struct.unpack_from("<HI", stream, body + 4 + 6 * number)
                self._note(sheet, row, first + number, style, str(_rk(value)))
        elif kind in (_NUMBER, _FORMULA, _RK, _LABEL, _LABELSST):
            row, column, style = struct.unpack_from("<HHH", stream, body)
            self._note(sheet, row, column, style, _held(kind, stream, body + 6))
        if kind in _MAY_ERR and (error := _error(kind, stream, body + 6)):
            row, column = struct.unpack_from("<HH", stream, body)
            sheet.errors[(row, column)] = error

    def _note(self, sheet: SheetScan, row: int, column: int, style: int, value: str) -> None:
        kind = self._kinds[style] if style < len(self._kinds) else 0
        if kind in self._codes:
            sheet.formatted(row, column, read_format(self._codes[kind]), value)
        if row in self._rows:
            sheet.hidden_rows.add(row)
        if any(column in span for span in self._columns):
            sheet.hidden_columns.add(column)


def _error(kind: int, stream: bytes, body: int) -> str | None:
    """The error a cell shows."""
    if kind == _BOOLERR:
        code, is_error = stream[body], stream[body + 1]
    else:
        # A result that is no number has 0xFFFF in its last two bytes; 2 means an error.
        is_error = stream[body] == 2 and stream[body + 6 : body + 8] == _NO_NUMBER
        code = stream[body + 2]
    return _ERRORS.get(code, "#ERROR!") if is_error else None


def _held(kind: int, stream: bytes, body: int) -> str:
    """The number a cell holds; something else for texts, errors and truth values."""
    if kind == _RK:
        return str(_rk(struct.unpack_from("<I", stream, body)[0]))
    if kind == _NUMBER or (kind == _FORMULA and stream[body + 6 : body + 8] != _NO_NUMBER):
        return str(struct.unpack_from("<d", stream, body)[0])
    return "text"


def _rk(value: int) -> float:
    """A number in short (MS-XLS 2.5.217, RkNumber)."""
    if value & 2:
        number = float((value >> 2) - ((value >> 31) << 30))
    else:
        (number,) = struct.unpack("<d", struct.pack("<Q", (value & 0xFFFFFFFC) << 32))
    return number / 100 if value & 1 else number


def _text_lengths(stream: bytes, position: int) -> list[int]:
    """Bytes of each of the workbook's texts (MS-XLS 2.4.265, SST, with its Continue records)."""
    from xlrd.book import unpack_SST_table

    chunks: list[bytes] = []
    kind, size = struct.unpack_from("<HH", stream, position)
    while not chunks or kind == _CONTINUE:
        chunks.append(stream[position + 4 : position + 4 + size])
        position += 4 + size
        if position + 4 > len(stream):
            break
        kind, size = struct.unpack_from("<HH", stream, position)
    (count,) = struct.unpack_from("<i", chunks[0], 4)
    texts, _ = unpack_SST_table(chunks, count)
    return [len(text.encode("utf-8", "replace")) for text in texts]


def _sheet_name(stream: bytes, position: int) -> str:
    length, flags = stream[position], stream[position + 1]
    if flags & 1:
        return stream[position + 2 : position + 2 + 2 * length].decode("utf-16-le")
    return stream[position + 2 : position + 2 + length].decode("latin-1")
