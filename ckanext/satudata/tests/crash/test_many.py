"""Many publish at once over the same indicators while processes are killed.

No figure is lost, none contradicts another, and nobody is told of a deadlock.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.tests import conftest
from ckanext.satudata.tests.worlds import KECAMATAN, Agency, Table, act, agency
from ckanext.satudata.tests.worlds import indicator as new_indicator
from ckanext.satudata.workflow.proof import audit

from . import gunicorn_conf
from .matrix import POINTS
from .portal import Portal, seen, serving, token, violations

PUBLISHERS = 16
WORKERS = 2
#: How many things each of them does; all together are what the documents call rounds.
TURNS = 200 if conftest.LONG else 2
#: How often a request that reaches one of the points kills the process, or fails.
CHANCES = {"kill": 0.002, "fail": 0.01}
#: How many turns pass between two looks at everything.
AUDITED = 50
#: How often a publisher looks at its dataset although it knows what must be there.
LOOKS = 0.1
#: What PostgreSQL calls the errors of which people must not hear.
_NOT_FOR_PEOPLE = ("DeadlockDetected", "SerializationFailure", "LockNotAvailable")


@dataclass
class Publisher:
    """An agency with a dataset of its own, and what may be public of it.

    Attributes:
        possible: tables of which one is public now: after a request without an answer the old
            one or the new one; None where the dataset may be hidden.
    """

    body: Agency
    token: str
    dataset: str
    resource: str
    codes: list[str]
    draw: random.Random
    possible: list[Table | None] = field(default_factory=lambda: [None])
    answers: list[str] = field(default_factory=list)

    def turn(self, portal: Portal) -> None:
        """Do one thing, and note what may be public afterwards."""
        if len(self.possible) > 1 or self.draw.random() < LOOKS:
            self.look(portal)
        hidden = self.possible == [None]
        if not hidden and self.draw.random() < 0.2:
            self._settle(None, self._call(portal, "package_patch", self.dataset, private=True))
            return
        table = self._table()
        file = {"upload": (table.filename, table.content())}
        schema = json.dumps(table.declaration())
        answer = self._call(portal, "resource_patch", self.resource, files=file, schema=schema)
        if not hidden:
            self._settle(table, answer)
        elif answer is not None and answer.ok:
            # Of a hidden dataset nobody sees the files; publishing is what may be refused.
            self._settle(table, self._call(portal, "package_patch", self.dataset, private=False))

    def turns(self, portal: Portal, number: int) -> None:
        """Do so many things, one after the other."""
        for _ in range(number):
            self.turn(portal)

    def look(self, portal: Portal) -> None:
        """See which of the possible tables is public, where a request was not answered."""
        now = seen(portal, self.dataset)
        right = [table for table in self.possible if shown_by(table) == now.figures]
        assert right, (self.possible, now)
        self.possible = right[:1]

    def _call(self, portal: Portal, action: str, id_: str, **data: Any) -> requests.Response | None:
        return portal.call(action, self.token, id=id_, **data)

    def _table(self) -> Table:
        """One of few values for each of few places, so that others often contradict it."""
        places = self.draw.sample(KECAMATAN[:6], 3)
        level = self.draw.choice([100, 100, 100, 250])
        return Table(self.draw.choice(self.codes), dict.fromkeys(places, level))

    def _settle(self, after: Table | None, answer: requests.Response | None) -> None:
        if answer is None or answer.status_code >= 500:
            self.possible = [*self.possible, after]
            self.answers.append("none")
        elif answer.ok:
            self.possible = [after]
            self.answers.append("done")
        else:
            self.answers.append("refused")


def shown_by(table: Table | None) -> dict[tuple[str, str], frozenset[float]]:
    """The figures that are public with a table."""
    values = table.values if table else {}
    return {(place, "2025"): frozenset({float(value)}) for place, value in values.items()}


@pytest.fixture(scope="module")
def crowded(module_portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A web server whose worker processes together have room for all."""
    folder = tmp_path_factory.mktemp("many")
    with serving(folder, workers=WORKERS, threads=PUBLISHERS // WORKERS) as portal:
        yield portal


def publishers(draw: random.Random) -> list[Publisher]:
    codes = [new_indicator() for _ in range(3)]
    out = []
    for number in range(PUBLISHERS):
        body = agency(f"uji-ramai-{number % 4}")
        dataset = body.draft(cakupan_wilayah=KECAMATAN[0])
        resource = body.add(dataset["id"], Table(codes[0], {KECAMATAN[0]: 100}))
        hide = {"state": "active", "private": True}
        act("package_patch", body.user, id=dataset["id"], **hide)
        out.append(
            Publisher(
                body,
                token(body.user),
                dataset["id"],
                resource["id"],
                codes,
                random.Random(draw.random()),
            )
        )
    model.Session.remove()
    return out


def test_sixteen_at_once(crowded: Portal, record_property: Callable[[str, object], None]) -> None:
    seed = random.randrange(1 << 32)
    everybody = publishers(random.Random(seed))
    orders = {
        point: {"do": do, "chance": chance}
        for point in POINTS
        for do, chance in CHANCES.items()
        if (do == "kill") == (POINTS.index(point) % 2 == 0)
    }
    crowded.orders.write_text(json.dumps(orders), encoding="utf-8")
    with ThreadPoolExecutor(PUBLISHERS) as pool:
        for first in range(0, TURNS, AUDITED):
            number = min(AUDITED, TURNS - first)
            for task in [pool.submit(p.turns, crowded, number) for p in everybody]:
                task.result()
            compare(crowded, everybody, seed)
            so_far = f"{PUBLISHERS * (first + number)} rounds"
            record_property(so_far, tally(crowded, everybody))
            print(so_far, tally(crowded, everybody), flush=True)
    log = crowded.log.read_text("utf-8", errors="replace")
    assert [word for word in _NOT_FOR_PEOPLE if word in log] == []
    assert tally(crowded, everybody)["done"]


def tally(portal: Portal, everybody: list[Publisher]) -> dict[str, int]:
    """What became of all requests, how often PostgreSQL made one begin again, and the killed."""
    log = portal.log.read_text("utf-8", errors="replace")
    return {
        **Counter(answer for p in everybody for answer in p.answers),
        "begun again": log.count("was given up by PostgreSQL"),
        "killed": log.count(gunicorn_conf.STARTED) - WORKERS,
    }


def compare(portal: Portal, everybody: list[Publisher], seed: int) -> None:
    """Nothing contradicts anything, and what was acknowledged is there."""
    kept = portal.orders.read_text("utf-8") if portal.orders.exists() else None
    portal.calm()
    for one in everybody:
        one.look(portal)
        assert violations(one.dataset) == [], seed
    for number in model.Session.scalars(
        sa.text("SELECT id FROM satudata_indicator WHERE code = ANY(:codes)"),
        {"codes": everybody[0].codes},
    ).all():
        assert audit.check(f"indicator:{number}") == [], seed
    if kept is not None:
        portal.orders.write_text(kept, encoding="utf-8")
