"""The tables of a dataset: which of its resources hold figures, and where their bytes are."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from ckan import model

from ckanext.satudata.extract.sniff import holds_spreadsheet
from ckanext.satudata.store import content
from ckanext.satudata.store.beside import Beside

#: Formats read as tables, by what a resource calls itself or its file is called.
TABLE_FORMATS = frozenset({"csv", "tsv", "tab", "txt", "xls", "xlsx", "xlsm", "xlsb", "ods"})
ARCHIVE_FORMATS = frozenset({"zip", "7z", "rar", "gz", "tar", "tgz", "bz2", "xz"})

#: Bytes by which a file is recognised.
_HEAD = 4096
#: Text is looked through in pieces of so many bytes.
_PIECE = 1 << 20
_DELIMITERS = ",;\t|"
#: A cell that holds nothing but a number.
_NUMBER = re.compile(r"[\s\"']*-?\d[\d.,]*[\s\"'%]*")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ARCHIVE_MAGIC = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


class Kind(Enum):
    """What the gate does with a resource."""

    TABLE = auto()
    DOCUMENT = auto()
    ARCHIVE = auto()
    LINKED_TABLE = auto()
    LINK = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class Source:
    """One resource, as far as the gate needs it.

    Attributes:
        resource: id of the resource, or None for a file that is not saved.
        name: as people know it.
        format: extension or declared format, lower case.
        path: path of the file, or None for a link or a lost file.
        kind: what it is.
        declaration: the resource's ``schema``, or None.
        digest: SHA-256 of the content, or what stands for it.
    """

    resource: str | None
    name: str
    format: str
    path: str | None
    kind: Kind
    declaration: str | Mapping[str, Any] | None
    digest: str


def of_package(package: model.Package, beside: Beside | None = None) -> list[Source]:
    """The sources of a dataset as it stands in the current transaction.

    Args:
        package: the dataset.
        beside: what other rows say of it, if the caller has asked.
    """
    files = content.all_served(package.resources, beside.hashes if beside else None)
    return [_of_resource(r, files.get(r.id)) for r in package.resources]


def of_file(
    path: str, name: str, declaration: str | Mapping[str, Any] | None, *, digest: str = ""
) -> Source:
    """The source of a file that is only checked."""
    extension = _extension(name)
    kind = _kind_of_file(path, extension)
    return Source(None, name, extension, path, kind, declaration, digest)


def of_resource(resource: model.Resource) -> Source:
    """The source of one resource as it stands in the current transaction."""
    return _of_resource(resource, content.served(resource))


def _of_resource(resource: model.Resource, served: content.Served | None) -> Source:
    declaration = resource.extras.get("schema") or None
    name = resource.name or os.path.basename(resource.url or "") or resource.id
    declared = (resource.format or "").strip().lower().lstrip(".")
    extension = _extension(resource.url or "") or declared
    path = served.path if served else None
    if path:
        kind = _kind_of_file(path, extension, declared)
    elif resource.url_type == "upload":
        kind = Kind.MISSING
    elif resource.url_type in ("datastore", "tabledesigner"):
        kind = Kind.LINKED_TABLE
    else:
        tabular = {extension, declared} & (TABLE_FORMATS - {"txt"})
        kind = Kind.LINKED_TABLE if tabular else Kind.LINK
    digest = served.digest if served else f"{resource.url_type}:{resource.url}"
    return Source(resource.id, name, extension, path, kind, declaration, digest)


def size(sources: Sequence[Source]) -> int:
    """Bytes of all tables together."""
    return sum(os.path.getsize(s.path) for s in sources if s.kind is Kind.TABLE and s.path)


def _extension(name: str) -> str:
    return os.path.splitext(name.split("?")[0])[1].lower().lstrip(".")


def _kind_of_file(path: str, *formats: str) -> Kind:
    """Told by content first: a table called ``laporan.pdf`` is still a table."""
    with open(path, "rb") as file:
        head = file.read(_HEAD)
    if head.startswith((b"PK\x03\x04", _OLE)):
        return _kind_of_container(path, head, formats)
    if head.startswith(_ARCHIVE_MAGIC):
        return Kind.ARCHIVE
    if set(formats) & TABLE_FORMATS:
        return Kind.TABLE
    return Kind.TABLE if _looks_delimited(path, head) else Kind.DOCUMENT


def _kind_of_container(path: str, head: bytes, formats: tuple[str, ...]) -> Kind:
    """What a file says about itself decides only where it holds no spreadsheet."""
    if set(formats) & TABLE_FORMATS or holds_spreadsheet(path):
        return Kind.TABLE
    if head.startswith(_OLE):
        return Kind.DOCUMENT if set(formats) & {"doc", "ppt", "msg"} else Kind.TABLE
    if set(formats) & {"docx", "pptx", "odt", "odp", "epub"}:
        return Kind.DOCUMENT
    return Kind.ARCHIVE


def _looks_delimited(path: str, head: bytes) -> bool:
    """Whether text holds rows of several cells, figures among them, one below the other.

    Whatever stands above: a page of prose before a table makes no document of it. Markup and PDF
    are documents; JSON's lines are no such rows.
    """
    start = _decoder(head).decode(head) if b"\0" not in head or _is_wide(head) else ""
    if not start.strip() or start.lstrip().startswith(("%PDF", "<")):
        return False
    decoder = _decoder(head)
    looks = {delimiter: _Rows(delimiter) for delimiter in _DELIMITERS}
    carry = ""
    with open(path, "rb") as file:
        while data := file.read(_PIECE):
            if b"\0" in data and not _is_wide(head):
                return False
            *lines, carry = (carry + decoder.decode(data)).splitlines(keepends=True) or [""]
            if any(look.found(lines) for look in looks.values()):
                return True
            if len(carry) > _PIECE:
                carry = ""  # no row of a table is that long
    return any(look.found([carry]) for look in looks.values())


def _is_wide(head: bytes) -> bool:
    return head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _decoder(head: bytes) -> codecs.IncrementalDecoder:
    encoding = "utf-16" if _is_wide(head) else "utf-8-sig"
    return codecs.getincrementaldecoder(encoding)("replace")


class _Rows:
    """Looks for two lines with a number in them that follow each other with equally many cells."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter
        self._before = 0

    def found(self, lines: Sequence[str]) -> bool:
        """Whether the next lines, or the last one before and the first of them, are such."""
        for line in lines:
            cells = line.split(self._delimiter)
            filled = [c for c in cells if c.strip()] if len(cells) > 1 else []
            width = len(cells) if len(filled) > 1 and any(map(_NUMBER.fullmatch, cells)) else 0
            if width and width == self._before:
                return True
            self._before = width
        return False
