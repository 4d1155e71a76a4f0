"""Looking into an XLS file beside calamine (MS-XLS: the binary format of Excel 97 to 2003)."""

from __future__ import annotations

import struct

from ..limits import ReadError
from .scan import SheetScan

_BOUNDSHEET, _FILEPASS, _EOF, _BOOLERR, _FORMULA = 0x0085, 0x002F, 0x000A, 0x0205, 0x0006
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


def scan(content: bytes, *, name: str) -> dict[str, SheetScan]:
    """Find formula errors, passwords and macros.

    Args:
        content: the whole file.
        name: what people call it.

    Returns:
        Sheet name -> its errors.

    Raises:
        ReadError: the file is protected, has macros, or is no workbook.
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
        return _records(bytes(stream), name)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
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


def _records(stream: bytes, name: str) -> dict[str, SheetScan]:
    sheets: dict[int, SheetScan] = {}
    names: dict[str, SheetScan] = {}
    current: SheetScan | None = None
    position = 0
    unpack = struct.Struct("<HH").unpack_from
    while position + 4 <= len(stream):
        kind, size = unpack(stream, position)
        current = sheets.get(position, current)
        body = position + 4
        if kind == _FILEPASS:
            raise ReadError("berkas-terkunci", {"name": name})
        if kind == _BOUNDSHEET:
            (offset,) = struct.unpack_from("<I", stream, body)
            sheets[offset] = names[_sheet_name(stream, body + 6)] = SheetScan()
        elif current is not None and kind == _BOOLERR:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", stream, body)
            if is_error:
                current.errors[(row, column)] = _ERRORS.get(value, "#ERROR!")
        elif current is not None and kind == _FORMULA:
            row, column, _, tag, _, value = struct.unpack_from("<HHHBBB", stream, body)
            # A result that is no number has 0xFFFF in its last two bytes; 2 means an error.
            if tag == 2 and stream[body + 12 : body + 14] == b"\xff\xff":
                current.errors[(row, column)] = _ERRORS.get(value, "#ERROR!")
        position = body + size
    return names


def _sheet_name(stream: bytes, position: int) -> str:
    length, flags = stream[position], stream[position + 1]
    if flags & 1:
        return stream[position + 2 : position + 2 + 2 * length].decode("utf-16-le")
    return stream[position + 2 : position + 2 + length].decode("latin-1")
