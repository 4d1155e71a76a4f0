from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import changed_config
from sqlalchemy.orm import Session

from ckanext.satudata.errors import ReferenceDataMissing
from ckanext.satudata.store.codebook import (
    codebook_of_transaction,
    forget_codebook,
    has_figures,
    load_codebook,
)
from ckanext.satudata.workflow import indicators

RELABEL = sa.text("UPDATE satudata_code SET label = :label WHERE code = '61.05.01'")


@pytest.fixture(autouse=True)
def rolled_back(module_portal: None) -> Iterator[None]:
    yield
    model.Session.rollback()


@pytest.fixture
def other() -> Iterator[Session]:
    """A session of another connection, as another process has."""
    with Session(model.ensure_engine()) as session:
        yield session
        session.rollback()


class TestLoadCodebook:
    def test_everything_needed_to_read_a_table(self) -> None:
        book = load_codebook(model.Session)

        assert book.home == "61.05"
        assert len(book.regions.children("61.05")) == 14
        assert book.regions.get("6107", "bps") == book.regions.codes["61.05"]
        assert book.regions.get("6105", "kemendagri") is None
        assert [c.code for c in book.regions.named("Kec. Kongbeng")] == ["64.08.08"]
        assert {"komoditas", "jenis_kelamin", "urusan", "ukuran"} <= book.codelists.keys()

    @pytest.mark.parametrize(
        ("spelling", "code"),
        [
            ("Rp/Kg", "rupiah-per-kg"),
            ("km²", "km2"),
            ("Jiwa", "orang"),
            ("TON", "ton"),
            ("(Ha)", "ha"),
        ],
    )
    def test_units_by_spelling(self, spelling: str, code: str) -> None:
        unit = load_codebook(model.Session).units.find(spelling)

        assert unit is not None
        assert unit.code == code

    def test_index_zero_is_left_for_the_total(self) -> None:
        book = load_codebook(model.Session)

        assert all(c.index > 0 for codes in book.codelists.values() for c in codes.codes.values())

    def test_unchanged_book_is_not_read_again(self) -> None:
        assert load_codebook(model.Session) is load_codebook(model.Session)

    def test_change_committed_elsewhere_is_seen(self, other: Session) -> None:
        before = load_codebook(model.Session)
        other.execute(RELABEL, {"label": "Sintang Kota"})
        other.commit()
        try:
            changed = load_codebook(model.Session)
            assert changed.regions.codes["61.05.01"].label == "Sintang Kota"
            assert changed.version != before.version
        finally:
            other.execute(RELABEL, {"label": "Sintang"})
            other.commit()
        assert load_codebook(model.Session).version == before.version

    def test_change_of_an_open_transaction_is_seen_only_there(self, other: Session) -> None:
        load_codebook(model.Session)
        other.execute(RELABEL, {"label": "Sintang Kota"})

        assert load_codebook(other).regions.codes["61.05.01"].label == "Sintang Kota"
        assert load_codebook(model.Session).regions.codes["61.05.01"].label == "Sintang"

    def test_book_of_a_rolled_back_transaction_is_forgotten(self, other: Session) -> None:
        other.execute(RELABEL, {"label": "Salah"})
        load_codebook(other)
        other.rollback()
        other.execute(RELABEL, {"label": "Sintang Kota"})

        assert load_codebook(other).regions.codes["61.05.01"].label == "Sintang Kota"

    @pytest.mark.ckan_config("ckanext.satudata.home_region", "64.08")
    def test_home_follows_the_configuration(self) -> None:
        book = load_codebook(model.Session)

        assert book.home == "64.08"
        assert len(book.regions.children(book.home)) == 18

    @pytest.mark.ckan_config("ckanext.satudata.home_region", "64.10")
    def test_unknown_home_is_an_error(self) -> None:
        with pytest.raises(ReferenceDataMissing, match=r"64\.10"):
            load_codebook(model.Session)

    def test_without_regions_there_is_no_book(self) -> None:
        for table in ("satudata_code_scheme", "satudata_code_alias", "satudata_code"):
            model.Session.execute(sa.text(f"DELETE FROM {table}"))
        model.Session.execute(sa.text("DELETE FROM satudata_codelist"))

        with pytest.raises(ReferenceDataMissing):
            load_codebook(model.Session)


class TestCodebookOfTransaction:
    def test_one_transaction_is_answered_alike(self, other: Session) -> None:
        first = codebook_of_transaction(model.Session())
        other.execute(RELABEL, {"label": "Sintang Kota"})
        other.commit()
        try:
            assert codebook_of_transaction(model.Session()) is first
            assert load_codebook(model.Session).version != first.version
            model.Session.rollback()
            changed = codebook_of_transaction(model.Session())
            assert changed.regions.codes["61.05.01"].label == "Sintang Kota"
        finally:
            other.execute(RELABEL, {"label": "Sintang"})
            other.commit()

    def test_change_of_ones_own_is_seen_when_told(self) -> None:
        first = codebook_of_transaction(model.Session())
        model.Session.execute(RELABEL, {"label": "Sintang Kota"})
        forget_codebook(model.Session)
        assert codebook_of_transaction(model.Session()).version != first.version

    def test_indicator_just_made_is_in_it(self) -> None:
        codebook_of_transaction(model.Session())
        row = indicators.create(
            model.Session,
            {
                "code": "LOK.BARU",
                "name": "Baru",
                "konsep": "baru",
                "definition": "Untuk uji.",
                "ukuran": "jumlah",
                "unit": "ton",
            },
        )
        assert row.code in codebook_of_transaction(model.Session()).indicators
        indicators.delete(model.Session, row)
        assert "LOK.BARU" not in codebook_of_transaction(model.Session()).indicators

    @pytest.mark.ckan_config("ckanext.satudata.home_region", "64.08")
    def test_home_follows_the_configuration(self) -> None:
        session = model.Session()
        with changed_config("ckanext.satudata.home_region", "61.05"):
            codebook_of_transaction(session)
        assert codebook_of_transaction(session).home == "64.08"


class TestHasFigures:
    def test_only_where_a_block_is_public(self) -> None:
        model.Session.execute(
            sa.text(
                "INSERT INTO satudata_block (publication_id, part, indicator_id, key_min, key_max,"
                " size, keys, vals, decimals, status)"
                " VALUES (-5, 0, 2000000001, 1, 1, 1, '', '', '', '')"
            )
        )

        assert has_figures(model.Session, 2000000001)
        assert not has_figures(model.Session, 2000000002)
