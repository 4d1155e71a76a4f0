"""Formulas at the gate, with the indicators that every portal is seeded with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata import config
from ckanext.satudata.seed.plan import plan
from ckanext.satudata.tests.worlds import (
    KABUPATEN,
    Table,
    act,
    agency,
    figures,
    indicator,
    refusal,
    sysadmin,
)

pytestmark = pytest.mark.usefixtures("portal")


@dataclass(frozen=True)
class Case:
    """A shipped formula at the kabupaten.

    Attributes:
        rule: id of the formula.
        operands: indicator -> figure.
        result: the indicator that is computed.
        right: what it is.
        wrong: a plausible mistake.
        codes: the classification of all of them.
    """

    rule: str
    operands: dict[str, float]
    result: str
    right: float
    wrong: float
    codes: tuple[tuple[str, str], ...] = ()


RICE = (("komoditas", "beras"),)
PADDY = (("komoditas", "padi"),)

CASES = (
    Case(
        "rumus-kebutuhan-pangan",
        {"LOK.KONSUMSI_PANGAN_PER_KAPITA": 92.5, "SD00282.01": 24000},
        *("LOK.KEBUTUHAN_PANGAN", 2220, 2022),
        RICE,
    ),
    Case(
        "rumus-neraca-pangan",
        {"LOK.KETERSEDIAAN_PANGAN": 1800, "LOK.KEBUTUHAN_PANGAN": 2220},
        *("LOK.NERACA_PANGAN", -420, 420),
        RICE,
    ),
    Case(
        "rumus-kepadatan-penduduk",
        {"SD00282.01": 24000, "LOK.LUAS_WILAYAH": 1600},
        *("LOK.KEPADATAN_PENDUDUK", 15, 51),
    ),
    Case(
        "rumus-produksi-tanaman-pangan",
        {"LOK.LUAS_PANEN": 1250, "LOK.PRODUKTIVITAS_TANAMAN_PANGAN": 31.2},
        *("LOK.PRODUKSI_TANAMAN_PANGAN", 3900, 39000),
        PADDY,
    ),
)


@pytest.fixture
def seeded(portal) -> dict[str, dict[str, Any]]:
    """The seeded indicators by code; those that are missing are made, without a mandate holder."""
    every = {i["code"]: i for i in plan("sintang").indicators}
    known = act("satudata_indicator_list", None, limit=1000)["results"]
    for code in every.keys() - {i["code"] for i in known}:
        act("satudata_indicator_create", sysadmin(), **{**every[code], "producer_org": ""})
    return every


class TestShippedFormulas:
    @pytest.mark.parametrize("case", CASES, ids=lambda c: c.rule)
    def test_a_wrong_figure_is_held_back_and_a_right_one_passes(self, seeded, case):
        known, holder = agency("uji-rumus-dasar"), agency("uji-rumus-turunan")
        made: list[str] = []

        def table(code: str, value: float) -> Table:
            split = {d: c for d, c in case.codes if d in seeded[code].get("dimensions", ())}
            return Table(code, {KABUPATEN: value}, unit=seeded[code]["unit"], codes=split)

        try:
            for code, value in case.operands.items():
                made.append(known.published(table(code, value))["id"])
            dataset = holder.draft()
            made.append(dataset["id"])
            file = holder.add(dataset["id"], table(case.result, case.wrong))
            with pytest.raises(tk.ValidationError) as caught:
                holder.publish(dataset["id"])
            blocking = {f["rule"] for f in refusal(caught.value)["findings"] if f["blocks"]}
            assert blocking == {case.rule}

            right = table(case.result, case.right)
            act("resource_update", holder.user, id=file["id"], **right.resource())
            holder.publish(dataset["id"])
            shown = figures(case.result)
            assert shown[KABUPATEN, "2025"] == {case.right}
        finally:
            for name in reversed(made):
                act("dataset_purge", sysadmin(), id=name)


CAPAIAN = """
version: "uji-1"
formulas:
  - id: rumus-capaian-uji
    version: 1
    severity: error
    title: {{id: Capaian, en: Attainment}}
    result: {{indicator: {result}, unit: persen}}
    achievement: {better}
    operands:
      realisasi: {{indicator: {actual}, unit: {unit}}}
      target: {{indicator: {target}, unit: {unit}}}
"""


@pytest.fixture
def rule_file(ckan_config, monkeypatch, tmp_path) -> Callable[[str], None]:
    """The administrator's rule file, with a text."""

    def put(text: str) -> None:
        path = tmp_path / "rules.yaml"
        path.write_text(text)
        monkeypatch.setitem(ckan_config, config.RULE_FILES, [str(path)])

    return put


class TestAttainment:
    """Realised against planned; where less is better (poverty), the other way round."""

    @pytest.mark.parametrize(
        ("better", "right", "wrong"), [("higher", 80, 125), ("lower", 125, 80)]
    )
    def test_direction_tells_which_is_right(self, portal, rule_file, better, right, wrong):
        holder = agency("uji-capaian")
        codes = {
            name: indicator(ukuran=ukuran, unit=unit, additive=False, producer_org=holder.id)
            for name, ukuran, unit in (
                ("actual", "jumlah", "kasus"),
                ("target", "jumlah", "kasus"),
                ("result", "rasio", "persen"),
            )
        }
        rule_file(CAPAIAN.format(better=better, unit="kasus", **codes))
        holder.published(Table(codes["actual"], {KABUPATEN: 400}, unit="kasus"))
        holder.published(Table(codes["target"], {KABUPATEN: 500}, unit="kasus"))
        with pytest.raises(tk.ValidationError) as caught:
            holder.published(Table(codes["result"], {KABUPATEN: wrong}, unit="persen"))
        blocking = {f["rule"] for f in refusal(caught.value)["findings"] if f["blocks"]}
        assert blocking == {"rumus-capaian-uji"}
        assert figures(codes["result"]) == {}

        holder.published(Table(codes["result"], {KABUPATEN: right}, unit="persen"))
        assert figures(codes["result"]) == {(KABUPATEN, "2025"): {float(right)}}
