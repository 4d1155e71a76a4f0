"""Many clients at once: what readers wait for while agencies publish."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

from . import agency, reading
from .agency import OURS
from .portals import Portal, running
from .table import Row, beside
from .timing import Cost

LIMIT = 1.5

#: How often readers read alone and beside publishers, in turns.
TURNS = 5
PUBLISHERS, READERS = 8, 32
#: Seconds before anything counts: both web workers compile their templates.
_WARM_UP = 5.0


def run(folder: Path, seconds: float) -> list[Row]:
    """Let readers read, alone and while agencies publish, in turns; nobody pauses.

    What is compared is what the reader in the middle waits for in each half of a turn. Each
    publisher corrects a table of its own dataset again and again; each correction is compared
    with what is public, and is public itself before the next one.

    Args:
        folder: where the portal's files are kept.
        seconds: how long each of the two lasts, all turns together.

    Raises:
        RuntimeError: somebody got an error, or what was published last is not public.
    """
    with running(folder, OURS, plain=False) as portal:
        agency.prepare(portal)
        for number in range(reading.DATASETS):
            agency.dataset(portal, f"data-{number}")
        publishers = [_Publisher(portal, number) for number in range(PUBLISHERS)]
        _together(_readers(portal), [], _WARM_UP)
        works: list[Callable[[], object]] = [p.correct for p in publishers]
        alone, beside_publishers = [], []
        for _ in range(TURNS):
            alone.append(_together(_readers(portal), [], seconds / TURNS).median)
            beside_publishers.append(_together(_readers(portal), works, seconds / TURNS).median)
        for publisher in publishers:
            publisher.require_public()
    return [
        beside(
            f"{READERS} readers while {PUBLISHERS} publish: the readers alone",
            Cost(tuple(beside_publishers)),
            Cost(tuple(alone)),
            LIMIT,
        )
    ]


class _Publisher:
    """An agency's operator with an indicator, a dataset and a connection of their own."""

    def __init__(self, portal: Portal, number: int) -> None:
        self._portal = portal.again()
        self._number = number
        self._code = agency.indicator(self._portal, number)
        dataset = agency.dataset(self._portal, f"published-{number}")
        self._table = agency.table(number)
        made = agency.upload(
            self._portal, "resource_create", self._table, self._code, package_id=dataset
        )
        self._resource, self._versions = made["id"], count(1)

    def correct(self) -> None:
        """Upload other figures for the same objects."""
        self._table = agency.table(self._number, next(self._versions))
        agency.upload(self._portal, "resource_update", self._table, self._code, id=self._resource)

    def require_public(self) -> None:
        """Make sure that the last correction is what the public sees."""
        agency.require_public(self._portal, self._code, self._table)


def _readers(portal: Portal) -> Iterator[Callable[[], object]]:
    """Readers with a connection of their own, who ask for one thing after the other."""
    for number in range(READERS):
        visitor, turns = portal.visitor(), count(number)

        def read(visitor=visitor, turns=turns) -> object:
            turn = next(turns)
            works = list(reading.WORKS.values())
            return works[turn % len(works)](visitor, f"data-{turn % reading.DATASETS}")

        yield read


def _together(
    readers: Iterator[Callable[[], object]], publishers: list[Callable[[], object]], seconds: float
) -> Cost:
    """Seconds of each of the readers' requests."""
    until = time.perf_counter() + seconds

    def again_and_again(ask: Callable[[], object]) -> list[float]:
        taken: list[float] = []
        while time.perf_counter() < until:
            start = time.perf_counter()
            ask()
            taken.append(time.perf_counter() - start)
        return taken

    with ThreadPoolExecutor(READERS + PUBLISHERS) as crowd:
        read = [crowd.submit(again_and_again, r) for r in readers]
        written = [crowd.submit(again_and_again, p) for p in publishers]
        for one in written:
            one.result()
        return Cost(tuple(t for one in read for t in one.result()))
