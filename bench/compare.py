"""1M candidate rows against everything published, beside DuckDB and a program in C."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

from . import data, timing, world
from .data import World
from .table import Row, beside, memory

#: 521 regions x 20 commodities x 960 days are 10.0M objects; the candidate has a tenth.
DAYS = 960
QUICK_DAYS = 20
#: More agencies publish other commodities about the same regions and days.
MORE_COMMODITIES = 200

SECONDS_LIMIT = 1.0
NATIVE_LIMIT = 3.0
GROWTH_LIMIT = 1.3
MEGABYTES_LIMIT = 400


def run(folder: Path, runs: int, days: int = DAYS) -> list[Row]:
    """Measure all.

    Args:
        folder: where the data are kept.
        runs: counted runs of each.
        days: size of the world.

    Raises:
        RuntimeError: one of them did not find exactly the planted conflicts.
    """
    usual = data.usual(days)
    more = World(f"bench_{days}_more", days, MORE_COMMODITIES, MORE_COMMODITIES // world.TOGETHER)
    one = World(f"bench_{days}_one", days, agencies=1)
    costs = measure(folder, runs, usual, [more, one])
    own, full = costs[usual.name], costs["duckdb"]
    size = f"{_millions(usual.rows)} rows against {_millions(usual.size)}"
    cold = replace(own, parts={})
    return [
        beside(f"{size}: DuckDB, same checks", own, full, SECONDS_LIMIT),
        beside("  all rules, warm worker: DuckDB cold", costs["warm"], full, SECONDS_LIMIT),
        beside("  all rules, cold: DuckDB", costs["all"], full, None),
        *(
            beside("  a program in C, same checks", cold, costs[name], NATIVE_LIMIT)
            for name in costs
            if name == "c"
        ),
        beside(
            "  both without imports: DuckDB", own.without("import"), full.without("import"), None
        ),
        beside("  DuckDB, values compared only", cold, costs["duckdb bare"], None),
        beside("  processor time: DuckDB", own.of_processor(), full.of_processor(), None),
        *(
            beside("  processor time: C", own.of_processor(), costs[name].of_processor(), None)
            for name in costs
            if name == "c"
        ),
        memory("  peak memory", own, full, MEGABYTES_LIMIT),
        beside(
            f"against {_millions(more.size)}: against {_millions(usual.size)}",
            costs[more.name],
            own,
            GROWTH_LIMIT,
        ),
        beside("published as one table: as ten", costs[one.name], own, None),
        memory("  peak memory", costs[one.name], own, MEGABYTES_LIMIT),
    ]


def measure(folder: Path, runs: int, usual: World, others: list[World]) -> dict[str, timing.Cost]:
    """What the contenders cost; see :func:`run`."""
    path = str(data.candidate(folder, usual.days))
    native = _compiled(folder)
    data.require(usual, folder)
    for other in others:
        data.require(other, None)
    shift = str(world.indicator().dimensions[0].shift)
    stem = str(folder / usual.name)
    in_duck = ["-m", "bench.duck", path, f"{stem}.duckdb", shift]
    costs = timing.processes(
        {
            **{w.name: ours(path, w, "same") for w in (usual, *others)},
            "all": ours(path, usual, "all"),
            "warm": ours(path, usual, "warm"),
            "duckdb": [*in_duck, "full"],
            "duckdb bare": [*in_duck, "bare"],
            **({"c": [native, path, f"{stem}.bin", f"{stem}.codes", shift]} if native else {}),
        },
        runs,
    )
    for name, cost in costs.items():
        # Every object of two commodities, once.
        if cost.found != {"rows": usual.rows, "conflicts": world.CONFLICTS, "other": 0}:
            raise RuntimeError(f"{name} found something else than was planted: {cost.found}")
    return {**costs, "warm": costs["warm"].only("again")}


def ours(path: str, one: World, mode: str) -> list[str]:
    """Arguments of one run of our comparison."""
    return ["-m", "bench.ours", path, one.name, str(one.commodities), mode]


def _compiled(folder: Path) -> str | None:
    """The program in C, compiled for this machine; None where there is no compiler."""
    if shutil.which("cc") is None:
        print("there is no C compiler (cc), so no row for the program in C")
        return None
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "check"
    source = Path(__file__).with_name("check.c")
    subprocess.run(
        ["cc", "-O3", "-march=native", "-o", str(program), str(source), "-lm"], check=True
    )
    return str(program)


def _millions(count: int) -> str:
    return f"{count / 1e6:.2g}M" if count < 1e7 else f"{count / 1e6:.0f}M"
