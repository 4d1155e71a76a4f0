"""The schema files themselves."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
import yaml

from ckanext.satudata.organizations.kinds import merge
from ckanext.satudata.schemas import load_choices

ROOT = resources.files("ckanext.satudata.schemas")
SCHEMAS = ["organization", "opd", "kecamatan", "desa", "instansi", "dataset", "kegiatan"]
KINDS = ["opd", "kecamatan", "desa", "instansi"]
CHOICES = ["frekuensi", "kategori", "level"]


def load(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / f"{name}.yaml").read_text(encoding="utf-8"))


def fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    parts = ("fields", "dataset_fields", "resource_fields")
    return [f for part in parts for f in schema.get(part, ())]


def texts(node: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name in ("label", "help_text", "repeating_label", "title", "description"):
                yield name, value
            yield from texts(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value, key)


class TestTexts:
    @pytest.mark.parametrize("name", [*SCHEMAS, *(f"choices/{c}" for c in CHOICES), "presets"])
    def test_every_text_is_there_in_both_languages(self, name: str) -> None:
        for kind, text in texts(load(name)):
            assert set(text) == {"id", "en"}, (kind, text)
            assert all(isinstance(t, str) and t.strip() for t in text.values()), text

    @pytest.mark.parametrize("name", SCHEMAS)
    def test_every_field_has_a_label(self, name: str) -> None:
        assert [f["field_name"] for f in fields(load(name)) if "label" not in f] == []


class TestReferences:
    @pytest.mark.parametrize("name", ["dataset", "kegiatan"])
    def test_conditions_name_fields_and_answers_that_exist(self, name: str) -> None:
        known = {f["field_name"]: f for f in load(name)["dataset_fields"]}
        presets = {p["preset_name"]: p["values"] for p in load("presets")["presets"]}
        for field in known.values():
            for condition in (field.get("required_to_publish_if"), field.get("only_if")):
                for other, answers in (condition or {}).items():
                    choices = (
                        known[other].get("choices") or presets[known[other]["preset"]]["choices"]
                    )
                    assert set(answers) <= {c["value"] for c in choices}

    @pytest.mark.parametrize("name", SCHEMAS)
    def test_choice_values_are_unique(self, name: str) -> None:
        for field in fields(load(name)):
            values = [c["value"] for c in field.get("choices", ())]
            assert len(values) == len(set(values)), field["field_name"]

    def test_choice_files_exist(self) -> None:
        named = {f["choices_file"] for n in SCHEMAS for f in fields(load(n)) if "choices_file" in f}
        assert named == set(CHOICES)
        assert all(load_choices(n) for n in named)


class TestForms:
    def test_dataset_has_the_items_of_ms_ind(self) -> None:
        labels = " ".join(f["label"]["id"] for f in load("dataset")["dataset_fields"])
        assert all(f"({n})" in labels for n in range(2, 18))

    def test_activity_has_the_items_of_ms_keg(self) -> None:
        labels = " ".join(f["label"]["id"] for f in load("kegiatan")["dataset_fields"])
        items = {1: 2, 2: 2, 3: 4, 4: 8, 5: 8, 6: 7, 7: 4, 8: 2}
        for block, count in items.items():
            for item in range(1, count + 1):
                assert f"({block}.{item}" in labels, f"{block}.{item}"

    def test_added_up_items_have_the_codes_of_the_paper_form(self) -> None:
        coded = [
            [c["code"] for c in f["choices"]]
            for f in load("kegiatan")["dataset_fields"]
            if "code" in (f.get("choices") or [{}])[0]
        ]
        assert len(coded) == 6
        assert all(codes == [1 << n for n in range(len(codes))] for codes in coded)


class TestKindFiles:
    def test_every_kind_of_body_has_fields(self) -> None:
        schema = merge(load("organization"), [load(k) for k in KINDS])
        assert set(schema["kinds"]) == {
            "dinas",
            "badan",
            "sekretariat",
            "inspektorat",
            "rsud",
            "uptd",
            "kecamatan",
            "kelurahan",
            "desa",
            "instansi_vertikal",
            "bumn",
            "bumd",
        }

    def test_organization_schema_names_every_kind_file(self) -> None:
        assert load("organization")["kind_schemas"] == [
            f"ckanext.satudata.schemas:{k}.yaml" for k in KINDS
        ]
