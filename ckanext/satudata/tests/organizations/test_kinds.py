"""Merging kind files into one schema."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata.organizations.kinds import KindError, fields_of, merge, sections


def base(*kinds: str) -> dict[str, Any]:
    return {
        "fields": [
            {"field_name": "jenis", "choices": [{"value": k} for k in kinds]},
            {"field_name": "name", "start_section": "Identitas"},
        ]
    }


def part(*fields: dict[str, Any], **kinds: dict[str, Any]) -> dict[str, Any]:
    return {"kinds": kinds, "fields": list(fields)}


class TestMerge:
    def test_field_knows_its_kinds_and_stands_where_it_says(self) -> None:
        schema = merge(
            base("dinas"),
            [part({"field_name": "kode", "after": "jenis", "required_for": ["dinas"]}, dinas={})],
        )
        assert [f["field_name"] for f in schema["fields"]] == ["jenis", "kode", "name"]
        assert schema["fields"][1]["kinds"] == ["dinas"]
        assert schema["fields"][1]["required_for"] == ["dinas"]

    def test_field_of_several_files_has_the_kinds_of_all(self) -> None:
        schema = merge(
            base("dinas", "desa"),
            [
                part({"field_name": "kode", "required_for": ["dinas"]}, dinas={}),
                part({"field_name": "kode"}, desa={}),
            ],
        )
        (kode,) = [f for f in schema["fields"] if f["field_name"] == "kode"]
        assert kode["kinds"] == ["dinas", "desa"]
        assert kode["required_for"] == ["dinas"]

    def test_the_given_schemas_are_not_changed(self) -> None:
        common, kind = base("dinas"), part({"field_name": "kode", "after": "jenis"}, dinas={})
        merge(common, [kind])
        merge(common, [kind])
        assert len(common["fields"]) == 2
        assert kind["fields"][0] == {"field_name": "kode", "after": "jenis"}

    @pytest.mark.parametrize(
        ("kinds", "parts", "message"),
        [
            (["dinas"], [part(dinas={}), part(dinas={})], "twice"),
            (["dinas"], [part(dinas={}, badan={})], "differ"),
            (["dinas", "badan"], [part(dinas={})], "differ"),
            (["dinas"], [part(dinas={"parents": ["raja"]})], "unknown kinds"),
            (["dinas"], [part({"field_name": "name"}, dinas={})], "common"),
            (["dinas"], [part({"field_name": "x", "after": "y"}, dinas={})], "does not exist"),
            (
                ["dinas"],
                [part({"field_name": "x", "required_for": ["desa"]}, dinas={})],
                "required of kinds",
            ),
        ],
    )
    def test_contradictions_are_refused(
        self, kinds: list[str], parts: list[dict[str, Any]], message: str
    ) -> None:
        with pytest.raises(KindError, match=message):
            merge(base(*kinds), parts)


class TestFieldsOf:
    def test_only_common_fields_without_a_kind(self) -> None:
        schema = merge(base("dinas"), [part({"field_name": "kode"}, dinas={})])
        assert [f["field_name"] for f in fields_of(schema, None)] == ["jenis", "name"]
        assert [f["field_name"] for f in fields_of(schema, "dinas")] == ["jenis", "name", "kode"]

    def test_shared_field_has_the_texts_of_the_kind(self) -> None:
        schema = merge(
            base("dinas", "desa"),
            [
                part({"field_name": "kode", "label": "A", "validators": "x"}, dinas={}),
                part({"field_name": "kode", "label": "B", "validators": "y"}, desa={}),
            ],
        )
        assert fields_of(schema, "dinas")[-1]["label"] == "A"
        assert fields_of(schema, "desa")[-1]["label"] == "B"
        assert fields_of(schema, "desa")[-1]["validators"] == "x"


class TestSections:
    def test_fields_before_the_first_title_are_kept(self) -> None:
        found = sections(base("dinas")["fields"])
        assert [(s["title"], len(s["fields"])) for s in found] == [("", 1), ("Identitas", 1)]
