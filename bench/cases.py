"""Lists of requests and complaints: of ten thousand beside lists of a hundred.

Both are measured by the portal's own function, page by page along an index, so that what a
kabupaten collects in years makes no list slow.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.case import Case
from ckanext.satudata.workflow.cases.actors import Actor
from ckanext.satudata.workflow.cases.listing import Page, listing

from . import database, timing
from .table import Row, beside

LIMIT = 2.0
SMALL = 100
_PAGE = 25
_BEGIN = datetime(2020, 1, 6, 2, tzinfo=timezone.utc)
_STATES = ("didisposisikan", "diproses", "dijawab", "diajukan")
_BODIES = 40
_WORDS = ("beras", "jalan", "stunting", "penduduk", "sekolah")
_WALIDATA = Actor(
    model.User(id="walidata", name="walidata"), frozenset({"walidata", "ppid"}), frozenset()
)
_LISTS: dict[str, Callable[[], Page]] = {
    "newest": lambda: listing(_WALIDATA, limit=_PAGE),
    "due": lambda: listing(_WALIDATA, order="due", limit=_PAGE),
    "overdue": lambda: listing(_WALIDATA, overdue=date(2040, 1, 1), limit=_PAGE),
    "agency": lambda: listing(_WALIDATA, organization="body-1", limit=_PAGE),
    "state": lambda: listing(_WALIDATA, kind="permintaan", state="dijawab", limit=_PAGE),
    "words": lambda: listing(_WALIDATA, text="beras", limit=_PAGE),
}


def run(runs: int, count: int) -> list[Row]:
    """Measure each list with few and with many cases.

    Args:
        runs: counted runs of each.
        count: how many are many.
    """
    schemas = {n: f"bench_cases_{n}" for n in (SMALL, count)}
    engines = {n: database.engine(name) for n, name in schemas.items()}
    try:
        for n, engine in engines.items():
            _fill(engine, schemas[n], n)
        return [_measure(name, shown, engines, runs, count) for name, shown in _LISTS.items()]
    finally:
        model.Session.remove()
        for n, engine in engines.items():
            with engine.begin() as connection:
                connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {schemas[n]} CASCADE"))
            engine.dispose()


def _measure(
    name: str, shown: Callable[[], Page], engines: dict[int, sa.Engine], runs: int, count: int
) -> Row:
    found: dict[int, int] = {}

    def look(n: int) -> Callable[[], None]:
        def once() -> None:
            model.Session.remove()
            model.Session.configure(bind=engines[n])
            found[n] = len(shown().rows)

        return once

    costs = timing.calls({str(n): look(n) for n in engines}, runs)
    if not 0 < found[SMALL] <= found[count] <= _PAGE:
        raise RuntimeError(f"{name}: {found} rows were listed")
    work = f"list requests ({name}), {count:,} beside {SMALL}"
    return beside(work, costs[str(count)], costs[str(SMALL)], LIMIT)


def _fill(engine: sa.Engine, schema: str, count: int) -> None:
    """Cases like those of a portal: most are over, the open ones are spread over bodies."""
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
        Case.__table__.create(connection)
        connection.execute(sa.insert(Case.__table__), [_case(n, count) for n in range(count)])
        connection.execute(
            sa.text("UPDATE satudata_case SET words = to_tsvector('simple', title || ' ' || body)")
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE satudata_case"))


def _case(n: int, count: int) -> dict[str, object]:
    opened = _BEGIN + timedelta(minutes=n * 3_000_000 // count)
    is_open = n % 10 < 3 or count == SMALL
    state = _STATES[n % len(_STATES)] if is_open or n % 4 == 2 else "selesai"
    return {
        "id": f"{n:08d}",
        "number": f"PI-2020-{n:05d}",
        "kind": "permintaan",
        "lane": "publik",
        "state": state,
        "version": 1,
        "since": opened,
        "title": f"Data {_WORDS[n % len(_WORDS)]} kecamatan {n % 14}",
        "body": "Untuk penelitian dan perencanaan di tingkat desa.",
        "organization_id": f"body-{n % (4 if count == SMALL else _BODIES)}",
        "mode": "terbuka",
        "details": {},
        "opened_at": opened,
        "received_on": opened.date(),
        "due_on": opened.date() + timedelta(days=14),
        "closed_at": None if is_open else opened + timedelta(days=20),
    }
