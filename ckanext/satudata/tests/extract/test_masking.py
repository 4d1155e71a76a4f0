from __future__ import annotations

import pytest

from ckanext.satudata.extract.masking import is_nik, kinds_in, mask, mask_name, masked

MAN, WOMAN = "6105011708450001", "6105015708450001"


class TestIsNik:
    @pytest.mark.parametrize("digits", [MAN, WOMAN, "6105012902000003", "9103010101990010"])
    def test_structure(self, digits: str) -> None:
        assert is_nik(digits)

    @pytest.mark.parametrize(
        "digits",
        [
            "1005011708450001",  # no such province
            "6100011708450001",  # no kabupaten
            "6105001708450001",  # no kecamatan
            "6105013208450001",  # day 32
            "6105017208450001",  # a woman's day 32
            "6105014008450001",  # day 40
            "6105011700450001",  # month 0
            "6105011713450001",  # month 13
            "6105013002450001",  # 30 February
            "6105011708450000",  # serial 0
            "610501170845001",
            "61050117084500011",
            "610501170845000x",
        ],
    )
    def test_other_numbers(self, digits: str) -> None:
        assert not is_nik(digits)


class TestMask:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            (MAN, "6105************"),
            (f"NIK.{WOMAN} a.n. x", "NIK.6105************ a.n. x"),
            ("6105 0117 0845 0001", "6105 **** **** ****"),
            ("610501.170845.0001", "6105**.******.****"),
            ("Hub. 0812-3456-7890", "Hub. 0812-****-****"),
            ("+6281234567890", "+6281*********"),
            ("budi.santoso@gmail.com", "b***@***.com"),
            (f"{MAN}; 081234567890", "6105************; 0812********"),
        ],
    )
    def test_nothing_that_leads_to_a_person_stays(self, text: str, shown: str) -> None:
        assert mask(text) == shown
        assert kinds_in(shown) == set()

    @pytest.mark.parametrize(
        "text",
        [
            "448.850",
            "6105011713450001",
            "0565-21234",
            "dinkes@sintang.go.id",
            "1234567890123456789",
            "61.05.01",
            "Rp 6.105.011",
            "2025-01-31",
        ],
    )
    def test_other_texts_stay(self, text: str) -> None:
        assert mask(text) == text

    def test_names(self) -> None:
        assert mask_name("Budi  Santoso") == "B*** S***"

    def test_long_texts_take_no_long_time_and_stay_cut(self) -> None:
        assert len(mask("0" * 5000)) == 2000
        assert MAN not in mask("x" * 1990 + MAN)


class TestMasked:
    def test_whatever_a_report_holds(self) -> None:
        report = {"cell": MAN, "cells": [int(MAN), "x", None, 5, True], "note": f'"{WOMAN}" no'}
        assert masked(report) == {
            "cell": "6105************",
            "cells": ["6105************", "x", None, 5, True],
            "note": '"6105************" no',
        }
