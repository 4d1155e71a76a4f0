"""``ckan satudata audit``: prove that what is public agrees."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import click
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow.proof import audit as auditing
from ckanext.satudata.workflow.proof.journal import Journal

#: Exit statuses.
AGREES, DISAGREES, NOT_FINISHED = 0, 1, 2


@click.command("audit")
@click.option("--dataset", "names", multiple=True, help="Id or name; only look at this one.")
@click.option(
    "--json",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write a report for programs into this file.",
)
@click.option("--resume", is_flag=True, help="Go on where an audit was stopped.")
def audit(names: Sequence[str], output: Path | None, resume: bool) -> None:
    """Prove that what is public agrees: files, figures, metadata and search index.

    Files are read again and compared with the stored figures, public figures with each other,
    and the search index with the database. Nothing is changed. Ctrl-C stops it.

    Exit status: 0 everything agrees, 1 something does not, 2 it was stopped or could not be done.
    """
    begun = utc_now()
    journal = Journal(place("audit"), resume=resume)
    finished = True
    try:
        units = auditing.units(ids(names) if names else None)
        with progress([u for u in units if u not in journal], "Audit") as left:
            for unit in left:
                found = [v.as_dict() for v in auditing.check(unit)]
                journal.add(unit, found)
    except (SatudataError, SQLAlchemyError, tk.ValidationError) as error:
        click.echo(f"The audit could not be finished: {error}", err=True)
        finished = False
    except KeyboardInterrupt:
        click.echo("\nStopped; 'ckan satudata audit --resume' goes on.", err=True)
        finished = False
    violations = [v for found in journal.results() for v in found]
    report = {
        "finished": finished,
        "begun": begun.isoformat(),
        "ended": utc_now().isoformat(),
        "checked": len(journal.results()),
        "violations": violations,
    }
    if output is not None:
        output.write_text(json.dumps(report, ensure_ascii=False, indent=2), encoding="utf-8")
    for violation in violations:
        click.echo(f"{violation['check']:<14} {violation['message']}")
    if not finished:
        sys.exit(NOT_FINISHED)
    journal.finish()
    click.echo(f"{report['checked']} pieces checked, {len(violations)} violation(s).")
    sys.exit(DISAGREES if violations else AGREES)


def ids(names: Sequence[str]) -> list[str]:
    """Ids of datasets given by id or name.

    Raises:
        SatudataError: there is no such dataset.
    """
    found = {name: model.Package.get(name) for name in names}
    missing = [name for name, package in found.items() if package is None]
    if missing:
        raise SatudataError(f"there is no dataset {', '.join(missing)}")
    return [package.id for package in found.values() if package is not None]


def place(command: str) -> Path:
    """Where the journal of a command lies."""
    return Path(tk.config["ckan.storage_path"]) / "satudata-journals" / f"{command}.jsonl"


def progress(work: Iterable[str], label: str) -> Any:
    """The work with a bar on the terminal, beside what is printed."""
    return click.progressbar(work, label=label, file=sys.stderr, show_pos=True)
