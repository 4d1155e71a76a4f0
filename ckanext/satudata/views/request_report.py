"""The annual report on requests and objections: as a page, as XLSX and as PDF."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint
from werkzeug.wrappers import Response as WerkzeugResponse

from ckanext.satudata import workdays
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow.cases import report_document, statistics

from . import pdf
from .common import Page, call, guarded, lang

blueprint = Blueprint("satudata_request_report", __name__, url_prefix="/permintaan/laporan")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Years before this one that the page offers.
_YEARS = 5


@blueprint.route("", methods=["GET"])
@guarded
def show() -> Page:
    """The report of a year."""
    report = _report()
    this = workdays.today(utc_now()).year
    return tk.render(
        "satudata/permintaan/report.html",
        {**_document(report), "years": range(this, this - _YEARS, -1)},
    )


@blueprint.route("/laporan.xlsx", methods=["GET"])
@guarded
def xlsx() -> Page:
    """The report as an Excel file."""
    report = _report()
    content = report_document.as_xlsx(report, lang())
    return _file(content, _XLSX, f"laporan-layanan-informasi-{report.year}.xlsx")


@blueprint.route("/laporan.pdf", methods=["GET"])
@guarded
def printed() -> Page:
    """The report on paper."""
    report = _report()
    book = load_codebook(model.Session)
    home = book.regions.get(book.home)
    page = tk.render(
        "satudata/permintaan/report_print.html",
        {**_document(report), "region": home.label if home else ""},
    )
    return _file(pdf.printed(page), pdf.MEDIA, f"laporan-layanan-informasi-{report.year}.pdf")


def _report() -> statistics.Report:
    year = tk.request.args.get("tahun", 0, type=int)
    asked: dict[str, Any] = {"year": year} if year else {}
    found = call("satudata_request_report", **asked)
    return statistics.report(found["year"], utc_now())


def _document(report: statistics.Report) -> dict[str, Any]:
    return {
        "year": report.year,
        "title": report_document.title(report, lang()),
        "made": report_document.made_on(report, lang()),
        "sections": report_document.lines(report, lang()),
        "lang": lang(),
    }


def _file(content: bytes, media: str, name: str) -> Page:
    out = WerkzeugResponse(content, mimetype=media)
    out.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    out.headers["X-Content-Type-Options"] = "nosniff"
    return out
