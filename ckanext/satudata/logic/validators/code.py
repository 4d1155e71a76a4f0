"""Codes and units, checked by form and, where the reference data are loaded, by content."""

from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.satudata.organizations.codes import (
    BPS,
    KEMENDAGRI,
    body_code_fields,
)
from ckanext.satudata.schemas.publication import listed
from ckanext.satudata.store.reading import codebook_or_none

#: National standard to the level of konsep.definisi or .klasifikasi; local codes.
_INDICATOR = re.compile(r"^(?:[A-Z]{1,2}\d{5}\.\d{2}(?:\.\d{2})?(?:-[a-z0-9]+)?|LOK\.[A-Z0-9_]+)$")
_SHORTENED = re.compile(r"^\d{1,2}(\.\d{1,2}){1,2}$")


def satudata_kode_perangkat_daerah(value: str) -> str:
    """A kode perangkat daerah (Permendagri 90/2019).

    Raises:
        tk.Invalid: it has another form.
    """
    if value and body_code_fields(value) is None:
        raise tk.Invalid(
            tk._(
                "'{value}' is not a code of a local government body. It has three fields of "
                "government (0.00 if blank), two digits and four digits, for example "
                "2.16.2.20.2.21.01.0000."
            ).format(value=value)
        )
    return value


def satudata_kode_kemendagri(value: str) -> str:
    """A region code in Kemendagri's scheme.

    Raises:
        tk.Invalid: it has another form, for example after a spreadsheet has dropped a zero.
    """
    if not value or KEMENDAGRI.match(value):
        return value
    if _SHORTENED.match(value):
        raise tk.Invalid(
            tk._(
                "'{value}' is not a region code of Kemendagri; a spreadsheet may have dropped "
                "a zero. Write two digits in each part, for example 61.05.01."
            ).format(value=value)
        )
    raise tk.Invalid(
        tk._(
            "'{value}' is not a region code of Kemendagri. Write it with dots, for example "
            "61.05.01."
        ).format(value=value)
    )


def satudata_kode_bps(value: str) -> str:
    """A region code in BPS' scheme.

    Raises:
        tk.Invalid: it has another form.
    """
    if not value or BPS.match(value):
        return value
    raise tk.Invalid(
        tk._(
            "'{value}' is not a region code of BPS. It has no dots and 4, 7 or 10 digits, for "
            "example 6107140."
        ).format(value=value)
    )


def satudata_region(value: str) -> str:
    """A region in the loaded code list, as a Kemendagri code.

    Raises:
        tk.Invalid: it has another form or is not in the list.
    """
    value = satudata_kode_kemendagri(value)
    book = codebook_or_none()
    if value and book is not None and book.regions.get(value) is None:
        raise tk.Invalid(
            tk._(
                "Region {code} is not in the portal's list of regions. Choose one of the list."
            ).format(code=value)
        )
    return value


def satudata_indicator_codes(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Codes of the national standard or local codes, after ``satudata_lines``."""
    if errors[key]:
        return
    for code in listed(data.get(key)):
        if not _INDICATOR.match(code):
            errors[key].append(
                tk._(
                    "'{code}' is not an indicator code. Write a code of the national standard "
                    "such as SD00282.01, or a local one such as LOK.STOK_PASAR."
                ).format(code=code)
            )


def satudata_units(value: Any) -> str:
    """One or several units, separated by semicolons, each known to the portal.

    Without loaded reference data the text is taken as it is.

    Raises:
        tk.Invalid: a unit is unknown.
    """
    book = codebook_or_none()
    parts = [p.strip() for p in value.split(";") if p.strip()]
    if book is not None and book.units.units:
        unknown = [p for p in parts if book.units.find(p) is None]
        if unknown:
            raise tk.Invalid(
                tk._(
                    "Unit '{unit}' is unknown. Choose one of the list, or ask the walidata to "
                    "add it."
                ).format(unit=unknown[0])
            )
    return "; ".join(parts)
