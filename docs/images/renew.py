"""Make the pictures of README and the guides from what the browser tests saw.

Usage: ``var/venv/bin/python docs/images/renew.py [NAME ...]`` after ``./portal test``; with names
only those of ``pictures.yaml``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

FOLDER = Path(__file__).resolve().parent
SCREENSHOTS = FOLDER.parents[1] / "var" / "test" / "screenshots"
COLOURS = 64
#: Pixels of a page's edges, head and foot, which are the same on all.
_EDGE, _HEAD, _FOOT = 24, 110, 165
_MOST = 900


def pictures() -> Mapping[str, Mapping[str, Any]]:
    """The pictures by name, each with its ``shot`` and perhaps its ``box``."""
    return yaml.safe_load((FOLDER / "pictures.yaml").read_text(encoding="utf-8"))


def make(name: str, shot: str, box: tuple[int, int, int, int] | None = None) -> None:
    """Cut a picture out of a screenshot and reduce its colours, which keeps the repository small.

    Args:
        name: of the picture.
        shot: name of the screenshot.
        box: left, top, right and bottom in pixels; what lies beyond the screenshot is left out.
    """
    with Image.open(SCREENSHOTS / f"{shot}.png") as image:
        width, height = image.size
        if box is None:
            box = (_EDGE, _HEAD, width - _EDGE, min(height - _FOOT, _HEAD + _MOST))
        left, top, right, bottom = box
        cut = image.convert("RGB").crop((left, top, min(right, width), min(bottom, height)))
    reduced = cut.quantize(COLOURS, dither=Image.Dither.NONE)
    reduced.save(FOLDER / f"{name}.png", optimize=True)


def main(wanted: list[str]) -> None:
    """Make the pictures that are wanted, or all."""
    for name, what in pictures().items():
        if not wanted or name in wanted:
            make(name, what["shot"], tuple(what["box"]) if "box" in what else None)


if __name__ == "__main__":
    main(sys.argv[1:])
