"""What a measured process tells about itself; imports next to nothing, for its start counts."""

from __future__ import annotations

import json
import time
from typing import Any


class Clock:
    """Names the parts of a run and prints what they took.

    The peak memory is the kernel's ``VmHWM``. What the parent could ask for (``ru_maxrss``)
    begins with the memory of the parent itself.
    """

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._parts: dict[str, float] = {}

    def lap(self, part: str) -> None:
        """End a part of the run."""
        now = time.perf_counter()
        self._parts[part], self._last = round(now - self._last, 4), now

    def report(self, **found: Any) -> None:
        """Print results, parts and peak memory as the one line the parent reads."""
        with open("/proc/self/status", encoding="ascii") as status:
            peak = next(line for line in status if line.startswith("VmHWM"))
        megabytes = int(peak.split()[1]) / 1024
        print(json.dumps({"found": found, "parts": self._parts, "megabytes": megabytes}))
