"""Reports on their way between offices, and what ends them."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone

import pytest
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.model.case import Case
from ckanext.satudata.tests.workflow.cases.reports import NOW, handed, report, step
from ckanext.satudata.tests.worlds import Agency, agency, unique, walidata_editor
from ckanext.satudata.workflow.cases import cases, reminders
from ckanext.satudata.workflow.cases.errors import Needs, NotAllowed

pytestmark = pytest.mark.usefixtures("portal")


@pytest.fixture
def first() -> Agency:
    """The agency a report is handed to."""
    return agency(unique("disposisi"))


@pytest.fixture
def second() -> Agency:
    """Another agency."""
    return agency(unique("alihan"))


@pytest.fixture
def walidata() -> str:
    """An editor of the walidata."""
    return walidata_editor()


def parts(case: Case, agency: Agency) -> frozenset[str]:
    """What an agency's editor may act as."""
    return cases.actor_of(model.User.by_name(agency.user), case).parts


class TestRouting:
    def test_whom_it_is_taken_from_does_not_see_it_any_more(
        self, first: Agency, second: Agency, walidata: str
    ) -> None:
        case = handed(report(), walidata, first.id)
        assert parts(case, first)
        with pytest.raises(Needs):
            step(case, "alihkan", walidata, organization=second.id)
        model.Session.rollback()
        case = step(case, "alihkan", walidata, organization=second.id, note="Urusan pasar.")
        assert (case.state, case.organization_id) == ("didisposisikan", second.id)
        assert parts(case, second)
        assert not parts(case, first)
        with pytest.raises(NotAllowed):
            step(case, "jawab", first.user, note="Sudah kami kerjakan.")
        model.Session.rollback()

    def test_what_is_not_its_duty_an_agency_returns_with_a_reason(
        self, first: Agency, walidata: str
    ) -> None:
        case = handed(report(), walidata, first.id)
        with pytest.raises(Needs):
            step(case, "kembalikan", first.user)
        model.Session.rollback()
        case = step(case, "kembalikan", first.user, note="Bukan urusan kami.")
        assert (case.state, case.organization_id) == ("diverifikasi", None)


class TestEnds:
    @pytest.mark.parametrize(
        ("move", "state"),
        [("tolak", "ditolak"), ("arsipkan", "diarsipkan"), ("teruskan", "diteruskan")],
    )
    def test_the_reporter_reads_why_it_is_not_followed(
        self, walidata: str, move: str, state: str
    ) -> None:
        opened = report()
        with pytest.raises(Needs):
            step(opened.case, move, walidata)
        model.Session.rollback()
        case = step(opened.case, move, walidata, note="Sama dengan laporan sebelumnya.")
        assert case.state == state
        assert case.closed_at is not None
        reporter = cases.actor_of(None, case, secret_ok=True)
        assert "Sama dengan laporan sebelumnya." in [m.text for m in cases.thread(case, reporter)]

    def test_ten_working_days_of_silence_close_it(self, first: Agency, walidata: str) -> None:
        case = handed(report(), walidata, first.id)
        case = step(case, "jawab", first.user, note="Papan kantor desa sudah kami perbaiki.")
        last = workdays.add(workdays.today(NOW), 10)
        assert case.due_on == last
        noon = datetime.combine(last, time(5), timezone.utc)
        reminders.run(noon)
        assert cases.get(case.id).state == "tanggapan_pelapor"
        reminders.run(noon + timedelta(days=1))
        closed = cases.get(case.id)
        assert closed.state == "selesai"
        assert closed.closed_at is not None
