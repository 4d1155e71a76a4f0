"""``ckan satudata reference``: load reference data and list what is loaded."""

from __future__ import annotations

import sys
from pathlib import Path

import ckan.plugins.toolkit as tk
import click
from ckan import model

from ckanext.satudata.reference import shipped
from ckanext.satudata.reference.document import BadReference, read
from ckanext.satudata.store import reference as store
from ckanext.satudata.store.reference import Loaded, Outcome

#: Exit status where a file was refused; nothing was changed.
REFUSED = 1

_DONE = {
    Outcome.LOADED: "loaded ({added} new, {ended} ended)",
    Outcome.UNCHANGED: "unchanged",
    Outcome.NEWER: "kept, a newer version is loaded",
}


@click.group("reference")
def reference() -> None:
    """Reference data: regions, units, code lists, standards."""


@reference.command("load")
@click.argument("what", required=False)
def load(what: str | None) -> None:
    """Load reference data: all that is shipped, the shipped one called WHAT, or the file WHAT.

    Everything is loaded in one transaction: if one row of one file is wrong, nothing
    changes. Loading the same version again changes nothing either.

    Exit status: 0 loaded or unchanged, 1 refused.
    """
    try:
        done = _load(what)
        model.Session.commit()
    except BadReference as refusal:
        model.Session.rollback()
        language = "id" if tk.config.get("ckan.locale_default") == "id" else "en"
        for problem in refusal.problems:
            click.echo(shipped.message(problem, language), err=True)
        click.echo(f"{len(refusal.problems)} problem(s), nothing was loaded.", err=True)
        sys.exit(REFUSED)
    for name, loaded in done.items():
        text = _DONE[loaded.outcome].format(added=loaded.added, ended=loaded.ended)
        click.echo(f"{name:<20} {text}")


def _load(what: str | None) -> dict[str, Loaded]:
    if what is None:
        return store.load_shipped(model.Session)
    path = shipped.path_of(what)
    if path is None:
        path = Path(what)
        if not path.is_file():
            names = ", ".join(p.stem for p in shipped.paths())
            raise click.UsageError(f"{what} is neither a file nor one of: {names}.")
    document = read(path)
    return {document.name: store.load(model.Session, document)}


@reference.command("list")
def list_() -> None:
    """List all versions ever loaded; the last one of each name is in use."""
    rows = store.versions(model.Session)
    if not rows:
        click.echo("No reference data is loaded. Run 'ckan satudata reference load'.")
    for row in rows:
        click.echo(
            f"{row.name:<20} {row.version:<10} {row.effective_from}  {row.rows:>5} rows  "
            f"{row.sha256[:12]}  {row.loaded_at:%Y-%m-%d %H:%M}  {row.source}"
        )
