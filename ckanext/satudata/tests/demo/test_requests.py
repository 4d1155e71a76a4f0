"""Requests of the demonstration: in each state there is one, and none is told twice."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.cli.demo import cast
from ckanext.satudata.demo import requests, story
from ckanext.satudata.model.case import Case
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.tests.worlds import act


@pytest.fixture
def told(sintang_alone) -> list[str]:
    """The requests, after the story in which the dataset that answers one is published."""
    next(iter(story.tell(cast())))
    return list(requests.tell(cast(), utc_now()))


class TestRequests:
    def test_states_show_what_can_become_of_a_request(self, told) -> None:
        rows = model.Session.execute(sa.select(Case.kind, Case.state)).all()
        assert Counter((kind, state) for kind, state in rows) == {
            ("permintaan", "selesai"): 1,
            ("permintaan", "ditolak"): 1,
            ("permintaan", "dijawab"): 1,
            ("permintaan", "didisposisikan"): 1,
            ("permintaan", "dijanjikan"): 1,
            ("permintaan", "diproses"): 1,
            ("permintaan", "diajukan"): 1,
            ("keberatan", "diajukan"): 1,
        }
        assert all(
            title.startswith(requests.MARK)
            for title in model.Session.scalars(sa.select(Case.title))
        )

    def test_one_agency_is_late_and_its_list_says_so(self, told) -> None:
        (late,) = act("satudata_case_list", f"{requests.LATE}-operator", overdue=True)["results"]
        assert late["standing"] == "lewat"
        assert late["days"] >= 3

    def test_the_refusal_has_ground_and_consequence_test(self, told) -> None:
        (refused,) = act("satudata_case_list", cast().walidata[1], state="ditolak")["results"]
        (item,) = act("satudata_case_show", cast().walidata[1], id=refused["id"])["items"]
        assert (item["ground"], item["consequence"]) == ("h", requests.TEST)

    def test_everybody_reads_one_answer(self, told) -> None:
        (answer,) = act("satudata_request_public_list", None)["published"]
        assert [d["name"] for d in answer["datasets"]] == [requests.RICE]

    def test_told_again_it_adds_nothing(self, told) -> None:
        assert list(requests.tell(cast(), utc_now())) == told
