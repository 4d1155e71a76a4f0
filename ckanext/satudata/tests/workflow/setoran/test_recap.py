"""The recap: figures, gaps, the dataset made of it, and the way back."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata.model.content import ContentVersion
from ckanext.satudata.store import content
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Table,
    act,
    agency,
    figures,
    indicator,
    sysadmin,
)

from .scene import PERIOD, Scene, operator_of, scene

pytestmark = pytest.mark.usefixtures("portal")

HOME = "61.05"
FIRST = KECAMATAN[0]


@pytest.fixture
def every() -> Scene:
    """All kecamatan have handed over 1, 2, 3 …"""
    made = scene()
    for number, region in enumerate(KECAMATAN, 1):
        made.hand_over(region, f"{number},5")
    return made


TOTAL = "112.0"


def _rows(dataset: str) -> list[dict[str, str]]:
    resource = act("package_show", sysadmin(), id=dataset)["resources"][0]
    served = ContentVersion.current(resource["id"])
    assert served is not None
    assert served.sha256
    file = content.open_stored(served.sha256, "x.csv")
    text = file.stream.read().decode("utf-8-sig")
    file.close()
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def _publish(made: Scene, dataset: str) -> None:
    """Complete the metadata as the operator does, and press the button."""
    from ckanext.satudata.demo import metadata

    known = act("package_show", made.receiver.user, id=dataset)
    example = metadata.dataset("x", made.receiver.name, made.receiver.activity)
    wanted = {k: v for k, v in example.items() if not known.get(k)}
    act("package_patch", made.receiver.user, **{**wanted, "id": dataset, "state": "active"})


class TestFigures:
    def test_the_kabupaten_is_the_sum_of_all_kecamatan(self, every: Scene) -> None:
        assert every.value() == TOTAL
        assert every.analysis()["complete"]

    def test_what_is_not_accepted_does_not_count_and_is_named(self) -> None:
        made = scene()
        for region in KECAMATAN[1:]:
            made.hand_over(region, "1")
        made.write(FIRST, "1")
        made.submit(FIRST)
        found = made.analysis()
        assert made.value() is None
        assert [(m["region"]["code"], m["why"]) for m in found["missing"]] == [
            (FIRST, "belum-diterima")
        ]
        made.accept(FIRST)
        assert made.value() == "14"

    def test_a_missing_figure_is_no_zero(self) -> None:
        made = scene()
        for region in KECAMATAN[1:]:
            made.hand_over(region, "1")
        made.hand_over(FIRST, "-", missing="Petugas sakit")
        found = made.analysis()
        assert made.value() is None
        assert [(m["region"]["code"], m["why"], m["reason"]) for m in found["missing"]] == [
            (FIRST, "tidak-ada", "Petugas sakit")
        ]

    def test_kecamatan_that_are_not_asked_are_missing_from_the_whole(self) -> None:
        made = scene((FIRST,))
        made.hand_over(FIRST, "1")
        assert made.value() is None
        assert {m["why"] for m in made.analysis()["missing"]} == {"tidak-diminta"}

    def test_averages_are_weighted_by_what_is_public(self) -> None:
        owner = agency("pemilik-bobot")
        weight = indicator(unit="orang", producer_org=owner.name)
        owner.published(Table(weight, {r: n for n, r in enumerate(KECAMATAN, 1)}, unit="orang"))
        code = indicator(ukuran="rata-rata", additive=False)
        made = scene(code=code, weight=weight)
        for number, region in enumerate(KECAMATAN, 1):
            made.hand_over(region, f"{number * 10},00")
        # (1*10 + 2*20 + … + 14*140) / (1 + … + 14) = 10150 / 105
        assert made.value() == "96.67"

    def test_an_average_without_weights_is_not_given(self) -> None:
        code = indicator(ukuran="harga", additive=False)
        made = scene(code=code, weight=indicator(), method="rata-rata-tertimbang")
        for region in KECAMATAN:
            made.hand_over(region, "10")
        assert made.value() is None
        assert len(made.analysis()["unweighted"]) == len(KECAMATAN)

    @pytest.mark.parametrize(("method", "expected"), [("terbesar", "14"), ("rata-rata", "8")])
    def test_other_methods(self, method: str, expected: str) -> None:
        made = scene(code=indicator(ukuran="harga", additive=False), method=method)
        for number, region in enumerate(KECAMATAN, 1):
            made.hand_over(region, str(number))
        assert made.value() == expected

    def test_desa_make_the_kecamatan(self) -> None:
        made = scene((FIRST,), level="desa")
        setoran = made.setoran(FIRST)
        grid = act("satudata_setoran_show", operator_of(FIRST), id=setoran.id)
        assert len(grid["regions"]) > 20
        cells = [{"region": r["code"], "text": "2"} for r in grid["regions"]]
        act("satudata_setoran_save", operator_of(FIRST), id=setoran.id, cells=cells)
        made.submit(FIRST)
        made.accept(FIRST)
        assert made.value(region=FIRST) == str(2 * len(cells))


class TestAnalysis:
    def test_tells_change_and_share(self) -> None:
        made = scene(first=date(2026, 9, 1))
        for region in KECAMATAN:
            made.hand_over(region, "100", "2026-09")
            made.hand_over(region, "150" if region == FIRST else "100")
        line = next(x for x in made.analysis()["lines"] if x["region"]["code"] == FIRST)
        assert (line["before"], line["change"], line["percent"]) == ("100", "50", 50.0)
        assert line["share"] == pytest.approx(150 / 1450 * 100)

    def test_names_the_kecamatan_whose_change_stands_out(self) -> None:
        made = scene(first=date(2026, 9, 1))
        for number, region in enumerate(KECAMATAN):
            made.hand_over(region, "100", "2026-09")
            made.hand_over(region, "900" if region == FIRST else str(100 + number))
        found = {x["region"]["code"] for x in made.analysis()["lines"] if x["stands_out"]}
        assert found == {FIRST}


class TestDataset:
    def test_a_recap_makes_a_draft_that_knows_its_indicator(self, every: Scene) -> None:
        made = every.recap()
        dataset = act("package_show", every.receiver.user, id=made["dataset"])
        assert (dataset["state"], dataset["owner_org"]) == ("draft", every.receiver.id)
        assert dataset["kode_indikator"] == [every.code]
        assert dataset["cakupan_wilayah"] == HOME
        assert dataset["tahun_data"] == ["2026"]
        assert made["missing"] == []

    def test_it_passes_the_gate_and_shows_exactly_the_recap(self, every: Scene) -> None:
        dataset = every.recap()["dataset"]
        _publish(every, dataset)
        expected = {(r, PERIOD): {n + 0.5} for n, r in enumerate(KECAMATAN, 1)}
        assert figures(every.code) == {**expected, (HOME, PERIOD): {112.0}}

    def test_missing_kecamatan_stand_in_the_file_with_the_reason(self) -> None:
        made = scene()
        for region in KECAMATAN[2:]:
            made.hand_over(region, "1")
        made.hand_over(FIRST, "-", missing="Banjir")
        found = {r["kode_wilayah"]: r for r in _rows(made.recap()["dataset"])}
        assert HOME not in found
        assert (found[FIRST]["nilai"], found[FIRST]["catatan"]) == ("", "tidak ada angka: Banjir")
        assert found[KECAMATAN[1]]["catatan"] == "setoran belum diterima"

    def test_a_later_setoran_renews_the_draft(self) -> None:
        made = scene()
        for region in KECAMATAN[1:]:
            made.hand_over(region, "1")
        first = made.recap()
        made.hand_over(FIRST, "1,25")
        assert made.analysis()["changed"]
        second = made.recap()
        assert first["dataset"] == second["dataset"]
        found = {r["kode_wilayah"]: r["nilai"] for r in _rows(second["dataset"])}
        assert (found[FIRST], found[HOME]) == ("1,25", "14,25")
        assert not made.analysis()["changed"]

    def test_a_corrected_setoran_waits_as_a_revision_beside_what_is_public(
        self, every: Scene
    ) -> None:
        dataset = every.recap()["dataset"]
        _publish(every, dataset)
        setoran = every.setoran(FIRST)
        act(
            "satudata_setoran_ask",
            every.receiver.user,
            id=setoran.id,
            region=FIRST,
            text="Benarkah?",
        )
        act("satudata_setoran_answer", operator_of(FIRST), id=setoran.id, region=FIRST, text="Ya.")
        every.hand_over(FIRST, "11,5")
        second = every.recap()
        assert second["dataset"] == dataset
        assert figures(every.code)[FIRST, PERIOD] == {1.5}
        act("satudata_revision_release", every.receiver.user, id=second["revision"])
        assert figures(every.code)[FIRST, PERIOD] == {11.5}
        assert figures(every.code)[HOME, PERIOD] == {122.0}

    def test_the_next_period_goes_into_the_same_dataset(self) -> None:
        made = scene(first=date(2026, 9, 1))
        for region in KECAMATAN:
            made.hand_over(region, "1", "2026-09")
        dataset = made.recap("2026-09")["dataset"]
        for region in KECAMATAN:
            made.hand_over(region, "2")
        assert made.recap()["dataset"] == dataset
        found = {(r["periode"], r["kode_wilayah"]): r["nilai"] for r in _rows(dataset)}
        assert (found["2026-09", HOME], found["2026-10", HOME]) == ("14", "28")

    def test_nothing_accepted_makes_nothing(self) -> None:
        made = scene((FIRST,))
        with pytest.raises(tk.ValidationError):
            made.recap()

    def test_figures_of_setoran_are_not_public(self, every: Scene) -> None:
        every.recap()
        assert figures(every.code) == {}
        for name, data in (
            ("satudata_setoran_show", {"id": every.setoran(FIRST).id}),
            ("satudata_setoran_matrix", {"id": every.obligation}),
            ("satudata_setoran_list", {}),
        ):
            with pytest.raises(tk.NotAuthorized):
                act(name, None, **data)


class TestOrigin:
    def _trace(self, made: Scene, dataset: str, region: str) -> dict[str, Any]:
        return act(
            "satudata_setoran_trace",
            made.receiver.user,
            dataset=dataset,
            period=PERIOD,
            region=region,
        )

    def test_a_figure_leads_to_the_cell_and_the_person(self, every: Scene) -> None:
        dataset = every.recap()["dataset"]
        _publish(every, dataset)
        found = self._trace(every, dataset, FIRST)
        assert (found["value"], found["responsible"]) == ("1.5", "Camat Uji")
        assert found["entered_by"]
        assert [e["event"] for e in found["history"]] == ["angka", "keadaan", "keadaan"]
        assert found["history"][0]["by"] == found["entered_by"]

    def test_a_total_leads_to_its_parts(self, every: Scene) -> None:
        found = self._trace(every, every.recap()["dataset"], HOME)
        assert found["value"] == TOTAL
        assert {p["region"]["code"] for p in found["parts"]} == set(KECAMATAN)
        assert sum(float(p["value"]) for p in found["parts"]) == float(TOTAL)

    def test_it_is_told_as_it_was_recapped(self, every: Scene) -> None:
        dataset = every.recap()["dataset"]
        act(
            "satudata_setoran_ask",
            every.receiver.user,
            id=every.setoran(FIRST).id,
            region=FIRST,
            text="Benarkah?",
        )
        every.write(FIRST, "999")
        assert self._trace(every, dataset, FIRST)["value"] == "1.5"

    def test_other_datasets_have_none(self, every: Scene) -> None:
        other = every.receiver.draft()
        with pytest.raises(tk.NotAuthorized):
            self._trace(every, other["id"], FIRST)
