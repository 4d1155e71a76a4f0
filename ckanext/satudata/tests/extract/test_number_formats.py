"""Number formats: which show a figure as it is, and which as something else."""

from __future__ import annotations

import pytest

from ckanext.satudata.extract.sheets.number_formats import Of, read


class TestHonest:
    @pytest.mark.parametrize(
        "code",
        [
            *("General", "0", "0.00", "#,##0", "#,##0.00", "# ??/16", "0.00E+00", "00000", "@"),
            *("0%", "0.00%", '0"%"', '0 "kg"', "[$Rp-421] #,##0", r"#\ ##0", "0_ ;[Red]\\-0\\ "),
            r'_(* #,##0.00_);_(* \(#,##0.00\);_(* "-"??_);_(@_)',
            r'_-* #,##0_-;-* #,##0_-;_-* "-"_-;_-@_-',
            *("#,##0_);[Red](#,##0)", "#,##0;[Red]#,##0", "0;-0;;@", "[>=1000]#,##0;0"),
            *("yyyy-mm-dd", "[h]:mm:ss", "[$-421]dd mmmm yyyy;@", "d mmm yyyy"),
        ],
    )
    def test_what_programs_offer_shows_what_is_kept(self, code: str) -> None:
        assert read(code).disguised == Of.NOTHING

    def test_per_cent_is_a_scale_only_where_it_is_no_text(self) -> None:
        assert read("0.0%").percent
        assert not read('0.0"%"').percent
        assert not read(r"0.0\%").percent

    def test_words_beside_the_number_are_told(self) -> None:
        assert read('#,##0 "kg"').words == "kg"
        assert read('_("Rp"* #,##0_)').words == "Rp"


class TestDisguised:
    @pytest.mark.parametrize(
        ("code", "cells"),
        [
            *((code, Of.NUMBERS) for code in ("0,", "#,##0,", "#,##0,.0", '0.0,,"juta"')),
            *((code, Of.NUMBERS) for code in ('"9"', r"\9", "9", '"1"0', '0"5"', "0%%")),
            *((code, Of.NUMBERS) for code in ('"text"', '"a;b"', '0 "ribu"', '[>5]"9";0')),
            (";;;", Of.POSITIVE | Of.NEGATIVE | Of.TEXT),
            ("0;0", Of.NEGATIVE),
            ("0;;0", Of.NEGATIVE),
            ('0;-0;"9"', Of.ZERO),
            *((code, Of.TEXT) for code in ('@" ribu"', '"x"@', '0;-0;0;"x"')),
        ],
    )
    def test_is_told_with_the_cells_it_concerns(self, code: str, cells: Of) -> None:
        assert read(code).disguised == cells


class TestOf:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [("12", Of.POSITIVE), ("-1e3", Of.NEGATIVE), ("0.0", Of.ZERO), ("x", Of.TEXT)],
    )
    def test_number(self, text: str, kind: Of) -> None:
        assert Of.number(text) == kind
