"""The page on which an operator says what the columns of a table mean."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint

from ckanext.satudata.extract import declaration as declarations
from ckanext.satudata.schemas import variables
from ckanext.satudata.schemas.publication import empty
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow import catalogue, filling, gate

from . import column_form, present
from .column_choices import VariableItem, choices, concept_name, fault_text, variable_items
from .common import Page, call, guarded, lang, report_of, texts_of

blueprint = Blueprint("satudata_columns", __name__)
#: Cells shown of each column.
_SAMPLES = 3
_PATH = "/dataset/<id>/resource/<resource_id>/kolom"


@blueprint.route(_PATH, methods=["GET"])
@guarded
def edit(id: str, resource_id: str) -> Page:
    """Show what the portal proposes, or what was confirmed before."""
    return _page(id, resource_id, None, {})


@blueprint.route(_PATH, methods=["POST"])
@guarded
def save(id: str, resource_id: str) -> Page:
    """Try the form's declaration, or confirm it (the button decides)."""
    values = tk.request.form
    book = load_codebook(model.Session)
    try:
        before = declarations.parse(values.get("declaration", "{}"))
    except declarations.DeclarationError:
        return tk.abort(400, tk._("The form is damaged. Open the page again."))
    form = column_form.read(values, before, book)
    faults = column_form.faults(form, book)
    if values.get("button") != "save":
        return _tried(id, resource_id, form, faults)
    if faults:
        return _page(id, resource_id, form, faults)
    before_saving = call("package_show", id=id)
    try:
        call(
            "satudata_declaration_confirm",
            id=resource_id,
            declaration=declarations.serialise(form.declaration),
            lang=lang(),
        )
    except tk.ValidationError as error:
        report = report_of(error)
        if report:
            return tk.redirect_to("satudata_report.show", report_id=report)
        return _page(id, resource_id, form, {}, texts_of(error))
    _tell_filled(before_saving, call("package_show", id=id))
    preview, unreadable = _preview(resource_id, form.declaration)
    if unreadable or (preview and preview["errors"]):
        tk.h.flash_notice(
            tk._(
                "The meaning of the columns is saved, but the table cannot be published like this. "
                "What is wrong stands with the first rows below."
            )
        )
        return tk.redirect_to("satudata_columns.edit", id=id, resource_id=resource_id)
    tk.h.flash_success(
        tk._("The meaning of the columns is saved, also for your agency's next table like this.")
    )
    return tk.redirect_to("dataset.read", id=id)


def _tell_filled(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Name the fields of the dataset that were taken from the indicator."""
    schema = tk.h.scheming_get_dataset_schema(after["type"])
    labels = {f["field_name"]: f["label"] for f in schema["dataset_fields"]}
    filled = [
        tk.h.scheming_language_text(labels[name])
        for name in filling.FIELDS
        if empty(before.get(name)) and not empty(after.get(name))
    ]
    if filled:
        tk.h.flash_notice(
            tk._("Taken from the indicator, please look through: {fields}.").format(
                fields=", ".join(filled)
            )
        )


def _tried(id: str, resource_id: str, form: column_form.Form, faults: dict[str, str]) -> Page:
    """The preview alone for the page's script, else the whole page with it."""
    if tk.request.headers.get("X-Requested-With") != "fetch":
        return _page(id, resource_id, form, faults)
    preview, errors = _preview(resource_id, form.declaration)
    return tk.render(
        "satudata/snippets/preview.html",
        {"preview": preview, "errors": errors + [fault_text(c) for c in faults.values()]},
    )


def _preview(
    resource_id: str, declaration: declarations.Declaration
) -> tuple[dict[str, Any] | None, list[str]]:
    try:
        shown = call(
            "satudata_declaration_preview",
            id=resource_id,
            declaration=declarations.serialise(declaration),
            lang=lang(),
        )
    except tk.ValidationError as error:
        return None, texts_of(error)
    return _shown(shown), []


def _shown(preview: dict[str, Any]) -> dict[str, Any]:
    return present.preview(preview, lang(), catalogue.rules(), load_codebook(model.Session))


def _page(
    id: str,
    resource_id: str,
    form: column_form.Form | None,
    faults: dict[str, str],
    errors: list[str] | None = None,
) -> str:
    dataset = call("package_show", id=id)
    resource = next((r for r in dataset["resources"] if r["id"] == resource_id), None)
    if resource is None:
        raise tk.ObjectNotFound(tk._("The dataset has no such file."))
    shared = {
        "pkg": dataset,
        "pkg_dict": dataset,
        "dataset_type": dataset["type"],
        "resource": resource,
        "res": resource,
    }
    try:
        guess = call("satudata_declaration_guess", id=resource_id, lang=lang())
    except tk.ValidationError as error:
        return tk.render("satudata/columns_unreadable.html", {**shared, "errors": texts_of(error)})
    errors = list(errors or [])
    if form is None:
        form = column_form.form_of(declarations.parse(guess["declaration"]))
        preview = _shown(guess["preview"])
        questions = present.guess_texts(guess["questions"], lang())
    else:
        preview, unreadable = _preview(resource_id, form.declaration)
        errors += unreadable
        questions = []
    book = load_codebook(model.Session)
    package = model.Package.get(dataset["id"])
    asking = package is not None and gate.asking(package)
    lacking = list(variables.lacking(form.declaration, asking=asking))
    wide = next((f.name for f in form.declaration.fields if f.normalize), None)

    def items(column: str, f: declarations.Field) -> list[VariableItem]:
        return variable_items(f, [k for k in lacking if k.column == column], book, lang())

    return tk.render(
        "satudata/columns.html",
        {
            **shared,
            "form": form,
            "columns": [
                {**_column(i, f, guess), "items": items(f.name, f)}
                for i, f in enumerate(form.declaration.fields)
            ],
            "target_items": items(wide, form.target) if wide and form.target else [],
            "descriptor": json.dumps(declarations.serialise(form.declaration), ensure_ascii=False),
            "choices": choices(book),
            "concept_name": concept_name,
            "indicators": book.indicators,
            "axes": _padded(form.axes, column_form.AXES, column_form.Axis("", "", "")),
            "constants": _padded(
                form.constants,
                len(form.constants) + column_form.SPARE_CONSTANTS,
                column_form.Constant("", "", "", ""),
            ),
            "faults": {name: fault_text(code) for name, code in faults.items()},
            "errors": errors,
            "questions": questions,
            "preview": preview,
        },
    )


def _column(position: int, f: declarations.Field, guess: dict[str, Any]) -> dict[str, Any]:
    rows = guess["preview"]["rows"]
    seen = (row["cells"][position] for row in rows if position < len(row["cells"]))
    return {
        "position": position,
        "letter": present.column_letters(position),
        "field": f,
        "meaning": column_form.meaning_of(f),
        "certain": guess["confidence"].get(f.name, 0.0) >= present.CERTAIN,
        "samples": list(dict.fromkeys(c for c in seen if c))[:_SAMPLES],
    }


def _padded(items: list[Any], length: int, empty: Any) -> list[Any]:
    return items + [empty] * (length - len(items))
