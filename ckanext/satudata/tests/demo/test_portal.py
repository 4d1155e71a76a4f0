"""What a visitor finds in a portal that was just started; telling it again adds nothing."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
import yaml
from ckan import model
from ckan.tests import factories

from ckanext.satudata.cli.demo import cast
from ckanext.satudata.demo import complaints, past, review, tour
from ckanext.satudata.model.agreement import AgreementRow
from ckanext.satudata.model.case import Case
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.meeting import Meeting
from ckanext.satudata.model.process import Process, ReviewComment
from ckanext.satudata.model.publication import Release
from ckanext.satudata.model.trail import TrailEntry
from ckanext.satudata.tests.worlds import act, figures, sysadmin
from ckanext.satudata.workflow.cases import complaint_bodies

MARK = "contoh"


@pytest.fixture
def told(sintang_alone, ckan_config, monkeypatch):
    """What happened before the story, under the policy that a portal starts with."""
    monkeypatch.setitem(ckan_config, "ckanext.satudata.first_publication", "walidata")
    return [*past.tell(cast(), utc_now()), *review.tell(cast())]


def _counted() -> dict[str, int]:
    session = model.Session
    kinds = (Meeting, AgreementRow, Process, ReviewComment, Release, TrailEntry, model.Package)
    return {k.__name__: session.scalar(sa.select(sa.func.count()).select_from(k)) for k in kinds}


def _held() -> dict:
    (meeting,) = act("satudata_meeting_list", None, state="selesai")
    return meeting


@pytest.mark.usefixtures("told")
class TestPast:
    def test_both_figures_of_the_market_stand_with_the_reason_beside_each(self) -> None:
        assert figures("LOK.STOK_PASAR")[("61.05", "2024-12-31")] == {318.4, 341.0}
        for name in past.disputes(cast())[0].datasets:
            (note,) = [
                n["agreement"] for n in act("satudata_note_list", None, id=name) if "agreement" in n
            ]
            assert note["note"] == past.BOTH_DIFFER

    def test_the_agreed_figure_is_the_only_one(self) -> None:
        assert figures("LOK.KETERSEDIAAN_PANGAN")[("61.05", "2024")] == {40112.5}
        shown = act("satudata_agreement_list", None, kind="angka_disepakati", state="berlaku")
        assert shown["count"] == 1

    def test_each_party_accepted_by_its_own_operator(self) -> None:
        for row in act("satudata_agreement_list", sysadmin(), state="berlaku")["results"]:
            for party in act("satudata_agreement_show", sysadmin(), id=row["id"])["parties"]:
                operator = model.User.by_name(f"{party['name']}-operator")
                assert party["accepted_by"] == operator.fullname

    def test_the_meeting_has_a_number_its_minutes_and_says_that_it_is_an_example(self) -> None:
        meeting = _held()
        assert meeting["number"].startswith("001/BA-RS/")
        minutes = act("satudata_meeting_minutes", sysadmin(), id=meeting["id"])
        outcomes = Counter(i["outcome"] for i in minutes["items"])
        assert outcomes == {"angka_disepakati": 1, "keduanya_berlaku": 1}
        assert MARK in minutes["place"].lower()
        assert MARK in minutes["notes"].lower()
        assert all(line["present"] for line in minutes["attendance"])


@pytest.mark.usefixtures("told")
class TestReview:
    def test_datasets_wait_on_the_walidata_and_one_on_its_producer(self) -> None:
        walidata = cast().walidata[1]
        listed = act("satudata_process_list", walidata)
        assert Counter((p["state"], p["waits_on"]) for p in listed) == {
            ("diajukan", "walidata"): 2,
            ("diperiksa", "walidata"): 1,
            ("dikembalikan", "produsen"): 1,
        }

    def test_comments_stand_at_a_column_and_at_a_field(self) -> None:
        *_, examined, returned = review.drafts(cast())
        (column,) = act("satudata_process_show", examined.actor[1], id=examined.name)["comments"]
        (field,) = act("satudata_process_show", returned.actor[1], id=returned.name)["comments"]
        assert (column["column"], column["text"]) == (examined.header, review.COLUMN_COMMENT)
        assert (field["field"], field["text"]) == ("sumber", review.FIELD_COMMENT)

    def test_nobody_else_sees_what_is_examined(self) -> None:
        for draft in review.drafts(cast()):
            with pytest.raises(tk.NotAuthorized):
                act("package_show", None, id=draft.name)

    def test_people_are_told(self) -> None:
        for user in (cast().walidata[1], cast().food[1]):
            assert act("satudata_notice_list", user)["notices"]


class TestTwice:
    def test_told_again_it_changes_nothing(self, told, ckan_config) -> None:
        before = _counted()
        again = [*past.tell(cast(), utc_now()), *review.tell(cast())]
        assert _counted() == before
        # What waits is told again, what was done about it is not.
        assert sum(MARK in line for line in again) == sum("menunggu" in line for line in again) == 2

    def test_it_goes_on_where_it_was_interrupted(self, told) -> None:
        other = past.disputes(cast())[1]
        act("package_patch", sysadmin(), id=other.datasets[1], state="draft")
        list(past.tell(cast(), utc_now()))
        assert act("package_show", None, id=other.datasets[1])["state"] == "active"


class TestMarked:
    def test_everything_invented_says_that_it_is_an_example(self) -> None:
        text = files("ckanext.satudata.demo").joinpath("metadata.yaml").read_text("utf-8")
        invented = {
            name: words
            for name, words in yaml.safe_load(text)["datasets"].items()
            if not name.startswith("jumlah-penduduk-")
        }
        assert len(invented) >= 11
        for name, words in invented.items():
            assert name.startswith("contoh-")
            assert words["title"].startswith("Contoh: ")
        said = (past.PLACE, past.NOTES, past.BOTH_DIFFER, past.AGREED, review.REASON)
        assert all(MARK in text.lower() for text in said)


@pytest.mark.usefixtures("told")
class TestTour:
    def test_every_address_opens_for_whom_it_is_for(self, app) -> None:
        stops = tour.stops()
        assert len({s.address for s in stops}) == len(stops)
        for stop in stops:
            headers = {}
            if stop.user:
                headers = {"Authorization": factories.APIToken(user=stop.user)["token"]}
            answer = app.get(stop.address, headers=headers, follow_redirects=False)
            assert answer.status_code == 200, stop.address


@pytest.mark.usefixtures("told")
class TestComplaints:
    def test_they_stand_in_several_states_and_are_told_once(self) -> None:
        first = list(complaints.tell(cast(), utc_now()))
        again = list(complaints.tell(cast(), utc_now()))
        assert again == first
        states = {line.rpartition("(")[2].rstrip(")") for line in first}
        assert states == {
            "baru",
            "didisposisikan",
            "ditindaklanjuti",
            "tanggapan_pelapor",
            "selesai",
        }

    def test_the_agencies_are_those_that_are_suggested(self) -> None:
        list(complaints.tell(cast(), utc_now()))
        rows = model.Session.scalars(
            sa.select(Case).where(
                Case.title.startswith(complaints.MARK), Case.organization_id.is_not(None)
            )
        ).all()
        assert len(rows) == 4
        for case in rows:
            found = complaint_bodies.suggest(
                model.Session, f"{case.title} {case.body}", dataset=case.dataset_id
            )
            assert case.organization_id in {s.body for s in found}, case.title
