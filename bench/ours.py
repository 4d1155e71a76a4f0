"""One cold run of our comparison: CSV and blocks in, findings out.

Usage: ``python -m bench.ours CSV DATABASE_URL``
"""

from __future__ import annotations

import json
import sys
import time


def main(path: str, url: str) -> None:
    """Read, fetch, check; print what was found and where the time went."""
    start = time.perf_counter()
    import sqlalchemy as sa
    from sqlalchemy.orm import Session

    from bench import world
    from ckanext.satudata.consistency import engine
    from ckanext.satudata.consistency.observations import Candidate, Publication
    from ckanext.satudata.extract import declaration
    from ckanext.satudata.extract.observations import extract
    from ckanext.satudata.rules import load_rules
    from ckanext.satudata.store import blocks

    book = world.book()
    rules = load_rules()
    imported = time.perf_counter()
    read = extract(
        path,
        name="calon.csv",
        format="csv",
        declaration=declaration.parse(world.DECLARATION),
        book=book,
    )
    extracted = time.perf_counter()
    candidate = Candidate(
        world.CITING, "Pengutip", None, read.tables, read.figures, read.problems, None
    )
    spans = engine.spans(candidate, book)
    with Session(sa.create_engine(url)) as session:
        numbers = session.scalars(sa.text("SELECT DISTINCT publication_id FROM satudata_block"))
        described = {
            n: Publication(n, "d", "d", "D", world.PRODUCER, "Produsen", "r", "R") for n in numbers
        }
        found = blocks.fetch(session, spans, described)
    fetched = time.perf_counter()
    published = {number: found.get(number, []) for number in spans}
    report = engine.check(candidate, published, rules, book, own_dataset=None)
    checked = time.perf_counter()
    print(
        json.dumps(
            {
                "rows": report.checked,
                "conflicts": sum(
                    n for r, n in report.counts.items() if r in ("nilai-berbeda", "satuan-skala")
                ),
                "other": {
                    r: n
                    for r, n in report.counts.items()
                    if r not in ("nilai-berbeda", "satuan-skala")
                },
                "import": round(imported - start, 3),
                "read": round(extracted - imported, 3),
                "fetch": round(fetched - extracted, 3),
                "check": round(checked - fetched, 3),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
