"""Public figures that change: with a reason or as revisions, and kept."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import numpy as np
import pytest
from ckan import model

from ckanext.satudata.consistency import keys, period
from ckanext.satudata.store import former
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.tests.worlds import (
    KABUPATEN,
    KECAMATAN,
    Table,
    act,
    agency,
    figures,
    indicator,
    refusal,
)

pytestmark = pytest.mark.usefixtures("portal")

ONE = KECAMATAN[0]


def table(code: str, value: float, **other) -> Table:
    return Table(code, {**dict.fromkeys(KECAMATAN, 5), ONE: value}, **other)


def replaced(who, dataset, file: Table, **metadata):
    """Upload another file in place of the dataset's, with changed metadata in one step."""
    resource = {**file.resource(), "id": dataset["resources"][0]["id"]}
    upload = resource.pop("upload")
    if metadata:
        act("package_patch", who.user, id=dataset["id"], **metadata)
    return act("resource_update", who.user, package_id=dataset["id"], upload=upload, **resource)


def shown(code: str) -> set[float]:
    """The public values of the first kecamatan."""
    return figures(code)[ONE, "2025"]


def history(code: str) -> list[former.FormerFigure]:
    """What was public of the first kecamatan in 2025."""
    book = load_codebook(model.Session)
    one = book.indicators[code]

    def column(value: int) -> np.ndarray:
        return np.array([value], dtype=np.int64)

    key = keys.pack(
        one,
        column(period.parse("2025").packed),
        column(book.regions.codes[ONE].index),
        {},
    )
    return former.of_object(model.Session, one.id, int(key[0]))


@pytest.fixture
def who():
    return agency("vintage-satu")


class TestFinalFigures:
    def test_a_silent_change_is_refused(self, who):
        code = indicator()
        dataset = who.published(table(code, 10), status_angka="A")
        with pytest.raises(tk.ValidationError) as caught:
            replaced(who, dataset, table(code, 12))
        (finding,) = [f for f in refusal(caught.value)["findings"] if f["blocks"]]
        assert finding["rule"] == "angka-tetap-berubah"
        assert (finding["value"], finding["other"]["value"]) == (12, 10)
        assert shown(code) == {10}
        assert history(code) == []

    def test_a_reason_lets_it_through_and_the_former_figure_is_kept(self, who):
        code = indicator()
        dataset = who.published(table(code, 10), status_angka="A")
        replaced(who, dataset, table(code, 12), alasan_perubahan="Salah salin.")
        assert shown(code) == {12}
        (before,) = history(code)
        assert (before.value, before.ending.reason) == (10, "Salah salin.")
        assert before.ending.kind == "revised"
        assert before.ending.published_at <= before.ending.replaced_at
        (told,) = act("satudata_former_figure_list", None, id=dataset["id"])
        assert (told["value"], told["region"], told["period"]) == (10, ONE, "2025")
        assert told["reason"] == "Salah salin."

    def test_a_reason_counts_once(self, who):
        code = indicator()
        dataset = who.published(table(code, 10), status_angka="A")
        replaced(who, dataset, table(code, 12), alasan_perubahan="Salah salin.")
        with pytest.raises(tk.ValidationError):
            replaced(who, dataset, table(code, 13))
        replaced(who, dataset, table(code, 13), alasan_perubahan="Masih keliru.")
        assert [f.value for f in history(code)] == [12, 10]

    def test_new_figures_need_no_reason(self, who):
        code = indicator()
        dataset = who.published(table(code, 10), status_angka="A")
        replaced(who, dataset, Table(code, {**table(code, 10).values, KABUPATEN: 75}))
        assert history(code) == []

    def test_taking_out_and_bringing_back_is_no_way_round(self, who):
        code = indicator()
        dataset = who.published(table(code, 10), status_angka="A")
        act("package_patch", who.user, id=dataset["id"], private=True)
        (gone,) = history(code)
        assert gone.ending.kind == "withdrawn"
        assert act("satudata_former_figure_list", who.user, id=dataset["id"]) == []
        replaced(who, dataset, table(code, 12))
        with pytest.raises(tk.ValidationError) as caught:
            act("package_patch", who.user, id=dataset["id"], private=False)
        assert "angka-tetap-berubah" in {f["rule"] for f in refusal(caught.value)["findings"]}

    def test_neither_is_another_dataset(self, who):
        code = indicator()
        dataset = who.published(table(code, 10), status_angka="A")
        act("package_delete", who.user, id=dataset["id"])
        with pytest.raises(tk.ValidationError):
            who.published(table(code, 12), status_angka="A")
        who.published(table(code, 10), status_angka="A")
        assert shown(code) == {10}


class TestProvisionalFigures:
    def test_become_final_without_a_reason_and_are_kept(self, who):
        code = indicator()
        dataset = who.published(table(code, 10), status_angka="P", kebijakan_revisi="Juni.")
        replaced(who, dataset, table(code, 12))
        act("package_patch", who.user, id=dataset["id"], status_angka="A")
        assert shown(code) == {12}
        assert 10 in [f.value for f in history(code)]

    def test_the_datasets_status_is_shown_with_its_figures(self, who):
        code = indicator()
        who.published(table(code, 10), status_angka="P", kebijakan_revisi="Nanti.")
        rows = act("satudata_observation_list", None, indicator=code)["results"]
        assert {row["status"] for row in rows} == {"provisional"}

    def test_final_figures_do_not_become_provisional_silently(self, who):
        code = indicator()
        dataset = who.published(table(code, 10), status_angka="A")
        with pytest.raises(tk.ValidationError) as caught:
            act(
                "package_patch",
                who.user,
                id=dataset["id"],
                status_angka="P",
                kebijakan_revisi="Nanti.",
            )
        blocking = [f for f in refusal(caught.value)["findings"] if f["blocks"]]
        assert {f["params"]["variant"] for f in blocking} == {"turun-status"}
