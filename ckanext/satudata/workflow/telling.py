"""Telling agencies which public tables of theirs a joint release contradicts."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata import letters, moments
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.joint_release import REFUSED, JointMember, JointRelease

from . import notices
from .trail import Subject


def tell_members(joint_id: str) -> int:
    """Tell the agencies of a joint release that nobody has told yet.

    Returns:
        Number of datasets whose agency was told.
    """
    joint = model.Session.get_one(JointRelease, joint_id)
    owner = model.Group.get(joint.organization_id)
    told = 0
    for member in JointMember.of(joint_id):
        kind = None if member.told_at else _due(joint, member)
        package = model.Package.get(member.dataset_id)
        if kind is None or package is None:
            continue
        title = package.title or package.name
        notices.tell(
            kind,
            organizations=[member.organization_id],
            subject=Subject("joint_release", joint.id, title),
            params={
                "agency": (owner.title or owner.name) if owner else joint.organization_id,
                "title": title,
                "reason": joint.reason,
                "date": moments.spoken(joint.due_at, letters.site_language(), time=True),
            },
            address=tk.url_for("satudata_joint_release.show", id=joint.id, locale="default"),
        )
        member.told_at = utc_now()
        told += 1
    model.Session.commit()
    return told


def _due(joint: JointRelease, member: JointMember) -> str | None:
    """The kind of notice for a member that was not told of what is so now; None: there is none."""
    if joint.state == "released":
        return "rilis-bersama-ditarik" if member.outcome == "withdrawn" else None
    if joint.state != "open":
        return None
    if member.outcome == REFUSED:
        return "rilis-bersama-tertahan"
    return None if member.revision_id else "rilis-bersama"
