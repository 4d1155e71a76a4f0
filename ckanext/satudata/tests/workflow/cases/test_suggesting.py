"""Which body a complaint concerns: on complaints as people write them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.satudata.reference import shipped
from ckanext.satudata.seed import plan
from ckanext.satudata.workflow.cases.suggesting import (
    Body,
    Certain,
    Suggestion,
    parsed,
    rank,
)
from ckanext.satudata.workflow.cases.suggesting import shipped as words

_CASES: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("complaints.yaml").read_text("utf-8")
)
_KECAMATAN = (
    "Serawai",
    "Ambalau",
    "Kayan Hulu",
    "Sepauk",
    "Tempunak",
    "Sungai Tebelian",
    "Sintang",
    "Dedai",
    "Kayan Hilir",
    "Kelam Permai",
    "Binjai Hulu",
    "Ketungau Hilir",
    "Ketungau Tengah",
    "Ketungau Hulu",
)


@pytest.fixture(scope="module")
def bodies() -> list[Body]:
    """Those that are seeded for Sintang, and those that a full kabupaten has besides."""
    path = next(p for p in shipped.paths() if p.stem == "urusan")
    labels = {c["code"]: c["label"] for c in yaml.safe_load(path.read_text("utf-8"))["codes"]}
    seeded = plan.plan("sintang")
    names = {i["code"]: (i["name"], i["producer_org"]) for i in seeded.indicators}
    rows = [
        *seeded.organizations,
        *_CASES["more_bodies"],
        *(plan.kecamatan(f"61.05.{n:02d}", None, name) for n, name in enumerate(_KECAMATAN, 1)),
    ]
    return [
        Body(
            row["name"],
            row["title"],
            row.get("jenis", "dinas"),
            row["tupoksi"],
            {code: labels[code] for code in row["urusan"]},
            [name for name, producer in names.values() if producer == row["name"]],
        )
        for row in rows
    ]


def _hits(kind: str, bodies: list[Body]) -> tuple[int, int]:
    """How many are right in the first place, and among the first three."""
    first = third = 0
    for case in _CASES[kind]:
        found = [s.body for s in rank(case["text"], bodies)]
        first += found[:1] == [case["body"]]
        third += case["body"] in found
    return first, third


class TestRanking:
    def test_complaints_at_hand_find_their_body(self, bodies: list[Body]) -> None:
        first, third = _hits("known", bodies)
        assert (len(_CASES["known"]), third) == (40, 40)
        assert first >= 38

    def test_complaints_nothing_was_chosen_by_find_their_body_mostly(
        self, bodies: list[Body]
    ) -> None:
        first, third = _hits("unseen", bodies)
        assert first >= 15
        assert third >= 18

    def test_a_text_that_says_nothing_suggests_nobody(self, bodies: list[Body]) -> None:
        assert rank("Mohon segera dibantu, terima kasih banyak.", bodies) == []

    def test_the_order_of_the_bodies_does_not_matter(self, bodies: list[Body]) -> None:
        text = _CASES["known"][0]["text"]
        assert rank(text, bodies) == rank(text, bodies[::-1])

    def test_a_place_alone_does_not_make_the_camat_responsible(self, bodies: list[Body]) -> None:
        found = rank("Jalan di Kecamatan Dedai berlubang.", bodies)
        assert found[0].body == "dpu"


class TestReasons:
    def _first(self, text: str, bodies: list[Body], **more: Any) -> Suggestion:
        return rank(text, bodies, **more)[0]

    def test_it_names_the_urusan_and_the_words_as_they_were_written(
        self, bodies: list[Body]
    ) -> None:
        found = self._first("E-KTP saya belum jadi", bodies)
        assert found.body == "disdukcapil"
        assert found.reasons[0].label == "Administrasi Kependudukan dan Pencatatan Sipil"
        assert found.reasons[0].words == ("ktp",)

    def test_whoever_published_the_figure_comes_before_any_text(self, bodies: list[Body]) -> None:
        known = Certain(dataset="bulog", dataset_title="Stok gudang", indicator="dkpp")
        found = rank("Jalan rusak, aspal berlubang, jembatan putus", bodies, certain=known)
        assert [s.body for s in found] == ["bulog", "dkpp", "dpu"]
        assert found[0].reasons[0].source == "dataset"
        assert found[0].reasons[0].label == "Stok gudang"

    def test_what_a_body_produces_speaks_for_it(self) -> None:
        two = [Body("a", "Dinas A", produces=["Panjang garis pantai"]), Body("b", "Dinas B")]
        (found,) = rank("Garis pantainya salah", two)
        assert found.body == "a"
        assert found.reasons[0].source == "produces"


class TestWords:
    def test_a_kabupaten_adds_its_own(self) -> None:
        mine = parsed("affairs: {'2.11': [pesut]}", words())
        body = Body("dlh", "Dinas", affairs={"2.11": "Lingkungan Hidup"})
        assert rank("pesut mati", [body]) == []
        assert rank("pesut mati", [body], words=mine)[0].body == "dlh"
        assert "sampah" in mine.affairs["2.11"]

    def test_every_affair_is_one_of_the_code_list(self) -> None:
        path = next(p for p in shipped.paths() if p.stem == "urusan")
        known = {c["code"] for c in yaml.safe_load(path.read_text("utf-8"))["codes"]}
        assert set(words().affairs) <= known
