"""Checks, reports and who may see them."""

from __future__ import annotations

import io
import json

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, figures, refusal, sysadmin
from ckanext.satudata.tests.worlds import indicator as new_indicator

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}


@pytest.fixture
def holder():
    return agency("uji-pemegang")


@pytest.fixture
def other():
    return agency("uji-lain")


@pytest.fixture
def code(holder):
    return new_indicator(producer_org=holder.id)


@pytest.fixture
def conflicting(holder, other, code):
    """A draft that contradicts what is public."""
    holder.published(Table(code, FIRST))
    dataset = other.draft()
    other.add(dataset["id"], Table(code, {**FIRST, "61.05.03": 999.0}))
    return dataset["id"]


def upload(table: Table) -> FileStorage:
    return FileStorage(io.BytesIO(table.content()), filename=table.filename)


class TestCheckDataset:
    def test_tells_what_publishing_would_say_and_changes_nothing(self, other, conflicting, code):
        report = act("satudata_check", other.user, id=conflicting)
        assert report["blocked"]
        assert [f["rule"] for f in report["findings"] if f["blocks"]] == ["nilai-berbeda"]
        assert act("package_show", other.user, id=conflicting)["state"] == "draft"
        assert act("satudata_report_list", other.user, dataset_id=conflicting) == []
        assert figures(code)[("61.05.03", "2025")] == {FIRST["61.05.03"]}

    def test_is_kept_when_asked(self, other, conflicting):
        report = act("satudata_check", other.user, id=conflicting, keep=True)
        (listed,) = act("satudata_report_list", other.user, dataset_id=conflicting)
        assert (listed["id"], listed["kind"]) == (report["id"], "check")
        assert act("satudata_report_show", other.user, id=report["id"]) == report

    def test_texts_come_in_the_language_asked_for(self, other, conflicting):
        in_id = act("satudata_check", other.user, id=conflicting, lang="id")["findings"]
        in_en = act("satudata_check", other.user, id=conflicting, lang="en")["findings"]
        assert in_id[0]["rule"] == in_en[0]["rule"]
        assert in_id[0]["texts"]["message"] != in_en[0]["texts"]["message"]


class TestCheckFile:
    def test_a_file_is_checked_without_being_saved(self, holder, other, code):
        holder.published(Table(code, FIRST))
        wrong = Table(code, {**FIRST, "61.05.01": 5.0})
        report = act(
            "satudata_check",
            other.user,
            organization_id=other.name,
            upload=upload(wrong),
            schema=json.dumps(wrong.declaration()),
        )
        assert report["blocked"]
        assert report["dataset"] is None
        assert report["checked"] == 14

    def test_without_a_file_it_says_so(self, other):
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_check", other.user, organization_id=other.name)
        assert "upload" in caught.value.error_dict

    def test_only_the_organizations_people_may(self, holder, other, code):
        table = Table(code, FIRST)
        for user in (holder.user, None):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_check", user, organization_id=other.name, upload=upload(table))


class TestWhoSeesAReport:
    @pytest.fixture
    def report(self, other, conflicting):
        with pytest.raises(tk.ValidationError) as caught:
            other.publish(conflicting)
        return refusal(caught.value)["id"]

    def test_its_producers_people_and_the_sysadmin(self, other, report):
        for user in (other.user, sysadmin()):
            assert act("satudata_report_show", user, id=report)["blocked"]

    def test_nobody_else_not_even_the_agency_compared_with(self, holder, report):
        for user in (None, factories.User()["name"], holder.user):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_report_show", user, id=report)

    def test_an_unknown_id_is_refused_in_the_same_words(self, holder, report):
        with pytest.raises(tk.NotAuthorized) as known:
            act("satudata_report_show", holder.user, id=report)
        with pytest.raises(tk.NotAuthorized) as unknown:
            act("satudata_report_show", holder.user, id="no-such-report")
        assert str(known.value) == str(unknown.value)

    def test_reports_are_listed_for_those_who_may_change_the_dataset(
        self, holder, other, report, conflicting
    ):
        listed = act("satudata_report_list", other.user, dataset_id=conflicting)
        assert [r["id"] for r in listed] == [report]
        with pytest.raises(tk.NotAuthorized):
            act("satudata_report_list", holder.user, dataset_id=conflicting)
