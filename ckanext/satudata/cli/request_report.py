"""``ckan satudata request-report``: a year of requests and objections, printed or as Excel."""

from __future__ import annotations

import click

from ckanext.satudata import letters, workdays
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow.cases import report_document, statistics


@click.command("request-report")
@click.argument("year", type=click.IntRange(2000, 9999), required=False)
@click.option(
    "--output",
    type=click.File("wb"),
    help="An Excel file to write; without it the numbers are printed.",
)
@click.option("--lang", type=click.Choice(("id", "en")), help="The portal's, if it is left out.")
def request_report(year: int | None, output: click.utils.LazyFile | None, lang: str | None) -> None:
    """Report on a year of requests for information, this year if none is named."""
    now = utc_now()
    found = statistics.report(year or workdays.today(now).year, now)
    lang = lang or letters.site_language()
    if output is not None:
        output.write(report_document.as_xlsx(found, lang))
        return
    click.echo(report_document.title(found, lang))
    for section in report_document.lines(found, lang):
        click.echo(f"\n{section.title}")
        for label, numbers in section.rows:
            shown = "  ".join("-" if n is None else f"{n:g}" for n in numbers)
            click.echo(f"  {label}: {shown}")
