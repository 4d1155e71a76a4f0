"""Codes that bodies carry."""

from __future__ import annotations

import pytest

from ckanext.satudata.consistency.vocabulary import Code, CodeList
from ckanext.satudata.organizations.codes import (
    body_code_fields,
    bps_of,
    check_region,
    region_level,
)


@pytest.fixture
def regions() -> CodeList:
    codes = [
        Code("61.05", 1, "Sintang", None, "kabupaten"),
        Code("61.05.01", 2, "Sintang", "61.05", "kecamatan"),
        Code("61.05.02", 3, "Tempunak", "61.05", "kecamatan"),
        Code("61.05.01.1001", 4, "Ladang", "61.05.01", "kelurahan"),
    ]
    return CodeList(
        "wilayah",
        "1",
        {c.code: c for c in codes},
        {"bps": {"6107": "61.05", "6107140": "61.05.01", "6107120": "61.05.02"}},
    )


class TestBodyCodeFields:
    @pytest.mark.parametrize(
        ("code", "fields"),
        [
            ("2.16.2.20.2.21.01.0000", ("2.16", "2.20", "2.21")),
            ("1.03.0.00.0.00.01.0000", ("1.03",)),
            ("7.01.0.00.0.00.14.0000", ("7.01",)),
        ],
    )
    def test_fields_of_government(self, code: str, fields: tuple[str, ...]) -> None:
        assert body_code_fields(code) == fields

    @pytest.mark.parametrize(
        "code", ["2.16", "2.16.2.20.2.21.1.0000", "2.16.2.20.2.21.01.0000 ", "x", ""]
    )
    def test_other_forms_are_none(self, code: str) -> None:
        assert body_code_fields(code) is None


class TestRegionLevel:
    @pytest.mark.parametrize(
        ("code", "level"),
        [
            ("61", "provinsi"),
            ("61.05", "kabupaten"),
            ("61.05.01", "kecamatan"),
            ("61.05.01.1001", "kelurahan"),
            ("61.05.01.2001", "desa"),
            ("6105", None),
            ("61.5", None),
        ],
    )
    def test_level_by_form(self, code: str, level: str | None) -> None:
        assert region_level(code) == level


class TestCheckRegion:
    def test_right_pair_passes(self, regions: CodeList) -> None:
        assert check_region(regions, "kecamatan", "61.05.01", "6107140") is None
        assert check_region(regions, "kecamatan", "61.05.01", None) is None

    def test_kemendagri_code_without_dots_is_not_the_bps_code(self, regions: CodeList) -> None:
        problem = check_region(regions, "kecamatan", "61.05.01", "6105010")
        assert problem is not None
        assert (problem.field, problem.reason) == ("kode_bps", "crosswalk")
        assert problem.params["expected"] == "6107140"

    def test_code_of_another_level(self, regions: CodeList) -> None:
        problem = check_region(regions, "kecamatan", "61.05", None)
        assert problem is not None
        assert (problem.field, problem.reason) == ("kode_kemendagri", "level")

    def test_unknown_code(self, regions: CodeList) -> None:
        problem = check_region(regions, "kecamatan", "61.05.10", None)
        assert problem is not None
        assert problem.reason == "unknown"

    def test_village_without_crosswalk_lies_in_its_kecamatan(self, regions: CodeList) -> None:
        assert check_region(regions, "kelurahan", "61.05.01.1001", "6107140001") is None
        problem = check_region(regions, "kelurahan", "61.05.01.1001", "6107120001")
        assert problem is not None
        assert problem.reason == "outside"

    def test_crosswalk_is_read_backwards(self, regions: CodeList) -> None:
        assert bps_of(regions, "61.05.02") == "6107120"
        assert bps_of(regions, "61.05.01.1001") is None
