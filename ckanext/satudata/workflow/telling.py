"""Telling agencies which public tables of theirs a joint release contradicts."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata import letters, moments
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.joint_release import JointMember, JointRelease

from . import notices
from .trail import Subject


def tell_members(joint_id: str) -> int:
    """Tell the agencies of a joint release that nobody has told yet.

    Returns:
        Number of datasets whose agency was told.
    """
    joint = model.Session.get_one(JointRelease, joint_id)
    waiting = [m for m in JointMember.of(joint_id) if not m.told_at and not m.revision_id]
    owner = model.Group.get(joint.organization_id)
    told = 0
    for member in waiting:
        package = model.Package.get(member.dataset_id)
        if package is None:
            continue
        title = package.title or package.name
        notices.tell(
            "rilis-bersama",
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
