"""``ckan satudata accounts``: people of agencies from a list."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ckanext.satudata.logic import account_texts
from ckanext.satudata.workflow.onboarding import account_file
from ckanext.satudata.workflow.onboarding import accounts as people


@click.group("accounts")
def accounts() -> None:
    """Accounts of the people who work for agencies."""


@accounts.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only look at the list.")
@click.option("--only-right", is_flag=True, help="Leave wrong lines out, carry out the others.")
def import_(file: Path, dry_run: bool, only_right: bool) -> None:
    """Invite the people in FILE (CSV, XLSX or ODS: nama, email, instansi, peran).

    Every line is looked at first. Who is there already stays as they are, so a list can be
    imported again.

    Exit status: 0 all right, 1 something is wrong with the list or a letter was not sent.
    """
    try:
        plan = people.plan(account_file.read(str(file), name=file.name), None)
    except account_file.UnreadableList as error:
        raise click.ClickException(account_texts.unreadable(error)) from error
    for one in plan.problems:
        click.echo(f"row {one.row}, {one.column}: {account_texts.sentence(one)}", err=True)
    failed = bool(plan.problems)
    if dry_run or (failed and not only_right):
        for line in plan.lines:
            click.echo(f"row {line.row}: {line.what}")
        sys.exit(int(failed))
    for done in people.carry_out(plan.lines, None):
        if done.error:
            failed = True
            click.echo(f"row {done.line.row}: {done.error}", err=True)
        else:
            click.echo(f"row {done.line.row}: {done.line.what}")
    sys.exit(int(failed))
