"""Listing public figures, in the API and in the database's view."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency
from ckanext.satudata.tests.worlds import indicator as new_indicator

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: 100.5 + n for n, code in enumerate(KECAMATAN)}


@pytest.fixture
def holder():
    return agency("uji-pemegang")


@pytest.fixture
def other():
    return agency("uji-lain")


@pytest.fixture
def code(holder, other):
    code = new_indicator(producer_org=holder.id)
    holder.published(Table(code, FIRST))
    holder.published(Table(code, {k: v + 1 for k, v in FIRST.items()}, year="2024"))
    other.published(Table(code, FIRST))
    return code


def listed(**filters):
    return act("satudata_observation_list", None, **filters)["results"]


class TestFilters:
    def test_every_figure_of_every_publication(self, code):
        assert len(listed(indicator=code)) == 3 * 14

    def test_by_period(self, code):
        assert {r["period"] for r in listed(indicator=code, period="2024")} == {"2024"}
        assert len(listed(indicator=code, period="2024")) == 14

    def test_by_region(self, code):
        found = listed(indicator=code, region="61.05.03")
        assert {(r["period"], r["value"]) for r in found} == {("2025", 102.5), ("2024", 103.5)}
        assert {r["region_name"] for r in found} == {"Sepauk"}

    def test_by_producer(self, code, other):
        found = listed(indicator=code, producer=other.name)
        assert {r["organization"] for r in found} == {other.id}

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("indicator", "LOK.TIDAK_ADA"),
            ("region", "99.99"),
            ("period", "kemarin"),
            ("producer", "tidak-ada"),
            ("dataset", "tidak-ada"),
            ("after", "x:y"),
        ],
    )
    def test_what_does_not_exist_is_said(self, field, value):
        with pytest.raises(tk.ValidationError) as caught:
            listed(**{field: value})
        assert set(caught.value.error_dict) == {field}


class TestPaging:
    def test_pages_together_are_the_whole_list(self, code):
        whole = listed(indicator=code)
        pages, after = [], None
        while True:
            page = act("satudata_observation_list", None, indicator=code, limit=5, after=after)
            assert len(page["results"]) <= 5
            pages += page["results"]
            after = page["next"]
            if after is None:
                break
        assert pages == whole


class TestView:
    def test_psql_sees_the_same_figures(self, code):
        rows = model.Session.execute(
            sa.text(
                "SELECT period, region, value, unit, dataset_id FROM satudata_observation"
                " WHERE indicator = :code"
            ),
            {"code": code},
        ).all()
        expected = {
            (r["period"], r["region"], r["value"], r["unit"]) for r in listed(indicator=code)
        }
        assert {tuple(r[:4]) for r in rows} == expected
        assert len(rows) == 3 * 14
