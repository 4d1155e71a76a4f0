"""The walidata's pages about people: accounts in bulk, invitations, and how far everybody is."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.satudata.extract.formula_cells import harmless
from ckanext.satudata.workflow.onboarding import progress
from ckanext.satudata.workflow.onboarding.account_file import COLUMNS

from .common import Page, call, context, guarded, texts_of

blueprint = Blueprint("satudata_account", __name__, url_prefix="/satudata/pelatihan/akun")


@blueprint.route("", methods=["GET"])
@guarded
def index() -> Page:
    """The form for a list of people, and who has not opened their account."""
    return _page()


@blueprint.route("", methods=["POST"])
@guarded
def look() -> Page:
    """Look at a list; nothing is done yet."""
    tk.check_access("satudata_account_import", context(), {})
    try:
        found = call("satudata_account_import", upload=tk.request.files.get("upload"), dry_run=True)
    except tk.ValidationError as error:
        return _page(errors=texts_of(error))
    people = [{"row": p["row"], **{name: p[name] for name in COLUMNS}} for p in found["people"]]
    return _page(found=found, people=json.dumps(people, ensure_ascii=False))


@blueprint.route("/undang", methods=["POST"])
@guarded
def invite() -> Page:
    """Carry out what was looked at; it is looked at once more."""
    tk.check_access("satudata_account_import", context(), {})
    try:
        found = call("satudata_account_import", people=tk.request.form.get("people", ""))
    except tk.ValidationError as error:
        return _page(errors=texts_of(error))
    done = [p for p in found["people"] if p["done"]]
    failed = [p["error"] for p in found["people"] if p["error"]]
    if found["problems"] or failed:
        return _page(found=found, errors=failed)
    new = sum(p["what"] == "undang" for p in done)
    tk.h.flash_success(
        tk.ungettext("{count} person was invited.", "{count} people were invited.", new).format(
            count=new
        )
    )
    return tk.redirect_to("satudata_account.index")


@blueprint.route("/undangan/<id>", methods=["POST"])
@guarded
def resend(id: str) -> Page:
    """Send somebody another invitation."""
    call("satudata_invitation_resend", id=id)
    tk.h.flash_success(tk._("The invitation was sent again. Its former link no longer works."))
    return tk.redirect_to("satudata_account.index")


@blueprint.route("/contoh.csv", methods=["GET"])
@guarded
def example() -> Page:
    """The list with its header and one line, to begin with."""
    tk.check_access("satudata_account_import", context(), {})
    rows = [list(COLUMNS), ["Nama Lengkap", "nama@example.org", "Dinas Contoh", "editor"]]
    return _csv(rows, "daftar-akun.csv")


@blueprint.route("/kemajuan", methods=["GET"])
@guarded
def progress_table() -> Page:
    """How far everybody is."""
    return tk.render(
        "satudata/pelatihan/progress.html",
        {"people": call("satudata_progress_list"), "steps": progress.STEPS},
    )


@blueprint.route("/kemajuan.csv", methods=["GET"])
@guarded
def progress_csv() -> Page:
    """The same as a file; names of accounts, no addresses."""
    rows = [["pengguna", "nama", "instansi", "peran", *progress.STEPS]]
    for one in call("satudata_progress_list"):
        rows.append(
            [
                one["account"],
                one["name"],
                "; ".join(one["bodies"]),
                "; ".join(one["bodies"].values()),
                *((one["steps"][step] or "")[:10] for step in progress.STEPS),
            ]
        )
    return _csv(rows, "kemajuan-operator.csv")


def _page(**more: Any) -> str:
    shown = {"found": None, "people": "", "errors": [], **more}
    shown["waiting"] = call("satudata_invitation_list")
    return tk.render("satudata/pelatihan/accounts.html", shown)


def _csv(rows: list[list[str]], name: str) -> Response:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[harmless(c) for c in r] for r in rows])
    # Excel takes a file without this mark for another encoding.
    answer = Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
