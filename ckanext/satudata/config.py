"""The extension's options, read here and nowhere else (declared in config_declaration.yaml)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

HOME_REGION = "ckanext.satudata.home_region"
MAX_FILE_SIZE = "ckanext.satudata.max_file_size"
MAX_ROWS = "ckanext.satudata.max_rows"
MAX_COLUMNS = "ckanext.satudata.max_columns"
TIMEZONE = "ckanext.satudata.timezone"
BACKGROUND_SIZE = "ckanext.satudata.background_size"
JOINT_RELEASE_DAYS = "ckanext.satudata.joint_release_days"
FETCH_TIMEOUT = "ckanext.satudata.fetch_timeout"
FETCH_PRIVATE_HOSTS = "ckanext.satudata.fetch_private_hosts"
DIGEST_TIME = "ckanext.satudata.digest_time"
HOLIDAY_FILE = "ckanext.satudata.holiday_file"
SETORAN_REMIND_DAYS = "ckanext.satudata.setoran_remind_days"
AFFAIR_WORDS_FILE = "ckanext.satudata.affair_words_file"
DEADLINES = "ckanext.satudata.deadlines"
CASE_REMIND_DAYS = "ckanext.satudata.case_remind_days"
CASE_ESCALATION_DAYS = "ckanext.satudata.case_escalation_days"
SETORAN_ESCALATION_DAYS = "ckanext.satudata.setoran_escalation_days"
FIRST_PUBLICATION = "ckanext.satudata.first_publication"
ROUTINE_UPDATE = "ckanext.satudata.routine_update"
RULE_FILES = "ckanext.satudata.rule_files"
MEETING_WEEKDAY = "ckanext.satudata.meeting_weekday"
MEETING_TIME = "ckanext.satudata.meeting_time"
MEETING_MINUTES = "ckanext.satudata.meeting_minutes"
MEETING_PLACE = "ckanext.satudata.meeting_place"
INVITATION_DAYS = "ckanext.satudata.meeting_invitation_days"
ESCALATION_DAYS = "ckanext.satudata.escalation_reminder_days"
PRIVACY_KEYS = "ckanext.satudata.privacy_keys"
IDENTITY_RETENTION_DAYS = "ckanext.satudata.identity_retention_days"
IDENTITY_UNCONFIRMED_DAYS = "ckanext.satudata.identity_unconfirmed_days"
CONFIDENTIAL_ROLE = "ckanext.satudata.confidential_role"
TRUSTED_PROXIES = "ckanext.satudata.trusted_proxies"
FORM_SECONDS = "ckanext.satudata.form_seconds"
PROOF_WORK = "ckanext.satudata.proof_work"
PROOF_MINUTES = "ckanext.satudata.proof_minutes"
LIMITS = {
    "person": "ckanext.satudata.limit_person",
    "address": "ckanext.satudata.limit_address",
    "unproved": "ckanext.satudata.limit_unproved",
    "lookup": "ckanext.satudata.limit_lookup",
    "message": "ckanext.satudata.limit_message",
    "mailbox": "ckanext.satudata.limit_mailbox",
    "challenge": "ckanext.satudata.limit_challenge",
}
ATTACHMENT_SIZE = "ckanext.satudata.attachment_size"
ATTACHMENT_COUNT = "ckanext.satudata.attachment_count"
ACCOUNT_DAYS = "ckanext.satudata.account_invitation_days"
PRACTICE_RESET = "ckanext.satudata.practice_reset_time"


def home_region() -> str:
    """Kemendagri code of the kabupaten whose portal this is."""
    return tk.config[HOME_REGION]


def max_file_size() -> int:
    """Bytes above which a table is not read."""
    return tk.config[MAX_FILE_SIZE] * 1024 * 1024


def max_rows() -> int:
    """Rows above which a table is not read."""
    return tk.config[MAX_ROWS]


def max_columns() -> int:
    """Columns above which a table is not read."""
    return tk.config[MAX_COLUMNS]


def background_size() -> int:
    """Bytes of tables above which a publication is checked by the job worker."""
    return tk.config[BACKGROUND_SIZE] * 1024 * 1024


def joint_release_days() -> int:
    """Days that agencies have to correct tables a joint release contradicts."""
    return tk.config[JOINT_RELEASE_DAYS]


def timezone() -> str:
    """Name of the time zone in which moments are shown."""
    return tk.config[TIMEZONE]


def fetch_timeout() -> int:
    """Seconds that copying a linked file may take."""
    return tk.config[FETCH_TIMEOUT]


def fetch_private_hosts() -> list[str]:
    """Hosts outside the public internet from which linked files may be copied."""
    return tk.config[FETCH_PRIVATE_HOSTS]


def digest_time() -> str:
    """Time of day, ``HH:MM`` in the portal's zone, from which the day's letters go out."""
    return tk.config[DIGEST_TIME]


def holiday_file() -> str:
    """Path of the file with the kabupaten's own holidays, or empty."""
    return tk.config[HOLIDAY_FILE]


