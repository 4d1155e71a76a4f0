"""Runs of our comparison: CSV and blocks in, findings out.

Usage: ``python -m bench.ours CSV SCHEMA COMMODITIES same|all|warm``; the database is that of
``CKAN_SQLALCHEMY_URL``. ``same`` asks the rules whose questions ``bench/duck.py`` answers, too;
``all`` asks the whole catalogue. ``warm`` does that a second time in the same process, as a
worker does, and tells what it took as the part ``again``.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bench.child import Clock

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection  # noqa: N812

    from ckanext.satudata.consistency.case import Check
    from ckanext.satudata.consistency.findings import Report
    from ckanext.satudata.consistency.rules import RuleSet
    from ckanext.satudata.consistency.vocabulary import CodeBook

DIFFERENT = ("nilai-berbeda", "satuan-skala")
SAME = {*DIFFERENT, "kunci-ganda", "kecamatan-tidak-lengkap"}


def main(path: str, schema: str, commodities: int, mode: str) -> None:
    """Read, fetch, check; print what was found."""
    # What is loaded stays; looking through it for cycles again and again finds none.
    gc.disable()
    # As stack/gunicorn.conf.py has it for the web workers.
    os.environ["_RJEM_MALLOC_CONF"] = "dirty_decay_ms:0,muzzy_decay_ms:0"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    clock = Clock()
    import psycopg2  # noqa: F401

    from bench import world
    from ckanext.satudata.consistency import engine  # noqa: F401
    from ckanext.satudata.consistency.checks import CHECKS
    from ckanext.satudata.extract import observations  # noqa: F401
    from ckanext.satudata.rules import load_rules
    from ckanext.satudata.store import blocks  # noqa: F401

    clock.lap("import")
    book, rules = world.book(commodities), load_rules()
    # As stack/gunicorn.conf.py does with what a web worker has loaded.
    gc.freeze()
    gc.enable()
    clock.lap("reference")
    checks = [check for check in CHECKS if mode != "same" or SAME & set(check.emits)]
    report = judge(path, schema, book, rules, checks, clock.lap)
    if mode == "warm":
        report = judge(path, schema, book, rules, checks, lambda part: None)
        clock.lap("again")
    clock.report(
        rows=report.checked,
        conflicts=sum(report.counts.get(rule, 0) for rule in DIFFERENT),
        other=sum(f.blocks for f in report.findings if f.rule not in DIFFERENT),
    )
    # All is told; taking everything apart once more would only keep whoever waits.
    sys.stdout.flush()
    os._exit(0)


class Connecting:
    """A connection to the database that is made in the background."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._made: list[Connection] = []
        self._thread = threading.Thread(target=self._connect)
        self._thread.start()

    def _connect(self) -> None:
        import psycopg2

        self._made.append(psycopg2.connect(self._url))

    def done(self) -> Connection:
        """The connection, once it is made."""
        self._thread.join()
        return self._made[0]


def judge(
    path: str,
    schema: str,
    book: CodeBook,
    rules: RuleSet,
    checks: Sequence[Check],
    lap: Callable[[str], None],
) -> Report:
    """Read the file, fetch what is public, compare; ``lap`` is told the end of each part."""
    from bench import database, world
    from ckanext.satudata.consistency import engine
    from ckanext.satudata.consistency.observations import Candidate
    from ckanext.satudata.extract import declaration
    from ckanext.satudata.extract.observations import extract
    from ckanext.satudata.store import blocks

    # Proving who one is takes the server and the library a while, in which the file can be read.
    connecting = Connecting(database.url(schema))
    read = extract(
        path,
        name="calon.csv",
        format="csv",
        declaration=declaration.parse(world.DECLARATION),
        book=book,
    )
    lap("read")
    candidate = Candidate(
        world.CITING, "Pengutip", None, read.tables, read.figures, read.problems, None
    )
    spans = engine.spans(candidate, book, rules.relations)
    connection = connecting.done()
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT publication_id FROM satudata_block")
        described = {n: world.agency(n, world.PRODUCER) for (n,) in cursor.fetchall()}
        wanted = engine.classifications(candidate, book, rules.relations)
        found = blocks.fetch_with(cursor, spans, described, wanted)
    connection.close()
    lap("fetch")
    published = {number: found.get(number, []) for number in spans}
    report = engine.check(candidate, published, rules, book, own_dataset=None, checks=checks)
    lap("check")
    return report


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
