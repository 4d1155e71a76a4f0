"""What may be asked of kecamatan."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    act,
    agency,
    indicator,
    sysadmin,
    walidata_editor,
)

from .scene import operator_of, scene

pytestmark = pytest.mark.usefixtures("portal")

FIRST = KECAMATAN[0]


def _asked(user: str, **values: Any) -> dict[str, Any]:
    receiver = agency("penerima-kewajiban")
    usual = {
        "organization": receiver.name,
        "frequency": "tahunan",
        "active_from": "2030-01-01",
    }
    return act("satudata_obligation_create", user, **{**usual, **values})


class TestAsking:
    def test_all_kecamatan_are_asked_unless_some_are_chosen(self) -> None:
        user = agency("penerima-kewajiban").user
        made = _asked(user, indicator=indicator())
        assert [r["code"] for r in made["regions"]] == KECAMATAN
        made = _asked(user, indicator=indicator(), regions=[FIRST])
        assert [r["code"] for r in made["regions"]] == [FIRST]

    def test_says_when_the_next_figures_are_due(self) -> None:
        made = _asked(agency("penerima-kewajiban").user, indicator=indicator())
        # 1 January 2031 is a holiday, the 4th and 5th are a weekend.
        assert made["next"]["id"] == "2030"
        assert made["next"]["opens"] == "2030-12-31"
        assert made["next"]["due"] == "2031-01-08"

    @pytest.mark.parametrize(
        ("ukuran", "additive", "weighted", "expected"),
        [
            ("jumlah", True, False, "jumlah"),
            ("harga", False, True, "rata-rata-tertimbang"),
            ("harga", False, False, "tanpa"),
            ("indeks", False, True, "tanpa"),
        ],
    )
    def test_the_measure_says_how_the_whole_follows(
        self, ukuran: str, additive: bool, weighted: bool, expected: str
    ) -> None:
        code = indicator(ukuran=ukuran, additive=additive)
        weight = {"weight": indicator()} if weighted else {}
        made = _asked(agency("penerima-kewajiban").user, indicator=code, **weight)
        assert made["method"] == expected

    @pytest.mark.parametrize(
        ("field", "values"),
        [
            ("indicator", {"indicator": "LOK.TIDAK_ADA"}),
            ("frequency", {"frequency": "kadang-kadang"}),
            ("due_days", {"due_days": -1}),
            ("regions", {"regions": ["61.05.99"]}),
            ("classes", {"classes": {"komoditas": ["beras"]}}),
            ("method", {"method": "jumlah", "ukuran": "harga"}),
            ("weight", {"method": "rata-rata-tertimbang", "ukuran": "harga"}),
            ("active_to", {"active_to": "2029-12-31"}),
            ("level", {"level": "provinsi"}),
        ],
    )
    def test_what_cannot_be_asked_is_refused_by_field(
        self, field: str, values: dict[str, Any]
    ) -> None:
        values = dict(values)
        ukuran = values.pop("ukuran", "jumlah")
        code = indicator(ukuran=ukuran, additive=ukuran == "jumlah")
        with pytest.raises(tk.ValidationError) as refusal:
            _asked(agency("penerima-kewajiban").user, **{"indicator": code, **values})
        assert list(refusal.value.error_dict) == [field]


class TestKeeping:
    def test_the_walidata_may_and_others_may_not(self) -> None:
        made = _asked(walidata_editor(), indicator=indicator())
        for user in (agency("lain-sekali").user, operator_of(FIRST)):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_obligation_update", user, id=made["id"], due_days=9)
        changed = act("satudata_obligation_update", walidata_editor(), id=made["id"], due_days=9)
        assert changed["due_days"] == 9

    def test_an_agency_gives_its_obligation_to_no_other(self) -> None:
        user = agency("penerima-kewajiban").user
        made = _asked(user, indicator=indicator())
        other = agency("lain-sekali").name
        with pytest.raises(tk.NotAuthorized):
            act("satudata_obligation_update", user, id=made["id"], organization=other)

    def test_what_was_asked_keeps_its_meaning(self) -> None:
        made = scene((FIRST,))
        with pytest.raises(tk.ValidationError) as refusal:
            act(
                "satudata_obligation_update",
                made.receiver.user,
                id=made.obligation,
                frequency="tahunan",
                due_days=7,
            )
        assert list(refusal.value.error_dict) == ["frequency"]

    def test_after_its_end_nothing_is_asked(self) -> None:
        user = agency("penerima-kewajiban").user
        made = _asked(user, indicator=indicator())
        ended = act("satudata_obligation_end", user, id=made["id"], last="2030-01-01")
        assert ended["next"]["id"] == "2030"
        ended = act("satudata_obligation_end", user, id=made["id"], last="2031-06-01")
        assert ended["next"]["id"] == "2030"

    def test_its_indicator_cannot_be_deleted(self) -> None:
        made = scene((FIRST,))
        with pytest.raises(tk.ValidationError):
            act("satudata_indicator_delete", sysadmin(), id=made.code)
