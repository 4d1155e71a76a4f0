"""The column form without a browser: declarations into form fields and back."""

from __future__ import annotations

import pytest

from ckanext.satudata.extract.declaration import Declaration, Field, Role, parse
from ckanext.satudata.tests.extract.books import book
from ckanext.satudata.views import column_form
from ckanext.satudata.views.column_form import WIDE, form_of, meaning_of, read

WIDE_TABLE = parse(
    {
        "fields": [
            {
                "name": "Kode",
                "satudata": {
                    "role": "dimension",
                    "concept": "wilayah",
                    "codelist": "wilayah",
                    "scheme": "bps",
                },
            },
            {"name": "Kecamatan", "satudata": {"role": "label", "of": "Kode"}},
            {"name": "2024", "normalize": {"tahun": "2024"}},
            {"name": "2025", "normalize": {"tahun": "2025"}},
            {"name": "Ket", "satudata": {"role": "ignore", "definisi": "Catatan petugas"}},
        ],
        "extraFields": [
            {"name": "tahun", "satudata": {"role": "dimension", "concept": "periode"}},
            {
                "name": "komoditas",
                "constant": "beras-medium",
                "satudata": {
                    "role": "dimension",
                    "concept": "komoditas",
                    "codelist": "komoditas",
                },
            },
            {
                "name": "nilai",
                "normalizationTarget": True,
                "satudata": {
                    "role": "measure",
                    "indicator": "LOK.KEBUTUHAN_PANGAN",
                    "unit": "ton",
                },
            },
        ],
        "satudata": {
            "version": 1,
            "sheet": "Data",
            "header_row": 3,
            "header_rows": 2,
            "notation": "id",
        },
    }
)


def submitted(declaration: Declaration) -> dict[str, str]:
    """The names and values a browser sends for the form of a declaration, nothing changed."""
    form = form_of(declaration)
    values = {
        "count": str(len(declaration.fields)),
        "sheet": declaration.sheet or "",
        "header_row": str(declaration.header_row or ""),
        "header_rows": str(declaration.header_rows),
        "reason": declaration.reason or "",
        "notation": declaration.notation or "",
        "target-indicator": (form.target.indicator if form.target else None) or "",
        "target-unit": (form.target.unit if form.target else None) or "",
    }
    for k, axis in enumerate(form.axes):
        values[f"axis-{k}-name"], values[f"axis-{k}-concept"] = axis.name, axis.concept
    for j, constant in enumerate(form.constants):
        values[f"constant-{j}-name"] = constant.name
        values[f"constant-{j}-concept"] = constant.concept
        values[f"constant-{j}-value"] = constant.value
        values[f"constant-{j}-scheme"] = constant.scheme
    for i, f in enumerate(declaration.fields):
        values[f"field-{i}-name"] = f.name
        values[f"field-{i}-meaning"] = meaning_of(f)
        if f.normalize:
            for k, axis in enumerate(form.axes):
                values[f"field-{i}-axis-{k}"] = f.normalize.get(axis.name, "")
            continue
        values[f"field-{i}-scheme"] = f.scheme or ""
        values[f"field-{i}-of"] = f.of or ""
        values[f"field-{i}-indicator"] = f.indicator or ""
        values[f"field-{i}-unit"] = f.unit or ""
        for key in f.metadata:
            values[f"field-{i}-var-{key}"] = f.metadata[key]
    return values


class TestRoundTrip:
    def test_an_untouched_form_gives_the_same_declaration(self):
        form = read(submitted(WIDE_TABLE), WIDE_TABLE, book())

        assert form.declaration == WIDE_TABLE

    def test_a_long_table_with_several_measures_survives(self):
        declaration = parse(
            {
                "fields": [
                    {"name": "Kecamatan", "satudata": {"role": "dimension", "concept": "wilayah"}},
                    {"name": "Sat", "satudata": {"role": "attribute", "concept": "satuan"}},
                    {
                        "name": "L",
                        "satudata": {
                            "role": "measure",
                            "indicator": "SD00282.01",
                            "unit": "orang",
                            "notation": "en",
                        },
                    },
                    {
                        "name": "K",
                        "satudata": {"role": "measure", "indicator": "SD00282.02", "unit": "orang"},
                    },
                ],
                "extraFields": [
                    {
                        "name": "periode",
                        "constant": "2025",
                        "satudata": {"role": "dimension", "concept": "periode"},
                    }
                ],
            }
        )

        form = read(submitted(declaration), declaration, book())

        assert [(f.name, f.role, f.indicator, f.unit) for f in form.declaration.measures] == [
            ("L", Role.MEASURE, "SD00282.01", "orang"),
            ("K", Role.MEASURE, "SD00282.02", "orang"),
        ]
        assert form.declaration.extra == declaration.extra
        assert form.declaration.fields[1:3] == declaration.fields[1:3]


