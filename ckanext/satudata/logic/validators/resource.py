"""Resource fields that come from the portal or describe columns."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.satudata.extract.declaration import DeclarationError, is_address, parse
from ckanext.satudata.extract.declaration_faults import explain
from ckanext.satudata.store.content import ContentHash

from .text import localised


def satudata_resource_content(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """A new resource has a file or a link; the uploader has named the file by now.

    A resource that was saved without may stay, or removing it would be refused as well.
    """
    if data.get(key) not in (None, "", tk.missing):
        return
    number = data.get((*key[:-1], "id"))
    if not (isinstance(number, str) and number and model.Resource.get(number)):
        errors[key].append(tk._("Choose a file, or give the address of one."))


def satudata_content_hash(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """The checksum is the portal's alone: what a client sends is replaced by what is stored.

    The uploader marks a checksum it has computed by its type (``ContentHash``), which nothing
    that was sent can have.
    """
    if isinstance(data.get(key), ContentHash):
        data[key] = str(data[key])
        return
    number = data.get((*key[:-1], "id"))
    stored = model.Resource.get(number) if isinstance(number, str) and number else None
    package = context.get("package")
    if stored is not None and package is not None and stored.package_id == package.id:
        data[key] = stored.hash or ""
    else:
        data[key] = ""


def satudata_declaration(value: Any) -> str:
    """A column declaration as JSON text, or the address of a Table Schema.

    Raises:
        tk.Invalid: it is neither, or contradicts itself.
    """
    if isinstance(value, str) and is_address(value):
        return value.strip()
    descriptor = _object(value)
    try:
        parse(descriptor)
    except DeclarationError as error:
        raise tk.Invalid(
            tk._(
                "The declaration of the columns cannot be used. {reason} Open the page of the "
                "columns and save it again."
            ).format(reason=localised(explain(error)))
        ) from error
    return json.dumps(descriptor, ensure_ascii=False)


def satudata_json_object(value: Any) -> str:
    """A JSON object as text.

    Raises:
        tk.Invalid: it is something else.
    """
    return json.dumps(_object(value), ensure_ascii=False)


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise tk.Invalid(
                tk._("This is not valid JSON ({reason}).").format(reason=str(error))
            ) from error
    if not isinstance(value, dict):
        raise tk.Invalid(tk._("A JSON object expected, beginning with '{'."))
    return value
