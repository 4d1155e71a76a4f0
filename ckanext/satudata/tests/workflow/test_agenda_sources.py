"""What comes on an agenda by itself beside conflicts."""

from __future__ import annotations

import pytest
from ckan import model

from ckanext.satudata.model.meeting import AgendaItem
from ckanext.satudata.tests.workflow.disputes import FIRST, meeting, row
from ckanext.satudata.tests.workflow.setoran.scene import moment, scene
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, indicator, unique
from ckanext.satudata.workflow.meetings import meetings

pytestmark = pytest.mark.usefixtures("portal")

HANDED_IN, MISSING = KECAMATAN[:2]
#: What is due by the end of October is late.
NOW = moment(2026, 11, 12)


def about(subject: str) -> AgendaItem:
    """The item of a new meeting that is about this."""
    made = meeting()["id"]
    meetings.refresh(model.Session, row(made), NOW)
    model.Session.commit()
    return next(i for i in AgendaItem.of(made) if i.subject == subject)


class TestOverdue:
    def test_names_who_has_not_handed_in_and_tells_both_sides(self) -> None:
        made = scene((HANDED_IN, MISSING))
        made.write(HANDED_IN, "1")
        made.submit(HANDED_IN)
        late = made.setoran(MISSING)
        item = about(f"setoran:{late.obligation_id}:{late.period}")
        assert item.kind == "setoran_terlambat"
        assert len(item.snapshot["missing"]) == 1
        assert item.refs["setoran"] == [made.setoran(MISSING).id]
        assert made.receiver.id in item.organizations
        assert made.setoran(MISSING).organization_id in item.organizations
        assert made.setoran(HANDED_IN).organization_id not in item.organizations


class TestRevisions:
    def prepared(self, status: str) -> str:
        """Id of a revision of figures that are public with this status."""
        producer = agency(unique("produsen"))
        code = indicator(producer_org=producer.name)
        public = producer.published(Table(code, FIRST), status_angka=status)
        changed = Table(code, {**FIRST, KECAMATAN[0]: 7.0})
        return act(
            "satudata_revision_prepare",
            producer.user,
            id=public["id"],
            resource_id=public["resources"][0]["id"],
            upload=changed.resource()["upload"],
        )["id"]

    def test_of_final_figures_they_come_on_the_agenda(self) -> None:
        item = about(f"revisi:{self.prepared('A')}")
        assert item.kind == "revisi_final"
        assert item.snapshot["dataset_title"] == item.title

    def test_provisional_figures_change_without_a_meeting(self) -> None:
        name = self.prepared("P")
        model.Session.expire_all()
        assert f"revisi:{name}" not in {i.subject for i in AgendaItem.of(meeting()["id"])}
