"""Delimited text -> :class:`~.raw.RawTable`.

What leaves no question is left where it stands (:mod:`.scanned`). polars reads what else is well
formed. What it refuses, and what looks damaged, goes through the standard library's reader, which
is slower and names the row.
"""

from __future__ import annotations

import csv
import io
import mmap
import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from ..consistency.patterns import pattern
from ..native import kernel
from .limits import Limits, ReadError, require_size
from .raw import RawTable
from .scanned import Text, scan

if TYPE_CHECKING:
    import polars as pl

_DELIMITERS = ",;\t|"
_SAMPLE = 1 << 16
_LONGEST_SAMPLE = 1 << 22
_SAMPLE_ROWS = 200
_LONGEST_CELL = 1_000_000
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
#: Text that begins so would be unpacked by polars, which recognises zlib's header.
_ZLIB = (b"x\x01", b"x^", b"x\x9c", b"x\xda")
#: The line by which Excel tells itself the delimiter; Excel does not show it as a row.
_EXCEL_LINE = pattern(rb'"?sep=(.)"?\r?\n')


def read(path: str, *, name: str, limits: Limits, head: int | None) -> RawTable:
    """Read a delimited text of any usual encoding and delimiter.

    Encodings are told by the byte order mark, else tried in the order UTF-8, UTF-16 (by its
    zero bytes) and Windows-1252: text that is valid UTF-8 by accident does not occur.

    Args:
        path: where the file is.
        name: what people call it.
        limits: sizes above which it is refused.
        head: read only so many rows.

    Raises:
        ReadError: no text, unknown encoding, NUL bytes, damaged quotes, or too large.
    """
    content = _mapped(path)
    if head is None:
        told = _EXCEL_LINE.match(content)
        rest = content[told.end() :] if told else content
        if (found := _scanned(rest, told, name, limits, plain=True)) is not None:
            return found
    data = _to_utf8(bytes(content), name)
    if not data[:_SAMPLE].strip() and not data.strip():
        raise ReadError("berkas-kosong", {"name": name})
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
    told = _EXCEL_LINE.match(data)
    if told:
        data = data[told.end() :]
    if head is not None:
        data = _first_lines(data, head)
    if head is None and (found := _scanned(data, told, name, limits, plain=False)) is not None:
        return found
    frame, widths = _parse(data, _told(told, data), name, limits)
    if head is not None:
        frame, widths = frame.head(head), widths[:head] if widths is not None else None
    if all(nulls == frame.height for nulls in frame.null_count().row(0)):
        raise ReadError("berkas-kosong", {"name": name})
    short = np.flatnonzero(widths < frame.width) if widths is not None else np.empty(0, np.int64)
    return RawTable(
        name=name,
        sheet=None,
        frame=frame,
        first_row=1,
        short=short,
        widths=widths[short] if widths is not None else np.empty(0, np.int64),
    )


def _mapped(path: str) -> memoryview:
    """A file's bytes, without a copy: nobody writes into a stored file."""
    flags = mmap.MAP_PRIVATE | getattr(mmap, "MAP_POPULATE", 0)
    with open(path, "rb") as file:
        return memoryview(mmap.mmap(file.fileno(), 0, flags=flags, prot=mmap.PROT_READ))


def _to_utf8(data: bytes, name: str) -> bytes:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            data = data[len(mark) :]
            if encoding != "utf-8":
                return _recode(data, encoding, name)
            break
    else:
        if data.isascii():
            return _without_nul(data, name)
        encoding = _utf16_without_mark(data[:_SAMPLE])
        if encoding:
            return _recode(data, encoding, name)
    if b"\0" in data and (wide := _utf16_without_mark(data[:_SAMPLE])):
        return _recode(data, wide, name)
    _without_nul(data, name)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _recode(data, "cp1252", name)
    return data


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in every second byte."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half >= 4 and odd > 0.9 * half and even == 0:
        return "utf-16-le"
    if half >= 4 and even > 0.9 * half and odd == 0:
        return "utf-16-be"
    return None


def _without_nul(data: bytes, name: str) -> bytes:
    position = data.find(b"\0")
    if position >= 0:
        wide = _utf16_without_mark(data[:_SAMPLE])
        if wide:
            return _recode(data, wide, name)
        raise ReadError("bita-nol", {"name": name, "row": data.count(b"\n", 0, position) + 1})
    return data


def _recode(data: bytes, encoding: str, name: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            "enkode-tak-dikenal", {"name": name, "row": data.count(b"\n", 0, error.start) + 1}
        ) from error
    position = text.find("\0")
    if position >= 0:
        raise ReadError("bita-nol", {"name": name, "row": text.count("\n", 0, position) + 1})
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ReadError(
            "enkode-tak-dikenal", {"name": name, "row": text.count("\n", 0, error.start) + 1}
        ) from error


