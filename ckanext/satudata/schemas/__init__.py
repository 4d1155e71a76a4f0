"""Metadata schemas as data (YAML), and the pure rules that go with them."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def load_choices(name: str) -> tuple[dict[str, Any], ...]:
    """The choices in ``schemas/choices/<name>.yaml``.

    Args:
        name: file name without its ending.

    Returns:
        Dictionaries with ``value``, ``label`` ({language: text}) and what else the file says.
    """
    path = resources.files(__name__) / "choices" / f"{name}.yaml"
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8"))["choices"])
