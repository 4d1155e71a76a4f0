"""What must be complete before publishing."""

from __future__ import annotations

import pytest

from ckanext.satudata.schemas.publication import empty, listed, missing, unexpected

FIELDS = [
    {"field_name": "a", "required_to_publish": True},
    {"field_name": "b", "required_to_publish_if": {"a": ["ya"]}, "only_if": {"a": ["ya"]}},
    {"field_name": "c"},
]


def names(fields: list[dict[str, object]]) -> list[object]:
    return [f["field_name"] for f in fields]


class TestMissing:
    def test_plain_requirement(self) -> None:
        assert names(missing(FIELDS, {})) == ["a"]

    def test_conditional_requirement_follows_the_answer(self) -> None:
        assert names(missing(FIELDS, {"a": "ya"})) == ["b"]
        assert missing(FIELDS, {"a": "tidak"}) == []

    def test_empty_list_is_missing(self) -> None:
        assert names(missing(FIELDS, {"a": "[]"})) == ["a"]

    def test_condition_looks_into_lists(self) -> None:
        assert names(missing(FIELDS, {"a": '["x", "ya"]'})) == ["b"]


class TestUnexpected:
    def test_answer_for_another_branch(self) -> None:
        assert names(unexpected(FIELDS, {"a": "tidak", "b": "x"})) == ["b"]

    def test_fitting_and_blank_answers_pass(self) -> None:
        assert unexpected(FIELDS, {"a": "ya", "b": "x"}) == []
        assert unexpected(FIELDS, {"a": "tidak", "b": ""}) == []


class TestEmpty:
    @pytest.mark.parametrize("value", [None, "", "  ", "[]", "{}", [], ()])
    def test_says_nothing(self, value: object) -> None:
        assert empty(value)

    @pytest.mark.parametrize("value", [0, False, "0", "x", ["x"]])
    def test_says_something(self, value: object) -> None:
        assert not empty(value)


class TestListed:
    @pytest.mark.parametrize(
        ("value", "entries"),
        [
            ('["a", "b"]', ["a", "b"]),
            ("2025", ["2025"]),
            ("a b", ["a b"]),
            ("", []),
            (["a"], ["a"]),
        ],
    )
    def test_every_stored_form(self, value: object, entries: list[str]) -> None:
        assert listed(value) == entries
