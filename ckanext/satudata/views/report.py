"""The report of a check, as a page and as files."""

from __future__ import annotations

import json
from uuid import UUID

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.satudata.workflow import documents, reports

from . import present
from .common import Page, call, guarded, lang, may

blueprint = Blueprint("satudata_report", __name__, url_prefix="/satudata/laporan")

_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.route("/<uuid:report_id>")
@guarded
def show(report_id: UUID) -> Page:
    """One report; the parameter ``aturan`` shows the findings of one rule alone."""
    document = call("satudata_report_show", id=str(report_id), lang=lang())
    chosen = tk.request.args.get("aturan")
    if chosen not in {f["rule"] for f in document["findings"]}:
        chosen = None
    shown = present.report(document, lang(), agency=_agency(document["organization"]), rule=chosen)
    resources = {t["resource"] for t in document["tables"] if t["resource"]}
    exemptible = {r for r in resources if may("satudata_exemption_grant", resource_id=r)}
    dataset = document["dataset"]
    return tk.render(
        "satudata/report.html",
        {
            "report": shown,
            "chosen": chosen,
            "exemptible": exemptible,
            "proposes": may("satudata_agreement_propose", parties=[document["organization"]]),
            # The walidata sees reports of drafts, but not the drafts; others may be gone.
            "leads_on": bool(dataset) and may("package_show", id=dataset),
            "checks": bool(dataset) and may("satudata_check", id=dataset),
        },
    )


@blueprint.route("/<uuid:report_id>.<any(json, csv, xlsx):format>")
@guarded
def download(report_id: UUID, format: str) -> Page:
    """The report as a file: ESS ValidatReport (JSON), CSV or XLSX."""
    call("satudata_report_show", id=str(report_id))
    kept = reports.find(str(report_id))
    assert kept is not None
    content: str | bytes
    if format == "json":
        content = json.dumps(documents.as_validatreport(kept, lang()), ensure_ascii=False, indent=2)
    elif format == "csv":
        content = documents.as_csv(kept, lang())
    else:
        content = documents.as_xlsx(kept, lang())
    name = f"laporan-{kept.created:%Y%m%d}-{kept.id[:8]}.{format}"
    return Response(
        content,
        content_type=_TYPES[format],
        headers={
            "Content-Disposition": f"attachment; filename={name}",
            "X-Content-Type-Options": "nosniff",
        },
    )


def _agency(organization: str) -> str | None:
    try:
        found = call("organization_show", id=organization)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    return found["display_name"]
