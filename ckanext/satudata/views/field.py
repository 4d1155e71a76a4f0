"""A field of a form, as ``satudata/kasus/snippets/field.html`` draws it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def field(
    name: str, label: str, type: str, *, required: bool = True, **more: Any
) -> dict[str, Any]:
    """A field.

    Args:
        name: of the parameter.
        label: what people are asked.
        type: ``line``, ``text``, ``select``, ``radio``, ``checks``, ``day``, ``email``, ``tel``,
            ``file`` or ``tick``.
        required: whether browsers demand it.
        more: what else the snippet knows: ``hint``, ``options``, ``rows``, ``most`` ...
    """
    return {"name": name, "label": label, "type": type, "required": required, **more}


def wrong(error: tk.ValidationError | None) -> dict[str, list[str]]:
    """Sentences by field."""
    if error is None:
        return {}
    return {
        str(name): [str(t) for t in (texts if isinstance(texts, list) else [texts])]
        for name, texts in error.error_dict.items()
    }
