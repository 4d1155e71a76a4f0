"""``ckan satudata …``: one group, one module per command."""

from __future__ import annotations

import click


@click.group()
def satudata() -> None:
    """Satu Data: reference data, checks and demonstration."""


def get_commands() -> list[click.Command]:
    """Commands for ``ckan``."""
    return [satudata]
