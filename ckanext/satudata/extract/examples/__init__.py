"""Examples of the rules about reading files: small files, one that passes and one that fails.

They are data (``tables.yaml``, ``files.yaml``) and take place in the world of
:mod:`ckanext.satudata.rules.examples`. The documents show them with what the portal says, and
the tests run them, so neither can differ from the other::

    kode-tidak-dikenal:
      title: {id: ..., en: ...}     # what is wrong with the one that fails
      columns: [Kode, Kebutuhan]    # fields of the table, declared at the top of the file
      extra: [periode, komoditas]   # fields that no column holds
      declaration: {...}            # what else a declaration says
      passes: {csv: "..."}
      fails: {csv: "..."}           # its own columns, extra and declaration may stand here

A file is ``csv`` (its text), ``bytes`` (Latin-1), ``zip`` (part -> text), or ``xlsx``: sheet ->
``rows``, and perhaps ``hidden``, ``hide_rows``, ``formats`` (cell -> number format), ``formulas``
(cell -> formula and result), ``merged`` ranges and ``chart`` (a sheet with one, in front).
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from ckanext.satudata.consistency.findings import Finding, Location, Severity
from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.consistency.observations import TableRef
from ckanext.satudata.extract.declaration import Declaration, Field, Role
from ckanext.satudata.extract.limits import Limits, ReadError
from ckanext.satudata.extract.observations import extract
from ckanext.satudata.rules import shipped
from ckanext.satudata.rules.examples import world


@frozen
class TableExample:
    """One example.

    Attributes:
        rule: id of the rule it is about.
        passes: whether the rule finds nothing.
        title: what is wrong, by language; empty for one that passes.
        file: kind of file and what is in it.
        name: what the file is called.
        declaration: what its columns mean.
        limits: sizes above which it is refused.
    """

    rule: str
    passes: bool
    title: Mapping[str, str]
    file: Mapping[str, Any]
    name: str
    declaration: Declaration
    limits: Limits = field(default_factory=Limits)

    def run(self) -> tuple[list[Finding], tuple[TableRef, ...]]:
        """What reading the file finds, and the tables the findings speak of."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "contoh"
            path.write_bytes(self.content())
            try:
                found = extract(
                    str(path),
                    name=self.name,
                    format=self.name.rpartition(".")[2],
                    declaration=self.declaration,
                    book=world(),
                    limits=self.limits,
                )
            except ReadError as error:
                rule = shipped()[error.code]
                refused = Finding(
                    rule.id, rule.version, rule.severity, location=Location(0), params=error.params
                )
                return [refused], (TableRef(None, self.name, None, ()),)
        return list(found.problems), found.tables

    def findings(self) -> list[Finding]:
        """What the example's rule finds."""
        return [f for f in self.run()[0] if f.rule == self.rule]

    def blocking(self) -> set[str]:
        """Rules that hold the file back."""
        return {f.rule for f in self.run()[0] if f.severity is Severity.ERROR}

    def content(self) -> bytes:
        """The file's bytes."""
        ((kind, value),) = self.file.items()
        match kind:
            case "csv":
                return value.encode()
            case "bytes":
                return value.encode("latin-1")
            case "zip":
                return _zip(value)
        return _workbook(value)


def of_rule(rule_id: str) -> list[TableExample]:
    """The examples of a rule, the one that passes first; none where there are none."""
    found = _load().get(rule_id)
    return [_example(rule_id, found, passes=p) for p in (True, False)] if found else []


def every() -> Iterator[TableExample]:
    """All examples of all rules."""
    for rule_id in _load():
        yield from of_rule(rule_id)


@lru_cache(maxsize=1)
def _load() -> dict[str, Mapping[str, Any]]:
    out: dict[str, Mapping[str, Any]] = {}
    for name in ("tables", "files"):
        out |= yaml.safe_load(files(__name__).joinpath(f"{name}.yaml").read_text("utf-8"))
    return {rule: data for rule, data in out.items() if not rule.startswith("_")}


@lru_cache(maxsize=1)
def _fields() -> Mapping[str, Mapping[str, Any]]:
    return yaml.safe_load(files(__name__).joinpath("fields.yaml").read_text("utf-8"))


def _example(rule_id: str, data: Mapping[str, Any], *, passes: bool) -> TableExample:
    own = dict(data["passes" if passes else "fails"])
    merged = {**{k: v for k, v in data.items() if k not in ("passes", "fails")}, **own}
    file = {k: merged[k] for k in ("csv", "bytes", "zip", "xlsx") if k in own}
    declaration = Declaration(
        tuple(map(_field, merged.get("columns", ("Kode", "Kebutuhan")))),
        tuple(map(_field, merged.get("extra", ("periode", "komoditas")))),
        **merged.get("declaration", {}),
    )
    return TableExample(
        rule=rule_id,
        passes=passes,
        title={} if passes else merged["title"],
        file=file,
        name=merged.get("name", f"tabel.{'xlsx' if 'xlsx' in file else 'csv'}"),
        declaration=declaration,
        limits=Limits(**merged.get("limits", {})),
    )


def _field(entry: str | Mapping[str, Any]) -> Field:
    """A field of ``fields.yaml`` by its name, or one that is written out."""
    values: dict[str, Any]
    if isinstance(entry, str):
        values = {"name": entry.partition("#")[0], **_fields()[entry]}
    else:
        values = dict(entry)
    role = values.pop("role", None)
    return Field(role=Role(role) if role else None, **values)


def _zip(parts: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def _workbook(sheets: Mapping[str, Mapping[str, Any]]) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        pages = {title: book.add_worksheet(title) for title in sheets}
        for title, given in sheets.items():
            page, formats = pages[title], given.get("formats", {})
            for r, row in enumerate(given["rows"]):
                for c, value in enumerate(row):
                    code = formats.get(f"{chr(65 + c)}{r + 1}")
                    page.write(r, c, value, book.add_format({"num_format": code}) if code else None)
            for cell, (formula, result) in given.get("formulas", {}).items():
                page.write_formula(cell, formula, None, result)
            for span in given.get("merged", ()):
                page.merge_range(span, given["rows"][int(span[1]) - 1][ord(span[0]) - 65])
            for row in given.get("hide_rows", ()):
                page.set_row(row - 1, None, None, {"hidden": True})
            if given.get("chart"):
                chart = book.add_chart({"type": "column"})
                assert chart is not None
                chart.add_series({"values": f"={title}!$B$2:$B$2"})
                graph = book.add_chartsheet("Grafik")
                graph.set_chart(chart)
                graph.activate()
            if given.get("hidden"):
                page.hide()
    return out.getvalue()
