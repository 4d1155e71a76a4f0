"""Every action of ours, with those who may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ckanext.satudata.tests.logic.matrix.world import (
    ADMINS,
    EDITORS,
    EVERYBODY,
    INSIDE,
    MEMBERS,
    OFFICIALS,
    OWN_EDITORS,
    REASON,
    SIGNED_IN,
    SYSADMIN,
    WALIDATA,
    Role,
    World,
    nothing,
    of,
)
from ckanext.satudata.tests.worlds import KECAMATAN
from ckanext.satudata.workflow.exemptions import KINDS


@dataclass(frozen=True)
class Rule:
    """Who may, and with which parameters that is asked."""

    allowed: frozenset[Role]
    data: Callable[[World], dict[str, Any]]


def _drafts(world: World) -> dict[str, Any]:
    return {"datasets": [world.draft], "org_id": world.organization}


def _member(world: World) -> dict[str, Any]:
    who = {"object": world.users["member"], "object_type": "user", "capacity": "member"}
    return {"id": world.organization, **who}


def _of_period(world: World) -> dict[str, Any]:
    return {"id": world.obligation, "period": "2024"}


def _about_cell(world: World) -> dict[str, Any]:
    return {"id": world.setoran, "region": KECAMATAN[0], "text": REASON}


def _proposal(world: World) -> dict[str, Any]:
    thing = {"indicator": world.indicator, "region": "61.05.02", "period": "2020", "value": 1}
    return {
        "kind": "angka_disepakati",
        "objects": [thing],
        "parties": world.parties,
        "note": REASON,
    }


def _answer(world: World) -> dict[str, Any]:
    return {"id": world.agreement, "organization_id": world.organization, "reason": REASON}


ACTIONS: dict[str, Rule] = {
    # CKAN's own, of which ours are a part: their auth functions stay in force.
    "bulk_update_delete": Rule(ADMINS, _drafts),
    "bulk_update_private": Rule(ADMINS, _drafts),
    "bulk_update_public": Rule(ADMINS, _drafts),
    "dataset_purge": Rule(SYSADMIN, of("draft")),
    "datastore_create": Rule(EDITORS, of("resource", "resource_id")),
    "datastore_delete": Rule(EDITORS, of("resource", "resource_id")),
    "datastore_records_delete": Rule(EDITORS, of("resource", "resource_id")),
    "datastore_run_triggers": Rule(SYSADMIN, of("resource", "resource_id")),
    "datastore_upsert": Rule(EDITORS, of("resource", "resource_id")),
    "group_delete": Rule(ADMINS, of("organization")),
    "group_purge": Rule(SYSADMIN, of("organization")),
    "group_update": Rule(ADMINS, lambda w: {"id": w.organization, "state": "deleted"}),
    "member_create": Rule(ADMINS, _member),
    "member_delete": Rule(ADMINS, _member),
    "organization_delete": Rule(ADMINS, of("organization")),
    "organization_purge": Rule(SYSADMIN, of("organization")),
    "organization_update": Rule(ADMINS, lambda w: {"id": w.organization, "state": "deleted"}),
    "package_create": Rule(EDITORS, lambda w: {"owner_org": w.organization, "name": "x-matriks"}),
    "package_delete": Rule(EDITORS, of("draft")),
    "package_owner_org_update": Rule(
        SYSADMIN, lambda w: {"id": w.draft, "organization_id": w.organization}
    ),
    "package_patch": Rule(EDITORS, of("draft")),
    "package_revise": Rule(
        EDITORS, lambda w: {"match": {"id": w.draft}, "update": {"id": w.draft}}
    ),
    "package_update": Rule(EDITORS, of("draft")),
    "resource_create": Rule(EDITORS, of("draft", "package_id")),
    "resource_delete": Rule(EDITORS, of("resource")),
    "resource_patch": Rule(EDITORS, of("resource")),
    "resource_update": Rule(EDITORS, of("resource")),
    "resource_validation_delete": Rule(EDITORS, of("resource", "resource_id")),
    "resource_validation_run": Rule(EDITORS, of("resource", "resource_id")),
    "resource_validation_run_batch": Rule(SYSADMIN, nothing),
    "resource_validation_show": Rule(MEMBERS, of("resource", "resource_id")),
    "satudata_account_import": Rule(
        WALIDATA, lambda _: {"people": [{"nama": "X"}], "dry_run": True}
    ),
    "satudata_agenda_item_create": Rule(
        WALIDATA, lambda w: {"meeting_id": w.meetings.held, "title": "X"}
    ),
    "satudata_agenda_item_decide": Rule(
        WALIDATA, lambda w: {"id": w.meetings.item, "version": 1, "outcome": "ditunda"}
    ),
    "satudata_agenda_item_remove": Rule(WALIDATA, lambda w: {"id": w.meetings.item}),
    "satudata_agenda_item_update": Rule(
        WALIDATA, lambda w: {"id": w.meetings.item, "version": 1, "note": "X"}
    ),
    "satudata_attendance_set": Rule(WALIDATA, lambda w: {"id": w.meetings.held, "name": "X"}),
    "satudata_agreement_accept": Rule(OWN_EDITORS, _answer),
    "satudata_agreement_decline": Rule(OWN_EDITORS, _answer),
    "satudata_agreement_direct": Rule(
        WALIDATA, lambda w: {"id": w.agreement, "ground": REASON, "document": "180/1/2026"}
    ),
    "satudata_agreement_list": Rule(EVERYBODY, nothing),
    "satudata_agreement_propose": Rule(INSIDE, _proposal),
    "satudata_agreement_revise": Rule(INSIDE, lambda w: {"id": w.agreement, "note": REASON}),
    "satudata_agreement_show": Rule(INSIDE, of("agreement")),
    "satudata_agreement_withdraw": Rule(INSIDE, lambda w: {"id": w.agreement, "reason": REASON}),
    "satudata_case_file_create": Rule(INSIDE, lambda w: {"id": w.case, "audience": "internal"}),
    "satudata_case_follow": Rule(SIGNED_IN, of("case")),
    "satudata_case_identity": Rule(WALIDATA, lambda w: {"id": w.case, "why": REASON}),
    "satudata_case_list": Rule(SIGNED_IN, nothing),
    "satudata_case_move": Rule(
        WALIDATA, lambda w: {"id": w.case, "transition": "perpanjang", "note": REASON}
    ),
    "satudata_case_publish": Rule(
        WALIDATA, lambda w: {"id": w.case, "title": "X", "question": REASON}
    ),
    "satudata_case_say": Rule(INSIDE, lambda w: {"id": w.case, "text": REASON}),
    "satudata_case_show": Rule(INSIDE, of("case")),
    "satudata_case_track": Rule(EVERYBODY, lambda _: {"number": "PI-2026-00001", "secret": "X"}),
    "satudata_attachment_show": Rule(INSIDE, lambda w: {"id": w.meetings.scan}),
    "satudata_check": Rule(EDITORS, of("draft")),
    "satudata_complaint_create": Rule(EVERYBODY, nothing),
    "satudata_complaint_export": Rule(
        WALIDATA, lambda _: {"first": "2026-01-01", "last": "2026-01-31"}
    ),
    "satudata_complaint_statistics": Rule(EVERYBODY, nothing),
    "satudata_complaint_suggest": Rule(WALIDATA, nothing),
    "satudata_conflict_list": Rule(WALIDATA, nothing),
    "satudata_dataset_status": Rule(MEMBERS, of("draft")),
    "satudata_declaration_confirm": Rule(
        EDITORS, lambda w: {"id": w.resource, "declaration": {"fields": []}}
    ),
    "satudata_declaration_guess": Rule(EDITORS, of("resource")),
    "satudata_declaration_preview": Rule(
        EDITORS, lambda w: {"id": w.resource, "declaration": {"fields": []}}
    ),
    "satudata_escalation_direct": Rule(
        WALIDATA,
        lambda w: {
            "id": w.meetings.escalated,
            "choice": "own",
            "document": "1/2026",
            "ground": REASON,
        },
    ),
    "satudata_escalation_list": Rule(INSIDE | {"stranger"}, nothing),
    "satudata_exemption_grant": Rule(
        WALIDATA,
        lambda w: {
            "resource_id": w.resource,
            "kind": KINDS[0],
            "column": "Nilai",
            "structure": "x",
            "reason": REASON,
        },
    ),
    "satudata_exemption_list": Rule(MEMBERS | WALIDATA, of("draft")),
    "satudata_exemption_revoke": Rule(WALIDATA, lambda w: {"id": w.exemption, "reason": REASON}),
    "satudata_former_figure_list": Rule(MEMBERS, of("draft")),
    "satudata_identity_access_list": Rule(WALIDATA, nothing),
    "satudata_identity_open": Rule(WALIDATA, lambda w: {"id": w.identity, "why": REASON}),
    "satudata_indicator_create": Rule(
        WALIDATA,
        lambda w: {
            "code": "LOK.X",
            "name": "X",
            "definition": "X",
            "ukuran": "jumlah",
            "unit": "ton",
        },
    ),
    "satudata_indicator_delete": Rule(WALIDATA, of("indicator")),
    "satudata_indicator_list": Rule(EVERYBODY, nothing),
    "satudata_indicator_preview": Rule(WALIDATA, of("indicator")),
    "satudata_indicator_show": Rule(EVERYBODY, of("indicator")),
    "satudata_indicator_update": Rule(WALIDATA, of("indicator")),
    "satudata_invitation_list": Rule(WALIDATA, nothing),
    "satudata_invitation_resend": Rule(WALIDATA, lambda _: {"id": "x"}),
    "satudata_joint_release_cancel": Rule(INSIDE, of("joint")),
    "satudata_joint_release_create": Rule(
        EDITORS, lambda w: {"revision_id": w.revision, "reason": REASON}
    ),
    "satudata_joint_release_join": Rule(
        EDITORS, lambda w: {"id": w.joint, "revision_id": w.revision}
    ),
    "satudata_joint_release_list": Rule(EVERYBODY, nothing),
    "satudata_joint_release_release": Rule(INSIDE, of("joint")),
    "satudata_joint_release_show": Rule(INSIDE, of("joint")),
    "satudata_link_copy": Rule(EDITORS, of("resource")),
    "satudata_meeting_attach": Rule(
        WALIDATA, lambda w: {"id": w.meetings.closed, "upload": "pindaian.pdf"}
    ),
    "satudata_meeting_cancel": Rule(WALIDATA, lambda w: {"id": w.meetings.held, "reason": REASON}),
    "satudata_meeting_close": Rule(WALIDATA, lambda w: {"id": w.meetings.held}),
    "satudata_meeting_create": Rule(WALIDATA, lambda _: {"starts_at": "2031-01-14T09:00"}),
    "satudata_meeting_list": Rule(EVERYBODY, nothing),
    "satudata_meeting_minutes": Rule(EVERYBODY, lambda w: {"id": w.meetings.closed}),
    "satudata_meeting_show": Rule(EVERYBODY, lambda w: {"id": w.meetings.held}),
    "satudata_meeting_start": Rule(WALIDATA, lambda w: {"id": w.meetings.held}),
    "satudata_meeting_update": Rule(
        WALIDATA, lambda w: {"id": w.meetings.held, "version": 1, "place": "X"}
    ),
    "satudata_note_list": Rule(MEMBERS, of("draft")),
    "satudata_notice_list": Rule(SIGNED_IN, nothing),
    "satudata_notice_read": Rule(SIGNED_IN, nothing),
    "satudata_notice_setting_show": Rule(SIGNED_IN, nothing),
    "satudata_notice_setting_update": Rule(SIGNED_IN, lambda _: {"mail": "harian"}),
    "satudata_obligation_create": Rule(
        INSIDE,
        lambda w: {
            "indicator": w.indicator,
            "organization": w.organization,
            "frequency": "tahunan",
        },
    ),
    "satudata_obligation_end": Rule(INSIDE, lambda w: {"id": w.obligation, "last": "2030-12-31"}),
    "satudata_obligation_list": Rule(SIGNED_IN, nothing),
    "satudata_obligation_show": Rule(INSIDE, of("obligation")),
    "satudata_obligation_update": Rule(INSIDE, of("obligation")),
    "satudata_observation_list": Rule(EVERYBODY, nothing),
    # A sysadmin edits for every body, but practises for those they belong to.
    "satudata_practice_begin": Rule(
        EDITORS,
        lambda w: {"exercise": "latihan-bersih", "organization_id": w.organization},
    ),
    "satudata_practice_list": Rule(SIGNED_IN, nothing),
    "satudata_practice_paste": Rule(SIGNED_IN, lambda _: {"cells": [{"region": KECAMATAN[0]}]}),
    "satudata_practice_table": Rule(EDITORS, of("organization", "organization_id")),
    "satudata_process_bulk_accept": Rule(WALIDATA, lambda w: {"ids": [w.process]}),
    "satudata_process_list": Rule(SIGNED_IN, nothing),
    "satudata_process_move": Rule(
        WALIDATA, lambda w: {"id": w.process, "transition": "mulai_periksa"}
    ),
    "satudata_process_show": Rule(INSIDE, of("draft")),
    "satudata_process_submit": Rule(EDITORS, of("draft")),
    "satudata_objection_create": Rule(
        frozenset(), lambda w: {"id": w.case, "grounds": ["c"], "text": REASON}
    ),
    "satudata_request_answered": Rule(EVERYBODY, lambda w: {"kind": "dataset", "id": w.public}),
    "satudata_request_confirm": Rule(EVERYBODY, lambda _: {"token": "X"}),
    "satudata_request_create": Rule(EVERYBODY, lambda _: {"items": [REASON]}),
    "satudata_request_public_list": Rule(EVERYBODY, nothing),
    "satudata_request_report": Rule(EVERYBODY, nothing),
    "satudata_request_suggest": Rule(EVERYBODY, lambda _: {"q": "beras"}),
    "satudata_progress_list": Rule(WALIDATA, nothing),
    "satudata_progress_show": Rule(SIGNED_IN, nothing),
    "satudata_release_calendar_list": Rule(EVERYBODY, nothing),
    "satudata_report_list": Rule(INSIDE, of("draft", "dataset_id")),
    "satudata_report_show": Rule(INSIDE, of("report")),
    "satudata_review_comment_create": Rule(
        INSIDE, lambda w: {"id": w.submitted, "field": "notes", "text": REASON}
    ),
    "satudata_review_comment_resolve": Rule(INSIDE, of("comment")),
    "satudata_revision_cancel": Rule(EDITORS, of("revision")),
    "satudata_revision_list": Rule(INSIDE, of("public", "dataset_id")),
    "satudata_revision_prepare": Rule(
        EDITORS, lambda w: {"id": w.public, "resource_id": w.public_resource}
    ),
    "satudata_revision_release": Rule(EDITORS, of("revision")),
    "satudata_revision_show": Rule(INSIDE, of("revision")),
    "satudata_setoran_accept": Rule(EDITORS, of("setoran")),
    "satudata_setoran_analysis": Rule(INSIDE, _of_period),
    "satudata_setoran_answer": Rule(EDITORS, _about_cell),
    "satudata_setoran_ask": Rule(EDITORS, _about_cell),
    "satudata_setoran_list": Rule(SIGNED_IN, nothing),
    "satudata_setoran_matrix": Rule(INSIDE, of("obligation")),
    "satudata_setoran_origin_list": Rule(INSIDE, of("draft")),
    "satudata_setoran_recap": Rule(EDITORS, _of_period),
    "satudata_setoran_save": Rule(
        EDITORS,
        lambda w: {"id": w.setoran, "cells": [{"region": KECAMATAN[0], "text": "1"}]},
    ),
    "satudata_setoran_show": Rule(INSIDE, of("setoran")),
    "satudata_setoran_submit": Rule(
        EDITORS, lambda w: {"id": w.setoran, "version": 0, "responsible": "Camat"}
    ),
    "satudata_setoran_trace": Rule(
        INSIDE, lambda w: {"dataset": w.draft, "period": "2024", "region": KECAMATAN[0]}
    ),
    "satudata_setoran_upload": Rule(EDITORS, lambda w: {"id": w.setoran, "upload": "x"}),
    "satudata_task_list": Rule(SIGNED_IN, nothing),
    "satudata_template": Rule(EVERYBODY, lambda w: {"indicator": w.indicator, "periods": ["2025"]}),
    "satudata_tour_finish": Rule(SIGNED_IN, nothing),
    "satudata_trail_list": Rule(OFFICIALS, nothing),
    "satudata_version_list": Rule(MEMBERS, of("draft")),
    "satudata_walidata_hand_on": Rule(SYSADMIN, of("organization")),
}

#: Auth functions that no action of the same name has: who may, and what is asked.
QUESTIONS: dict[str, frozenset[Role]] = {"satudata_roles_assign": SYSADMIN}
