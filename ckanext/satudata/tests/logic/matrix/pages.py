"""Every page and button of ours, with those who may."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.model.process import Process
from ckanext.satudata.tests.logic.matrix.actions import ACTIONS
from ckanext.satudata.tests.logic.matrix.world import (
    EDITORS,
    EVERYBODY,
    INSIDE,
    MEMBERS,
    NOBODY,
    OFFICIALS,
    OWN_EDITORS,
    REASON,
    SIGNED_IN,
    WALIDATA,
    Role,
    World,
    nothing,
    of,
)
from ckanext.satudata.tests.worlds import KECAMATAN, Table


@dataclass(frozen=True)
class Route:
    """Who may call an address; ``values`` fills its variables, ``form`` what is sent."""

    allowed: frozenset[Role]
    values: Callable[[World], dict[str, Any]] = nothing
    form: Callable[[World], dict[str, Any]] = nothing


def _resource_of_draft(world: World) -> dict[str, Any]:
    return {"id": world.draft, "resource_id": world.resource}


def _report_file(world: World) -> dict[str, Any]:
    return {"report_id": world.report, "format": "json"}


def _checked_file(world: World) -> dict[str, Any]:
    content = io.BytesIO(Table(world.indicator, {KECAMATAN[0]: 1}).content())
    return {"organization_id": world.organization, "upload": (content, "tabel.csv")}


def _revised_file(world: World) -> dict[str, Any]:
    content = io.BytesIO(Table(world.indicator, {KECAMATAN[0]: 1}).content())
    return {"resource_id": world.public_resource, "upload": (content, "tabel.csv")}


def _answer(world: World) -> dict[str, Any]:
    return {"organization_id": world.organization, "reason": REASON}


def _proposed(world: World) -> dict[str, Any]:
    return {
        "objects": "[]",
        "kind": "angka_disepakati",
        "note": REASON,
        "party": world.parties,
    }


def _grant(world: World) -> dict[str, Any]:
    return {**ACTIONS["satudata_exemption_grant"].data(world), "report": world.report}


def _exercise(world: World) -> dict[str, Any]:
    return {"exercise": "latihan-bersih", "organization_id": world.organization}


def _held(world: World) -> dict[str, Any]:
    return {"id": world.meetings.held}


def _item(world: World) -> dict[str, Any]:
    return {"id": world.meetings.held, "item_id": world.meetings.item}


def _closed(world: World) -> dict[str, Any]:
    return {"id": world.meetings.closed}


def _scan(world: World) -> dict[str, Any]:
    return {"id": world.meetings.scan}


def _question(_: World) -> dict[str, Any]:
    return {"region": KECAMATAN[0], "text": REASON}


def _version(world: World) -> dict[str, Any]:
    version = Process.accepted_of(world.public)
    assert version is not None
    return {"id": world.public, "process_id": version.id, "resource_id": world.public_resource}


def _table(_: World) -> dict[str, Any]:
    return {"upload": (io.BytesIO(b"a;b\n1;2\n"), "a.csv"), "audience": "internal"}


ROUTES: dict[tuple[str, str], Route] = {
    ("satudata_account.index", "GET"): Route(WALIDATA),
    ("satudata_account.look", "POST"): Route(WALIDATA),
    ("satudata_account.invite", "POST"): Route(WALIDATA),
    ("satudata_account.resend", "POST"): Route(WALIDATA, lambda _: {"id": "x"}),
    ("satudata_account.example", "GET"): Route(WALIDATA),
    ("satudata_account.progress_table", "GET"): Route(WALIDATA),
    ("satudata_account.progress_csv", "GET"): Route(WALIDATA),
    ("satudata_agreement.index", "GET"): Route(EVERYBODY),
    ("satudata_agreement.feed", "GET"): Route(EVERYBODY),
    ("satudata_agreement.show", "GET"): Route(INSIDE, of("agreement")),
    ("satudata_agreement.accept", "POST"): Route(OWN_EDITORS, of("agreement"), form=_answer),
    ("satudata_agreement.decline", "POST"): Route(OWN_EDITORS, of("agreement"), form=_answer),
    ("satudata_agreement.direct", "POST"): Route(
        WALIDATA, of("agreement"), form=lambda w: {"ground": REASON, "document": "180/1/2026"}
    ),
    ("satudata_agreement.withdraw", "POST"): Route(
        INSIDE, of("agreement"), form=lambda w: {"reason": REASON}
    ),
    ("satudata_agreement.new", "GET"): Route(
        INSIDE, lambda w: {f"nilai.{party}": "1" for party in w.parties}
    ),
    ("satudata_agreement.propose", "POST"): Route(INSIDE, form=_proposed),
    ("satudata_agreement.revision", "GET"): Route(INSIDE, of("agreement")),
    ("satudata_agreement.revise", "POST"): Route(INSIDE, of("agreement"), form=_proposed),
    ("satudata_case.track", "GET"): Route(EVERYBODY),
    ("satudata_case.look_up", "POST"): Route(
        EVERYBODY, form=lambda _: {"number": "PI-2026-00001", "secret": "X"}
    ),
    ("satudata_case.forget", "POST"): Route(EVERYBODY),
    ("satudata_case.inbox", "GET"): Route(SIGNED_IN),
    ("satudata_case.mine", "GET"): Route(SIGNED_IN),
    ("satudata_case.show", "GET"): Route(INSIDE, of("case")),
    ("satudata_case.move", "POST"): Route(
        WALIDATA,
        lambda w: {"id": w.case, "transition": "perpanjang"},
        form=lambda _: {"note": REASON},
    ),
    ("satudata_case.say", "POST"): Route(
        INSIDE, of("case"), form=lambda _: {"text": REASON, "audience": "internal"}
    ),
    ("satudata_case.attach", "POST"): Route(INSIDE, of("case"), form=_table),
    ("satudata_case.file", "GET"): Route(NOBODY, lambda w: {"id": w.case, "file_id": "X"}),
    ("satudata_case.objection", "GET"): Route(NOBODY, of("case")),
    ("satudata_case.object_", "POST"): Route(
        NOBODY, of("case"), form=lambda _: {"grounds": "d", "text": REASON}
    ),
    ("satudata_case.publish", "POST"): Route(
        WALIDATA, of("case"), form=lambda _: {"title": "X", "question": REASON}
    ),
    ("satudata_case.follow", "POST"): Route(SIGNED_IN, of("case")),
    ("satudata_case.identity", "POST"): Route(WALIDATA, of("case"), form=lambda _: {"why": REASON}),
    ("satudata_case_document.receipt", "GET"): Route(INSIDE, of("case")),
    ("satudata_case_document.answer", "GET"): Route(NOBODY, of("case")),
    ("satudata_complaint.index", "GET"): Route(EVERYBODY),
    ("satudata_complaint.new", "GET"): Route(EVERYBODY),
    ("satudata_complaint.create", "POST"): Route(EVERYBODY),
    ("satudata_complaint.received", "GET"): Route(INSIDE, of("case")),
    ("satudata_complaint.statistics", "GET"): Route(EVERYBODY),
    ("satudata_complaint.export", "GET"): Route(WALIDATA),
    ("satudata_request.index", "GET"): Route(EVERYBODY),
    ("satudata_request.suggest", "GET"): Route(EVERYBODY),
    ("satudata_request.answered", "POST"): Route(
        EVERYBODY, form=lambda w: {"kind": "dataset", "id": w.public, "next": w.public}
    ),
    ("satudata_request.new", "GET"): Route(EVERYBODY),
    ("satudata_request.create", "POST"): Route(EVERYBODY),
    ("satudata_request.waiting", "GET"): Route(EVERYBODY),
    ("satudata_request.confirm", "GET"): Route(EVERYBODY, lambda _: {"token": "X"}),
    ("satudata_request.confirmed", "POST"): Route(EVERYBODY, lambda _: {"token": "X"}),
    ("satudata_request.received", "GET"): Route(INSIDE, of("case")),
    ("satudata_request.public", "GET"): Route(EVERYBODY),
    ("satudata_request_report.show", "GET"): Route(EVERYBODY),
    ("satudata_request_report.xlsx", "GET"): Route(EVERYBODY),
    ("satudata_request_report.printed", "GET"): Route(EVERYBODY),
    ("satudata_check.dataset", "GET"): Route(EDITORS, of("draft")),
    ("satudata_check.run", "POST"): Route(EDITORS, of("draft")),
    ("satudata_check.file", "GET"): Route(SIGNED_IN),
    ("satudata_check.run_file", "POST"): Route(EDITORS, form=_checked_file),
    ("satudata_columns.edit", "GET"): Route(EDITORS, _resource_of_draft),
    ("satudata_columns.save", "POST"): Route(EDITORS, _resource_of_draft),
    ("satudata_exemption.grant", "POST"): Route(WALIDATA, form=_grant),
    ("satudata_exemption.revoke", "POST"): Route(
        WALIDATA, of("exemption"), form=lambda w: {"reason": REASON}
    ),
    ("satudata_conflict.index", "GET"): Route(WALIDATA),
    ("satudata_attachment.download", "GET"): Route(INSIDE, _scan),
    ("satudata_guard.challenge", "GET"): Route(EVERYBODY, lambda w: {"form": "uji"}),
    ("satudata_indicator.index", "GET"): Route(EVERYBODY),
    ("satudata_indicator.show", "GET"): Route(EVERYBODY, of("indicator", "code")),
    ("satudata_indicator.template", "GET"): Route(EVERYBODY, of("indicator", "code")),
    ("satudata_indicator_form.new", "GET"): Route(WALIDATA),
    ("satudata_indicator_form.create", "POST"): Route(WALIDATA),
    ("satudata_indicator_form.edit", "GET"): Route(WALIDATA, of("indicator", "code")),
    ("satudata_indicator_form.update", "POST"): Route(WALIDATA, of("indicator", "code")),
    ("satudata_indicator_form.status", "POST"): Route(WALIDATA, of("indicator", "code")),
    ("satudata_indicator_form.delete", "POST"): Route(WALIDATA, of("indicator", "code")),
    ("satudata_joint_release.index", "GET"): Route(EVERYBODY),
    ("satudata_joint_release.create", "POST"): Route(
        EDITORS, form=lambda w: {"revision_id": w.revision, "reason": REASON}
    ),
    ("satudata_joint_release.show", "GET"): Route(INSIDE, of("joint")),
    ("satudata_joint_release.join", "POST"): Route(
        EDITORS, of("joint"), form=of("revision", "revision_id")
    ),
    ("satudata_joint_release.release", "POST"): Route(INSIDE, of("joint")),
    ("satudata_joint_release.cancel", "POST"): Route(INSIDE, of("joint")),
    ("satudata_notice.index", "GET"): Route(SIGNED_IN),
    ("satudata_notice.read", "POST"): Route(SIGNED_IN),
    ("satudata_notice.settings", "POST"): Route(SIGNED_IN, form=lambda _: {"mail": "harian"}),
    ("satudata_work.index", "GET"): Route(SIGNED_IN),
    ("satudata_privacy.index", "GET"): Route(WALIDATA),
    ("satudata_trail.index", "GET"): Route(OFFICIALS),
    ("satudata_meeting.index", "GET"): Route(EVERYBODY),
    ("satudata_meeting.create", "POST"): Route(
        WALIDATA, form=lambda _: {"starts_at": "2031-01-14T09:00"}
    ),
    ("satudata_meeting.show", "GET"): Route(EVERYBODY, _held),
    ("satudata_meeting.update", "POST"): Route(
        WALIDATA, _held, form=lambda _: {"version": "1", "place": "X"}
    ),
    ("satudata_meeting.start", "POST"): Route(WALIDATA, _held),
    ("satudata_meeting.close", "POST"): Route(WALIDATA, _held),
    ("satudata_meeting.cancel", "POST"): Route(WALIDATA, _held, form=lambda _: {"reason": REASON}),
    ("satudata_meeting.add", "POST"): Route(WALIDATA, _held, form=lambda _: {"title": "X"}),
    ("satudata_meeting.move", "POST"): Route(WALIDATA, _item, form=lambda _: {"to": "up"}),
    ("satudata_meeting.remove", "POST"): Route(WALIDATA, _item),
    ("satudata_meeting.attach", "POST"): Route(
        WALIDATA, _closed, form=lambda _: {"upload": (io.BytesIO(b"%PDF-1.7"), "a.pdf")}
    ),
    ("satudata_meeting.escalations", "GET"): Route(INSIDE | {"stranger"}),
    ("satudata_meeting.direct", "POST"): Route(
        WALIDATA,
        lambda w: {"item_id": w.meetings.escalated},
        form=lambda _: {"choice": "own", "document": "1/2026", "ground": REASON},
    ),
    ("satudata_meeting_mode.show", "GET"): Route(INSIDE, _held),
    ("satudata_meeting_mode.state", "GET"): Route(EVERYBODY, _held),
    ("satudata_meeting_mode.chart", "GET"): Route(INSIDE, _item),
    ("satudata_meeting_mode.decide", "POST"): Route(
        WALIDATA, _item, form=lambda _: {"version": "1", "outcome": "ditunda"}
    ),
    ("satudata_meeting_mode.annotate", "POST"): Route(
        WALIDATA, _item, form=lambda _: {"version": "1", "note": "X"}
    ),
    ("satudata_meeting_mode.notes", "POST"): Route(
        WALIDATA, _held, form=lambda _: {"version": "1", "note": "X"}
    ),
    ("satudata_meeting_mode.attend", "POST"): Route(WALIDATA, _held, form=lambda _: {"name": "X"}),
    ("satudata_meeting_documents.minutes", "GET"): Route(EVERYBODY, _closed),
    ("satudata_meeting_documents.minutes_pdf", "GET"): Route(EVERYBODY, _closed),
    ("satudata_meeting_documents.record_pdf", "GET"): Route(EVERYBODY, _closed),
    ("satudata_onboarding.index", "GET"): Route(SIGNED_IN),
    ("satudata_onboarding.tour", "GET"): Route(SIGNED_IN),
    ("satudata_onboarding.finish", "POST"): Route(SIGNED_IN),
    ("satudata_onboarding.printed", "GET"): Route(EVERYBODY, lambda _: {"role": "operator"}),
    ("satudata_practice.index", "GET"): Route(SIGNED_IN),
    ("satudata_practice.begin", "POST"): Route(EDITORS, form=_exercise),
    ("satudata_practice.table", "GET"): Route(EDITORS, of("organization", "organization_id")),
    ("satudata_practice.setoran", "GET"): Route(SIGNED_IN),
    ("satudata_practice.paste", "POST"): Route(SIGNED_IN),
    ("satudata_practice.look", "POST"): Route(SIGNED_IN, form=lambda _: {"cells": "[]"}),
    ("satudata_process.index", "GET"): Route(SIGNED_IN),
    ("satudata_process.accept", "POST"): Route(WALIDATA, form=of("process", "ids")),
    ("satudata_process.show", "GET"): Route(INSIDE, of("submitted")),
    ("satudata_process.submit", "POST"): Route(EDITORS, of("draft")),
    ("satudata_process.move", "POST"): Route(
        WALIDATA,
        lambda w: {"process_id": w.process, "transition": "mulai_periksa"},
        form=of("submitted", "dataset"),
    ),
    ("satudata_process.comment", "POST"): Route(
        INSIDE, of("submitted"), form=lambda w: {"field": "notes", "text": REASON}
    ),
    ("satudata_process.resolve", "POST"): Route(
        INSIDE, of("comment", "comment_id"), form=of("submitted", "dataset")
    ),
    ("satudata_process.file", "GET"): Route(
        INSIDE, lambda w: {"id": w.public, "resource_id": w.public_resource}
    ),
    ("satudata_publish.release", "POST"): Route(EDITORS, of("draft")),
    ("satudata_release_calendar.index", "GET"): Route(EVERYBODY),
    ("satudata_release_calendar.feed", "GET"): Route(EVERYBODY),
    ("satudata_report.show", "GET"): Route(INSIDE, of("report", "report_id")),
    ("satudata_report.download", "GET"): Route(INSIDE, _report_file),
    ("satudata_link.copy", "POST"): Route(EDITORS, _resource_of_draft),
    ("satudata_revision.index", "GET"): Route(INSIDE, of("public")),
    ("satudata_revision.prepare", "POST"): Route(EDITORS, of("public"), form=_revised_file),
    ("satudata_revision.progress", "GET"): Route(INSIDE, of("revision", "revision_id")),
    ("satudata_revision.release", "POST"): Route(EDITORS, of("revision", "revision_id")),
    ("satudata_revision.cancel", "POST"): Route(EDITORS, of("revision", "revision_id")),
    ("satudata_setoran.index", "GET"): Route(SIGNED_IN),
    ("satudata_setoran.show", "GET"): Route(INSIDE, of("setoran")),
    ("satudata_setoran.save", "POST"): Route(EDITORS, of("setoran")),
    ("satudata_setoran.autosave", "POST"): Route(
        EDITORS, of("setoran"), form=lambda w: {"cells": '[{"region": "61.05.01"}]'}
    ),
    ("satudata_setoran.answer", "POST"): Route(EDITORS, of("setoran"), form=_question),
    ("satudata_setoran.ask", "POST"): Route(EDITORS, of("setoran"), form=_question),
    ("satudata_setoran.template", "GET"): Route(INSIDE, of("setoran")),
    ("satudata_setoran.upload", "POST"): Route(EDITORS, of("setoran")),
    ("satudata_setoran_agency.matrix", "GET"): Route(INSIDE, of("obligation")),
    ("satudata_setoran_agency.recap", "GET"): Route(
        INSIDE, lambda w: {"id": w.obligation, "periode": "2024"}
    ),
    ("satudata_setoran_agency.make_recap", "POST"): Route(EDITORS, of("obligation")),
    ("satudata_setoran_agency.accept", "POST"): Route(
        EDITORS, of("obligation"), form=lambda w: {"setoran": f"{w.setoran}:0"}
    ),
    ("satudata_setoran_agency.new", "GET"): Route(OFFICIALS),
    ("satudata_setoran_agency.create", "POST"): Route(
        INSIDE, form=of("organization", "organization")
    ),
    ("satudata_setoran_agency.edit", "GET"): Route(INSIDE, of("obligation")),
    ("satudata_setoran_agency.update", "POST"): Route(INSIDE, of("obligation")),
    ("satudata_setoran_agency.origins", "GET"): Route(INSIDE, of("draft")),
    ("satudata_setoran_agency.origin", "GET"): Route(
        INSIDE,
        lambda w: {"id": w.draft, "periode": "2024", "wilayah": KECAMATAN[0], "klasifikasi": ""},
    ),
    ("satudata_version.index", "GET"): Route(MEMBERS, of("draft")),
    ("satudata_version.file", "GET"): Route(EVERYBODY, _version),
    ("satudata_version.limits", "GET"): Route(EVERYBODY),
    ("validation.read", "GET"): Route(MEMBERS, _resource_of_draft),
}
