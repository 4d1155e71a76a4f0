"""What the portal does by itself when its time has come; ``ckan satudata due`` runs it.

Each duty may be run as often as one likes: it does what is due and was not done yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ckanext.satudata import attachments
from ckanext.satudata.privacy import retention

from . import notices, trail
from .agreements import effects as agreement_effects
from .cases import cases, complaints, telling
from .cases import files as case_files
from .cases import reminders as case_reminders
from .meetings import decisions, invitations, meetings
from .onboarding import invitations as account_invitations
from .onboarding import practice
from .review import publishing
from .setoran import calendar as setoran_calendar
from .setoran import reminders as setoran_reminders


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that becomes due.

    Attributes:
        name: for the command's output.
        run: does what is due at a moment (UTC), commits, and tells what it did, a line each.
    """

    name: str
    run: Callable[[datetime], list[str]]


def _seal(_now: datetime) -> list[str]:
    count = trail.seal()
    return [f"sealed: {count} entry(ies) of the audit trail"] if count else []


#: In this order: whatever the first ones tell people goes out with the last.
DUTIES: tuple[Duty, ...] = (
    Duty("publications", publishing.due),
    Duty("setoran", setoran_calendar.open_due),
    Duty("setoran-reminders", setoran_reminders.remind),
    Duty("meetings", meetings.keep),
    Duty("invitations", invitations.send),
    Duty("escalations", decisions.remind),
    Duty("agreements", agreement_effects.due),
    Duty("reported-figures", complaints.follow_mended),
    Duty("cases", case_reminders.run),
    Duty("case-letters", telling.deliver),
    Duty("unconfirmed", cases.drop_unconfirmed),
    Duty("retention", retention.run),
    Duty("case-files", case_files.forget),
    Duty("attachments", attachments.erase),
    Duty("accounts", account_invitations.expire),
    Duty("practice", practice.reset),
    Duty("notices", notices.deliver),
    Duty("trail", _seal),
)
