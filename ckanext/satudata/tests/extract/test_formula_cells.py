"""Texts that must not run in a spreadsheet."""

from __future__ import annotations

import pytest

from ckanext.satudata.extract.formula_cells import harmless


class TestHarmless:
    @pytest.mark.parametrize(
        "text",
        ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠A1"],
    )
    def test_an_apostrophe_keeps_a_formula_from_running(self, text: str) -> None:
        assert harmless(text) == "'" + text

    @pytest.mark.parametrize("text", ["", " ", "Beras", "1-2", "a=b", "'=1"])
    def test_other_texts_stay(self, text: str) -> None:
        assert harmless(text) == text
