"""Files as people attach them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from werkzeug.datastructures import FileStorage


def pdf(change: str = "") -> bytes:
    """A PDF of one empty page.

    Args:
        change: what is wrong with it: ``script``, ``file``, ``locked`` or nothing.
    """
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if change == "script":
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
            {
                NameObject("/S"): NameObject("/JavaScript"),
                NameObject("/JS"): TextStringObject("app.alert('halo')"),
            }
        )
    elif change == "file":
        writer.add_attachment("lain.exe", b"MZ")
    elif change == "locked":
        writer.encrypt("rahasia")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(form: str = "PNG", size: tuple[int, int] = (4, 3), **saved: object) -> bytes:
    """A picture whose first pixel is red.

    Args:
        form: of Pillow.
        size: width and height.
        saved: further arguments of saving, for example ``exif``.
    """
    image = Image.new("RGB", size, "white")
    image.putpixel((0, 0), (255, 0, 0))
    out = io.BytesIO()
    image.save(out, form, **saved)
    return out.getvalue()


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def upload(content: bytes, name: str) -> FileStorage:
    """What a form sends."""
    return FileStorage(io.BytesIO(content), filename=name)
