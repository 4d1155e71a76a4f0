"""Tables ready to fill in, which come back without any declaring.

A template's header follows a fixed convention (:data:`COLUMNS`); what the header cannot say
is kept in three places, of which one survives every program that people edit tables with: a
column ``kode_indikator`` (CSV), a document property (Excel, LibreOffice), and the name of the
sheet, which is the indicator's code (Google Sheets, too).
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from ..consistency.frozen import frozen
from ..consistency.period import Period
from ..consistency.vocabulary import REGION, Code, CodeBook, Indicator, Unit, normalise
from .declaration import INDICATOR, PERIOD, STATUS, UNIT, Declaration, Field, Role
from .formula_cells import harmless
from .limits import Limits, ReadError
from .raw import RawTable
from .sheets.archive import Archive
from .template_sheet import write_workbook

#: More rows than this nobody fills in by hand.
MAX_ROWS = 100_000
#: Name of the document property that holds the indicator.
PROPERTY = "satudata"

_STATUSES = ("tetap", "sementara", "perkiraan", "ramalan")
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_SHEET_LENGTH = 31
_CODE = re.compile(r"(?:[A-Z]{1,2}\d{5}\.\d{2}(?:-[a-z0-9]+)?|LOK\.[A-Z0-9_]+)")
_PROPERTY_LIMIT = 255
_METADATA_LIMIT = 1 << 18
_HEAD = 12
_TEXT_HEAD = 1 << 18
_DTYPES = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}property"
_ODF_NAME = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}name"


class TemplateError(ValueError):
    """The template cannot be made.

    Attributes:
        code: key of the message.
        params: values for the message.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(f"{code}: {params}")
        self.code = code
        self.params = params


