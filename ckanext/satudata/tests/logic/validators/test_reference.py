"""Validators that look values up in the loaded reference data."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.types import Context

from ckanext.satudata.logic import validators as v

pytestmark = pytest.mark.usefixtures("portal")


class TestRegion:
    def test_known_region(self) -> None:
        assert v.satudata_region("61.05.21") == "61.05.21"

    def test_codes_are_not_contiguous(self) -> None:
        with pytest.raises(tk.Invalid):
            v.satudata_region("61.05.10")


class TestUnits:
    def test_known_units_in_any_spelling(self) -> None:
        assert v.satudata_units("Ton;orang ") == "Ton; orang"

    def test_unknown_unit_is_named(self) -> None:
        with pytest.raises(tk.Invalid, match="karungan"):
            v.satudata_units("ton; karungan")


class TestKonsep:
    def test_good_name(self) -> None:
        assert v.satudata_konsep("Kebutuhan Pangan", {}) == "Kebutuhan Pangan"

    def test_region_of_the_portal_is_found(self) -> None:
        with pytest.raises(tk.Invalid, match="Tempunak"):
            v.satudata_konsep("Penduduk Tempunak", {})

    def test_name_of_the_national_standard_passes(self) -> None:
        assert v.satudata_konsep("Jarak tanam", {}) == "Jarak tanam"

    def test_stored_name_is_left_alone_and_another_is_not(self) -> None:
        stored = model.Package(extras={"konsep": "Penduduk Tempunak"})
        context: Context = {"package": stored}
        assert v.satudata_konsep("Penduduk Tempunak", context) == "Penduduk Tempunak"
        with pytest.raises(tk.Invalid, match="Sepauk"):
            v.satudata_konsep("Penduduk Sepauk", context)
