"""One page for each rule, made from the rule files and their examples.

The examples are judged while the page is made: what it shows is what the portal says.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
# The extension need not be installed where the site is built, and MkDocs loads hooks by path.
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

from hooks import SEVERITIES, placeholders_in_words  # noqa: E402

from ckanext.satudata.consistency.render import Renderer  # noqa: E402
from ckanext.satudata.consistency.rules import Rule  # noqa: E402
from ckanext.satudata.extract import examples as table_examples  # noqa: E402
from ckanext.satudata.extract.declaration import Field  # noqa: E402
from ckanext.satudata.rules import examples, shipped  # noqa: E402


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """MkDocs' event for the site's files: add a page for every rule."""
    for rule in shipped():
        text = "\n".join(page(rule))
        files.append(File.generated(config, f"rules/{rule.id}.md", content=text))
    return files


def page(rule: Rule) -> Iterator[str]:
    """The lines of a rule's page: Indonesian, with the English text folded away."""
    yield f"# {rule.title['id']}\n"
    yield f"`{rule.id}`, versi {rule.version}, {SEVERITIES[rule.severity.value]}\n"
    if "id" in rule.description:
        yield f"{rule.description['id']}\n"
    if rule.expression:
        yield f"Rumusan: `{rule.expression}`\n"
    yield from _thresholds(rule)
    yield from _words(rule, "id", ("Pesan", "Saran"))
    for example in examples.of_rule(rule.id):
        yield from _example(example)
    for told in table_examples.of_rule(rule.id):
        yield from _table_example(told)
    yield f'??? info "{rule.title["en"].replace(chr(34), chr(39))}"'
    english = [rule.description.get("en", ""), "", *_words(rule, "en", ("Message", "Advice"))]
    yield textwrap.indent("\n".join(english), " " * 4) + "\n"


def _thresholds(rule: Rule) -> Iterator[str]:
    tolerance = rule.tolerance
    known = {
        "toleransi mutlak": tolerance.absolute or None,
        "toleransi relatif": tolerance.relative or None,
        **rule.params,
    }
    lines = [f"* {name}: `{value}`" for name, value in known.items() if value is not None]
    if lines:
        yield "Ambang:\n"
        yield from lines
        yield ""


def _words(rule: Rule, lang: str, names: tuple[str, str]) -> Iterator[str]:
    for name, text in zip(names, (rule.message, rule.advice), strict=True):
        yield f"*{name}:* {placeholders_in_words(text[lang], lang)}\n"
    for variant in rule.variants.values():
        for name, text in zip(names, (variant.message, variant.advice), strict=True):
            if text:
                yield f"*{name}:* {placeholders_in_words(text[lang], lang)}\n"


def _example(example: examples.Example) -> Iterator[str]:
    yield f"## {'Contoh yang lulus' if example.passes else 'Contoh yang tidak lulus'}\n"
    yield f"{example.title['id']} *{example.title['en']}*\n"
    for agency, tables in example.public:
        yield f"Sudah terbit, oleh {examples.AGENCIES[agency]}:\n"
        yield from _tables(tables)
    if example.previous:
        yield "Sebelumnya terbit dalam dataset ini:\n"
        yield from _tables(example.previous)
    yield f"Yang akan terbit, oleh {examples.AGENCIES[example.by]}:\n"
    yield from _tables(example.table)
    yield from _declared(example)
    found = example.findings(shipped())
    renderer = Renderer(shipped(), examples.world(), "id")
    for finding in found:
        yield f"> {renderer.render(finding).message}\n"
    if not found:
        yield "> Aturan ini tidak menemukan apa-apa.\n"


def _table_example(example: table_examples.TableExample) -> Iterator[str]:
    yield f"## {'Contoh yang lulus' if example.passes else 'Contoh yang tidak lulus'}\n"
    if example.title:
        yield f"{example.title['id']} *{example.title['en']}*\n"
    ((kind, value),) = example.file.items()
    if kind == "xlsx":
        for sheet, given in value.items():
            yield from _sheet(sheet, given)
    else:
        shown = "\n".join(value) if kind == "zip" else value
        printable = "".join(
            c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in shown
        )
        yield f'```text title="{example.name}"\n{printable.rstrip()}\n```\n'
    meanings = [_meaning(f) for f in (*example.declaration.fields, *example.declaration.extra)]
    if meanings:
        yield "Arti kolom:\n"
        yield from meanings
        yield ""
    found, tables = example.run()
    renderer = Renderer(shipped(), examples.world(), "id", tables=tables)
    own = [f for f in found if f.rule == example.rule]
    for finding in own:
        yield f"> {renderer.render(finding).message}\n"
    if not own:
        yield "> Aturan ini tidak menemukan apa-apa.\n"


def _printable(character: str) -> str:
    return character if character.isprintable() else "\N{REPLACEMENT CHARACTER}"


def _sheet(name: str, given: Mapping[str, Any]) -> Iterator[str]:
    notes = ["tersembunyi"] if given.get("hidden") else []
    notes += [f"baris {row} tersembunyi" for row in given.get("hide_rows", ())]
    notes += [f"sel {cells} digabung" for cells in given.get("merged", ())]
    notes += [f"format {cell}: `{code}`" for cell, code in given.get("formats", {}).items()]
    notes += [f"rumus {cell}: `{f}` → {r}" for cell, (f, r) in given.get("formulas", {}).items()]
    yield f"Lembar {name}{': ' if notes else ''}{', '.join(notes)}\n"
    width = max(len(row) for row in given["rows"])
    for number, row in enumerate(given["rows"]):
        cells = [("" if cell is None else str(cell)) for cell in row]
        yield "| " + " | ".join([*cells, *[""] * (width - len(cells))]) + " |"
        if number == 0:
            yield "|" + "---|" * width
    yield ""


def _meaning(f: Field) -> str:
    parts = (f.role.value if f.role else "", f.concept or f.indicator or f.of, f.scheme, f.unit)
    told = ", ".join(f"`{part}`" for part in parts if part)
    return f"* {f.name}: {told}" + (f" = `{f.constant}`" if f.constant else "")


def _tables(tables: examples.Rows) -> Iterator[str]:
    book = examples.world()
    for code, rows in tables.items():
        indicator = book.indicators[code]
        unit = book.units.units[indicator.unit].label
        split = bool(indicator.dimensions)
        yield f"| periode | wilayah |{' rincian |' if split else ''} {indicator.name} ({unit}) |"
        yield f"|---|---|{'---|' if split else ''}---:|"
        for period, region, *rest in rows:
            cells = [period, book.regions.codes[region].label]
            if split:
                code = rest.pop(0)
                codes = book.codelists[indicator.dimensions[0].codelist].codes
                cells.append("seluruhnya" if code == "_T" else codes[code].label)
            cells.append(" ".join(rest[:1] + [f"({s})" for s in rest[1:]]))
            yield "| " + " | ".join(cells) + " |"
        yield ""


def _declared(example: examples.Example) -> Iterator[str]:
    declared = example.declared
    told = {
        "tahun data": ", ".join(map(str, sorted(declared.years or ()))),
        "sumber": declared.cited,
        "alasan perubahan": declared.reason,
        "cakupan": example.coverage,
    }
    lines = [f"* {name}: {value}" for name, value in told.items() if value]
    if lines:
        yield "Keterangan dataset:\n"
        yield from lines
        yield ""
