"""What actions of the audit trail are called."""

from __future__ import annotations

import pytest

from ckanext.satudata.workflow import trail_words
from ckanext.satudata.workflow.review.transitions import table


class TestLabels:
    @pytest.mark.parametrize("lang", ["id", "en"])
    def test_moves_of_a_process_have_the_names_of_their_buttons(self, lang: str) -> None:
        for name, row in table().transitions.items():
            assert trail_words.label(f"process.{name}", lang) == row.label[lang]

    def test_a_move_of_something_else_has_not(self) -> None:
        assert trail_words.label("setoran.ajukan", "id") is None

    def test_each_has_a_name_in_both_languages(self) -> None:
        assert all(set(words) == {"id", "en"} for words in trail_words.words().values())
        assert trail_words.label("dataset.publish", "en") == "published a dataset"


def test_moves_of_cases_are_called_as_their_buttons() -> None:
    assert trail_words.label("case.perpanjang", "id") == "Perpanjang waktu"
    assert trail_words.label("case.kabulkan", "en") == "Uphold"
    assert trail_words.label("case.nothing", "id") is None
