"""Addresses of what ``frontend/`` makes for browsers."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

#: Beside CKAN's own public files, so that a browser finds it at ``/satudata-built/``.
FOLDER = Path(__file__).parent / "public" / "satudata-built"


def address_of(name: str) -> str | None:
    """Path of a bundle for ``h.url_for_static``; its name changes with its content.

    Args:
        name: as in ``frontend/bundles.json``, with its ending: ``proof.js``.

    Returns:
        None where it was not built: pages work without scripts.
    """
    names = FOLDER / "built.json"
    if not names.exists():
        return None
    file = _names(names.stat().st_mtime_ns).get(name)
    return f"/{FOLDER.name}/{file}" if file else None


@lru_cache(maxsize=1)
def _names(_changed: int) -> dict[str, str]:
    return json.loads((FOLDER / "built.json").read_text("utf-8"))
