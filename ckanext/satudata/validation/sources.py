"""What is to be read: an incoming upload, a stored file, or a link.

Upstream hands any text in a resource's ``url`` to frictionless as trusted: ``/etc/passwd`` is then
read and its lines shown in the report. Here a link is an http(s) address of the public internet,
and a local path is only ever one that CKAN's uploader names.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan.lib import files, uploader
from werkzeug.datastructures import FileStorage

from ckanext.satudata.extract.fetch import FetchError, SafeSession, check_url, fetch, safe_session

from . import config
from .problems import Problem, TooLarge

COMPRESSED = (".zip", ".gz", ".bz2", ".xz", ".7z", ".rar")
UNPACKED_RATIO = 20
"""A spreadsheet may unpack to this many times the size a file may have; real ones stay below."""


@dataclass(frozen=True)
class Source:
    """Something frictionless can open.

    Attributes:
        place: a path, or a URL.
        shown: the name that may appear in a report instead of a path.
        session: for fetching; also where the cause of a failed fetch is kept.
    """

    place: str
    shown: str
    session: SafeSession


@contextmanager
def open_source(
    resource: Mapping[str, Any], fmt: str, *, max_bytes: int, fetch_max_bytes: int
) -> Iterator[Source]:
    """Make the table of a resource readable for as long as the context lasts.

    Args:
        resource: as stored, or as it comes in, with a file in ``upload``.
        fmt: its format, in lower case.
        max_bytes: of a local file.
        fetch_max_bytes: of a linked one.

    Raises:
        Problem: there is nothing to read, or it may not be read.
        TooLarge: a local file is larger than ``max_bytes``.
    """
    session = safe_session(
        max_bytes=fetch_max_bytes,
        timeout=config.fetch_timeout(),
        allow=config.allowed_private_hosts(),
        proxy=config.proxy(),
        on_body=lambda body: _check_fetched(body, fetch_max_bytes),
        # frictionless opens what it reads anew to go back to its start.
        once=True,
    )
    with session, tempfile.TemporaryDirectory(prefix="satudata-validation-") as folder:
        temporary = os.path.join(folder, f"table.{fmt}")
        upload = resource.get("upload")
        if isinstance(upload, FileStorage) and upload.filename:
            _check_size(upload_size(upload), max_bytes)
            _copy(upload.stream, temporary)
            place, shown = temporary, os.path.basename(upload.filename)
        elif resource.get("url_type") == "upload":
            place = _stored_file(resource, temporary, session)
            shown = str(resource.get("url") or "")
        else:
            place = shown = _link(resource)
        if "://" not in place and os.path.exists(place):
            _check_size(os.path.getsize(place), max_bytes)
            _check_archive(place, max_bytes)
        yield Source(place, shown, session)


def upload_size(upload: FileStorage) -> int:
    """Bytes of an incoming file, which stays positioned at its start."""
    upload.stream.seek(0, os.SEEK_END)
    size = upload.stream.tell()
    upload.stream.seek(0)
    return size


def load_schema(value: Any) -> dict[str, Any] | None:
    """The Table Schema of a resource.

    Args:
        value: the field ``schema``: a dict, JSON text, a URL, or nothing.

    Raises:
        Problem: it cannot be fetched, or is no JSON object. A schema that is itself text would be
            opened by frictionless as a path.
    """
    if not value or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, str) and value.lower().startswith("http"):
        value = _fetch_schema(value)
    if isinstance(value, (str, bytes)):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise Problem("schema-invalid", "schema", detail=error) from error
    if not isinstance(value, dict):
        raise Problem("schema-not-json", "schema")
    return value


def _fetch_schema(url: str) -> dict[str, Any]:
    try:
        with fetch(
            url,
            max_bytes=config.schema_max_bytes(),
            timeout=config.fetch_timeout(),
            allow=config.allowed_private_hosts(),
            proxy=config.proxy(),
        ) as fetched:
            return json.loads(fetched.content)
    except FetchError as error:
        raise fetch_problem(error, "schema", config.schema_max_bytes()) from error
    except ValueError as error:
        raise Problem("schema-not-json", "schema") from error


def fetch_problem(error: FetchError, field: str, max_bytes: int) -> Problem:
    """What a failed fetch means for the person who gave the address.

    Args:
        error: of the fetch.
        field: the resource field the address is in.
        max_bytes: the limit that applied.
    """
    kind = TooLarge if error.code == "too-large" else Problem
    code = "unpacks-too-large" if error.code == "content" else error.code
    params = {"detail": error.detail, "limit": max_bytes // config.MEGABYTE, "size": error.detail}
    return kind(code, field, **params)


def _link(resource: Mapping[str, Any]) -> str:
    url = str(resource.get("url") or "").strip()
    if not url:
        raise Problem("no-source", "url")
    try:
        check_url(url)
    except FetchError as error:
        raise fetch_problem(error, "url", 0) from error
    if urlsplit(url).path.lower().endswith(COMPRESSED):
        # frictionless would unpack it without any limit.
        raise Problem("compressed", "url")
    return url


def _stored_file(resource: Mapping[str, Any], temporary: str, session: SafeSession) -> str:
    upload = uploader.get_resource_uploader(dict(resource))
    if isinstance(upload, uploader.ResourceUpload):
        return upload.get_path(resource["id"])
    if isinstance(upload, uploader.FKResourceUpload) and upload.storage is not None:
        location = upload.get_path(resource["id"])
        try:
            stored = files.FileData(location, size=upload.storage.size(location))
            with open(temporary, "wb") as out:
                out.writelines(upload.storage.stream(stored))
        except files.exc.MissingFileError as error:
            raise Problem("no-source", "url") from error
        return temporary
    return _uploaded_elsewhere(resource, session)


def _uploaded_elsewhere(resource: Mapping[str, Any], session: SafeSession) -> str:
    """The address of an upload that another extension keeps, e.g. in a cloud storage.

    CKAN itself makes the address of an upload, so that the portal's own host may be asked even
    where it is not on the public internet.
    """
    site = urlsplit(tk.config["ckan.site_url"])
    port = site.port or (443 if site.scheme == "https" else 80)
    session.allow(f"{site.hostname}:{port}")
    header = config.auth_header()
    if header:
        session.headers["Authorization"] = header
    return str(resource["url"])


def _copy(stream: IO[bytes], path: str) -> None:
    stream.seek(0)
    with open(path, "wb") as out:
        shutil.copyfileobj(stream, out)
    stream.seek(0)


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise TooLarge("too-large", "upload", limit=max_bytes // config.MEGABYTE)


def _check_archive(path: str, max_bytes: int) -> None:
    """Refuse a spreadsheet that is a zip bomb: XLSX and ODS are zip archives."""
    try:
        with open(path, "rb") as archive:
            unpacked = _unpacked_size(archive)
    except (zipfile.BadZipFile, OSError, ValueError):
        return  # not an archive; what it is instead is for frictionless to tell
    if unpacked > UNPACKED_RATIO * max_bytes:
        raise Problem("unpacks-too-large", "upload", size=unpacked // config.MEGABYTE)


def _check_fetched(body: IO[bytes], max_bytes: int) -> None:
    try:
        unpacked = _unpacked_size(body)
    except (zipfile.BadZipFile, OSError, ValueError):
        return
    if unpacked > UNPACKED_RATIO * max_bytes:
        raise FetchError("content", "", str(unpacked // config.MEGABYTE))


def _unpacked_size(archive: IO[bytes]) -> int:
    with zipfile.ZipFile(archive) as opened:
        return sum(entry.file_size for entry in opened.infolist())
