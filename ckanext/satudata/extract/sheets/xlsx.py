"""Looking into an XLSX file before calamine parses it (ECMA-376 part 1, SpreadsheetML)."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from ..limits import Limits, ReadError
from .archive import Archive
from .scan import SheetScan, column_number, require_size

_MACRO = b"macroEnabled"
_ANY_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["'](\d+)""")
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Z]{1,9})(\d{1,9})["'](?:[^>]*[^/])?>"""
)
_CELL = re.compile(
    rb"""<(?:\w+:)?c\b(?P<head>[^>]*)>(?P<body>(?:(?!</(?:\w+:)?c>).){0,40000}?)</(?:\w+:)?c>""",
    re.DOTALL,
)
_REF = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_TYPE = re.compile(rb"""\bt\s*=\s*["'](\w+)["']""")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_TEXT_END = re.compile(rb"</(?:\w+:)?si>")
#: No cell's text is longer (32,767 characters); a part without a tag for so long is no sheet.
_LONGEST_GAP = 16 << 20
_SHARED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<v>(\d+)</v>""")
_MAYBE_FORMULA_TROUBLE = (b'"e"', b"'e'", b"<f", b":f")
#: What a sheet must show before it is worth the slow look, in one expression for polars'
#: engine, which is several times faster than Python's. Without any of it the sheet has fewer
#: than 500,000 rows of at most 26 columns, no error, and each formula has its result.
_WORTH_A_LOOK = (
    r"""r='|r =|r= |:c |:row|t="e"|</f></c>|</f><v></v>|</f><v/>|</f><v />|<f/>|<f [^>]*/></c>"""
    r"""|r="[A-Z]{2}|<row r="(?:[5-9][0-9]{5}|[0-9]{7})|<row(?: [^r]|[^ ])|<c(?: [^r]|>)"""
)
_PLAIN_ROWS, _PLAIN_COLUMNS = 499_999, 26


def scan(archive: Archive, *, name: str, limits: Limits) -> dict[str, SheetScan]:
    """Look through a workbook.

    Args:
        archive: the file.
        name: what people call the file.
        limits: sizes above which it is refused.

    Returns:
        Sheet name -> what was seen in it.

    Raises:
        ReadError: macros, damage, or sizes beyond the limits.
    """
    if _MACRO in archive.read("[Content_Types].xml"):
        raise ReadError("berkas-makro", {"name": name})
    parts = _sheet_parts(archive, name)
    percent = _percent_cells(archive)
    wanted = {part: sheet for sheet, part in parts.items()}
    out: dict[str, SheetScan] = {}
    for part in sorted(archive.names):
        if part in wanted:
            sheet = wanted[part]
            result = out[sheet] = _scan_sheet(archive, part, percent)
            if not _fits(result, limits):
                result.rows, result.columns = _exact_size(archive, part)
            require_size(result.rows, result.columns, name=name, sheet=sheet, limits=limits)
        else:
            for _ in archive.chunks(part):
                pass
    cells = sum(s.rows * s.columns for s in out.values())
    _require_texts(archive, [p for p in wanted if p in archive.names], cells, name, limits)
    return out


def _sheet_parts(archive: Archive, name: str) -> dict[str, str]:
    """Sheet name -> part, as the workbook relates them."""
    try:
        targets = {}
        for entry in _xml(archive, "xl/_rels/workbook.xml.rels"):
            target = entry.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            targets[entry.get("Id")] = posixpath.normpath(path)
        out = {}
        for entry in _xml(archive, "xl/workbook.xml").iter():
            if entry.tag.rpartition("}")[2] == "sheet":
                relation = next(
                    (v for k, v in entry.attrib.items() if k.endswith("}id") or k == "r:id"), ""
                )
                out[entry.get("name", "")] = targets.get(relation, "")
        return out
    except ET.ParseError as error:
        raise ReadError("berkas-rusak", {"name": name}) from error


def _percent_cells(archive: Archive) -> re.Pattern[bytes] | None:
    """A pattern for cells whose style shows per cent; None if no style does.

    Formats 9 and 10 are built in (ECMA-376 part 1, 18.8.30); others say ``%`` themselves.
    """
    if "xl/styles.xml" not in archive.names:
        return None
    try:
        styles = _xml(archive, "xl/styles.xml")
    except ET.ParseError:
        return None
    formats = {"9", "10"}
    kinds: list[str] = []
    for entry in styles.iter():
        tag = entry.tag.rpartition("}")[2]
        if tag == "numFmt" and "%" in entry.get("formatCode", ""):
            formats.add(entry.get("numFmtId", ""))
        elif tag == "cellXfs":
            kinds = [child.get("numFmtId", "") for child in entry]
    numbers = [str(i) for i, kind in enumerate(kinds) if kind in formats]
    if not numbers:
        return None
    either = "|".join(numbers)
    return re.compile(rf"""<c r="([A-Z]{{1,3}})(\d{{1,7}})" s="(?:{either})"[ >]""".encode())


