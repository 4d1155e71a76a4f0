from __future__ import annotations

import pytest

from ckanext.satudata.reference.indicator_code import canonical, konsep_of


class TestCanonical:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("SD00282.01", "SD00282.01"),
            (" sd00282.01.02 ", "SD00282.01"),
            ("SD00893.01-Persen", "SD00893.01-persen"),
            ("lok.stok_pasar", "LOK.STOK_PASAR"),
            ("SD00282", None),
            ("SD00282.1", None),
            ("SD00282.01.02-persen", None),
            ("LOK.", None),
            ("LOK.STOK PASAR", None),
            ("", None),
        ],
    )
    def test_codes(self, text: str, code: str | None) -> None:
        assert canonical(text) == code


class TestKonsepOf:
    def test_standard_codes_name_their_konsep_and_local_ones_do_not(self) -> None:
        assert konsep_of("SD00893.01-persen") == "SD00893"
        assert konsep_of("LOK.STOK_PASAR") is None
