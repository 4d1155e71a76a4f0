"""What actions of the audit trail are called on pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from .cases.tables import tables
from .review.transitions import table


def label(action: str, lang: str) -> str | None:
    """What an action is called; None for one that has no name of its own.

    Args:
        action: as it is written down, for example ``dataset.publish``.
        lang: ``id`` or ``en``.
    """
    found = words().get(action)
    if found is not None:
        return found[lang]
    kind, _, name = action.partition(".")
    known = {"process": [table()], "case": tables().values()}.get(kind, [])
    rows = (one.transitions.get(name) for one in known)
    return next((row.label[lang] for row in rows if row is not None), None)


@cache
def words() -> dict[str, dict[str, str]]:
    """The names of ``trail_words.yaml``, by action."""
    path = Path(__file__).with_name("trail_words.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))
