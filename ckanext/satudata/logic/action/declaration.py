"""What a table's columns mean: the portal proposes, the operator confirms."""

from __future__ import annotations

import base64
import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict, ErrorDict

from ckanext.satudata.consistency import period
from ckanext.satudata.extract import declaration as declarations
from ckanext.satudata.extract.declaration_faults import explain
from ckanext.satudata.extract.readers import ReadError
from ckanext.satudata.extract.template import TemplateError, build_template
from ckanext.satudata.logic.schema import check as schema
from ckanext.satudata.logic.validators.text import localised
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow import declaring, documents, filling
from ckanext.satudata.workflow.onboarding import practice

_CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

#: Which parameter of ``satudata_template`` a refusal speaks of, where it is not the indicator.
_FIELD_OF = {
    "dimensi-tidak-dikenal": "codes",
    "kode-tidak-dikenal": "codes",
    "templat-terlalu-besar": "periods",
}


@tk.side_effect_free
@validate(schema.declaration_guess)
def satudata_declaration_guess(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Propose what the columns of a saved table mean.

    :param id: id of the resource
    :param lang: language of the error if the file cannot be read, ``id`` (default) or ``en``
    :returns: ``declaration`` (Table Schema with ``satudata`` objects), ``confidence`` per
        field, ``reasons``, ``questions``, and ``preview``: the first rows as understood
    """
    tk.check_access("satudata_declaration_guess", context, data_dict)
    try:
        return declaring.propose(_resource(data_dict["id"]))
    except ReadError as error:
        raise _unreadable(error, data_dict) from error


@tk.side_effect_free
@validate(schema.declaration)
def satudata_declaration_preview(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show the first rows of a saved table as a declaration understands them.

    :param id: id of the resource
    :param declaration: the declaration to try
    :param lang: language of the error if the file cannot be read, ``id`` (default) or ``en``
    :returns: ``rows``: per source row its figures or what is wrong with it
    """
    tk.check_access("satudata_declaration_preview", context, data_dict)
    try:
        return declaring.preview_of(
            _resource(data_dict["id"]), declarations.parse(data_dict["declaration"])
        )
    except declarations.DeclarationError as error:
        raise _damaged(error) from error
    except ReadError as error:
        raise _unreadable(error, data_dict) from error


@validate(schema.declaration)
def satudata_declaration_confirm(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Keep a declaration with its table, and for the organization's next table alike.

    Fields of a draft dataset that are empty and that the declared indicator has too
    (``kode_indikator``, ``nama_indikator``, ``konsep``, ``definisi``, ``ukuran``, ``satuan``) are
    filled from it; of several indicators the codes alone.

    :param id: id of the resource
    :param declaration: the declaration
    :param lang: language of the error if the file cannot be read, ``id`` (default) or ``en``
    :returns: the resource
    """
    tk.check_access("satudata_declaration_confirm", context, data_dict)
    try:
        declaration = declarations.parse(data_dict["declaration"])
    except declarations.DeclarationError as error:
        raise _damaged(error) from error
    resource = _resource(data_dict["id"])
    user = context.get("auth_user_obj")
    try:
        # Whatever somebody says while practising must not be proposed for real tables.
        if not practice.is_practice(resource.package_id):
            declaring.remember(resource, declaration, user.id if user else None)
    except ReadError as error:
        raise _unreadable(error, data_dict) from error
    text = json.dumps(declarations.serialise(declaration), ensure_ascii=False)
    filled = filling.missing(resource.package, declaration, load_codebook(model.Session))
    if not filled:
        return tk.get_action("resource_patch")(context, {"id": resource.id, "schema": text})
    return _revised(context, resource, text, filled)


@tk.side_effect_free
@validate(schema.template)
def satudata_template(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """A table ready to fill in; the filled file needs no declaring.

    :param indicator: code of the indicator
    :param periods: list of periods, for example ``["2025"]``
    :param regions: list of region codes (default: the kecamatan of this kabupaten)
    :param codes: codes per further dimension, for example ``{"komoditas": ["beras-medium"]}``
    :param format: ``xlsx`` (default) or ``csv``
    :returns: ``filename``, ``content_type`` and ``content`` (base64)
    """
    tk.check_access("satudata_template", context, data_dict)
    book = load_codebook(model.Session)
    indicator = book.indicators.get(data_dict["indicator"])
    errors: ErrorDict = {}
    if indicator is None:
        errors["indicator"] = [
            tk._("There is no indicator {value}.").format(value=data_dict["indicator"])
        ]
    elif indicator.retired:
        errors["indicator"] = [
            tk._("The indicator {value} is retired and takes no new figures.").format(
                value=indicator.name
            )
        ]
    if data_dict["format"] not in _CONTENT_TYPES:
        errors["format"] = [tk._("The format must be xlsx or csv.")]
    periods = []
    for text in _listed(data_dict["periods"]):
        try:
            periods.append(period.parse(text))
        except ValueError:
            errors["periods"] = [tk._("{value} is not a period.").format(value=text)]
    regions = None
    if data_dict.get("regions"):
        regions = []
        for text in _listed(data_dict["regions"]):
            code = book.regions.get(text)
            if code is None:
                errors["regions"] = [tk._("There is no region {value}.").format(value=text)]
            else:
                regions.append(code)
    codes = _codes(data_dict.get("codes"))
    if codes is None:
        errors["codes"] = [tk._("Codes are given as an object with a list of codes per dimension.")]
    if errors or indicator is None:
        raise tk.ValidationError(errors)
    try:
        content = build_template(
            indicator,
            book,
            periods=periods,
            regions=regions,
            codes=codes,
            format=data_dict["format"],
        )
    except TemplateError as error:
        raise tk.ValidationError(
            {_FIELD_OF.get(error.code, "indicator"): [_refused(error)]}
        ) from error
    return {
        "filename": f"templat-{indicator.code}.{data_dict['format']}".lower().replace("_", "-"),
        "content_type": _CONTENT_TYPES[data_dict["format"]],
        "content": base64.b64encode(content).decode(),
    }


def _resource(resource_id: str) -> model.Resource:
    resource = model.Resource.get(resource_id)
    if resource is None:
        raise tk.ObjectNotFound(tk._("There is no such resource."))
    return resource


def _revised(
    context: Context, resource: model.Resource, schema: str, filled: dict[str, Any]
) -> dict[str, Any]:
    """The resource after its schema and fields of its dataset were saved at once."""
    position = resource.position
    try:
        revised = tk.get_action("package_revise")(
            context,
            {
                "match": {"id": resource.package_id},
                "update": filled,
                f"update__resources__{resource.id}": {"schema": schema},
            },
        )
    except tk.ValidationError as error:
        of_files = error.error_dict.get("resources")
        if isinstance(of_files, list) and len(of_files) > position and of_files[position]:
            raise tk.ValidationError(of_files[position]) from error
        raise
    return next(r for r in revised["package"]["resources"] if r["id"] == resource.id)


def _listed(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]


def _codes(value: Any) -> dict[str, list[str]] | None:
    """Codes per dimension, also where they came as JSON in an address; None if they are not."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    value = value or {}
    if not isinstance(value, dict) or not all(isinstance(v, list) for v in value.values()):
        return None
    return {str(name): [str(code) for code in codes] for name, codes in value.items()}


def _refused(error: TemplateError) -> str:
    """Why there is no template, in words."""
    texts = {
        "dimensi-tidak-dikenal": tk._("The indicator is not split by: {dimensions}."),
        "kode-tidak-dikenal": tk._("These codes are not in the list {codelist}: {codes}."),
        "templat-terlalu-besar": tk._(
            "The table would have {rows} rows, more than {limit}. Ask for fewer periods, regions "
            "or codes."
        ),
        "daftar-kode-tidak-ada": tk._("The portal has no code list {codelist}."),
        "satuan-tidak-dikenal": tk._("The portal has no unit {unit}."),
    }
    return texts[error.code].format(**error.params)


def _unreadable(error: ReadError, data_dict: DataDict) -> tk.ValidationError:
    text = documents.read_error(error, data_dict.get("lang") or "id")
    return tk.ValidationError({"upload": [text]})


def _damaged(error: declarations.DeclarationError) -> tk.ValidationError:
    text = tk._("The declaration cannot be used. {reason}").format(reason=localised(explain(error)))
    return tk.ValidationError({"declaration": [text]})
