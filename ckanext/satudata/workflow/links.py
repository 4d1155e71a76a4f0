"""Copies of files on other hosts: what the portal serves is what was checked."""

from __future__ import annotations

import mimetypes
import os
from typing import IO
from urllib.parse import unquote, urlsplit

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ckanext.satudata import config
from ckanext.satudata.extract.fetch import fetch


class LinkedFile(FileStorage):
    """A fetched file, as if somebody had uploaded it.

    Attributes:
        source: the address it was fetched from.
    """

    def __init__(self, stream: IO[bytes], filename: str, source: str) -> None:
        super().__init__(stream, filename=filename)
        self.source = source


def copy(url: str) -> LinkedFile:
    """Fetch a file once; whatever its host shows later does not change the copy.

    Args:
        url: http or https, on the public internet.

    Raises:
        FetchError: it must not or could not be fetched, or is too large.
    """
    fetched = fetch(
        url,
        max_bytes=config.max_file_size(),
        timeout=config.fetch_timeout(),
        allow=config.fetch_private_hosts(),
        proxy=tk.config.get("ckan.download_proxy"),
    )
    name = os.path.basename(unquote(urlsplit(fetched.url).path)) or "berkas"
    if not os.path.splitext(name)[1]:
        name += mimetypes.guess_extension(fetched.content_type) or ""
    return LinkedFile(fetched.file, name, url)
