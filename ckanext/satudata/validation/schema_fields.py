"""The three ways in which the form gives a schema become the one field ``schema``."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ckanext.satudata.extract.fetch import FetchError, check_url

MAX_BYTES = 1 << 20


def process(data_dict: dict[str, Any]) -> dict[str, Any]:
    """Move ``schema_upload``, ``schema_url`` or ``schema_json`` to ``schema``.

    Upstream's function of this kind reaches for parts of CKAN's uploader that are gone.

    Args:
        data_dict: a resource as it comes in; it is changed. ``schema`` still has to be validated.

    Raises:
        ValidationError: the address is none, or the file is too large or not UTF-8 text.
    """
    upload = data_dict.pop("schema_upload", None)
    url = data_dict.pop("schema_url", None)
    text = data_dict.pop("schema_json", None)
    if isinstance(upload, FileStorage) and upload.filename:
        data_dict["schema"] = _read(upload)
    elif url:
        try:
            check_url(str(url))
        except FetchError as error:
            raise tk.ValidationError({"schema_url": [tk._("Must be a valid URL")]}) from error
        data_dict["schema"] = url
    elif text:
        data_dict["schema"] = text
    return data_dict


def _read(upload: FileStorage) -> str:
    content = upload.stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise tk.ValidationError({"schema_upload": [tk._("The schema is larger than 1 MB")]})
    if isinstance(content, str):
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise tk.ValidationError(
            {"schema_upload": [tk._("The schema is not a text file in UTF-8")]}
        ) from error
