"""Pictures are drawn anew: what else a file held (place, telephone, comments, scripts) is gone."""

from __future__ import annotations

import io

import ckan.plugins.toolkit as tk
from PIL import Image, ImageOps, UnidentifiedImageError

from .refusal import Refusal

#: Media types of pictures that are taken -> their format and the name's ending.
FORMATS = {
    "image/jpeg": ("JPEG", ".jpg"),
    "image/png": ("PNG", ".png"),
    "image/webp": ("WEBP", ".webp"),
}
#: Pixels above which a picture is not opened; telephones make up to 50 million.
_MOST_PIXELS = 60_000_000
#: A larger picture is made smaller: what is written on a page can be read all the same.
_LONGEST_SIDE = 4_000
_QUALITY = 88


def anew(content: bytes) -> tuple[bytes, str, str]:
    """A picture made of nothing but the pixels of another one, the right way up.

    Args:
        content: the file.

    Returns:
        The new file, its media type and the ending of its name.

    Raises:
        Refusal: it is damaged, or has too many pixels.
    """
    try:
        with Image.open(io.BytesIO(content), formats=[f for f, _ in FORMATS.values()]) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Refusal(
                    tk._("The picture has too many pixels; at most {n} million are taken.").format(
                        n=_MOST_PIXELS // 1_000_000
                    )
                )
            return _drawn(picture)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise Refusal(tk._("The picture is damaged and cannot be opened.")) from error


def _drawn(picture: Image.Image) -> tuple[bytes, str, str]:
    form = picture.format or ""
    media_type, suffix = next((m, s) for m, (f, s) in FORMATS.items() if f == form)
    if max(picture.size) > _LONGEST_SIDE:
        picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    clear = form != "JPEG" and upright.has_transparency_data
    plain = Image.new("RGBA" if clear else "RGB", upright.size)
    plain.paste(upright.convert(plain.mode))
    out = io.BytesIO()
    plain.save(out, form, quality=_QUALITY)
    return out.getvalue(), media_type, suffix
