"""Looking into an XLSX file before calamine parses it (ECMA-376 part 1, SpreadsheetML)."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from xml.etree import ElementTree as ET

from ..limits import Limits, ReadError, require_size
from .archive import Archive
from .number_formats import NumberFormat
from .number_formats import read as read_format
from .scan import SheetScan, column_number
from .xlsx_cells import walk

_MACRO = b"macroEnabled"
_ROW = re.compile(rb'<row r="(\d+)"')
_TEXT_END = re.compile(rb"</(?:\w+:)?si>")
#: Bounded, or a tag that never ends would be searched anew from each of its attributes; a cell
#: that is missed counts as one with the longest text.
_SHARED = re.compile(rb"""\bt=["']s["'][^<>]{0,200}>\s{0,9}<v>(\d{1,9})</v>""")
#: No cell's text is longer (32,767 characters); a part without a tag for so long is no sheet.
_LONGEST_GAP = 16 << 20
#: What a sheet must show before each of its cells is looked at, in one expression for polars'
#: engine, which is several times faster than Python's. Without any of it the sheet has fewer
#: than 500,000 rows of at most 26 columns, no error, and each formula has its result. Ways to
#: write the same that no spreadsheet program uses count as well, or they would hide a cell.
_WORTH_A_LOOK = (
    r"""\shidden=|r='|r\s+=|r=\s|:c\s|:row|t="e"|t='|"r="|</f></c>|</f><v></v>|</f><v/>|</f><v />"""
    r"""|<f/>|<f [^>]*/></c>|[^:]r="[^A-Z0-9]|r="[A-Z][^0-9]|r="[A-Z]?(?:[5-9][0-9]{5}|[0-9]{7})"""
    r"""|<row(?:[\t\r\n>/]| [^r])|<c(?:[\t\r\n>/]| [^r])"""
)
_PLAIN_COLUMNS = 26
#: Per cent among the formats that are built in (ECMA-376 part 1, 18.8.30); no other of them
#: shows more than the number.
_BUILT_IN = {"9": "0%", "10": "0.00%"}
#: Pieces of 4 MB searched at once.
_AT_ONCE = 4


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
    formats = _formats(archive)
    wanted = {part: sheet for sheet, part in parts.items()}
    out: dict[str, SheetScan] = {}
    for part in sorted(archive.names):
        if part in wanted:
            sheet = wanted[part]
            result = out[sheet] = _scan_sheet(archive, part, formats)
            require_size(result.rows, result.columns, name=name, sheet=sheet, limits=limits)
        elif part.endswith((".xml", ".rels")):
            archive.require_xml(part)
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


def _formats(archive: Archive) -> dict[str, NumberFormat]:
    """Numbers of the cell styles under which something else is seen than the bare number."""
    if "xl/styles.xml" not in archive.names:
        return {}
    try:
        styles = _xml(archive, "xl/styles.xml")
    except ET.ParseError:
        return {}
    codes = dict(_BUILT_IN)
    kinds: list[str] = []
    for entry in styles.iter():
        tag = entry.tag.rpartition("}")[2]
        if tag == "numFmt":
            codes[entry.get("numFmtId", "")] = entry.get("formatCode", "")
        elif tag == "cellXfs":
            kinds = [child.get("numFmtId", "") for child in entry]
    found = {str(i): read_format(codes[kind]) for i, kind in enumerate(kinds) if kind in codes}
    return {i: how for i, how in found.items() if how.percent or how.disguised or how.words}


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


def _scan_sheet(archive: Archive, part: str, formats: Mapping[str, NumberFormat]) -> SheetScan:
    result = SheetScan(columns=_PLAIN_COLUMNS)
    styles = [f' s="{n}"'.encode() for n, how in formats.items() if how.percent or how.disguised]
    worded = {n: how for n, how in formats.items() if how.words}
    pieces = _pieces(archive, part)
    while batch := list(islice(pieces, _AT_ONCE)):
        if _worth_a_look(batch) or any(style in data for data in batch for style in styles):
            return walk(archive, part, formats)
        for data in batch if worded else ():
            _note_words(data, worded, result)
        last = batch[-1]
        found = _ROW.search(last, max(0, last.rfind(b"<row ")))
        result.rows = max(result.rows, int(found.group(1)) if found else 0)
    return result


def _note_words(data: bytes, formats: Mapping[str, NumberFormat], result: SheetScan) -> None:
    """Note what formats show beside numbers, without looking at each cell in Python's own time."""
    for number, how in formats.items():
        place, text = r'<c r="([A-Z]{1,3})([0-9]{1,7})"[^<>]{0,100}?', r'(?![^<>]{0,50} t="[is])'
        cells = f'{place} s="{number}"{text}'.encode()
        first = dict(reversed(re.findall(cells, data)))
        for letters, row in first.items():
            column = result.words.setdefault(column_number(letters.decode()), {})
            column.setdefault(how.words, int(row) - 1)


def _worth_a_look(pieces: list[bytes]) -> bool:
    """Search the pieces, one per thread."""
    import polars as pl

    frame = pl.DataFrame({str(i): [piece] for i, piece in enumerate(pieces)})
    try:
        found = frame.select(pl.all().cast(pl.String).str.contains(_WORTH_A_LOOK))
    except pl.exceptions.PolarsError:
        return True
    return any(found.row(0))


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
