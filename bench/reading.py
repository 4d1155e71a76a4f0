"""What readers wait for, beside CKAN as it comes with the same datasets."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from . import agency
from .agency import OURS, PLAIN
from .portals import Visitor
from .table import Row, beside
from .timing import Cost

LIMIT = 1.05

DATASETS = 20
_FACETS = '["organization", "tags", "res_format", "license_id"]'
#: Both web workers compile their templates before anything counts.
_WARM_UP = 8


def run(folder: Path, runs: int) -> list[Row]:
    """Measure both, taking turns with the same dataset.

    Args:
        folder: where the portals' files are kept.
        runs: counted requests of each kind to each portal.
    """
    with agency.both(folder) as portals:
        code = agency.indicator(portals[OURS])
        for number in range(DATASETS):
            for name, portal in portals.items():
                dataset = agency.dataset(portal, f"data-{number}", plain=name == PLAIN)
                agency.upload(
                    portal, "resource_create", agency.table(number), code, package_id=dataset
                )
        visitors = {name: portal.visitor() for name, portal in portals.items()}
        costs: dict[tuple[str, str], list[float]] = {}
        for turn in range(runs + _WARM_UP):
            for work, read in WORKS.items():
                # Whoever comes second finds the processor as the first has left it.
                order = (OURS, PLAIN) if turn % 2 else (PLAIN, OURS)
                for name in order:
                    start = time.perf_counter()
                    read(visitors[name], f"data-{turn % DATASETS}")
                    if turn >= _WARM_UP:
                        costs.setdefault((work, name), []).append(time.perf_counter() - start)
    return [
        beside(
            f"{work}: CKAN alone",
            Cost(tuple(costs[work, OURS])),
            Cost(tuple(costs[work, PLAIN])),
            LIMIT,
        )
        for work in WORKS
    ]


#: What readers ask for: name -> (visitor, name of a dataset).
WORKS: Mapping[str, Callable[[Visitor, str], object]] = {
    "package_search": lambda visitor, _: visitor.action(
        "package_search", rows="20", **{"facet.field": _FACETS}
    ),
    "package_show": lambda visitor, name: visitor.action("package_show", id=name),
    "dataset page": lambda visitor, name: visitor.page(f"/dataset/{name}"),
}
