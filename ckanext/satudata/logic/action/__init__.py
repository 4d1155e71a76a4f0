"""CKAN actions; CKAN registers exactly the names in ``__all__``."""

from __future__ import annotations

from typing import Any

from . import datastore, retried
from .agenda import (
    satudata_agenda_item_create,
    satudata_agenda_item_decide,
    satudata_agenda_item_remove,
    satudata_agenda_item_update,
    satudata_escalation_direct,
    satudata_escalation_list,
)
from .agreement import (
    satudata_agreement_accept,
    satudata_agreement_decline,
    satudata_agreement_direct,
    satudata_agreement_list,
    satudata_agreement_propose,
    satudata_agreement_revise,
    satudata_agreement_show,
    satudata_agreement_withdraw,
)
from .attachment import satudata_attachment_show
from .case import (
    satudata_case_follow,
    satudata_case_identity,
    satudata_case_list,
    satudata_case_move,
    satudata_case_say,
    satudata_case_show,
    satudata_case_track,
)
from .case_file import satudata_case_file_create
from .check import (
    satudata_check,
    satudata_report_list,
    satudata_report_show,
)
from .complaint import (
    satudata_complaint_create,
    satudata_complaint_export,
    satudata_complaint_statistics,
    satudata_complaint_suggest,
)
from .conflict import satudata_conflict_list
from .dataset import (
    dataset_purge,
    package_create,
    package_owner_org_update,
    resource_create,
)
from .declaration import (
    satudata_declaration_confirm,
    satudata_declaration_guess,
    satudata_declaration_preview,
    satudata_template,
)
from .exemption import (
    satudata_exemption_grant,
    satudata_exemption_list,
    satudata_exemption_revoke,
)
from .history import satudata_former_figure_list
from .identity import satudata_identity_access_list, satudata_identity_open
from .indicator import (
    satudata_indicator_create,
    satudata_indicator_delete,
    satudata_indicator_list,
    satudata_indicator_preview,
    satudata_indicator_show,
    satudata_indicator_update,
)
from .joint_release import (
    satudata_joint_release_cancel,
    satudata_joint_release_create,
    satudata_joint_release_join,
    satudata_joint_release_list,
    satudata_joint_release_release,
    satudata_joint_release_show,
)
from .link import satudata_link_copy
from .meeting import (
    satudata_attendance_set,
    satudata_meeting_attach,
    satudata_meeting_cancel,
    satudata_meeting_close,
    satudata_meeting_create,
    satudata_meeting_list,
    satudata_meeting_minutes,
    satudata_meeting_show,
    satudata_meeting_start,
    satudata_meeting_update,
)
from .members import member_create, member_delete
from .notice import (
    satudata_notice_list,
    satudata_notice_read,
    satudata_notice_setting_show,
    satudata_notice_setting_update,
)
from .obligation import (
    satudata_obligation_create,
    satudata_obligation_end,
    satudata_obligation_list,
    satudata_obligation_show,
    satudata_obligation_update,
)
from .observation import (
    satudata_note_list,
    satudata_observation_list,
)
from .onboarding import (
    satudata_account_import,
    satudata_invitation_list,
    satudata_invitation_resend,
    satudata_progress_list,
    satudata_progress_show,
    satudata_tour_finish,
)
from .organization import satudata_walidata_hand_on
from .practice import (
    satudata_practice_begin,
    satudata_practice_list,
    satudata_practice_paste,
    satudata_practice_table,
)
from .process import (
    satudata_process_bulk_accept,
    satudata_process_list,
    satudata_process_move,
    satudata_process_show,
    satudata_process_submit,
)
from .release_calendar import satudata_release_calendar_list
from .request import (
    satudata_case_publish,
    satudata_objection_create,
    satudata_request_answered,
    satudata_request_confirm,
    satudata_request_create,
    satudata_request_public_list,
    satudata_request_report,
    satudata_request_suggest,
)
from .review import (
    satudata_review_comment_create,
    satudata_review_comment_resolve,
    satudata_version_list,
)
from .revision import (
    satudata_revision_cancel,
    satudata_revision_list,
    satudata_revision_prepare,
    satudata_revision_release,
    satudata_revision_show,
)
from .setoran import (
    satudata_setoran_answer,
    satudata_setoran_list,
    satudata_setoran_save,
    satudata_setoran_show,
    satudata_setoran_submit,
    satudata_setoran_upload,
)
from .setoran_agency import (
    satudata_setoran_accept,
    satudata_setoran_analysis,
    satudata_setoran_ask,
    satudata_setoran_matrix,
    satudata_setoran_origin_list,
    satudata_setoran_recap,
    satudata_setoran_trace,
)
from .status import (
    satudata_dataset_status,
)
from .task import satudata_task_list
from .trail import satudata_trail_list

