"""A table of 1,400 rows through the API, with the gate, beside CKAN as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import agency
from .agency import OURS, PLAIN
from .portals import Portal
from .table import Row, beside
from .timing import Cost

LIMIT = 1.25

_ACTIONS = ("resource_create", "resource_update")
#: CKAN with a dataset that has no metadata at all: less than the same dataset, only for knowing.
_BARE = "ckan-bare"
#: Python compiles, caches fill and both web workers answer once before anything counts.
_WARM_UP = 4


def run(folder: Path, runs: int) -> list[Row]:
    """Measure both, taking turns: a new file in a public dataset, then a correction of it.

    The dataset says the same everywhere; what CKAN has no field for, it keeps as extras.

    Args:
        folder: where the portals' files are kept.
        runs: counted uploads of each kind to each portal.

    Raises:
        RuntimeError: an upload was refused, or its figures are not public afterwards.
    """
    with agency.both(folder) as portals:
        code = agency.indicator(portals[OURS])
        costs: dict[tuple[str, str], list[float]] = {}
        for turn in range(runs + _WARM_UP):
            for name in (OURS, PLAIN, _BARE):
                portal = portals[OURS if name == OURS else PLAIN]
                for action, seconds in _upload(portal, name, turn, code).items():
                    if turn >= _WARM_UP:
                        costs.setdefault((name, action), []).append(seconds)
        for turn in range(runs + _WARM_UP):
            agency.require_public(portals[OURS], code, agency.table(turn, 1))
    cost = {name: Cost(tuple(values)) for name, values in costs.items()}
    return [
        beside(
            f"upload of {agency.ROWS:,} rows ({action}): CKAN alone{note}",
            cost[OURS, action],
            cost[other, action],
            limit,
        )
        for other, note, limit in (
            (PLAIN, "", LIMIT),
            (_BARE, ", a dataset without metadata", None),
        )
        for action in _ACTIONS
    ]


def _upload(portal: Portal, name: str, turn: int, code: str) -> dict[str, float]:
    """Upload a table to a new public dataset and then its correction; seconds of each."""
    dataset = agency.dataset(portal, f"{name}-{turn}", plain=name == PLAIN, bare=name == _BARE)
    seconds: dict[str, float] = {}

    def measured(action: str, upload: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        start = time.perf_counter()
        resource = upload()
        seconds[action] = time.perf_counter() - start
        return resource

    create, update = _ACTIONS
    tables = agency.table(turn, 0), agency.table(turn, 1)
    made = measured(
        create, lambda: agency.upload(portal, create, tables[0], code, package_id=dataset)
    )
    measured(update, lambda: agency.upload(portal, update, tables[1], code, id=made["id"]))
    return seconds