def _xml(archive: Archive, part: str) -> ET.Element:
    text = archive.read(part)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ET.ParseError("a document type is not allowed")
    return ET.fromstring(text)  # noqa: S314  (no document type, size limited)


def _pieces(archive: Archive, part: str) -> Iterator[bytes]:
    """The part in pieces that end behind a whole cell."""
    carry = b""
    for chunk in archive.chunks(part):
        data = carry + chunk
        cut = data.rfind(b"<row ")
        if cut <= 0:
            cut = data.rfind(b"<")
        if cut <= 0:
            cut = len(data) if len(data) > _LONGEST_GAP else 0
        carry = data[cut:]
        yield data[:cut]
    yield carry


def _scan_sheet(archive: Archive, part: str, percent: re.Pattern[bytes] | None) -> SheetScan:
    result = SheetScan()
    seen_rows = 0
    for data in _pieces(archive, part):
        if percent is not None:
            result.percent.update(
                (int(row) - 1, column_number(letters.decode()))
                for letters, row in percent.findall(data)
            )
        if not _worth_a_look(data):
            result.rows = max(result.rows, _last_row(data))
            result.columns = max(result.columns, _PLAIN_COLUMNS)
            continue
        seen_rows += data.count(b"<row") + data.count(b":row ")
        # Rows without a number follow the one before them.
        result.rows = max([result.rows, seen_rows, *map(int, _ANY_ROW.findall(data))])
        letters = {c for c, _ in _FILLED.findall(data)}
        result.columns = max([result.columns, *(column_number(c.decode()) + 1 for c in letters)])
        if any(mark in data for mark in _MAYBE_FORMULA_TROUBLE):
            _note_cells(data, result)
    return result


def _worth_a_look(data: bytes) -> bool:
    import polars as pl

    try:
        text = pl.Series([data]).cast(pl.String)
    except pl.exceptions.PolarsError:
        return True
    return bool(text.str.contains(_WORTH_A_LOOK).item())


def _last_row(data: bytes) -> int:
    """The last row's number, where rows stand in order; else what the plain look allows."""
    found = _ANY_ROW.search(data, max(0, data.rfind(b"<row ")))
    return int(found.group(1)) if found else 0


def _note_cells(data: bytes, result: SheetScan) -> None:
    for cell in _CELL.finditer(data):
        kind = _TYPE.search(cell["head"])
        value = _VALUE.search(cell["body"])
        text = value.group(1) if value else b""
        place = _REF.search(cell["head"])
        if place is None:
            continue
        position = (int(place.group(2)) - 1, column_number(place.group(1).decode()))
        if kind and kind.group(1) == b"e":
            result.errors[position] = text.decode("utf-8", "replace") or "#ERROR!"
        elif not text and _FORMULA.search(cell["body"]) and not (kind and kind.group(1) == b"str"):
            result.uncalculated.add(position)


def _fits(result: SheetScan, limits: Limits) -> bool:
    return (
        result.rows <= limits.rows
        and result.columns <= limits.columns
        and result.rows * result.columns <= limits.cells
    )


def _exact_size(archive: Archive, part: str) -> tuple[int, int]:
    """Rows and columns of cells that hold something; sheets formatted far down are common."""
    rows = columns = 0
    for data in _pieces(archive, part):
        for letters, number in _FILLED.findall(data):
            rows = max(rows, int(number))
            columns = max(columns, column_number(letters.decode()) + 1)
    return rows, columns


def _require_texts(
    archive: Archive, parts: list[str], cells: int, name: str, limits: Limits
) -> None:
    """Refuse a small file in which many cells share one huge text: each becomes a copy.

    Args:
        archive: the file.
        parts: the parts that are sheets.
        cells: no more cells than these can exist.
        name: what people call the file.
        limits: sizes above which it is refused.
    """
    if "xl/sharedStrings.xml" not in archive.names:
        return
    refusal = ReadError("bom-zip", {"name": name, "limit": round(limits.text / 1e6)})
    lengths: list[int] = []
    carry = b""
    for chunk in archive.chunks("xl/sharedStrings.xml"):
        *whole, carry = _TEXT_END.split(carry + chunk)
        lengths.extend(map(len, whole))
        if len(carry) > _LONGEST_GAP:
            raise refusal
    longest = max(lengths, default=0)
    if cells * longest <= limits.text:
        return
    for part in parts:
        uses: Counter[int] = Counter()
        odd = 0
        for data in _pieces(archive, part):
            found = _SHARED.findall(data)
            uses.update(map(int, found))
            odd += data.count(b't="s"') + data.count(b"t='s'") - len(found)
        total = sum(n * lengths[i] for i, n in uses.items() if i < len(lengths))
        if total + odd * longest > limits.text:
            raise refusal
