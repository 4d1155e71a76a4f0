"""``ckan satudata rebuild``: remake the stored figures from the files."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import click
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.store import search_index
from ckanext.satudata.workflow.proof import rebuild as rebuilding
from ckanext.satudata.workflow.proof.journal import Journal
from ckanext.satudata.workflow.proof.rebuild import Outcome

from .audit import ids, place, progress

#: Exit statuses.
REMADE, HELD_BACK, NOT_FINISHED = 0, 1, 2


@click.command("rebuild")
@click.option("--dataset", "names", multiple=True, help="Id or name; only remake this one.")
@click.option("--resume", is_flag=True, help="Go on where a rebuild was stopped.")
def rebuild(names: Sequence[str], resume: bool) -> None:
    """Remake the stored figures from the files.

    Every dataset is compared with what is public before its figures are written. What the rules
    hold back stays as it is, and the report that says why is named. Ctrl-C stops it.

    Exit status: 0 everything was remade, 1 something was held back, 2 it was stopped or failed.
    """
    journal = Journal(place("rebuild"), resume=resume)
    try:
        results = _remake(ids(names) if names else rebuilding.datasets(), journal)
        if not names:
            click.echo(f"{rebuilding.tidy()} row(s) and file(s) that belonged to nothing taken out")
        search_index.mend()
    except (SatudataError, SQLAlchemyError) as error:
        click.echo(f"The rebuild could not be finished: {error}", err=True)
        sys.exit(NOT_FINISHED)
    except KeyboardInterrupt:
        click.echo("\nStopped; 'ckan satudata rebuild --resume' goes on.", err=True)
        sys.exit(NOT_FINISHED)
    journal.finish()
    counts = Counter(outcome for outcome, _ in results.values())
    click.echo(", ".join(f"{counts[o.value]} {o.value}" for o in Outcome))
    for dataset, (outcome, details) in results.items():
        if outcome == Outcome.REFUSED:
            click.echo(f"{dataset}: {details['errors']} finding(s), report {details['report']}")
    sys.exit(HELD_BACK if counts[Outcome.REFUSED] else REMADE)


def _remake(datasets: Sequence[str], journal: Journal) -> dict[str, tuple[str, dict[str, Any]]]:
    """Remake until nothing more can be: what cites figures needs them to be public first."""
    results: dict[str, tuple[str, dict[str, Any]]] = dict(journal.items())
    left = [d for d in datasets if d not in journal]
    while left:
        with progress(left, "Rebuild") as work:
            for dataset in work:
                outcome, details = rebuilding.remake(dataset)
                results[dataset] = outcome.value, details
                if outcome is not Outcome.REFUSED:
                    journal.add(dataset, results[dataset])
        refused = [d for d in left if results[d][0] == Outcome.REFUSED]
        if len(refused) == len(left):
            break
        left = refused
    return results
