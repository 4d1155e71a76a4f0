"""Reading reference data where they may not be loaded yet (forms, metadata checks)."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

import sqlalchemy as sa
import yaml
from ckan import model

from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.errors import ReferenceDataMissing
from ckanext.satudata.model.reference import CodeRow, StandardRow

from .codebook import codebook_of_transaction

_SHIPPED = "ckanext.satudata.reference"


def codebook_or_none() -> CodeBook | None:
    """The code book in CKAN's session, or None as long as no reference data are loaded."""
    try:
        return codebook_of_transaction(model.Session())
    except ReferenceDataMissing:
        return None


def choices_of(codelist: str, level: str | None = None) -> list[dict[str, Any]]:
    """A code list as choices of a form.

    Args:
        codelist: name of the list, for example ``urusan``.
        level: keep only codes of this level.

    Returns:
        Dictionaries with ``value`` and ``label`` ({language: text}) in code order, of the
        loaded list, or of the one that comes with the extension while none is loaded.
    """
    book = codebook_or_none()
    version = book.version if book is not None and codelist in book.codelists else None
    return [
        {"value": code, "label": {"id": label, "en": label_en}}
        for code, label, label_en, own_level in _codes(codelist, version)
        if level is None or own_level == level
    ]


def standard_names(name: str) -> list[str]:
    """Names in the national standard that are the same but for case."""
    folded = name.casefold()
    return list(
        model.Session.scalars(
            sa.select(StandardRow.name).where(sa.func.lower(StandardRow.name) == folded).distinct()
        )
    )


@lru_cache(maxsize=32)
def _codes(codelist: str, version: str | None) -> tuple[tuple[str, str, str, str | None], ...]:
    """Code, label, English label and level; ``version`` is what the memory depends on."""
    if version is None:
        path = resources.files(_SHIPPED) / "data" / f"{codelist}.yaml"
        shipped = yaml.safe_load(path.read_text(encoding="utf-8"))["codes"]
        return tuple(
            (c["code"], c["label"], c.get("label_en", c["label"]), c.get("level")) for c in shipped
        )
    rows = model.Session.execute(
        sa.select(CodeRow.code, CodeRow.label, CodeRow.label_en, CodeRow.level)
        .where(CodeRow.codelist == codelist, CodeRow.valid_to.is_(None))
        .order_by(CodeRow.code)
    )
    return tuple((code, label, label_en or label, level) for code, label, label_en, level in rows)
