"""What a confirmed declaration already tells about its dataset (MS-Ind)."""

from __future__ import annotations

from typing import Any

from ckan import model

from ckanext.satudata.consistency.vocabulary import CodeBook, Indicator
from ckanext.satudata.extract.declaration import INDICATOR, Declaration
from ckanext.satudata.model.reference import StandardRow
from ckanext.satudata.schemas.naming import REGION_LEVELS, capitalised, lint
from ckanext.satudata.schemas.publication import empty
from ckanext.satudata.store.reading import standard_names

from .indicators import find

#: Fields of a dataset that an indicator has too, in the order of the form.
FIELDS = ("kode_indikator", "nama_indikator", "konsep", "definisi", "ukuran", "satuan")


def missing(package: model.Package, declaration: Declaration, book: CodeBook) -> dict[str, Any]:
    """The empty fields of a draft that the indicators named by a declaration fill.

    The codes of all indicators are given; the texts only if there is exactly one, since they
    describe one. What is public or filled is left alone.

    Args:
        package: the dataset of the table.
        declaration: what the table's columns mean.
        book: where the indicators are looked up; unknown ones fill nothing.

    Returns:
        Field name -> value, as ``package_patch`` takes them.
    """
    if package.type != "dataset" or package.state != "draft":
        return {}
    codes = _named(declaration)
    found = [book.indicators[code] for code in codes if code in book.indicators]
    if not found:
        return {}
    values: dict[str, Any] = {"kode_indikator": [i.code for i in found]}
    if len(codes) == 1 and not _told_by_a_column(declaration):
        values.update(_texts(found[0], book))
    return {
        name: values[name]
        for name in FIELDS
        if not empty(values.get(name)) and empty(package.extras.get(name))
    }


def _named(declaration: Declaration) -> list[str]:
    """The indicators that measures, constants and wide columns name."""
    naming = {f.name for f in declaration.extra if f.concept == INDICATOR}
    codes: dict[str, None] = {}
    for f in (*declaration.fields, *declaration.extra):
        told = [f.indicator, f.constant if f.name in naming else None]
        told += [value for axis, value in f.normalize.items() if axis in naming]
        codes.update(dict.fromkeys(code for code in told if code))
    return list(codes)


def _told_by_a_column(declaration: Declaration) -> bool:
    """Whether the rows name their indicators themselves, so that there may be more."""
    return any(f.concept == INDICATOR for f in declaration.fields)


def _texts(indicator: Indicator, book: CodeBook) -> dict[str, str]:
    unit = book.units.units.get(indicator.unit)
    return {
        "nama_indikator": indicator.name,
        "konsep": _konsep(indicator, book),
        "definisi": indicator.definition,
        "ukuran": indicator.ukuran,
        "satuan": unit.label if unit else "",
    }


def _konsep(indicator: Indicator, book: CodeBook) -> str:
    """The name of the konsep: the standard's, else the key as a name; empty if it is no good one.

    A local indicator's konsep is kept in small letters; the naming rules want capitals.
    """
    row = find(model.Session, indicator.code)
    standard = model.Session.get(StandardRow, row.standard_code) if row.standard_code else None
    if standard is not None:
        return standard.name
    name = capitalised(indicator.konsep)
    regions = (c.label for c in book.regions.codes.values() if c.level in REGION_LEVELS)
    return "" if lint(name, regions=regions, standard=standard_names(name)) else name
