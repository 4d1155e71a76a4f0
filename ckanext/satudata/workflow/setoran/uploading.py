"""A filled template, read into the cells of a setoran."""

from __future__ import annotations

from ckanext.satudata.consistency import keys as packing
from ckanext.satudata.consistency.findings import Finding
from ckanext.satudata.extract.observations import extract_table
from ckanext.satudata.extract.readers import Limits, read_tables
from ckanext.satudata.extract.template import template_declaration

from . import obligations
from .cells import Change, Form, Key


class NoTemplate(ValueError):
    """The file is none of the templates, or one of another indicator."""


def read(path: str, name: str, form: Form, limits: Limits) -> tuple[list[Change], list[Finding]]:
    """The cells that a filled template fills; rows of other regions and periods are left out.

    Args:
        path: where the file is.
        name: what people call it.
        form: what is asked.
        limits: sizes above which it is refused.

    Returns:
        What to write, and what is wrong with the file.

    Raises:
        ReadError: it cannot be read as a table.
        NoTemplate: it is no template of this indicator.
    """
    table, *_ = read_tables(path, name=name, format=None, limits=limits)
    declaration = template_declaration(path, table, name=name)
    if declaration is None:
        raise NoTemplate(name)
    found = extract_table(table, declaration, form.book)
    figures = next((f for f in found.figures if f.indicator.id == form.indicator.id), None)
    if figures is None:
        wrong = [f for f in found.problems if f.blocks]
        if wrong:
            return [], wrong
        raise NoTemplate(name)
    asked = set(form.keys)
    changes = []
    for i in range(len(figures)):
        decoded = packing.decode(form.indicator, int(figures.keys[i]), form.book.codelists)
        rest = {d.name: decoded.rest[d.name] for d in form.indicator.dimensions}
        told = {n: c for n, c in rest.items() if n in form.obligation.classes}
        key = Key(decoded.region, obligations.written(told))
        if decoded.period == form.setoran.period and key in asked:
            text = f"{float(figures.values[i]):.{max(0, int(figures.decimals[i]))}f}"
            changes.append(Change(key, text.replace(".", ",")))
    return changes, [f for f in found.problems if f.blocks]