@frozen
class Layout:
    """The columns of a template.

    Attributes:
        dimensions: name of each further dimension -> its code list.
        indicator_column: whether each row names its indicator.
    """

    dimensions: Mapping[str, str]
    indicator_column: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The header."""
        further = itertools.chain.from_iterable(
            (f"kode_{name}", f"nama_{name}") for name in self.dimensions
        )
        first = ("kode_indikator",) if self.indicator_column else ()
        return (
            *first,
            "kode_wilayah",
            "nama_wilayah",
            *further,
            "periode",
            "nilai",
            "satuan",
            "status",
            "catatan",
        )

    def declaration(self, indicator: str | None, unit: str | None = None) -> Declaration:
        """What the columns mean.

        Args:
            indicator: code of the indicator, None where a column names it.
            unit: unit of rows that do not say theirs, if known.
        """
        fields: list[Field] = []
        if self.indicator_column:
            fields.append(Field("kode_indikator", Role.DIMENSION, INDICATOR))
        fields += [
            Field("kode_wilayah", Role.DIMENSION, REGION, codelist=REGION, scheme="kemendagri"),
            Field("nama_wilayah", Role.LABEL, of="kode_wilayah"),
        ]
        for name, codelist in self.dimensions.items():
            fields.append(Field(f"kode_{name}", Role.DIMENSION, name, codelist=codelist))
            fields.append(Field(f"nama_{name}", Role.LABEL, of=f"kode_{name}"))
        fields += [
            Field("periode", Role.DIMENSION, PERIOD),
            Field("nilai", Role.MEASURE, indicator=indicator, unit=unit),
            Field("satuan", Role.ATTRIBUTE, UNIT),
            Field("status", Role.ATTRIBUTE, STATUS),
            Field("catatan", Role.IGNORE),
        ]
        return Declaration(tuple(fields))


def build_template(
    indicator: Indicator,
    book: CodeBook,
    *,
    periods: Sequence[Period],
    regions: Sequence[Code] | None = None,
    codes: Mapping[str, Sequence[str]] | None = None,
    format: str = "xlsx",
) -> bytes:
    """A table with one row per region, item and period, in which only figures are missing.

    Args:
        indicator: what is to be filled in.
        book: code lists and units.
        periods: the periods.
        regions: the regions; None: the kecamatan of the home kabupaten that existed at the
            end of the last period.
        codes: dimension -> codes wanted; a dimension left out gets its whole list.
        format: ``xlsx``, or ``csv`` (semicolons and a byte order mark, as Excel with
            Indonesian settings opens it).

    Returns:
        The file's content.

    Raises:
        TemplateError: no period, an unknown dimension, code, unit or format, or too many rows.
    """
    if not periods:
        raise TemplateError("tanpa-periode")
    if format not in ("xlsx", "csv"):
        raise TemplateError("format-tidak-dikenal", format=format)
    unit = book.units.units.get(indicator.unit)
    if unit is None:
        raise TemplateError("satuan-tidak-dikenal", unit=indicator.unit)
    if regions is None:
        regions = book.regions.children(book.home, on=max(p.end for p in periods))
    items = _items(indicator, book, codes or {})
    count = len(regions) * len(periods)
    for chosen in items.values():
        count *= len(chosen)
    if count > MAX_ROWS:
        raise TemplateError("templat-terlalu-besar", rows=count, limit=MAX_ROWS)
    layout = Layout({d.name: d.codelist for d in indicator.dimensions}, format == "csv")
    rows = list(_rows(indicator, regions, items, periods, unit, layout))
    if format == "csv":
        return _csv(layout.columns, rows)
    return write_workbook(
        layout.columns,
        rows,
        sheet=sheet_name(indicator),
        choices=_choices(regions, items, periods, book, unit),
        marker=(PROPERTY, _marker(indicator, layout)),
        indicator=indicator,
        unit=unit,
    )


def declaration_from_template(path: str, *, name: str) -> Declaration | None:
    """The declaration of a filled-in template, whatever program saved it.

    Only a few bytes of a spreadsheet are read (its document properties), or the first lines
    of a text file; a spreadsheet that lost its properties is recognised once it has been
    read: see :func:`declaration_from_table`.

    Args:
        path: where the file is.
        name: what people call it.

    Returns:
        The declaration, or None for any other file, damaged ones included.
    """
    try:
        if zipfile.is_zipfile(path):
            with open(path, "rb") as file:
                return _from_properties(Archive(file, name=name, limits=Limits()), name)
        return _from_text(path)
    except (ReadError, OSError):
        return None


def template_declaration(path: str, table: RawTable, *, name: str) -> Declaration | None:
    """The declaration of a filled-in template; what can be seen in it goes before its properties.

    Args:
        path: where the file is.
        table: its first sheet.
        name: what people call it.
    """
    shown, hidden = declaration_from_table(table), declaration_from_template(path, name=name)
    if shown is None or hidden is None:
        return shown or hidden
    return hidden if _indicators(shown) == _indicators(hidden) else shown


def _indicators(declaration: Declaration) -> set[str | None]:
    """Which indicator a template is of; None where a column says it."""
    return {
        f.indicator and _as_sheet_name(f.indicator)
        for f in declaration.fields
        if f.role is Role.MEASURE
    }


def declaration_from_table(table: RawTable) -> Declaration | None:
    """The declaration of a sheet that has a template's header and names its indicator.

    The indicator is named by the column ``kode_indikator`` or by the sheet's name.
    """
    for row in table.frame.head(_HEAD).iter_rows():
        layout = _layout(row)
        if layout is not None and layout.indicator_column:
            return layout.declaration(None)
        if layout is not None and table.sheet and _CODE.fullmatch(table.sheet):
            return layout.declaration(table.sheet)
    return None


def sheet_name(indicator: Indicator) -> str:
    """The indicator's code as a sheet's name."""
    return _as_sheet_name(indicator.code)


def _as_sheet_name(code: str) -> str:
    return _SHEET_FORBIDDEN.sub("_", code)[:_SHEET_LENGTH]


def _items(
    indicator: Indicator, book: CodeBook, wanted: Mapping[str, Sequence[str]]
) -> dict[str, list[Code]]:
    unknown = sorted(set(wanted) - {d.name for d in indicator.dimensions})
    if unknown:
        raise TemplateError("dimensi-tidak-dikenal", dimensions=", ".join(unknown))
    out: dict[str, list[Code]] = {}
    for dimension in indicator.dimensions:
        codelist = book.codelists.get(dimension.codelist)
        if codelist is None:
            raise TemplateError("daftar-kode-tidak-ada", codelist=dimension.codelist)
        chosen = wanted.get(dimension.name)
        if not chosen:
            out[dimension.name] = list(codelist.codes.values())
            continue
        strange = [c for c in chosen if c not in codelist.codes]
        if strange:
            raise TemplateError(
                "kode-tidak-dikenal", codes=", ".join(strange), codelist=dimension.codelist
            )
        out[dimension.name] = [codelist.codes[c] for c in chosen]
    return out


def _rows(
    indicator: Indicator,
    regions: Sequence[Code],
    items: Mapping[str, Sequence[Code]],
    periods: Sequence[Period],
    unit: Unit,
    layout: Layout,
) -> Iterator[tuple[str, ...]]:
    first = (indicator.code,) if layout.indicator_column else ()
    every = list(itertools.product(*items.values()))
    for period, region, chosen in itertools.product(periods, regions, every):
        further = itertools.chain.from_iterable((c.code, c.label) for c in chosen)
        yield (
            *first,
            region.code,
            region.label,
            *further,
            str(period),
            "",
            unit.label,
            "",
            "",
        )


def _choices(
    regions: Sequence[Code],
    items: Mapping[str, Sequence[Code]],
    periods: Sequence[Period],
    book: CodeBook,
    unit: Unit,
) -> dict[str, list[str]]:
    """What may be chosen in each column."""
    out = {
        "kode_wilayah": [r.code for r in regions],
        "nama_wilayah": [r.label for r in regions],
        "periode": [str(p) for p in periods],
        "satuan": [u.label for u in book.units.of_quantity(unit.quantity)],
        "status": list(_STATUSES),
    }
    for name, chosen in items.items():
        out[f"kode_{name}"] = [c.code for c in chosen]
        out[f"nama_{name}"] = [c.label for c in chosen]
    return out


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _marker(indicator: Indicator, layout: Layout) -> str | None:
    """What the property says; None if it does not fit in what Excel allows."""
    text = json.dumps(
        {"v": 1, "i": indicator.code, "u": indicator.unit, "d": dict(layout.dimensions)},
        separators=(",", ":"),
    )
    return text if len(text) < _PROPERTY_LIMIT else None


def _layout(row: Sequence[str | None]) -> Layout | None:
    """The layout of which a row is the header."""
    header = [normalise(c).replace(" ", "_") if c else "" for c in row]
    while header and not header[-1]:
        header.pop()
    names = [
        h.removeprefix("kode_")
        for h in header
        if h.startswith("kode_") and h not in ("kode_wilayah", "kode_indikator")
    ]
    layout = Layout({n: n for n in names}, "kode_indikator" in header)
    return layout if tuple(header) == layout.columns else None


def _from_text(path: str) -> Declaration | None:
    """Look for the header in the first lines of a text file, whatever its delimiter."""
    with open(path, "rb") as file:
        start = file.read(_TEXT_HEAD)
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    # A header of the convention is plain ASCII; what cannot be decoded is no part of it.
    lines = start.decode(encoding, errors="replace").splitlines()
    for number, line in enumerate(lines[:_HEAD]):
        for delimiter in ";,\t|":
            layout = _layout(_cells(line, delimiter))
            if layout is not None and layout.indicator_column:
                whole = len(start) < _TEXT_HEAD
                rows = [_cells(text, delimiter) for text in lines[number + 1 :]] if whole else []
                return layout.declaration(None, _only_unit(layout, rows))
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _only_unit(layout: Layout, rows: Sequence[Sequence[str]]) -> str | None:
    """The unit that all rows of a file have; it tells how 10.500 persons are meant."""
    place = layout.columns.index("satuan")
    units = {row[place].strip() for row in rows if len(row) > place}
    return units.pop() or None if len(units) == 1 else None


def _from_properties(archive: Archive, name: str) -> Declaration | None:
    text = _property(archive.read("docProps/custom.xml", _METADATA_LIMIT)) or _property(
        archive.read("meta.xml", _METADATA_LIMIT)
    )
    if not text:
        return None
    try:
        data = json.loads(text)
        dimensions = {str(k): str(v) for k, v in data["d"].items()}
        layout = Layout(dimensions, indicator_column=False)
        return layout.declaration(str(data["i"]), str(data["u"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _property(document: bytes) -> str | None:
    """The property's text in OOXML's or OpenDocument's metadata.

    Documents with a document type declaration are not read: office programs write none, and
    entities are how XML is made to explode.
    """
    if not document or b"<!" in document.replace(b"<!--", b""):
        return None
    try:
        root = ET.fromstring(document)  # noqa: S314 - without a DTD there are no entities
    except ET.ParseError:
        return None
    for element in root.iter():
        if element.get(_ODF_NAME) == PROPERTY or (
            element.tag == _DTYPES and element.get("name") == PROPERTY
        ):
            return "".join(element.itertext()).strip()
    return None
