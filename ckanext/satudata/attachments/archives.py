"""Zipped files: today's office documents without macros, and archives of harmless files."""

from __future__ import annotations

import io
from pathlib import PurePosixPath

import ckan.plugins.toolkit as tk

from ckanext.satudata.extract.limits import Limits, ReadError
from ckanext.satudata.extract.sheets.archive import Archive

from .refusal import Refusal

_OOXML = "application/vnd.openxmlformats-officedocument."
#: The part that only this kind of document has -> its media type and ending.
_OFFICE = {
    "xl/workbook.xml": (_OOXML + "spreadsheetml.sheet", ".xlsx"),
    "word/document.xml": (_OOXML + "wordprocessingml.document", ".docx"),
    "ppt/presentation.xml": (_OOXML + "presentationml.presentation", ".pptx"),
}
_OPENDOCUMENT = {
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
#: Parts of office documents that run something; lower case.
_RUNNING = ("vbaproject", "macrosheets/", "activex/", "oleobject", "basic/", "scripts/")
#: What an archive may hold.
_INSIDE = frozenset(
    {".csv", ".txt", ".tsv", ".pdf", ".json", ".geojson"}
    | {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}
    | {".xlsx", ".ods", ".docx", ".odt", ".pptx", ".odp"}
    | {".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qpj", ".gpkg"}
)
_LIMITS = Limits(unpacked=500_000_000, entries=2_000)
#: Bytes of the small parts that say what a document is.
_SMALL = 1 << 20


def kind_of(content: bytes) -> tuple[str, str]:
    """What a zipped file is.

    Args:
        content: its bytes.

    Returns:
        Its media type and the ending of its name.

    Raises:
        Refusal: it is damaged, locked or a bomb, holds macros, or files that are not taken.
    """
    try:
        archive = Archive(io.BytesIO(content), name="", limits=_LIMITS)
        for part, found in _OFFICE.items():
            if part in archive.names:
                _check_ooxml(archive)
                return found
        said = archive.read("mimetype", _SMALL).decode("ascii", "replace").strip()
        if said in _OPENDOCUMENT:
            _check_parts(archive)
            return said, _OPENDOCUMENT[said]
    except ReadError as error:
        message = tk._("The file is damaged, locked by a password, or far too large once unpacked.")
        raise Refusal(message) from error
    _check_inside(archive)
    return "application/zip", ".zip"


def _check_ooxml(archive: Archive) -> None:
    _check_parts(archive)
    types = archive.read("[Content_Types].xml", _SMALL).lower()
    linked = archive.read("word/_rels/settings.xml.rels", _SMALL)
    if b"macroenabled" in types or b"vbaproject" in types or b"attachedTemplate" in linked:
        raise _macros()


def _check_parts(archive: Archive) -> None:
    for name in archive.names:
        if any(word in name.lower() for word in _RUNNING):
            raise _macros()


def _macros() -> Refusal:
    return Refusal(
        tk._("The document holds macros or other programs. Save it without them, or as PDF.")
    )


def _check_inside(archive: Archive) -> None:
    for name in archive.names:
        path = PurePosixPath(name.replace("\\", "/"))
        if name.endswith("/"):
            continue
        if path.is_absolute() or ".." in path.parts or path.suffix.lower() not in _INSIDE:
            raise Refusal(
                tk._("The ZIP holds a file that is not taken: {name}.").format(name=path.name[:80])
            )
