"""Letters: subjects and texts of e-mails, in Indonesian and English (``letters.yaml``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import yaml


def site_language() -> str:
    """``en`` or ``id``: the language in which the portal writes to people."""
    return "en" if str(tk.config.get("ckan.locale_default") or "").startswith("en") else "id"


def written(letter: str, lang: str, **params: str) -> tuple[str, str]:
    """Subject and text of a letter.

    Args:
        letter: its name in ``letters.yaml``.
        lang: ``id`` or ``en``.
        params: what the letter tells.
    """
    text = _letters()[letter]
    return text["subject"][lang].format(**params), text["body"][lang].format(**params)


@cache
def _letters() -> dict[str, Any]:
    path = Path(__file__).with_name("letters.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))
