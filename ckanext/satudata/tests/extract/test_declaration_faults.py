"""Every way in which a declaration is unusable has a sentence."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest

from ckanext.satudata.extract import declaration
from ckanext.satudata.extract.declaration_faults import catalogue, explain

FAULTY: dict[str, Any] = {
    "not_json": '{"fields":',
    "not_an_object": "[]",
    "not_a_list_of_fields": {"fields": {"name": "a"}},
    "not_a_number": {"fields": [], "satudata": {"header_row": "tiga"}},
    "field_without_name": {"fields": [{"name": "a"}, {"type": "string"}]},
    "duplicate_name": {"fields": [{"name": "Kode"}, {"name": "Kode"}]},
    "unknown_extra_field": {"fields": [{"name": "2024", "normalize": {"tahun": "2024"}}]},
    "one_target_needed": {
        "fields": [{"name": "2024", "normalize": {"tahun": "2024"}}],
        "extraFields": [{"name": "tahun"}],
    },
    "unknown_role": {"fields": [{"name": "Kode", "satudata": {"role": "dimensi"}}]},
    "unknown_notation": {"fields": [], "satudata": {"notation": "de"}},
}
#: What was found there, which the sentence repeats.
FOUND = {
    "not_an_object": "schema",
    "not_a_list_of_fields": "fields",
    "not_a_number": "tiga",
    "field_without_name": "2",
    "duplicate_name": "Kode",
    "unknown_extra_field": "tahun",
    "unknown_role": "dimensi",
    "unknown_notation": "de",
}


@pytest.mark.parametrize("code", FAULTY)
class TestExplain:
    def test_it_is_said_in_both_languages_without_the_code(self, code: str) -> None:
        with pytest.raises(declaration.DeclarationError) as caught:
            declaration.parse(FAULTY[code])

        assert caught.value.code == code
        texts = explain(caught.value)
        assert texts["id"] != texts["en"]
        for text in texts.values():
            assert text.endswith(".")
            assert code not in text
            assert FOUND.get(code, "") in text


def test_there_is_a_sentence_for_each_code_and_no_more() -> None:
    raised = set(re.findall(r'DeclarationError\(\s*"(\w+)"', inspect.getsource(declaration)))

    assert raised == set(catalogue()) == set(FAULTY)