class TestChanges:
    def test_a_changed_unit_of_a_wide_table_reaches_the_target(self):
        values = {**submitted(WIDE_TABLE), "target-unit": "Kilogram"}

        form = read(values, WIDE_TABLE, book())

        assert [f.unit for f in form.declaration.measures] == ["kg"]

    @pytest.mark.parametrize(("sent", "kept"), [("en", "en"), ("", None), ("xx", None)])
    def test_the_notation_of_all_numbers(self, sent, kept):
        form = read({**submitted(WIDE_TABLE), "notation": sent}, WIDE_TABLE, book())

        assert form.declaration.notation == kept

    def test_a_name_stands_for_its_indicator(self):
        values = {**submitted(WIDE_TABLE), "target-indicator": "stok pangan di pasar"}

        form = read(values, WIDE_TABLE, book())

        assert [f.indicator for f in form.declaration.measures] == ["LOK.STOK_PASAR"]

    def test_columns_become_wide_with_their_headers_as_values(self):
        before = Declaration(
            (Field("Kecamatan", Role.DIMENSION, "wilayah"), Field("2024"), Field("2025"))
        )
        values = {
            **submitted(before),
            "field-1-meaning": WIDE,
            "field-2-meaning": WIDE,
            "axis-0-concept": "periode",
            "target-indicator": "LOK.STOK_PASAR",
            "target-unit": "ton",
        }

        declaration = read(values, before, book()).declaration

        assert [dict(f.normalize) for f in declaration.fields[1:]] == [
            {"periode": "2024"},
            {"periode": "2025"},
        ]
        assert [(f.name, f.concept, f.target) for f in declaration.extra] == [
            ("periode", "periode", False),
            ("nilai", None, True),
        ]

    def test_an_extra_field_never_takes_a_columns_name(self):
        before = Declaration((Field("periode", Role.IGNORE), Field("nilai", Role.MEASURE)))
        values = {
            **submitted(before),
            "constant-0-concept": "periode",
            "constant-0-value": "2025",
        }

        declaration = read(values, before, book()).declaration

        assert [(f.name, f.constant) for f in declaration.extra] == [("periode-2", "2025")]

    def test_no_wide_column_left_drops_the_target(self):
        values = {
            **submitted(WIDE_TABLE),
            "field-2-meaning": "ignore",
            "field-3-meaning": "measure",
            "field-3-indicator": "LOK.STOK_PASAR",
        }

        declaration = read(values, WIDE_TABLE, book()).declaration

        assert not any(f.target for f in declaration.extra)
        assert [f.name for f in declaration.measures] == ["2025"]

    def test_answers_of_another_meaning_are_dropped(self):
        """A column that was a region and is ignored now keeps no code list and no scheme."""
        values = {**submitted(WIDE_TABLE), "field-0-meaning": "ignore"}

        declaration = read(values, WIDE_TABLE, book()).declaration

        assert declaration.fields[0] == Field("Kode", Role.IGNORE)

    def test_a_dimension_called_otherwise_than_its_list_gets_the_list(self):
        before = Declaration((Field("Jenis Kelamin"),))
        values = {**submitted(before), "field-0-meaning": "dimension:jenis_kelamin"}

        declaration = read(values, before, book()).declaration

        assert declaration.fields[0].codelist == "jenis_kelamin"


class TestFaults:
    def faults(self, values, before=WIDE_TABLE):
        return column_form.faults(read(values, before, book()), book())

    def test_a_complete_form_has_none(self):
        assert self.faults(submitted(WIDE_TABLE)) == {}

    @pytest.mark.parametrize(
        ("field", "value", "fault"),
        [
            ("target-indicator", "", "indicator_missing"),
            ("target-indicator", "LOK.TIDAK_ADA", "indicator_unknown"),
            ("target-unit", "gantang", "unit_unknown"),
            ("field-1-of", "Kolom lain", "column_unknown"),
        ],
    )
    def test_what_cannot_be_found(self, field, value, fault):
        assert self.faults({**submitted(WIDE_TABLE), field: value}) == {field: fault}

    def test_an_undecided_column(self):
        faults = self.faults({**submitted(WIDE_TABLE), "field-4-meaning": ""})

        assert faults == {"field-4-meaning": "undecided"}

    def test_a_wide_header_without_a_value(self):
        faults = self.faults({**submitted(WIDE_TABLE), "field-3-axis-0": ""})

        assert faults["field-3-meaning"] == "undecided"

    def test_a_table_without_figures_needs_a_reason(self):
        before = Declaration((Field("Nama", Role.IGNORE),))

        assert self.faults(submitted(before), before) == {"table": "no_measure"}
        assert self.faults({**submitted(before), "reason": "Daftar alamat"}, before) == {}
