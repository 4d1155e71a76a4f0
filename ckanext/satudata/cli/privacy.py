"""``ckan satudata privacy``: the keys that seal who people are."""

from __future__ import annotations

import sys

import click

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.privacy import keys, rotation


@click.group("privacy")
def privacy() -> None:
    """Keys that seal who people are."""


@privacy.command("key")
def key() -> None:
    """Print a new random key; it is kept nowhere."""
    click.echo(keys.new_key())


@privacy.command("status")
def status() -> None:
    """Tell which keys there are and what each opens.

    Exit status: 0 everything can be opened, 1 a key is missing or none is set.
    """
    try:
        found = rotation.standing()
    except SatudataError as error:
        raise click.ClickException(str(error)) from error
    if not found:
        raise click.ClickException("There is no key; 'ckan satudata privacy key' makes one.")
    for one in found:
        said = "missing" if not one.there else "seals and opens" if one.newest else "opens"
        click.echo(f"{one.mark}  {said:<15}  {one.count} identity(ies), {one.files} file(s)")
    sys.exit(0 if all(one.there for one in found) else 1)


@privacy.command("rotate")
def rotate() -> None:
    """Seal anew with the newest key what older keys sealed.

    Put the new key before the older ones, restart the portal, run this, and take the older keys
    away. It may be stopped and run again.
    """
    done = 0
    try:
        for count in rotation.rotate():
            done += count
    except SatudataError as error:
        raise click.ClickException(f"{done} sealed anew, then: {error}") from error
    click.echo(f"{done} identity(ies) and file(s) sealed anew")
