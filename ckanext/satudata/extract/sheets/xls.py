"""Looking into an XLS file beside calamine (MS-XLS: the binary format of Excel 97 to 2003)."""

from __future__ import annotations

import struct

from ..limits import Limits, ReadError
from .scan import SheetScan

_BOUNDSHEET, _FILEPASS, _EOF, _BOOLERR, _FORMULA = 0x0085, 0x002F, 0x000A, 0x0205, 0x0006
#: The workbook's texts, what goes on from the record before, and a cell with one of the texts.
_SST, _CONTINUE, _LABELSST = 0x00FC, 0x003C, 0x00FD
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
    """Find formula errors, passwords, macros, and texts that would take too much memory.

    Args:
        content: the whole file.
        name: what people call it.
        limits: sizes above which it is refused.

    Returns:
        Sheet name -> its errors.

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
