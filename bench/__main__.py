"""``python -m bench [WORK...] [--quick] [--runs N]``: measure, print a table, keep it as JSON.

A missed limit is shown and is no error: speed depends on the machine. A wrong result is one.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from . import (
    cases,
    compare,
    crowd,
    data,
    others,
    publish,
    reading,
    rules,
    sheet,
    store,
    table,
    upload,
)
from .table import Row

_Work = Callable[[Path, int | None, bool], list[Row]]


def _compare(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    days = compare.QUICK_DAYS if quick else compare.DAYS
    return compare.run(folder, runs or (1 if quick else 7), days)


def _publish(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    days = compare.QUICK_DAYS if quick else compare.DAYS
    return publish.run(folder, runs or (1 if quick else 7), days)


def _rules(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    days = compare.QUICK_DAYS if quick else compare.DAYS
    return rules.run(runs or (1 if quick else 5), days)


def _upload(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    return upload.run(folder, runs or (3 if quick else 25))


def _reading(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    return reading.run(folder, runs or (10 if quick else 200))


def _crowd(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    return crowd.run(folder, runs or (3 if quick else 20))


def _sheet(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    return sheet.run(folder, runs or (1 if quick else 5), 2_000 if quick else 100_000)


def _store(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    return store.run(runs or (1 if quick else 5), [100_000] if quick else [1_000_000, 10_000_000])


def _others(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    days = compare.QUICK_DAYS if quick else compare.DAYS
    return others.run(folder, runs or (1 if quick else 3), days)


def _cases(folder: Path, runs: int | None, quick: bool) -> list[Row]:
    return cases.run(runs or (5 if quick else 50), 1_000 if quick else 10_000)


WORKS: dict[str, _Work] = {
    "compare": _compare,
    "publish": _publish,
    "rules": _rules,
    "upload": _upload,
    "reading": _reading,
    "crowd": _crowd,
    "sheet": _sheet,
    "store": _store,
    "cases": _cases,
    "others": _others,
}


#: Installs more and takes long.
_ON_REQUEST = {"others"}


def main() -> None:
    """Measure what the command line names; everything but ``others``, if it names nothing."""
    parser = argparse.ArgumentParser(prog="./portal bench", description="Measure speed.")
    parser.add_argument("work", nargs="*", metavar="WORK", help=", ".join(WORKS))
    parser.add_argument("--quick", action="store_true", help="small data and few runs")
    parser.add_argument("--runs", type=int, help="counted runs of each contender")
    options = parser.parse_args()
    unknown = set(options.work) - set(WORKS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(WORKS)}")
    # Beside the instance's storage, whatever directory the instances are in.
    folder = Path(os.environ["CKAN_STORAGE_PATH"]).parent
    facts = table.machine()
    data.renew(folder / "data")
    rows: list[Row] = []
    for name in options.work or (name for name in WORKS if name not in _ON_REQUEST):
        print(f"{name} ...", flush=True)
        rows += WORKS[name](folder / "data", options.runs, options.quick)
        table.keep(folder / "results.json", rows, facts)
    print(table.render(rows, facts))
    print(f"\nEverything measured: {folder / 'results.json'}")


if __name__ == "__main__":
    main()
