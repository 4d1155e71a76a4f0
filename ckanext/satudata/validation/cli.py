"""``ckan validation``: the commands of upstream's plugin."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import click

from . import compat, messages, reports, search

__all__ = ["validation"]


@click.group(short_help="Validation of tables.")
def validation() -> None:
    """Validation of tables."""


@validation.command("init-db")
def init_db() -> None:
    """Create the table; the same as `ckan db upgrade -p satudata_validation`."""
    from ckan.cli.db import _run_migrations

    if compat.table_exists():
        click.echo("Validation tables already exist")
    _run_migrations("satudata_validation")
    click.echo("Validation tables are up to date")


@validation.command()
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("-r", "--resource", multiple=True, help="Id of a resource; may be repeated.")
@click.option("-d", "--dataset", multiple=True, help="Id or name of a dataset; may be repeated.")
@click.option("-s", "--search", "query", help="Parameters of package_search as a JSON object.")
def run(yes: bool, resource: tuple[str, ...], dataset: tuple[str, ...], query: str | None) -> None:
    """Let the worker validate resources: all of them, or those named or found."""
    if resource:
        for resource_id in resource:
            _run_one(resource_id)
        return
    try:
        parsed = search.parse_query(query)
    except ValueError as error:
        tk.error_shout(f"--search is not a JSON object: {error}")
        raise click.exceptions.Exit(2) from error
    count = sum(1 for _ in search.datasets(dataset_ids=dataset, query=parsed))
    if not count:
        tk.error_shout("No suitable datasets, exiting...")
        raise click.exceptions.Exit(1)
    if not yes:
        click.confirm(f"Start the validation of the tables of {count} datasets?", abort=True)
    result = tk.get_action("resource_validation_run_batch")(
        {"ignore_auth": True}, {"dataset_ids": list(dataset), "query": parsed}
    )
    click.echo(result["output"])


def _run_one(resource_id: str) -> None:
    try:
        tk.get_action("resource_validation_run")(
            {"ignore_auth": True}, {"resource_id": resource_id, "async": True}
        )
    except tk.ObjectNotFound as error:
        tk.error_shout(f"There is no resource {resource_id}")
        raise click.exceptions.Exit(1) from error
    except tk.ValidationError as error:
        tk.error_shout(f"Resource {resource_id}: {error.error_summary}")
        raise click.exceptions.Exit(1) from error
    click.echo(f"Resource {resource_id} sent to the validation queue")


_output = click.option(
    "-o", "--output", type=click.Path(dir_okay=False, writable=True), help="The CSV file to write."
)
_language = click.option(
    "-l", "--lang", type=click.Choice(messages.LANGUAGES), help="Language of the messages."
)


@validation.command()
@_output
def report(output: str | None) -> None:
    """Count the results, and list the resources with errors in a CSV file."""
    click.echo(reports.write(output or "validation_errors_report.csv"))


@validation.command("report-full")
@_output
@_language
def report_full(output: str | None, lang: str | None) -> None:
    """As `report`, with the errors themselves: up to ten of a kind per resource."""
    click.echo(reports.write(output or "validation_errors_report_full.csv", full=True, lang=lang))
