from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.model.reference import (
    CodeAliasRow,
    CodeRow,
    CodeSchemeRow,
    ReferenceVersion,
    StandardRow,
    UnitRow,
)
from ckanext.satudata.reference import shipped
from ckanext.satudata.reference.document import BadReference, read
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.store.reference import (
    Loaded,
    Outcome,
    Superseded,
    current_version,
    load,
    load_shipped,
)
from ckanext.satudata.tests.reference.files import problems, write

FIRST = {"name": "uji_daftar", "version": "1", "effective_from": "2024-01-01"}
SECOND = {"name": "uji_daftar", "version": "2", "effective_from": "2025-01-01"}


@pytest.fixture(autouse=True)
def rolled_back(module_portal: None) -> Iterator[None]:
    yield
    model.Session.rollback()


def loaded(folder: Path, rows: str, **changes: Any) -> Loaded:
    return load(model.Session, read(write(folder, rows, **changes)))


def codes(name: str = "uji_daftar") -> dict[str, CodeRow]:
    rows = model.Session.scalars(
        sa.select(CodeRow).where(CodeRow.codelist == name).execution_options(populate_existing=True)
    )
    return {row.code: row for row in rows}


class TestLoad:
    def test_first_version_numbers_the_codes_from_one(self, tmp_path: Path) -> None:
        done = loaded(tmp_path, "code,label\nb,B\na,A\n", **FIRST)

        assert done == Loaded(Outcome.LOADED, added=2, ended=0)
        assert {code: row.idx for code, row in codes().items()} == {"b": 1, "a": 2}

    def test_index_stays_and_is_never_used_again(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label\na,A\nb,B\n", **FIRST)
        loaded(tmp_path, "code,label\nc,C\nb,B\n", **SECOND)
        loaded(
            tmp_path,
            "code,label\nd,D\na,A\n",
            name="uji_daftar",
            version="3",
            effective_from="2026-01-01",
        )

        assert {code: row.idx for code, row in codes().items()} == {"a": 1, "b": 2, "c": 3, "d": 4}

    def test_dropped_code_ends_the_day_before_and_may_come_back(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label,scheme.bps,aliases\na,A,1,x\nb,B,2,\n", **FIRST)
        done = loaded(tmp_path, "code,label,scheme.bps\nb,B,1\n", **SECOND)

        assert (done.added, done.ended) == (0, 1)
        assert codes()["a"].valid_to == date(2024, 12, 31)
        assert codes()["b"].valid_to is None
        third = {"name": "uji_daftar", "version": "3", "effective_from": "2026-01-01"}
        loaded(tmp_path, "code,label\na,A\nb,B\n", **third)
        assert codes()["a"].valid_to is None

    def test_code_that_ended_earlier_keeps_its_end(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label,valid_to\na,A,2020-06-30\nb,B,\n", **FIRST)
        loaded(tmp_path, "code,label\nb,B\n", **SECOND)

        assert codes()["a"].valid_to == date(2020, 6, 30)

    def test_successor_takes_over_the_name_in_another_scheme(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label,scheme.bps\na,A,1\n", **FIRST)
        loaded(tmp_path, "code,label,scheme.bps\nb,B,1\n", **SECOND)
        found = load_codebook(model.Session).codelists["uji_daftar"]

        assert found.get("1", "bps") == found.codes["b"]
        assert found.codes["a"].valid_to == date(2024, 12, 31)

    def test_renamed_code_loses_the_spellings_it_no_longer_has(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label,aliases\na,A,lama\n", **FIRST)
        loaded(tmp_path, "code,label,aliases\na,Baru,segar\n", **SECOND)
        aliases = model.Session.scalars(
            sa.select(CodeAliasRow.alias).where(CodeAliasRow.codelist == "uji_daftar")
        ).all()

        assert (aliases, codes()["a"].label) == (["segar"], "Baru")

    def test_same_version_again_changes_nothing(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label\na,A\n", **FIRST)
        before = load_codebook(model.Session)

        assert loaded(tmp_path, "code,label\na,A\n", **FIRST) == Loaded(Outcome.UNCHANGED)
        assert load_codebook(model.Session) is before

    def test_same_version_with_another_content_is_refused(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label\na,A\n", **FIRST)

        assert problems(loaded_with, tmp_path, "code,label\na,B\n", FIRST) == [
            ("version-changed", None)
        ]

    def test_older_version_is_refused(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label\na,A\n", **SECOND)

        with pytest.raises(Superseded):
            loaded(tmp_path, "code,label\na,A\nb,B\n", **FIRST)
        assert codes().keys() == {"a"}

    def test_a_version_left_behind_is_not_loaded_again(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label\na,A\n", **FIRST)
        loaded(tmp_path, "code,label\nb,B\n", **{**SECOND, "effective_from": "2024-01-01"})

        with pytest.raises(Superseded):
            loaded(tmp_path, "code,label\na,A\n", **FIRST)

    def test_refused_file_leaves_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(BadReference):
            loaded(tmp_path, "code,label,parent\na,A,\nb,B,x\n", **FIRST)

        model.Session.rollback()
        assert current_version(model.Session, "uji_daftar") is None
        assert codes() == {}

    def test_units_have_a_fixed_name(self, tmp_path: Path) -> None:
        rows = "code,label,label_en,quantity,factor,aliases\nx,X,X,massa,1,\n"
        other = {"kind": "units", "name": "satuan_lain"}
        as_list = {"name": "satuan", "version": "uji", "effective_from": "2099-01-01"}

        assert problems(loaded_with, tmp_path, rows, other) == [("kind-wrong", None)]
        assert problems(loaded_with, tmp_path, "code,label\na,A\n", as_list) == [
            ("kind-wrong", None)
        ]

    def test_list_may_not_outgrow_the_keys_of_an_indicator(self, tmp_path: Path) -> None:
        loaded(tmp_path, "code,label\na,A\n", **FIRST)
        dimension = {"name": "uji_daftar", "codelist": "uji_daftar", "shift": 24, "width": 2}
        model.Session.add(
            IndicatorRow(
                code="LOK.UJI_SEMPIT",
                name="Uji",
                name_en="Test",
                konsep="uji sempit",
                definition="Uji.",
                definition_en="Test.",
                ukuran="jumlah",
                unit="orang",
                dimensions=[dimension],
            )
        )
        model.Session.flush()

        three = "code,label\na,A\nb,B\nc,C\n"
        assert loaded(tmp_path, three, **SECOND).added == 2
        third = {"name": "uji_daftar", "version": "3", "effective_from": "2026-01-01"}
        assert problems(loaded_with, tmp_path, three + "d,D\n", third) == [("list-outgrown", None)]


def loaded_with(folder: Path, rows: str, changes: dict[str, Any]) -> Loaded:
    return loaded(folder, rows, **changes)


UNITS = {"kind": "units", "name": "satuan", "version": "uji", "effective_from": "2099-01-01"}
HEADER = "code,label,label_en,quantity,factor,aliases\n"


class TestUnits:
    def test_factor_of_a_known_unit_never_changes(self, tmp_path: Path) -> None:
        rows = HEADER + "kg,Kg,Kg,massa,1,\nton,Ton,Ton,massa,900,\n"

        assert problems(loaded_with, tmp_path, rows, UNITS) == [("unit-changed", 3)]

    def test_dropped_unit_ends_but_stays_readable(self, tmp_path: Path) -> None:
        loaded(tmp_path, HEADER + "kg,Kg,Kg,massa,1,kilo baru\n", **UNITS)
        ton = model.Session.get(UnitRow, "ton", populate_existing=True)
        book = load_codebook(model.Session)

        assert ton is not None
        assert ton.valid_to == date(2098, 12, 31)
        assert book.units.ratio("ton", "kg") == Decimal(1000)
        assert book.units.find("Kilo  Baru") == book.units.units["kg"]


class TestShipped:
    def test_a_second_time_changes_nothing(self) -> None:
        done = load_shipped(model.Session)

        assert {d.outcome for d in done.values()} == {Outcome.UNCHANGED}
        assert done.keys() == {p.stem for p in shipped.paths()}

    def test_versions_tell_source_and_size(self) -> None:
        version = current_version(model.Session, "wilayah")

        assert version is not None
        assert version.rows == 605
        assert "Kepmendagri" in version.source
        assert version.sha256 == shipped.document("wilayah").sha256

    def test_an_own_newer_version_is_kept(self, tmp_path: Path) -> None:
        head = {"name": "level_harga", "version": "kami", "effective_from": "2099-01-01"}
        loaded(tmp_path, "code,label\neceran,Eceran\n", **head)

        done = load_shipped(model.Session)

        assert done["level_harga"].outcome is Outcome.NEWER
        assert codes("level_harga")["grosir"].valid_to == date(2098, 12, 31)

    def test_standard_texts_are_understood_by_units_and_measures(self) -> None:
        row = model.Session.get(StandardRow, "SD00282.01.01")

        assert row is not None
        assert (row.name, row.ukuran, row.units) == (
            "Penduduk",
            ["jumlah", "persentase"],
            ["orang", "persen"],
        )
        assert row.satuan_text == "Orang; persen"

    def test_crosswalk_is_stored_for_every_kecamatan(self) -> None:
        bps = model.Session.scalars(
            sa.select(CodeSchemeRow.code).where(
                CodeSchemeRow.codelist == "wilayah", sa.func.length(CodeSchemeRow.code) == 7
            )
        ).all()

        assert len(bps) == 32

    def test_there_is_one_current_version_each(self) -> None:
        names = model.Session.scalars(sa.select(ReferenceVersion.name).distinct()).all()

        assert {p.stem for p in shipped.paths()} <= set(names)
