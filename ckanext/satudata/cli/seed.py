"""``ckan satudata seed``: the first contents of a kabupaten's portal."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import ckan.plugins.toolkit as tk
import click

from ckanext.satudata import config
from ckanext.satudata.errors import ReferenceDataMissing
from ckanext.satudata.seed import plan as plans
from ckanext.satudata.seed import run
from ckanext.satudata.seed.credentials import Credentials


@click.command("seed")
@click.argument("kabupaten", type=click.Choice(plans.names()))
@click.option(
    "--credentials",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file for the generated passwords (mode 600); without it no users are made.",
)
def seed(kabupaten: str, credentials: Path | None) -> None:
    """Make the bodies of KABUPATEN, their kecamatan, users and indicators.

    What is there already is left as it is, passwords too, so the command can be run again.
    """
    plan = plans.plan(kabupaten)
    kept = Credentials(credentials) if credentials else None
    created: Counter[str] = Counter()
    present: Counter[str] = Counter()
    try:
        for step in run.seed(plan, kept):
            (created if step.created else present)[step.kind] += 1
    except ReferenceDataMissing:
        _stop("No reference data are loaded. Run 'ckan satudata reference load' first.")
    except run.OtherRegion:
        _stop(
            f"This portal is of region {config.home_region()}, {kabupaten} is {plan.region}. "
            f"Set {config.HOME_REGION} = {plan.region} or seed the other one."
        )
    except tk.ValidationError as error:
        _stop(f"The portal refuses it: {error.error_summary}")
    for kind in ("organization", "user", "indicator"):
        click.echo(f"{kind + 's':<14} {created[kind]:>3} made, {present[kind]:>3} there before")


def _stop(message: str) -> None:
    click.echo(message, err=True)
    sys.exit(1)
