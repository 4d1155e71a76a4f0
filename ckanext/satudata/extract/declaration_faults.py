"""Why a declaration cannot be used, in words."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import yaml

from .declaration import DeclarationError


@lru_cache(maxsize=1)
def catalogue() -> dict[str, dict[str, str]]:
    """The sentences of ``declaration.yaml``: code -> language -> text with placeholders."""
    text = (
        resources.files("ckanext.satudata.extract").joinpath("declaration.yaml").read_text("utf-8")
    )
    return yaml.safe_load(text)["faults"]


def explain(error: DeclarationError) -> dict[str, str]:
    """The fault as a sentence in each language, ``id`` and ``en``."""
    values = {
        key: ", ".join(map(str, value)) if isinstance(value, list) else value
        for key, value in error.params.items()
    }
    return {lang: text.format_map(values) for lang, text in catalogue()[error.code].items()}
