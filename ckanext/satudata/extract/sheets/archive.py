"""Unpacking the parts of a zipped spreadsheet without trusting what its headers promise."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol
from xml.parsers import expat

from ..limits import Limits, ReadError

_CHUNK = 4 << 20
_LOCAL_HEADER = struct.Struct("<4s22xHH")
#: Below this size a high ratio is harmless: small style sheets are very repetitive.
_RATIO_FROM = 10 << 20
#: No tag or comment of an honest part is longer; older versions of expat look at an unfinished
#: one again from its start with every piece (CVE-2023-52425).
_LONGEST_TOKEN = 8 << 20


class Listener(Protocol):
    """Somebody who wants to see the elements of a part."""

    def attach(self, parser: expat.XMLParserType) -> None:
        """Set handlers."""


class Archive:
    """A zip file whose parts are unpacked within limits.

    Args:
        file: the open file.
        name: what people call it.
        limits: sizes above which it is refused.

    Raises:
        ReadError: it is damaged or encrypted, or its headers already exceed the limits.
    """

    def __init__(self, file: BinaryIO, *, name: str, limits: Limits) -> None:
        self._file = file
        self._name = name
        self._limits = limits
        self._sizes: dict[str, int] = {}
        try:
            entries = zipfile.ZipFile(file).infolist()
        except Exception as error:
            raise ReadError("berkas-rusak", {"name": name}) from error
        if len(entries) > limits.entries or sum(e.file_size for e in entries) > limits.unpacked:
            raise self._bomb()
        self._entries = {e.filename: e for e in entries}
        if len(self._entries) != len(entries):
            raise ReadError("berkas-rusak", {"name": name})
        for entry in entries:
            if entry.flag_bits & 1:
                raise ReadError("berkas-terkunci", {"name": name})

    @property
    def names(self) -> frozenset[str]:
        """Names of the parts."""
        return frozenset(self._entries)

    def read(self, part: str, limit: int = 20 << 20) -> bytes:
        """A small part as a whole; empty if there is none.

        Raises:
            ReadError: it is damaged, or larger than ``limit`` bytes.
        """
        if part not in self._entries:
            return b""
        out = bytearray()
        for chunk in self.chunks(part):
            out += chunk
            if len(out) > limit:
                raise self._bomb()
        return bytes(out)

    @property
    def label(self) -> str:
        """What people call the file."""
        return self._name

    def require_xml(self, part: str, listener: Listener | None = None) -> None:
        """Refuse a part that is no well-formed XML, or that declares a document type.

        calamine never returns from some malformed documents; entities could grow without end.

        Args:
            part: name of the part.
            listener: gets to see its elements.

        Raises:
            ReadError: it is not well-formed.
        """
        parser = expat.ParserCreate()
        if listener is not None:
            listener.attach(parser)
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        fed = 0
        try:
            for chunk in self.chunks(part):
                parser.Parse(chunk, False)
                fed += len(chunk)
                if fed - max(0, parser.CurrentByteIndex) > _LONGEST_TOKEN:
                    raise ReadError("berkas-rusak", {"name": self._name})
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise ReadError("berkas-rusak", {"name": self._name}) from error

    def _refuse_doctype(self, *_: object) -> None:
        raise ReadError("berkas-rusak", {"name": self._name})

    def chunks(self, part: str) -> Iterator[bytes]:
        """Unpack a part piece by piece, counting what really comes out.

        Raises:
            ReadError: it is damaged, or grows beyond the limits.
        """
        entry = self._entries[part]
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ReadError("berkas-rusak", {"name": self._name})
        unpacked = 0
        try:
            for chunk in self._inflate(entry):
                unpacked += len(chunk)
                self._sizes[part] = max(unpacked, self._sizes.get(part, 0))
                if sum(self._sizes.values()) > self._limits.unpacked or (
                    unpacked > _RATIO_FROM
                    and unpacked > self._limits.ratio * max(1, entry.compress_size)
                ):
                    raise self._bomb()
                yield chunk
        except (zlib.error, struct.error, OSError, ValueError) as error:
            raise ReadError("berkas-rusak", {"name": self._name}) from error
        if unpacked != entry.file_size:
            raise ReadError("berkas-rusak", {"name": self._name})

    def _inflate(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        self._file.seek(entry.header_offset)
        magic, name, extra = _LOCAL_HEADER.unpack(self._file.read(_LOCAL_HEADER.size))
        if magic != b"PK\x03\x04":
            raise zlib.error("no local header")
        self._file.seek(entry.header_offset + 30 + name + extra)
        left = entry.compress_size
        stream = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
        while left:
            packed = self._file.read(min(left, _CHUNK))
            if not packed:
                raise zlib.error("truncated")
            left -= len(packed)
            if stream is None:
                yield packed
                continue
            while packed:
                yield stream.decompress(packed, _CHUNK)
                packed = stream.unconsumed_tail
        if stream is not None:
            while tail := stream.decompress(b"", _CHUNK):
                yield tail
            if not stream.eof:
                raise zlib.error("truncated")

    def _bomb(self) -> ReadError:
        return ReadError(
            "bom-zip", {"name": self._name, "limit": round(self._limits.unpacked / 1e6)}
        )
