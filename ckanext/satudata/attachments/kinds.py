"""What a file is, by its content; its name and what the browser says of it count for nothing.

Taken are pictures, PDF, documents and tables of today's office programs, plain text and CSV, and
zip archives of such files. Pictures are made anew. Nothing that can run is taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk
import magic

from . import archives, documents, pictures
from .refusal import Refusal

#: Bytes that libmagic looks at.
_HEAD = 1 << 16
#: What holds nothing of who made it once it is taken in. Documents and PDF keep their author's name
#: in many places.
NAMELESS = frozenset({*pictures.FORMATS, "text/plain", "text/csv"})


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that may be kept.

    Attributes:
        content: its bytes, possibly made anew.
        media_type: what it is.
        suffix: the ending its name gets, with the full stop.
    """

    content: bytes
    media_type: str
    suffix: str


def examined(
    content: bytes,
    name: str,
    *,
    only: frozenset[str] | None = None,
    nameless: bool = False,
) -> Examined:
    """A file as it may be kept.

    Args:
        content: its bytes.
        name: what the person calls it; tells CSV from other text, and nothing else.
        only: media types that are taken here; None takes all of them.
        nameless: whether nobody may learn from it who made it.

    Raises:
        Refusal: it is none of them, or holds what can run.
    """
    kind = magic.from_buffer(content[:_HEAD], mime=True)
    if kind in pictures.FORMATS:
        made, media_type, suffix = pictures.anew(content)
    elif kind == "application/pdf":
        documents.check_pdf(content)
        made, media_type, suffix = content, kind, ".pdf"
    elif content.startswith(b"PK\x03\x04"):
        media_type, suffix = archives.kind_of(content)
        made = content
    elif kind.startswith("text/") or kind in ("application/csv", "application/json"):
        media_type, suffix = documents.text_kind(content, name, kind)
        made = content
    else:
        raise Refusal(_not_taken())
    if only is not None and media_type not in only:
        raise Refusal(_not_taken())
    if nameless and media_type not in NAMELESS:
        raise Refusal(
            tk._(
                "So that nobody learns who you are, only pictures, plain text and CSV are taken "
                "here: PDF and documents keep the name of who made them. Send a photograph of the "
                "pages."
            )
        )
    return Examined(made, media_type, suffix)


def _not_taken() -> str:
    return tk._(
        "This kind of file is not taken here. Send a PDF, a JPEG or PNG picture, a table (XLSX, "
        "ODS, CSV), a document (DOCX, ODT), or a ZIP of these; save older files as one of them."
    )