__all__ = [
    "dataset_purge",
    "member_create",
    "member_delete",
    "package_create",
    "package_owner_org_update",
    "resource_create",
    "satudata_account_import",
    "satudata_agenda_item_create",
    "satudata_agenda_item_decide",
    "satudata_agenda_item_remove",
    "satudata_agenda_item_update",
    "satudata_agreement_accept",
    "satudata_agreement_decline",
    "satudata_agreement_direct",
    "satudata_agreement_list",
    "satudata_agreement_propose",
    "satudata_agreement_revise",
    "satudata_agreement_show",
    "satudata_agreement_withdraw",
    "satudata_attachment_show",
    "satudata_attendance_set",
    "satudata_case_file_create",
    "satudata_case_follow",
    "satudata_case_identity",
    "satudata_case_list",
    "satudata_case_move",
    "satudata_case_publish",
    "satudata_case_say",
    "satudata_case_show",
    "satudata_case_track",
    "satudata_check",
    "satudata_complaint_create",
    "satudata_complaint_export",
    "satudata_complaint_statistics",
    "satudata_complaint_suggest",
    "satudata_conflict_list",
    "satudata_dataset_status",
    "satudata_declaration_confirm",
    "satudata_declaration_guess",
    "satudata_declaration_preview",
    "satudata_escalation_direct",
    "satudata_escalation_list",
    "satudata_exemption_grant",
    "satudata_exemption_list",
    "satudata_exemption_revoke",
    "satudata_former_figure_list",
    "satudata_identity_access_list",
    "satudata_identity_open",
    "satudata_indicator_create",
    "satudata_indicator_delete",
    "satudata_indicator_list",
    "satudata_indicator_preview",
    "satudata_indicator_show",
    "satudata_indicator_update",
    "satudata_invitation_list",
    "satudata_invitation_resend",
    "satudata_joint_release_cancel",
    "satudata_joint_release_create",
    "satudata_joint_release_join",
    "satudata_joint_release_list",
    "satudata_joint_release_release",
    "satudata_joint_release_show",
    "satudata_link_copy",
    "satudata_meeting_attach",
    "satudata_meeting_cancel",
    "satudata_meeting_close",
    "satudata_meeting_create",
    "satudata_meeting_list",
    "satudata_meeting_minutes",
    "satudata_meeting_show",
    "satudata_meeting_start",
    "satudata_meeting_update",
    "satudata_note_list",
    "satudata_notice_list",
    "satudata_notice_read",
    "satudata_notice_setting_show",
    "satudata_notice_setting_update",
    "satudata_objection_create",
    "satudata_obligation_create",
    "satudata_obligation_end",
    "satudata_obligation_list",
    "satudata_obligation_show",
    "satudata_obligation_update",
    "satudata_observation_list",
    "satudata_practice_begin",
    "satudata_practice_list",
    "satudata_practice_paste",
    "satudata_practice_table",
    "satudata_process_bulk_accept",
    "satudata_process_list",
    "satudata_process_move",
    "satudata_process_show",
    "satudata_process_submit",
    "satudata_progress_list",
    "satudata_progress_show",
    "satudata_release_calendar_list",
    "satudata_report_list",
    "satudata_report_show",
    "satudata_request_answered",
    "satudata_request_confirm",
    "satudata_request_create",
    "satudata_request_public_list",
    "satudata_request_report",
    "satudata_request_suggest",
    "satudata_review_comment_create",
    "satudata_review_comment_resolve",
    "satudata_revision_cancel",
    "satudata_revision_list",
    "satudata_revision_prepare",
    "satudata_revision_release",
    "satudata_revision_show",
    "satudata_setoran_accept",
    "satudata_setoran_analysis",
    "satudata_setoran_answer",
    "satudata_setoran_ask",
    "satudata_setoran_list",
    "satudata_setoran_matrix",
    "satudata_setoran_origin_list",
    "satudata_setoran_recap",
    "satudata_setoran_save",
    "satudata_setoran_show",
    "satudata_setoran_submit",
    "satudata_setoran_trace",
    "satudata_setoran_upload",
    "satudata_task_list",
    "satudata_template",
    "satudata_tour_finish",
    "satudata_trail_list",
    "satudata_version_list",
    "satudata_walidata_hand_on",
]


def get_actions() -> dict[str, Any]:
    """All actions, with those put before the actions of plugins that are loaded."""
    ours = {name: globals()[name] for name in __all__}
    return {**ours, **datastore.get_actions(), **retried.get_actions()}
