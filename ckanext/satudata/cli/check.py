"""``ckan satudata check``: what the gate would say about a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from ckan import model

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.workflow import checking, documents

#: Exit statuses.
PASSES, HELD_BACK, NOT_CHECKED = 0, 1, 2


@click.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dataset", help="Id or name of the dataset the file is for.")
@click.option("--organization", help="Id or name of the producer, for a file without a dataset.")
@click.option(
    "--schema",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the column declaration (JSON); without it the remembered one is used.",
)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json", "csv"]),
    default="text",
    show_default=True,
)
def check(
    file: Path,
    dataset: str | None,
    organization: str | None,
    schema: Path | None,
    lang: str,
    output: str,
) -> None:
    """Check FILE against everything public, without saving anything.

    Exit status: 0 it could be published, 1 it is held back, 2 it could not be checked.
    """
    package = model.Package.get(dataset) if dataset else None
    if dataset and package is None:
        _stop(f"There is no dataset {dataset}.")
    producer = (package.owner_org if package else organization) or ""
    group = model.Group.get(producer) if producer else None
    if group is None:
        _stop("Name the producer with --organization or the dataset with --dataset.")
    try:
        kept = checking.check_file(
            str(file),
            name=file.name,
            declaration=schema.read_text(encoding="utf-8") if schema else None,
            organization=group,
            coverage=None,
            user=None,
            dataset=package,
        )
    except SatudataError as error:
        _stop(str(error))
    if output == "json":
        click.echo(json.dumps(documents.as_validatreport(kept), ensure_ascii=False, indent=2))
    elif output == "csv":
        click.echo(documents.as_csv(kept, lang), nl=False)
    else:
        click.echo(documents.as_text(kept, lang))
    sys.exit(HELD_BACK if kept.report.blocked else PASSES)


def _stop(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(NOT_CHECKED)
