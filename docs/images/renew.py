"""Make README's picture of the portal from what the browser tests saw.

Usage: ``var/venv/bin/python docs/images/renew.py [SCREENSHOT]`` after ``./portal test``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOT = ROOT / "var" / "test" / "screenshots" / "5-held-back-desktop.png"
PICTURE = Path(__file__).with_name("report.png")
#: Down to the end of the first finding; the rest of the report looks alike.
SHOWN = (0, 0, 1280, 990)
COLOURS = 96


def main(screenshot: Path = SCREENSHOT) -> None:
    """Crop the screenshot and reduce its colours, which keeps the repository small."""
    with Image.open(screenshot) as image:
        picture = image.convert("RGB").crop(SHOWN)
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
