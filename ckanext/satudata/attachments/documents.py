"""PDF without programs inside, and plain text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import ckan.plugins.toolkit as tk
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from .refusal import Refusal

#: Keys and actions of a PDF (ISO 32000-2) that run something, send something or carry files.
_RUNNING = frozenset(
    {
        "/JS",
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/RichMedia",
        "/XFA",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/GoToE",
    }
)
#: The same where another program might read the file differently.
_RUNNING_RAW = re.compile(rb"/(JavaScript|Launch|RichMedia|EmbeddedFiles?)\b")
#: Objects above which a PDF is not looked through.
_MOST_OBJECTS = 100_000
_DEEPEST = 50

#: Texts that something runs; libmagic's names. Other texts it confuses with languages of programs.
_RUNNING_TEXTS = frozenset(
    {
        "text/html",
        "text/xml",
        "text/javascript",
        "text/x-shellscript",
        "text/x-php",
        "text/x-msdos-batch",
        "text/x-perl",
        "text/x-python",
        "text/x-script.python",
        "text/vbscript",
        "text/rtf",
    }
)


def check_pdf(content: bytes) -> None:
    """Look through all objects of a PDF.

    Raises:
        Refusal: it is damaged or locked, or holds something that runs, or other files.
    """
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refusal(tk._("The PDF is protected by a password. Send it without."))
        running = bool(_RUNNING_RAW.search(content)) or any(map(_runs, _objects(reader)))
    except Refusal:
        raise
    except (PyPdfError, ValueError, TypeError, KeyError, RecursionError, AttributeError) as error:
        raise Refusal(tk._("The PDF is damaged and cannot be read.")) from error
    if running:
        raise Refusal(
            tk._(
                "The PDF holds a program, a form or other files. Print it into a new PDF, and send "
                "that one."
            )
        )


def _objects(reader: PdfReader) -> Iterator[Any]:
    known = [(number, part) for part, numbers in reader.xref.items() for number in numbers]
    known += [(number, 0) for number in reader.xref_objStm]
    if len(known) > _MOST_OBJECTS:
        raise Refusal(tk._("The PDF has too many parts to be looked through."))
    if not reader.pages:
        raise Refusal(tk._("The PDF is damaged and cannot be read."))
    yield reader.trailer
    for number, part in known:
        yield reader.get_object(IndirectObject(number, part, reader))


def _runs(value: Any, depth: int = 0) -> bool:
    """Whether an object itself, without those it refers to, runs something."""
    if depth > _DEEPEST:
        return True
    if isinstance(value, DictionaryObject):
        if not _RUNNING.isdisjoint(value) or str(value.raw_get("/S") if "/S" in value else "") in (
            _RUNNING
        ):
            return True
        inside = [value.raw_get(key) for key in value]
        return str(value.get("/Type", "")) in _RUNNING or any(_runs(v, depth + 1) for v in inside)
    if isinstance(value, ArrayObject):
        return any(_runs(v, depth + 1) for v in list.__iter__(value))
    return False


def text_kind(content: bytes, name: str, kind: str) -> tuple[str, str]:
    """What a text is.

    Args:
        content: its bytes.
        name: what the person calls it.
        kind: what libmagic takes it for.

    Returns:
        Its media type and the ending of its name.

    Raises:
        Refusal: something runs it, or it is no text.
    """
    if kind in _RUNNING_TEXTS or b"\0" in content or content.lstrip()[:1] == b"<":
        raise Refusal(tk._("Only plain text and CSV are taken, nothing that a program runs."))
    if PurePath(name).suffix.lower() == ".csv" or kind in ("text/csv", "application/csv"):
        return "text/csv", ".csv"
    return "text/plain", ".txt"
