"""Patterns that are compiled later answer as those of the standard library."""

from __future__ import annotations

import re

import pytest

from ckanext.satudata.consistency.patterns import pattern

TEXTS = ["", "a", "A1", "a1 b22", "61.05"]


class TestPattern:
    @pytest.mark.parametrize("method", ["match", "fullmatch", "search"])
    @pytest.mark.parametrize("flags", [0, re.IGNORECASE])
    def test_finds_the_same(self, method, flags):
        ours, theirs = pattern(r"[a-z]\d?", flags), re.compile(r"[a-z]\d?", flags)
        for _ in range(2):
            for text in TEXTS:
                found, wanted = getattr(ours, method)(text), getattr(theirs, method)(text)
                assert (found and found.span()) == (wanted and wanted.span())

    def test_replaces_and_splits_the_same(self):
        ours, theirs = pattern(r"\d+"), re.compile(r"\d+")
        for text in TEXTS:
            assert ours.sub("_", text) == theirs.sub("_", text)
            assert ours.split(text) == theirs.split(text)
            assert ours.findall(text) == theirs.findall(text)

    def test_bytes(self):
        assert pattern(rb"a+").fullmatch(b"aa") is not None

    def test_a_pattern_with_a_mistake_is_told_when_it_is_used(self):
        wrong = pattern("(")
        with pytest.raises(re.error):
            wrong.match("a")

    def test_what_a_pattern_does_not_have(self):
        with pytest.raises(AttributeError):
            _ = pattern("a").fullmatches  # pyright: ignore[reportAttributeAccessIssue]
