"""The crash matrix, as the documents show it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

_FILE = Path(__file__).resolve().parents[4] / "docs" / "crashes.yaml"
MATRIX = yaml.safe_load(_FILE.read_text("utf-8"))
#: Points in the order in which they are passed.
POINTS: list[str] = list(MATRIX["points"])

_SHORT = ("before-commit", "figures-withdrawn")


def kills() -> Iterator[Any]:
    """Operation, point, and whether the change is done when the portal comes back.

    Replacing a file passes every point but one; of the other operations the short run keeps
    what is theirs alone, and the end.
    """
    done_from = POINTS.index(MATRIX["done_from"])
    for operation, described in MATRIX["operations"].items():
        for point in described["points"]:
            done = POINTS.index(point) >= done_from
            short = operation == "replace" or done or point in _SHORT
            marks = () if short else pytest.mark.long
            yield pytest.param(operation, point, done, marks=marks)
