"""Texts kept in both languages in YAML: rules, messages, schemas, choices, reference data."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from .catalogues import ROOT, brace_fields, tool, words

PACKAGE = ROOT / "ckanext/satudata"
FILES = sorted(
    path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.yaml") if "tests" not in path.parts
)
#: What a person reads, wherever it stands in a schema.
SCHEMA_TEXTS = ("label", "help_text", "start_section", "title")
RULE_TEXTS = ("title", "message", "advice", "description")


def loaded(path: Path) -> Any:
    return yaml.safe_load((PACKAGE / path).read_text("utf-8"))


def mappings(node: Any, where: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping in a document, with the way to it."""
    if isinstance(node, Mapping):
        yield where, node
        for key, value in node.items():
            yield from mappings(value, f"{where}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            name = value.get("id", number) if isinstance(value, Mapping) else number
            yield from mappings(value, f"{where}/{name}")


def pairs(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    """The texts of a file: mappings with a language as a key.

    An ``id`` alone among other keys is an identifier.
    """
    return [
        (where, found)
        for where, found in mappings(loaded(path))
        if "en" in found or (found and set(found) <= {"id", "en"})
    ]


WITH_PAIRS = [path for path in FILES if pairs(path)]
RULES = [p for p in WITH_PAIRS if p.parent.name == "rules"]
SCHEMAS = [p for p in FILES if p.parts[0] == "schemas"]

each = pytest.mark.parametrize("path", WITH_PAIRS, ids=str)


def test_the_files_with_texts_are_found():
    assert {str(p) for p in WITH_PAIRS} >= {
        "rules/consistency.yaml",
        "rules/extract.yaml",
        "rules/guessing.yaml",
        "rules/publication.yaml",
        "rules/reading.yaml",
        "reference/messages.yaml",
        "validation/messages.yaml",
        "schemas/dataset.yaml",
        "schemas/choices/frekuensi.yaml",
    }


class TestPairs:
    @each
    def test_both_languages_say_something(self, path):
        assert [
            where
            for where, found in pairs(path)
            if not all(isinstance(found.get(k), str) and found[k].strip() for k in ("id", "en"))
        ] == []

    @each
    def test_no_entry_of_a_list_lacks_the_english_that_its_neighbours_have(self, path):
        lists = (v for _, m in mappings({"": loaded(path)}) for v in m.values())
        wrong = [
            entry
            for entries in lists
            if isinstance(entries, list) and any("en" in e for e in entries if isinstance(e, dict))
            for entry in entries
            if "en" not in entry
        ]
        assert wrong == []

    @each
    def test_placeholders_agree(self, path):
        assert [
            (where, found)
            for where, found in pairs(path)
            if set(brace_fields(found["id"])) != set(brace_fields(found["en"]))
        ] == []

    @each
    def test_buttons_are_called_as_the_portal_calls_them(self, path):
        """Where English quotes a label of the portal, Indonesian quotes its translation."""
        own = words(tool.OWN)
        wrong = []
        for where, found in pairs(path):
            for label in re.findall(r'"([A-Z][^"{}]+)"', found["en"]):
                if label in own and f'"{own[label]}"' not in found["id"]:
                    wrong.append((where, label, own[label]))
        assert wrong == []


class TestRules:
    @pytest.mark.parametrize("path", RULES, ids=str)
    def test_every_text_of_a_rule_is_in_both_languages(self, path):
        wrong = [
            f"{rule['id']}: {key}"
            for rule in [*loaded(path).get("rules", []), *loaded(path).get("formulas", [])]
            for key in RULE_TEXTS
            if key in rule and set(rule[key]) != {"id", "en"}
        ]
        assert wrong == []


class TestSchemas:
    @pytest.mark.parametrize("path", SCHEMAS, ids=str)
    def test_labels_helps_and_headings_are_in_both_languages(self, path):
        wrong = [
            f"{where}/{key}"
            for where, found in mappings(loaded(path))
            for key in SCHEMA_TEXTS
            if key in found and not isinstance(found[key], Mapping)
        ]
        assert wrong == []


class TestReferenceData:
    @pytest.mark.parametrize("path", [p for p in FILES if p.parts[0] != "schemas"], ids=str)
    def test_names_with_an_english_one_among_them_all_have_one(self, path):
        """``name`` and ``name_en``, ``label`` and ``label_en``: all of a list or none of it."""
        for where, found in mappings(loaded(path)):
            for key, value in found.items():
                if key.endswith("_en"):
                    assert value, where
                    assert found.get(key.removesuffix("_en")), where
        for where, codes in self.lists(loaded(path)):
            for key in ("label", "name", "definition"):
                named = [code for code in codes if f"{key}_en" in code]
                assert len(named) in (0, len(codes)), where

    @pytest.mark.parametrize("name", ["satuan.csv"])
    def test_tables_have_both_names_in_every_row(self, name):
        with (PACKAGE / "reference/data" / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows
        assert [r["code"] for r in rows if not (r["label"].strip() and r["label_en"].strip())] == []

    @staticmethod
    def lists(node: Any) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
        """The lists of codes in a document."""
        tops = node.items() if isinstance(node, Mapping) else [("", node)]
        for where, value in tops:
            if isinstance(value, list) and value and all(isinstance(v, Mapping) for v in value):
                yield str(where), value