def _first_lines(data: bytes, head: int) -> bytes:
    """At least the first ``head`` records; quoted line breaks make records longer than lines."""
    end = -1
    for _ in range(head):
        end = data.find(b"\n", end + 1)
        if end < 0:
            return data
    while data.count(b'"', 0, end) % 2:
        end = data.find(b"\n", end + 1)
        if end < 0:
            return data
    return data[: end + 1]


def _told(told: re.Match[bytes] | None, data: Text) -> str:
    return bytes(told.group(1)).decode() if told else _delimiter(data)


def _delimiter(data: Text) -> str:
    """The delimiter by which most of the first rows have the same number of cells, above one.

    In a tie the comma loses, because a decimal comma in each cell splits rows evenly, too;
    of the others the one giving more cells wins.
    """
    text = _sample(data)
    best, best_score = ",", (0.0, False, 0)
    for delimiter in filter(text.__contains__, _DELIMITERS):
        widths = Counter(len(r) for r in _sample_rows(text, delimiter) if any(r))
        wide = [(count, width) for width, count in widths.items() if width > 1]
        if not wide:
            continue
        count, width = max(wide)
        score = (round(count / sum(widths.values()), 2), delimiter != ",", width)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _sample(data: Text) -> str:
    """The first whole lines; a first line that is longer than usual is taken up to its end."""
    # Hardly any line is so long that more than twice the usual has to be copied.
    for size in (2 * _SAMPLE, _LONGEST_SAMPLE):
        top = bytes(data[:size])
        end = top.find(b"\n", min(len(top), _SAMPLE))
        if end >= 0 or len(top) < size:
            break
    return top[: end + 1 if end >= 0 else len(top)].decode("utf-8", "replace")


def _sample_rows(text: str, delimiter: str) -> list[list[str]]:
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass
    return rows


def _scanned(
    data: Text, told: re.Match[bytes] | None, name: str, limits: Limits, *, plain: bool
) -> RawTable | None:
    """The text left as it is, where it leaves no question (:mod:`.scanned`)."""
    delimiter = _told(told, data)
    sample = _sample(data)
    width = max((len(r) for r in _sample_rows(sample, delimiter)), default=1)
    if not 2 <= width <= limits.columns:
        return None
    most = min(limits.rows, limits.cells // width)
    # Lines are about as long as the first ones; a tenth more room is hardly ever too little.
    rows = round(1.1 * len(data) * (sample.count("\n") + 1) / max(1, len(sample))) + 1

    def read() -> pl.DataFrame:
        return _parse(bytes(data), delimiter, name, limits)[0]

    frame = scan(data, delimiter, width, rows, most, read, plain=plain)
    return None if frame is None else RawTable(name=name, sheet=None, frame=frame)


def _parse(
    data: bytes, delimiter: str, name: str, limits: Limits
) -> tuple[pl.DataFrame, np.ndarray | None]:
    import polars as pl

    quoted = b'"' in data
    sample = _sample_rows(_sample(data), delimiter)
    width = max((len(r) for r in sample), default=1)
    if not quoted:
        # Many empty lines are small in a file and large in memory.
        rows = kernel.lines(data.rstrip(b"\r\n"))
        require_size(rows, width, name=name, sheet=None, limits=limits)
    balanced = not quoted or data.count(b'"') % 2 == 0
    if balanced and not data.startswith(_ZLIB):
        try:
            frame = pl.read_csv(
                data,
                has_header=False,
                separator=delimiter,
                schema={str(i): pl.String for i in range(width)},
                infer_schema=False,
                missing_columns="insert",
            )
            require_size(frame.height, width, name=name, sheet=None, limits=limits)
            if _is_full(frame):
                return frame, None
        except pl.exceptions.PolarsError:
            pass
    return _parse_slowly(data, delimiter, name, limits)


def _is_full(frame: pl.DataFrame) -> bool:
    """Whether no row can be short: the last column has a text everywhere."""
    return frame.get_column(frame.columns[-1]).null_count() == 0


def _parse_slowly(
    data: bytes, delimiter: str, name: str, limits: Limits
) -> tuple[pl.DataFrame, np.ndarray]:
    import polars as pl

    rows: list[list[str]] = []
    width = cells = 0
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_CELL))
    reader = csv.reader(
        io.StringIO(data.decode("utf-8"), newline=""), delimiter=delimiter, strict=True
    )
    try:
        for row in reader:
            rows.append(row)
            width, cells = max(width, len(row)), cells + len(row)
            if len(rows) > limits.rows or width > limits.columns or cells > limits.cells:
                require_size(len(rows), width, name=name, sheet=None, limits=limits)
    except csv.Error as error:
        raise ReadError(
            "kutip-rusak", {"name": name, "row": len(rows) + 1, "line": reader.line_num}
        ) from error
    while rows and not any(rows[-1]):
        rows.pop()
    require_size(len(rows), width, name=name, sheet=None, limits=limits)
    widths = np.fromiter((len(r) for r in rows), dtype=np.int64, count=len(rows))
    columns = {
        str(i): pl.Series([r[i] or None if i < len(r) else None for r in rows], dtype=pl.String)
        for i in range(width)
    }
    return pl.DataFrame(columns), widths