def setoran_remind_days() -> int:
    """Working days before the last day on which a kecamatan is reminded."""
    return tk.config[SETORAN_REMIND_DAYS]


def setoran_escalation_days() -> int:
    """Working days after the last day from which the walidata is told."""
    return tk.config[SETORAN_ESCALATION_DAYS]


def first_publication() -> str:
    """Who looks at a first publication: ``langsung`` (nobody), ``walidata`` or ``rapat``."""
    return tk.config[FIRST_PUBLICATION]


def routine_update() -> str:
    """Who looks at an update of an accepted dataset: as :func:`first_publication`."""
    return tk.config[ROUTINE_UPDATE]


def rule_files() -> list[str]:
    """Paths of rule files that replace or add to the ones shipped."""
    return tk.config[RULE_FILES]


def meeting_weekday() -> int:
    """Day of the week on which meetings are: 1 is Monday, 7 Sunday, 0 no meetings by themselves."""
    return tk.config[MEETING_WEEKDAY]


def meeting_time() -> str:
    """Time of day, ``HH:MM`` in the portal's zone, at which meetings begin."""
    return tk.config[MEETING_TIME]


def meeting_minutes() -> int:
    """How long a meeting takes, for people's calendars."""
    return tk.config[MEETING_MINUTES]


def meeting_place() -> str:
    """Where meetings are, or empty."""
    return tk.config[MEETING_PLACE]


def invitation_days() -> int:
    """Working days before a meeting on which invitations go out."""
    return tk.config[INVITATION_DAYS]


def escalation_days() -> int:
    """Working days after which people are reminded of what waits for the Bupati's direction."""
    return tk.config[ESCALATION_DAYS]


def privacy_keys() -> list[str]:
    """Keys that seal who people are, the newest first."""
    return tk.config[PRIVACY_KEYS]


def identity_retention_days() -> int:
    """Days after a case was closed for which it stays known who asked."""
    return tk.config[IDENTITY_RETENTION_DAYS]


def identity_unconfirmed_days() -> int:
    """Days for which it stays known who somebody said to be without confirming the address."""
    return tk.config[IDENTITY_UNCONFIRMED_DAYS]


def confidential_role() -> str:
    """Role of the body that may open who asked to stay unknown: ``ppid`` or ``walidata``."""
    return tk.config[CONFIDENTIAL_ROLE]


def trusted_proxies() -> int:
    """How many of our own web servers stand before the portal."""
    return tk.config[TRUSTED_PROXIES]


def form_seconds() -> int:
    """Seconds that writing a form takes a person at least."""
    return tk.config[FORM_SECONDS]


def proof_work() -> int:
    """The most tries a proof of work takes."""
    return tk.config[PROOF_WORK]


def proof_seconds() -> int:
    """Seconds for which a proof of work holds."""
    return tk.config[PROOF_MINUTES] * 60


def limit(who: str, form: str = "") -> str:
    """How often something may be done, as people write it: ``20 per hour; 60 per day``.

    Args:
        who: whose, a key of :data:`LIMITS`.
        form: the form; one without a limit of its own has everybody's.
    """
    own = tk.config.get(f"ckanext.satudata.limit.{form}.{who}", None) if form else None
    return own or tk.config[LIMITS[who]]


def attachment_size() -> int:
    """Bytes that one attachment may have."""
    return tk.config[ATTACHMENT_SIZE] * 1024 * 1024


def attachment_count() -> int:
    """Attachments that one thing may have."""
    return tk.config[ATTACHMENT_COUNT]


def affair_words_file() -> str:
    """Path of the file with the kabupaten's own words for each urusan, or empty."""
    return tk.config[AFFAIR_WORDS_FILE]


def deadlines() -> list[str]:
    """Deadlines of cases that differ from the shipped ones: ``permintaan.jawaban=7``."""
    return tk.config[DEADLINES]


def case_remind_days() -> int:
    """Working days before a case's last day on which whoever has to act is reminded."""
    return tk.config[CASE_REMIND_DAYS]


def case_escalation_days() -> int:
    """Working days after a case's last day from which the walidata and the PPID are told."""
    return tk.config[CASE_ESCALATION_DAYS]


def account_days() -> int:
    """Days for which the link in somebody's invitation opens their account."""
    return tk.config[ACCOUNT_DAYS]


def practice_reset_time() -> str:
    """Time of day, ``HH:MM`` in the portal's zone, at which the practice space is emptied."""
    return tk.config[PRACTICE_RESET]
