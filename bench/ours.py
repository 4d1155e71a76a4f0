"""One cold run of our comparison: CSV and blocks in, findings out.

Usage: ``python -m bench.ours CSV SCHEMA``; the database is that of ``CKAN_SQLALCHEMY_URL``.
"""

from __future__ import annotations

import os
import sys

from bench.child import Clock

DIFFERENT = ("nilai-berbeda", "satuan-skala")


def main(path: str, schema: str) -> None:
    """Read, fetch, check; print what was found."""
    # As stack/gunicorn.conf.py has it for the web workers.
    os.environ["_RJEM_MALLOC_CONF"] = "dirty_decay_ms:0,muzzy_decay_ms:0"
    clock = Clock()
    import polars as pl  # noqa: F401  (its import is not part of reading)
    import psycopg2

    from bench import database, world
    from ckanext.satudata.consistency import engine
    from ckanext.satudata.consistency.observations import Candidate, Publication
    from ckanext.satudata.extract import declaration
    from ckanext.satudata.extract.observations import extract
    from ckanext.satudata.rules import load_rules
    from ckanext.satudata.store import blocks

    clock.lap("import")
    book, rules = world.book(), load_rules()
    clock.lap("reference")
    read = extract(
        path,
        name="calon.csv",
        format="csv",
        declaration=declaration.parse(world.DECLARATION),
        book=book,
    )
    clock.lap("read")
    candidate = Candidate(
        world.CITING, "Pengutip", None, read.tables, read.figures, read.problems, None
    )
    spans = engine.spans(candidate, book)
    connection = psycopg2.connect(database.url(schema))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT publication_id FROM satudata_block")
        described = {
            n: Publication(n, "d", "d", "D", world.PRODUCER, "Produsen", "r", "R")
            for (n,) in cursor.fetchall()
        }
        wanted = engine.classifications(candidate, book)
        found = blocks.fetch_with(cursor, spans, described, wanted)
    connection.close()
    clock.lap("fetch")
    published = {number: found.get(number, []) for number in spans}
    report = engine.check(candidate, published, rules, book, own_dataset=None)
    clock.lap("check")
    clock.report(
        rows=report.checked,
        conflicts=sum(report.counts.get(rule, 0) for rule in DIFFERENT),
        other=sum(n for rule, n in report.counts.items() if rule not in DIFFERENT),
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
