"""What is printed and kept of the measurements."""

from __future__ import annotations

import json
import os
import platform
import statistics
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .timing import Cost

_LIBRARIES = ("ckan", "duckdb", "numpy", "polars", "python-calamine", "psycopg2-binary")
_DIGITS = {"s": 3, "MB": 0, "B": 1}
_WIDTH = 100
_HEADER = ("work", "ours", "theirs", "ratio", "limit", "met")


@dataclass(frozen=True)
class Row:
    """One measurement beside another, or beside a limit.

    Attributes:
        work: what was done, and by whom else.
        ours: seconds, megabytes or bytes.
        theirs: the same of the other; None where there is no other.
        unit: ``s``, ``MB`` or ``B``.
        limit: largest ratio, or largest value where there is no other; None: only for knowing.
        parts: part of our run -> median seconds.
        samples: every counted run of ours and theirs.
        found: what ours and theirs found, where they tell.
    """

    work: str
    ours: float
    theirs: float | None
    unit: str
    limit: float | None
    parts: dict[str, float]
    samples: tuple[tuple[float, ...], tuple[float, ...]]
    found: tuple[dict[str, Any], dict[str, Any]] | None = None

    @property
    def ratio(self) -> float | None:
        """Ours by theirs; of runs that took turns, the median of each turn's ratio.

        What else the machine does falls on both runs of a turn alike.
        """
        if self.theirs is None:
            return None
        pairs = list(zip(*self.samples, strict=False))
        if not pairs:
            return self.ours / self.theirs
        return statistics.median(ours / theirs for ours, theirs in pairs)

    @property
    def met(self) -> bool | None:
        """Whether the limit is kept; None without one."""
        if self.limit is None:
            return None
        return (self.ours if self.ratio is None else self.ratio) <= self.limit


def beside(work: str, ours: Cost, theirs: Cost, limit: float | None) -> Row:
    """Wall time beside another's."""
    parts = {name: statistics.median(values) for name, values in ours.parts.items()}
    samples = ours.seconds, theirs.seconds
    found = (ours.found, theirs.found) if ours.found else None
    return Row(work, ours.median, theirs.median, "s", limit, parts, samples, found)


def alone(work: str, ours: Cost) -> Row:
    """Wall time of what nobody else does."""
    parts = {name: statistics.median(values) for name, values in ours.parts.items()}
    return Row(work, ours.median, None, "s", None, parts, (ours.seconds, ()))


def memory(work: str, ours: Cost, theirs: Cost, limit: float) -> Row:
    """Peak memory under a limit; the other's is kept for knowing."""
    return Row(work, ours.peak, None, "MB", limit, {}, (ours.megabytes, theirs.megabytes))


def sizes(work: str, ours: float, theirs: float) -> Row:
    """Bytes beside another's."""
    return Row(work, ours, theirs, "B", None, {}, ((), ()))


def machine() -> dict[str, object]:
    """What the figures depend on."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        models = [line.partition(":")[2].strip() for line in info if line.startswith("model name")]
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 2**30, 1),
        "load": [round(x, 1) for x in os.getloadavg()],
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
    }


def render(rows: Sequence[Row], facts: dict[str, object]) -> str:
    """The table for people."""
    load = ", ".join(map(str, facts["load"]))  # pyright: ignore[reportArgumentType]
    lines = [_cells(row) for row in rows]
    widths = [max(len(line[i]) for line in (_HEADER, *lines)) for i in range(len(_HEADER))]
    out = [
        f"{facts['processor']}, {facts['cores']} cores, {facts['memory_gb']} GB; load {load}",
        "",
        _line(_HEADER, widths),
        _line(["-" * w for w in widths], widths),
        *(_line(line, widths) for line in lines),
    ]
    for row in rows:
        if row.parts:
            parts = ", ".join(f"{name} {seconds:.3f}" for name, seconds in row.parts.items())
            text = f"{row.work}: {parts} s"
            out += textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    return "\n".join(out)


def keep(path: Path, rows: Sequence[Row], facts: dict[str, object]) -> None:
    """Write everything as JSON."""
    results = [{**asdict(row), "ratio": row.ratio, "met": row.met} for row in rows]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"machine": facts, "results": results}, indent=1), "utf-8")


def _cells(row: Row) -> tuple[str, ...]:
    def shown(value: float | None) -> str:
        if value is None:
            return "–"
        return f"{value:.{_DIGITS[row.unit]}f} {row.unit}"

    ratio = "–" if row.ratio is None else f"{row.ratio:.2f}"
    limit = "–" if row.limit is None else f"{row.limit:g}"
    met = {None: "–", True: "yes", False: "NO"}[row.met]
    return row.work, shown(row.ours), shown(row.theirs), ratio, limit, met


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        c.ljust(w) if i == 0 else c.rjust(w)
        for i, (c, w) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join((first, *rest)).rstrip()
