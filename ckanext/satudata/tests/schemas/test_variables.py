from __future__ import annotations

import pytest

from ckanext.satudata.extract.declaration import Declaration, Field, Role
from ckanext.satudata.schemas import variables
from ckanext.satudata.schemas.variables import Lack

KODE = Field("Kode", role=Role.DIMENSION, concept="wilayah")


def figures(**said: str) -> Field:
    return Field("Jumlah", role=Role.MEASURE, indicator="LOK.X", metadata=said)


def lacking(*fields: Field, extra: tuple[Field, ...] = (), asking: bool = True) -> list[Lack]:
    return list(variables.lacking(Declaration((KODE, *fields), extra), asking=asking))


class TestLacking:
    def test_what_follows_from_elsewhere_is_not_asked(self) -> None:
        assert lacking(figures(), asking=False) == []

    @pytest.mark.parametrize("blank", ["", "  "])
    def test_a_survey_writes_its_question(self, blank: str) -> None:
        assert lacking(figures(kalimat_pertanyaan=blank)) == [Lack("Jumlah", variables.QUESTION)]
        assert lacking(figures(kalimat_pertanyaan="Berapa ton?")) == []

    @pytest.mark.parametrize("word", ["tidak", " Tidak ", "NO"])
    def test_a_closed_column_is_not_published(self, word: str) -> None:
        said = {"akses_umum": word}
        assert lacking(figures(**said), asking=False) == [Lack("Jumlah", "akses_umum", "closed")]

    def test_figures_are_no_text(self) -> None:
        found = lacking(figures(tipe_data="String"), asking=False)
        assert found == [Lack("Jumlah", "tipe_data", "no-figure")]
        assert lacking(figures(tipe_data="integer", akses_umum="ya"), asking=False) == []

    def test_columns_without_figures_are_not_asked(self) -> None:
        label = Field("Nama", role=Role.LABEL, metadata={"akses_umum": "tidak"})
        assert lacking(label) == []

    def test_wide_columns_are_asked_once(self) -> None:
        target = Field("nilai", role=Role.MEASURE, target=True)
        wide = [Field(y, normalize={"tahun": y}) for y in ("2024", "2025")]
        assert lacking(*wide, extra=(target,)) == [Lack("2024", variables.QUESTION)]
        said = Field("2025", normalize={"tahun": "2025"}, metadata={variables.QUESTION: "Berapa?"})
        assert lacking(wide[0], said, extra=(target,)) == []


class TestItems:
    def test_labels_and_sources_are_in_both_languages(self) -> None:
        for item in variables.items():
            assert set(item.label) == set(item.follows) == {"id", "en"}

    def test_a_proposal_is_a_question(self) -> None:
        assert variables.proposal("Kebutuhan Beras", "ton") == "Berapa kebutuhan Beras, dalam ton?"
