"""What actions of the audit trail are called on pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from .review.transitions import table

_PROCESS = "process."


def label(action: str, lang: str) -> str | None:
    """What an action is called; None for one that has no name of its own.

    Args:
        action: as it is written down, for example ``dataset.publish``.
        lang: ``id`` or ``en``.
    """
    found = words().get(action)
    if found is not None:
        return found[lang]
    row = table().transitions.get(action.removeprefix(_PROCESS))
    return row.label[lang] if action.startswith(_PROCESS) and row is not None else None


@cache
def words() -> dict[str, dict[str, str]]:
    """The names of ``trail_words.yaml``, by action."""
    path = Path(__file__).with_name("trail_words.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))
