"""Meetings of the world in which every action and page is tried."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from ckan import model

from ckanext.satudata import attachments
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.meeting import AgendaItem, Meeting
from ckanext.satudata.tests.attached import pdf, upload
from ckanext.satudata.tests.worlds import KECAMATAN, act, sysadmin
from ckanext.satudata.workflow.meetings import attendance, scans
from ckanext.satudata.workflow.trail import Subject


@dataclass(frozen=True)
class Meetings:
    """Ids of one meeting that is being held, of one that is closed, and of what belongs to them.

    Attributes:
        held: a meeting with a conflict of the agency.
        item: that conflict.
        line: of those who are expected.
        closed: a meeting that is closed, with a signed scan.
        scan: that scan.
        escalated: an item that the closed meeting escalated.
    """

    held: str
    item: str
    line: str
    closed: str
    scan: str
    escalated: str


def make_meetings(organization: str, dataset: str, indicator: str) -> Meetings:
    """The meetings of an agency.

    Args:
        organization: id of the agency.
        dataset: id of a dataset of its own.
        indicator: code of the indicator that is disputed.
    """
    closed = _begun(organization, dataset, indicator)
    act(
        "satudata_agenda_item_decide",
        sysadmin(),
        id=closed[1],
        version=1,
        outcome="eskalasi_bupati",
    )
    act("satudata_meeting_close", sysadmin(), id=closed[0])
    scan = attachments.take(
        upload(pdf(), "pindaian.pdf"), owner=Subject("meeting", closed[0]), audience=scans.AUDIENCE
    )
    model.Session.commit()
    name = scan.id
    held, item, line = _begun(organization, dataset, indicator)
    return Meetings(held, item, line, closed[0], name, closed[1])


def _begun(organization: str, dataset: str, indicator: str) -> tuple[str, str, str]:
    made = act("satudata_meeting_create", sysadmin(), starts_at="2031-01-07T09:00")
    item = AgendaItem(
        id=str(uuid.uuid4()),
        meeting_id=made["id"],
        kind="konflik",
        subject=f"konflik:matriks:{uuid.uuid4()}",
        title="Dua angka",
        organizations=[organization],
        snapshot=_snapshot(organization, dataset, indicator),
        position=0,
        automatic=False,
    )
    model.Session.add(item)
    attendance.expect(model.Session, model.Session.get_one(Meeting, made["id"]))
    model.Session.commit()
    name = item.id
    held = act("satudata_meeting_start", sysadmin(), id=made["id"])
    line = next(a for a in held["attendance"] if a["organization"] == organization)
    return made["id"], name, line["id"]


def _snapshot(organization: str, dataset: str, indicator: str) -> dict[str, Any]:
    side = {
        "organization": organization,
        "organization_title": "Dinas",
        "dataset": dataset,
        "dataset_name": dataset,
        "dataset_title": "Data",
        "table": "tabel.csv",
        "public": False,
        "changed": utc_now().isoformat(),
    }
    point = {
        "period": "2024",
        "value": 90.0,
        "decimals": 0,
        "status": "normal",
        "organization": organization,
        "organization_title": "Dinas",
        "current": True,
        "since": None,
        "until": None,
        "reason": "",
    }
    return {
        "indicator": {
            "code": indicator,
            "name": "Indikator",
            "definition": "Definisi.",
            "unit": "ton",
            "unit_label": "Ton",
            "producer": organization,
            "producer_title": "Dinas",
        },
        "own": side,
        "other": {**side, "public": True},
        "objects": [
            {
                "region": KECAMATAN[0],
                "region_name": "Sintang",
                "period": "2025",
                "dimensions": {},
                "labels": [],
                "own": "555",
                "other": "100",
                "tolerance": 0.5,
                "cause": "unknown",
                "cell": "baris 2, kolom C",
            }
        ],
        "series": [point],
        "since": utc_now().isoformat(),
    }
