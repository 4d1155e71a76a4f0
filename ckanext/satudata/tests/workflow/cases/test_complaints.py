"""Wrong figures, from the report to the figure that was mended; and what becomes a request."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.case import CaseStep
from ckanext.satudata.model.meeting import AgendaItem
from ckanext.satudata.tests.workflow.cases.reports import (
    NOW,
    REGION,
    TEXT,
    about,
    handed,
    published,
    report,
    step,
    values,
)
from ckanext.satudata.tests.workflow.disputes import meeting, row
from ckanext.satudata.tests.worlds import (
    Agency,
    Table,
    act,
    agency,
    unique,
    walidata_editor,
)
from ckanext.satudata.workflow.cases import cases, complaints, figures
from ckanext.satudata.workflow.cases.errors import Needs
from ckanext.satudata.workflow.meetings import meetings

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def producer() -> Agency:
    """An agency that publishes a figure."""
    return agency(unique("keliru"))


@pytest.fixture
def walidata() -> str:
    """An editor of the walidata."""
    return walidata_editor()


def confirmed(producer: Agency, walidata: str) -> cases.Opened:
    """A report whose figure the agency has confirmed as wrong."""
    opened = about(published(producer))
    handed(opened, walidata, producer.id)
    step(opened.case, "nyatakan_keliru", producer.user, note="Terbalik dengan kolom lain.")
    return opened


def mend(opened: cases.Opened, producer: Agency, value: float) -> None:
    """Publish another value in place of the one that was reported."""
    figure = cases.get(opened.case.id).figure
    assert figure is not None
    package = act("package_show", producer.user, id=figure["dataset"])
    changed = Table(figure["indicator"], values(value)).resource()
    act("resource_patch", producer.user, id=package["resources"][0]["id"], **changed)


class TestFigure:
    def test_what_is_kept_is_what_the_portal_shows(self, producer: Agency) -> None:
        figure = published(producer, 12.5)
        assert (figure["value"], figure["decimals"]) == (12.5, 1)
        assert figure["organization"] == producer.id
        assert figures.written(figure, "id") == "12,5"

    def test_thousands_are_written_as_people_do(self) -> None:
        assert figures.written({"value": 1234567.0, "decimals": 0}, "id") == "1.234.567"
        assert figures.written({"value": 1234.5, "decimals": 1}, "en") == "1,234.5"

    @pytest.mark.parametrize(
        ("named", "field"),
        [
            (figures.Named("TIDAK.ADA", REGION, "2025"), "indicator"),
            (figures.Named("LOK.LUAS_PANEN", "99.99", "2025"), "region"),
            (figures.Named("LOK.LUAS_PANEN", REGION, "kemarin"), "period"),
            (figures.Named("LOK.LUAS_PANEN", REGION, "2025", {"warna": "merah"}), "dimensions"),
        ],
    )
    def test_what_is_no_figure_is_told(
        self, producer: Agency, named: figures.Named, field: str
    ) -> None:
        if named.indicator != "TIDAK.ADA":
            named = figures.Named(
                published(producer)["indicator"], named.region, named.period, named.dimensions
            )
        with pytest.raises(figures.NoFigure) as caught:
            figures.shown(model.Session, named)
        assert caught.value.field == field

    def test_a_figure_that_nobody_shows_cannot_be_reported(self, producer: Agency) -> None:
        code = published(producer)["indicator"]
        with pytest.raises(figures.NoFigure):
            figures.shown(model.Session, figures.Named(code, REGION, "2019"))


class TestWrongFigure:
    def test_it_is_on_the_next_agenda_until_it_is_mended(
        self, producer: Agency, walidata: str
    ) -> None:
        opened = confirmed(producer, walidata)
        item = next(i for i in agenda() if i.subject == complaints.subject(opened.case))
        assert item.kind == "angka_keliru"
        assert producer.id in item.organizations
        assert item.snapshot["value"] == "20"
        mend(opened, producer, 21.0)
        assert complaints.subject(opened.case) not in {i.subject for i in agenda()}

    def test_a_report_that_nobody_confirmed_is_on_no_agenda(
        self, producer: Agency, walidata: str
    ) -> None:
        opened = about(published(producer))
        handed(opened, walidata, producer.id)
        assert complaints.subject(opened.case) not in {i.subject for i in agenda()}

    def test_the_case_says_that_it_was_mended_and_asks_the_reporter(
        self, producer: Agency, walidata: str
    ) -> None:
        opened = confirmed(producer, walidata)
        complaints.follow_mended(NOW)
        assert cases.get(opened.case.id).state == "ditindaklanjuti"
        mend(opened, producer, 21.0)
        complaints.follow_mended(NOW + timedelta(days=1))
        case = cases.get(opened.case.id)
        assert case.state == "tanggapan_pelapor"
        assert case.answered_at is not None
        said = cases.thread(case, cases.actor_of(None, case, secret_ok=True))[-1]
        assert said.side == "portal"
        assert "20" in said.text
        assert "21" in said.text

    def test_a_figure_that_left_the_public_is_said_to_have_left(
        self, producer: Agency, walidata: str
    ) -> None:
        opened = confirmed(producer, walidata)
        figure = cases.get(opened.case.id).figure
        assert figure is not None
        act("package_patch", producer.user, id=figure["dataset"], private=True)
        complaints.follow_mended(NOW)
        case = cases.get(opened.case.id)
        assert case.state == "tanggapan_pelapor"
        said = cases.thread(case, cases.actor_of(None, case, secret_ok=True))[-1]
        assert "ditarik" in said.text or "tidak lagi" in said.text or "no longer" in said.text

    def test_where_it_is_mended_is_shown(self, producer: Agency, walidata: str) -> None:
        opened = confirmed(producer, walidata)
        held = agenda()[0].meeting_id
        found = complaints.mending(model.Session, cases.get(opened.case.id))
        assert found is not None
        assert found.shown
        assert held in {m.id for m in found.meetings}
        assert not found.revision
        assert complaints.mending(model.Session, report().case) is None

    def test_without_a_figure_there_is_nothing_to_confirm(
        self, producer: Agency, walidata: str
    ) -> None:
        opened = report()
        case = handed(opened, walidata, producer.id)
        actor = cases.actor_of(model.User.by_name(producer.user), case)
        assert "nyatakan_keliru" not in {t.name for t in cases.available(case, actor, NOW)}
        with pytest.raises(Needs):
            step(case, "nyatakan_keliru", producer.user, note="Tidak ada angkanya.")
        model.Session.rollback()

    def test_the_reporter_may_say_that_it_is_still_wrong_and_reopen_it(
        self, producer: Agency, walidata: str
    ) -> None:
        opened = confirmed(producer, walidata)
        mend(opened, producer, 21.0)
        complaints.follow_mended(NOW)
        case = step(opened.case, "tanggapi", None, note="Masih salah, seharusnya 22.")
        assert case.state == "ditindaklanjuti"
        complaints.follow_mended(NOW)
        assert cases.get(case.id).state == "ditindaklanjuti"
        step(case, "jawab", producer.user, note="Sudah benar menurut register.")
        assert step(case, "terima", None).state == "selesai"
        again = step(case, "buka_kembali", None, note="Ternyata masih salah.")
        assert (again.state, again.closed_at) == ("ditindaklanjuti", None)


class TestBecomingARequest:
    def test_nothing_is_typed_twice(self, walidata: str) -> None:
        identity = {"name": "Budi Santoso", "email": "budi@example.com"}
        opened = report(reporter=cases.Reporter(identity=identity, mode="terbuka"))
        kept = opened.case.identity_id
        case = step(opened.case, "jadikan_permintaan", walidata)
        assert (case.state, case.identity_id) == ("diteruskan", None)
        (step_made,) = [s for s in steps(case.id) if s.transition == "jadikan_permintaan"]
        request = cases.get(step_made.params["request"])
        assert (request.kind, request.state) == ("permintaan", "diajukan")
        assert (request.title, request.body, request.identity_id) == ("Angka keliru", TEXT, kept)
        assert cases.by_secret(request.number or "", opened.secret) is not None
        said = cases.thread(case, cases.actor_of(None, case, secret_ok=True))[-1]
        assert request.number in said.text

    def test_an_anonymous_report_cannot_be_one(self, walidata: str) -> None:
        opened = report()
        with pytest.raises(Needs):
            step(opened.case, "jadikan_permintaan", walidata)
        model.Session.rollback()
        actor = cases.actor_of(model.User.by_name(walidata), cases.get(opened.case.id))
        offered = {t.name for t in cases.available(cases.get(opened.case.id), actor, NOW)}
        assert "jadikan_permintaan" not in offered


def agenda() -> list[AgendaItem]:
    """The agenda of a new meeting."""
    made = meeting()["id"]
    meetings.refresh(model.Session, row(made), NOW)
    model.Session.commit()
    return list(AgendaItem.of(made))


def steps(case: str) -> list[CaseStep]:
    """What was done with a case, oldest first."""
    wanted = sa.select(CaseStep).where(CaseStep.case_id == case).order_by(CaseStep.id)
    return list(model.Session.scalars(wanted))
