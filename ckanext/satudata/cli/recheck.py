"""``ckan satudata recheck``: find what no longer agrees with what holds now."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click
from ckan import model

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.workflow.proof import recheck as rechecking

from .audit import ids, progress

#: Exit statuses.
AGREES, DISAGREES, NOT_FINISHED = 0, 1, 2


@click.command("recheck")
@click.option("--dataset", "names", multiple=True, help="Id or name; only look at this one.")
def recheck(names: Sequence[str]) -> None:
    """Judge what is public by the tolerances, code lists, rules and mandates of today.

    Only what something changed for is compared again. What agrees goes on under what holds
    now; what does not stays public and is listed, here and on the walidata's page. Ctrl-C stops
    it, and calling it again goes on.

    Exit status: 0 everything agrees, 1 something does not (it is named), 2 it could not be done.
    """
    try:
        chosen = ids(names) if names else rechecking.datasets(model.Session)
        with progress(chosen, "Recheck") as work:
            for dataset in work:
                rechecking.run(dataset)
        found = rechecking.standing(model.Session)
    except SatudataError as error:
        click.echo(f"The recheck could not be finished: {error}", err=True)
        sys.exit(NOT_FINISHED)
    for one in found:
        rules = ", ".join(f"{rule} ({number})" for rule, number in one.rules.items())
        click.echo(f"{one.name}  {one.organization_title}  {rules}  report {one.report}")
    click.echo(f"{len(chosen)} dataset(s) looked at, {len(found)} no longer agree(s).")
    sys.exit(DISAGREES if found else AGREES)
