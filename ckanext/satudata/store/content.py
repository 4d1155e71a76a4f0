"""Uploaded files by content: a file's path is made of its SHA-256.

CKAN's own uploader renames a new file over the old one *before* the database commit, so a
failure in between serves new bytes under old metadata. Here a stream is stored under its
hash when the uploader is constructed (that is also how the gate can read it), and which
hash a resource serves is a row in ``satudata_content_version``, written in CKAN's
transaction: the commit is the only switch. Old versions stay readable. No client can set
the row; the resource's ``hash`` field only repeats it.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.uploader import ResourceUpload, get_max_resource_size
from werkzeug.datastructures import FileStorage

from ckanext.satudata import faults
from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.model.content import ContentVersion

_CHUNK = 1 << 20
#: Resource field with the address from which a file was copied; empty for one that was uploaded.
SOURCE = "tautan_asal"
#: Seconds after which nobody is uploading any more.
_DAY = 86_400
#: Errors that say that there is no room for a file.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class ContentHash(str):
    """A hash that this uploader computed; JSON from a client is never one."""

    __slots__ = ()


class ContentUpload(ResourceUpload):
    """Resource files addressed by content.

    Args:
        resource: the resource being saved or served; ``upload`` and ``clear_upload`` are
            taken out, ``hash`` is set to what is stored.

    Raises:
        tk.ValidationError: the file is larger than ``ckan.max_resource_size`` or the upload
            broke off.
    """

    def __init__(self, resource: dict[str, Any]) -> None:
        upload = resource.get("upload")
        super().__init__(resource)
        self._digest: ContentHash | None = None
        self._reused = False
        if self.storage_path and self.filename and isinstance(upload, FileStorage):
            with _told_where_full():
                self._digest = self._store(self.upload_file)
            resource["hash"] = self._digest
            resource[SOURCE] = getattr(upload, "source", "")
        elif self.clear:
            resource["hash"] = resource[SOURCE] = ""
        elif resource.get("id"):
            version = ContentVersion.current(resource["id"])
            self._reused = version is not None and not _is_live(resource["id"])
            if version is not None:
                resource["hash"] = ContentHash("" if self._reused else version.sha256 or "")

    def get_path(self, id: str) -> str:
        """Path of the file this resource serves in the current transaction.

        Resources uploaded before the extension was installed keep their old path.
        """
        if self._digest:
            return str(self._content_path(self._digest))
        version = ContentVersion.current(id)
        if version is None or not version.sha256:
            return super().get_path(id)
        return str(self._content_path(version.sha256))

    def upload(self, id: str, max_size: int = 10) -> None:
        """Let the resource serve the stored file from the next commit on."""
        if self._digest:
            ContentVersion.add(id, self._digest, self.filesize, self.filename)
            faults.reach("content-recorded")
        elif self._reused or (self.clear and ContentVersion.current(id) is not None):
            ContentVersion.add(id, None, 0, None)

    def _store(self, stream: IO[bytes]) -> ContentHash:
        limit = get_max_resource_size() * _CHUNK
        root = self._root()
        root.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        size = 0
        handle, temporary = tempfile.mkstemp(dir=root, prefix="incoming-")
        try:
            with os.fdopen(handle, "wb") as out:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise tk.ValidationError(
                            {
                                "upload": [
                                    tk._("The file is larger than {limit} MB.").format(
                                        limit=get_max_resource_size()
                                    )
                                ]
                            }
                        )
                    digest.update(chunk)
                    out.write(chunk)
                faults.reach("content-writing")
                out.flush()
                os.fsync(out.fileno())
            target = self._content_path(digest.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, target)
            faults.reach("content-written")
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return ContentHash(digest.hexdigest())

    def _root(self) -> Path:
        assert self.storage_path is not None
        return Path(self.storage_path).parent / "satudata"

    def _content_path(self, digest: str) -> Path:
        return self._root() / digest[:2] / digest[2:4] / digest


@contextmanager
def _told_where_full() -> Iterator[None]:
    """Say so in words where there is no room, be it for bytes or for one file more."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        message = tk._(
            "The portal has no room for this file at the moment, and nothing was changed. "
            "Please tell the administrator, and try again later."
        )
        raise tk.ValidationError({"upload": [message]}) from error


def forget_broken_uploads() -> int:
    """Remove what uploads have left that were cut off over a day ago; returns how many files."""
    root = ContentUpload({})._root()
    left = [f for f in root.glob("incoming-*") if f.stat().st_mtime < time.time() - _DAY]
    for file in left:
        file.unlink(missing_ok=True)
    return len(left)


def begin(resource_ids: Iterable[str]) -> None:
    """Let resources of a new dataset begin without a file, whoever had their ids before.

    ``package_create`` takes no uploads, so what these ids served belongs to purged or deleted
    resources.
    """
    for resource_id in resource_ids:
        version = ContentVersion.current(resource_id)
        if version is not None and version.sha256:
            ContentVersion.add(resource_id, None, 0, None)


def open_stored(sha256: str, filename: str) -> FileStorage:
    """A file that was uploaded before, as if somebody uploaded it again.

    Args:
        sha256: hash of the content, from ``satudata_content_version``.
        filename: what it is called.

    Raises:
        FileNotFoundError: the content is not there.
    """
    path = ContentUpload({})._content_path(sha256)
    return FileStorage(path.open("rb"), filename=filename)


def keep(stream: IO[bytes]) -> str:
    """Store a file that belongs to no resource; a row must name it, or nobody finds it again.

    Args:
        stream: the file, read from where it stands.

    Returns:
        Its SHA-256.

    Raises:
        tk.ValidationError: it is larger than ``ckan.max_resource_size``, or there is no room.
    """
    return str(ContentUpload({})._store(stream))


def path_of(sha256: str) -> Path:
    """Where a stored file is.

    Args:
        sha256: of its content.
    """
    return ContentUpload({})._content_path(sha256)


def _is_live(resource_id: str) -> bool:
    """Whether the id belongs to a resource that is not deleted.

    CKAN lets anybody create a resource under the id of a deleted one. It must not inherit the
    file, which may be another agency's draft.
    """
    resource = model.Resource.get(resource_id)
    return resource is not None and resource.state != model.State.DELETED


@frozen(slots=True)
class Served:
    """The file a resource serves.

    Attributes:
        path: where it is.
        digest: its SHA-256.
    """

    path: str
    digest: str


def served(resource: model.Resource) -> Served | None:
    """The file of an uploaded resource in the current transaction; None if it has none."""
    return all_served([resource]).get(resource.id)


def all_served(
    resources: Iterable[model.Resource], hashes: Mapping[str, str | None] | None = None
) -> dict[str, Served]:
    """The files of uploaded resources in the current transaction, by resource.

    Args:
        resources: the resources.
        hashes: resource id -> what it serves (:meth:`.ContentVersion.hashes`), if the caller has
            asked.
    """
    uploaded = [r.id for r in resources if r.url_type == "upload"]
    if hashes is None:
        hashes = ContentVersion.hashes(uploaded) if uploaded else {}
    found = {}
    for resource in uploaded:
        digest = hashes.get(resource)
        if digest:
            path = str(ContentUpload({})._content_path(digest))
        else:
            path = ResourceUpload({}).get_path(resource)
        if os.path.exists(path):
            found[resource] = Served(path, digest or sha256_of(path))
    return found


def sha256_of(path: str) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
