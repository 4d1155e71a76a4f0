"""Validators of single values."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata.logic import validators as v


def run(validator: Any, value: Any) -> tuple[Any, list[str]]:
    """What a validator of a key makes of a value, and its errors."""
    key = ("field",)
    data, errors = {key: value}, {key: []}
    validator(key, data, errors, {})
    return data[key], errors[key]


class TestCleanText:
    def test_white_space_line_ends_and_control_characters(self) -> None:
        assert v.satudata_clean_text("  a\r\nb\x00\u200b\u0007 ") == "a\nb"

    def test_same_text_for_composed_and_decomposed_letters(self) -> None:
        assert v.satudata_clean_text("e\u0301") == "\u00e9"

    def test_other_types_are_refused(self) -> None:
        with pytest.raises(tk.Invalid):
            v.satudata_clean_text(["a"])


class TestPhone:
    @pytest.mark.parametrize(
        "value",
        [
            "(0565) 21000",
            "+62 812 3456 7890",
            "0812-3456-7890",
            "0565 21000 ext. 12",
            "112",
            "129",
            "",
        ],
    )
    def test_numbers_as_people_write_them(self, value: str) -> None:
        assert v.satudata_phone(value) == value

    @pytest.mark.parametrize(
        "value",
        ["21000", "0565", "telepon", "+1 212 555 0100", "08123456789012345", "0812<b>345678"],
    )
    def test_others_are_refused(self, value: str) -> None:
        with pytest.raises(tk.Invalid):
            v.satudata_phone(value)


class TestWebsite:
    @pytest.mark.parametrize(
        "value",
        [
            "https://sintang.go.id",
            "http://bps.go.id/id?x=1",
            "https://satudata.sintang.go.id:8443/a",
        ],
    )
    def test_public_addresses(self, value: str) -> None:
        assert v.satudata_website(value) == value

    @pytest.mark.parametrize(
        "value",
        [
            "sintang.go.id",
            "javascript:alert(1)",
            "ftp://sintang.go.id",
            "https://localhost",
            "https://user:pass@sintang.go.id",
            "https://sintang.go.id/a b",
            "https://[::1",
            "https://",
        ],
    )
    def test_others_are_refused(self, value: str) -> None:
        with pytest.raises(tk.Invalid):
            v.satudata_website(value)


class TestEmail:
    def test_address(self) -> None:
        assert v.satudata_email("data@sintang.go.id", {}) == "data@sintang.go.id"

    @pytest.mark.parametrize("value", ["data", "a@b@c", "a b@c.id"])
    def test_others_are_refused_with_an_example(self, value: str) -> None:
        with pytest.raises(tk.Invalid, match=r"name@example\.go\.id"):
            v.satudata_email(value, {})


class TestNip:
    @pytest.mark.parametrize("value", ["19800229 200501 1 001", "198002292005011001"])
    def test_digits_are_kept(self, value: str) -> None:
        assert v.satudata_nip(value) == "198002292005011001"

    @pytest.mark.parametrize(
        "value",
        [
            "19800229200501100",
            "198102292005011001",
            "198002292005131001",
            "198002292005013001",
            "200002292005011001",
            "abc",
        ],
    )
    def test_impossible_numbers_are_refused(self, value: str) -> None:
        with pytest.raises(tk.Invalid):
            v.satudata_nip(value)


class TestRegionCodes:
    def test_lost_zero_is_recognised(self) -> None:
        with pytest.raises(tk.Invalid, match="dropped a zero"):
            v.satudata_kode_kemendagri("61.1")

    @pytest.mark.parametrize("value", ["61", "61.05", "61.05.01", "61.05.01.2001", ""])
    def test_kemendagri(self, value: str) -> None:
        assert v.satudata_kode_kemendagri(value) == value

    @pytest.mark.parametrize("value", ["6105", "61.05.01.", "Sintang"])
    def test_other_forms_are_no_kemendagri_code(self, value: str) -> None:
        with pytest.raises(tk.Invalid):
            v.satudata_kode_kemendagri(value)

    def test_bps(self) -> None:
        assert v.satudata_kode_bps("6107140") == "6107140"
        with pytest.raises(tk.Invalid):
            v.satudata_kode_bps("61.07.140")


class TestMultipleChoice:
    field: ClassVar = {"choices": [{"value": "a"}, {"value": "b"}, {"value": "c"}]}

    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            (["c", "a"], ["a", "c"]),
            (["", "b"], ["b"]),
            ("b", ["b"]),
            ('["c", "a"]', ["a", "c"]),
            ("", []),
            ([], []),
            (None, []),
            (tk.missing, []),
        ],
    )
    def test_every_way_of_sending_it(self, value: Any, kept: list[str]) -> None:
        stored, errors = run(v.satudata_multiple_choice(self.field, {}), value)
        assert (json.loads(stored), errors) == (kept, [])

    @pytest.mark.parametrize("value", [["a", "x"], "x", [1], {"a": 1}, 5])
    def test_others_are_refused(self, value: Any) -> None:
        assert run(v.satudata_multiple_choice(self.field, {}), value)[1]


class TestLines:
    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            ("a\r\n\r\n b \na", ["a", "b"]),
            (["a", "b"], ["a", "b"]),
            (tk.missing, []),
            ("2025", ["2025"]),
        ],
    )
    def test_every_way_of_sending_it(self, value: Any, kept: list[str]) -> None:
        stored, errors = run(v.satudata_lines({}, {}), value)
        assert (json.loads(stored), errors) == (kept, [])


class TestYears:
    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            ("2025", ["2025"]),
            ("2023-2025, 2021", ["2021", "2023", "2024", "2025"]),
            (["2024", "2024"], ["2024"]),
            ([2024], ["2024"]),
            (2024, ["2024"]),
            ("", []),
        ],
    )
    def test_years_and_ranges(self, value: Any, kept: list[str]) -> None:
        stored, errors = run(v.satudata_years, value)
        assert (json.loads(stored), errors) == (kept, [])

    @pytest.mark.parametrize("value", ["25", "2025-2020", "1000-3000", "1900-2100", "dua ribu"])
    def test_others_are_refused(self, value: str) -> None:
        assert run(v.satudata_years, value)[1]


class TestIndicatorCodes:
    @pytest.mark.parametrize(
        "code", ["SD00282.01", "SD00282.01.00", "SD00893.01-persen", "LOK.STOK_PASAR"]
    )
    def test_standard_and_local_codes(self, code: str) -> None:
        assert run(v.satudata_indicator_codes, json.dumps([code]))[1] == []

    @pytest.mark.parametrize("code", ["SD282.01", "LOK.stok", "penduduk", "SD00282"])
    def test_others_are_refused(self, code: str) -> None:
        assert run(v.satudata_indicator_codes, json.dumps([code]))[1]


class TestDeclaration:
    def test_object_and_text_give_the_same(self) -> None:
        descriptor = {"fields": [{"name": "Kode", "satudata": {"role": "dimension"}}]}
        assert v.satudata_declaration(descriptor) == v.satudata_declaration(json.dumps(descriptor))
        assert json.loads(v.satudata_declaration(descriptor)) == descriptor

    def test_address_of_a_table_schema_is_kept(self) -> None:
        assert (
            v.satudata_declaration(" https://example.org/s.json ") == "https://example.org/s.json"
        )

    @pytest.mark.parametrize(
        "value",
        ["{", "[]", '{"fields": [{}]}', '{"fields": [{"name": "a", "satudata": {"role": "x"}}]}'],
    )
    def test_others_are_refused(self, value: str) -> None:
        with pytest.raises(tk.Invalid):
            v.satudata_declaration(value)
