"""What a file is, told by its content."""

from __future__ import annotations

from enum import Enum, auto

from ..consistency.patterns import pattern
from .limits import Limits, ReadError

_SPREADSHEETS = frozenset({"xlsx", "xlsm", "xlsb", "xls", "ods"})
_TEXTS = frozenset({"csv", "tsv", "tab"})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: Content type of a workbook's main part, wherever it is (ECMA-376 part 2, 10.1.2).
_MAIN_PART = pattern(rb"(?:spreadsheetml|ms-excel)\.[\w.]{0,60}main")
_SMALL = 1 << 20
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"

#: Beginnings of what people upload under a table's name, and what it is called.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"PAR1", "Parquet"),
    (b"SQLite format 3", "SQLite"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<head", "HTML"),
    (b"<table", "HTML"),
    (b"<meta", "HTML"),
    (b"<style", "HTML"),
    (b"<?xml", "XML"),
    (b"<?mso-application", "XML"),
    (b"{", "JSON"),
    (b"[{", "JSON"),
)
_SOFTWARE = {"word/": "Word (DOCX)", "ppt/": "PowerPoint (PPTX)"}


class Container(Enum):
    """How the table is wrapped."""

    TEXT = auto()
    XLSX = auto()
    XLS = auto()
    ODS = auto()


def sniff(path: str, *, name: str, format: str | None) -> Container:
    """Tell what a file is.

    Raises:
        ReadError: it is no table; or it is one under the name of another kind, which would
            mislead whoever downloads it.
    """
    with open(path, "rb") as file:
        head = file.read(4096)
    claimed = (format or "").strip().lower().lstrip(".")
    if head.startswith(_OLE):
        found = Container.XLS
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        found = _zip(path, name)
    else:
        _refuse_others(head, name, claimed)
        found = Container.TEXT
    if (found is Container.TEXT and claimed in _SPREADSHEETS) or (
        found is not Container.TEXT and claimed in _TEXTS
    ):
        kind = "CSV" if found is Container.TEXT else found.name
        raise ReadError(
            "jenis-berkas-salah", {"name": name, "claimed": claimed.upper(), "found": kind}
        )
    return found


def holds_spreadsheet(path: str) -> bool:
    """Whether a container is a spreadsheet, whatever it is called.

    Spreadsheets inside documents (a chart's figures in a DOCX) do not count.

    Args:
        path: a zip archive, or an OLE file.
    """
    from .sheets import xls
    from .sheets.archive import Archive

    with open(path, "rb") as file:
        if file.read(len(_OLE)) == _OLE:
            file.seek(0)
            return xls.holds_workbook(file.read())
        try:
            archive = Archive(file, name=path, limits=Limits())
            if any(n.lower().startswith("xl/workbook.") for n in archive.names):
                return True
            if archive.read("mimetype", _SMALL).strip().startswith(_ODS):
                return True
            return bool(_MAIN_PART.search(archive.read("[Content_Types].xml", _SMALL)))
        except ReadError:
            return False


def _refuse_others(head: bytes, name: str, claimed: str) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    kind = next((k for magic, k in _OTHERS if head.startswith(magic)), None)
    kind = kind or next((k for magic, k in _MARKUP if start.startswith(magic)), None)
    if kind:
        raise ReadError(
            "jenis-berkas-salah",
            {"name": name, "claimed": claimed.upper() or "CSV", "found": kind},
        )


def _zip(path: str, name: str) -> Container:
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mime = b""
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mime = archive.read("mimetype").strip()
    # zipfile leaks errors of several kinds for damaged archives.
    except Exception as error:
        raise ReadError("berkas-rusak", {"name": name}) from error
    if any(n.lower().endswith("vbaproject.bin") for n in names):
        raise ReadError("berkas-makro", {"name": name})
    if "xl/workbook.xml" in names:
        return Container.XLSX
    if mime.startswith(_ODS):
        return Container.ODS
    if "xl/workbook.bin" in names:
        raise ReadError("format-tak-didukung", {"name": name, "found": "XLSB"})
    kinds = [k for folder, k in _SOFTWARE.items() if any(n.startswith(folder) for n in names)]
    raise ReadError("zip-bukan-lembar", {"name": name, "found": kinds[0] if kinds else "ZIP"})
