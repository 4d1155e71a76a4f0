"""Telling people by e-mail what concerns their agency, after the transaction that caused it."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.mailer import MailerException

from ckanext.satudata import letters, moments
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.joint_release import JointMember, JointRelease

log = logging.getLogger(__name__)


def tell_members(joint_id: str) -> int:
    """Tell the agencies of a joint release that nobody has told yet.

    What cannot be delivered is tried again with the next call.

    Returns:
        Number of datasets whose agency was told.
    """
    joint = model.Session.get_one(JointRelease, joint_id)
    waiting = [m for m in JointMember.of(joint_id) if not m.told_at and not m.revision_id]
    told = 0
    for member in waiting:
        package = model.Package.get(member.dataset_id)
        if package is None or not _tell(member.organization_id, *_message(joint, package)):
            continue
        member.told_at = utc_now()
        told += 1
    model.Session.commit()
    return told


def _message(joint: JointRelease, package: model.Package) -> tuple[str, str]:
    owner = model.Group.get(joint.organization_id)
    lang = letters.site_language()
    return letters.written(
        "rilis-bersama",
        lang,
        agency=(owner.title or owner.name) if owner else joint.organization_id,
        title=package.title or package.name,
        reason=joint.reason,
        date=moments.spoken(joint.due_at, lang, time=True),
        address=tk.url_for("satudata_joint_release.show", id=joint.id, _external=True),
    )


def _tell(organization: str, subject: str, body: str) -> bool:
    """Whether anybody who edits for the organization was told."""
    reached = False
    for user in _editors(organization):
        try:
            tk.mail_user(user, subject, body)
        except MailerException:
            log.warning("a notice to an editor of %s could not be delivered", organization)
        else:
            reached = True
    return reached


def _editors(organization: str) -> list[model.User]:
    member, user = model.Member, model.User
    return list(
        model.Session.scalars(
            sa.select(user)
            .join(member, member.table_id == user.id)
            .where(
                member.group_id == organization,
                member.table_name == "user",
                member.state == model.State.ACTIVE,
                member.capacity.in_(("admin", "editor")),
                user.state == model.State.ACTIVE,
                user.email.is_not(None),
            )
        )
    )
