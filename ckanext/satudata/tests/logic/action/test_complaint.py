"""Reporting through the API: what is kept of whom, and what officers are told."""

from __future__ import annotations

import base64
import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.satudata import config
from ckanext.satudata.model.case import Case
from ckanext.satudata.model.identity import Identity
from ckanext.satudata.tests.workflow.cases.reports import REGION, published
from ckanext.satudata.tests.workflow.cases.scene import editor_of
from ckanext.satudata.tests.worlds import act, agency, sysadmin, unique, walidata_editor

pytestmark = pytest.mark.usefixtures("portal")

BODY = "Angka di papan kantor desa berbeda dengan yang ada di portal ini."
PERSON = {"name": "Budi Santoso", "email": "budi@example.com", "phone": "081298765432"}


def report(user: str | None = None, **other: Any) -> dict[str, Any]:
    """What the API says to a report."""
    values = {"kind": "pengaduan", "title": "Angka tidak sama", "body": BODY, "mode": "anonim"}
    return act("satudata_complaint_create", user, **{**values, **other})


def kept(made: dict[str, Any]) -> Case:
    """The row of a report."""
    return model.Session.get_one(Case, made["id"])


class TestWhoReports:
    def test_of_anonymous_people_nothing_is_kept(self) -> None:
        before = model.Session.scalar(sa.select(sa.func.count()).select_from(Identity))
        made = report(factories.User()["name"], mode="anonim", **PERSON)
        row = kept(made)
        assert (row.identity_id, row.user_id, row.body_id) == (None, None, None)
        after = model.Session.scalar(sa.select(sa.func.count()).select_from(Identity))
        assert after == before
        told = json.dumps({c.name: str(getattr(row, c.name)) for c in Case.__table__.c})
        assert not [v for v in PERSON.values() if v in told]

    def test_a_confidential_report_keeps_no_account(self) -> None:
        user = factories.User()
        row = kept(report(user["name"], mode="rahasia"))
        assert row.user_id is None
        sealed = model.Session.get_one(Identity, row.identity_id)
        assert sealed.confidential
        assert user["email"].encode() not in bytes(sealed.sealed or b"")

    def test_who_asked_to_stay_unknown_is_not_even_masked_for_other_offices(
        self, monkeypatch, ckan_config
    ) -> None:
        made = report(factories.User()["name"], mode="rahasia")
        walidata = walidata_editor()
        editor_of("ppid")
        assert act("satudata_case_show", walidata, id=made["id"])["person"] is None
        monkeypatch.setitem(ckan_config, config.CONFIDENTIAL_ROLE, "walidata")
        assert act("satudata_case_show", walidata, id=made["id"])["person"]

    def test_an_open_report_belongs_to_the_account(self) -> None:
        user = factories.User()
        made = report(user["name"], mode="terbuka")
        assert kept(made).user_id == user["id"]
        assert act("satudata_case_show", user["name"], id=made["id"])["number"] == made["number"]

    def test_without_an_account_one_is_named_or_anonymous(self) -> None:
        with pytest.raises(tk.ValidationError) as caught:
            report(mode="terbuka", email="budi@example.com")
        assert set(caught.value.error_dict) == {"name"}
        assert kept(report(mode="terbuka", **PERSON)).identity_id

    def test_a_report_is_followed_with_number_and_code(self) -> None:
        made = report()
        assert made["number"].startswith("PD-")
        found = act("satudata_case_track", None, number=made["number"], secret=made["secret"])
        assert found["id"] == made["id"]


class TestWhatItIsAbout:
    def test_a_figure_is_kept_as_the_portal_shows_it(self) -> None:
        producer = agency(unique("adu"))
        figure = published(producer, 40.0)
        made = report(
            indicator=figure["indicator"],
            region=REGION,
            period="2025",
            dataset=figure["dataset"],
            value=99,
        )
        row = kept(made)
        assert row.figure is not None
        assert row.figure["value"] == 40.0
        assert (row.dataset_id, row.details["about"]) == (figure["dataset"], "angka")

    def test_no_figure_is_refused(self) -> None:
        with pytest.raises(tk.ValidationError) as caught:
            report(indicator="TIDAK.ADA", region=REGION, period="2025")
        assert "indicator" in caught.value.error_dict

    def test_what_is_not_public_cannot_be_asked_after(self) -> None:
        producer = agency(unique("adu"))
        draft = producer.draft()
        with pytest.raises(tk.ValidationError) as caught:
            report(producer.user, mode="terbuka", dataset=draft["id"])
        assert "dataset" in caught.value.error_dict

    @pytest.mark.parametrize(
        ("field", "value"),
        [("title", "Pendek"), ("body", "Terlalu singkat."), ("kind", "permintaan"), ("mode", "x")],
    )
    def test_what_cannot_be_is_told(self, field: str, value: str) -> None:
        with pytest.raises(tk.ValidationError) as caught:
            report(**{field: value})
        assert set(caught.value.error_dict) == {field}


class TestSuggesting:
    def test_who_published_the_figure_comes_first_with_the_reason(self) -> None:
        producer = agency(unique("adu"))
        figure = published(producer)
        made = report(
            body="Jalan berlubang, jembatan putus, aspal rusak di kampung kami.",
            **{k: figure[k] for k in ("indicator", "region", "period", "dataset")},
        )
        found = act("satudata_complaint_suggest", walidata_editor(), id=made["id"])
        assert found[0]["id"] == producer.id
        assert [r["source"] for r in found[0]["reasons"]][:2] == ["dataset", "indicator"]

    def test_words_of_the_tupoksi_find_the_body(self) -> None:
        word = (
            unique("zirkon").replace("-", "x").translate(str.maketrans("0123456789", "abcdefghij"))
        )
        body = agency(unique("adu"))
        act("organization_patch", sysadmin(), id=body.id, tupoksi=f"Pengawasan {word}.")
        found = act(
            "satudata_complaint_suggest", walidata_editor(), text=f"Banyak {word} di sungai"
        )
        assert found[0]["id"] == body.id
        assert found[0]["reasons"][0]["source"] == "tupoksi"

    def test_a_request_is_no_report(self) -> None:
        with pytest.raises(tk.ObjectNotFound):
            act("satudata_complaint_suggest", walidata_editor(), id="PI-1999-00001")


class TestExport:
    def test_both_formats_tell_the_same(self) -> None:
        made = report(mode="terbuka", **PERSON)
        walidata = walidata_editor()
        day = kept(made).received_on
        assert day is not None
        asked = {"first": day.isoformat(), "last": day.isoformat()}
        document = act("satudata_complaint_export", walidata, **asked)
        table = act("satudata_complaint_export", walidata, **asked, format="csv")
        text = base64.b64decode(table["content"]).decode("utf-8-sig")
        assert made["number"] in {r["nomor"] for r in document["laporan"]}
        assert made["number"] in text
        assert not [v for v in PERSON.values() if v in text or v in json.dumps(document)]

    def test_days_in_the_wrong_order_are_refused(self) -> None:
        with pytest.raises(tk.ValidationError):
            act(
                "satudata_complaint_export",
                walidata_editor(),
                first="2026-02-01",
                last="2026-01-01",
            )


class TestStatistics:
    def test_this_year_is_told_to_everybody(self) -> None:
        before = act("satudata_complaint_statistics", None)
        report()
        after = act("satudata_complaint_statistics", None)
        assert after["total"]["received"] == before["total"]["received"] + 1

    def test_a_year_that_is_none_is_refused(self) -> None:
        with pytest.raises(tk.ValidationError):
            act("satudata_complaint_statistics", None, year=99999)
