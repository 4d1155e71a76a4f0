"""Plain text as people paste it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

_KEPT = {"\n", "\t"}


def satudata_clean_text(value: Any) -> str:
    """Text without control characters, stray white space and Windows line ends.

    Raises:
        tk.Invalid: the value is not text.
    """
    if not isinstance(value, str):
        raise tk.Invalid(tk._("Text expected."))
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c)[0] != "C").strip()


def localised(text: str | Mapping[str, str] | None) -> str:
    """A schema's text in the reader's language, or the portal's where no page is asked for.

    Args:
        text: plain text or {language: text}.
    """
    if not text:
        return ""
    if isinstance(text, str):
        return text
    default = tk.config["ckan.locale_default"]
    language = tk.h.lang() if has_request_context() else default
    return text.get(language) or text.get(default) or next(iter(text.values()))
