"""Joint releases: datasets of several agencies that change at one moment or not at all."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import validate
from ckan.types import Context, DataDict

from ckanext.satudata.errors import Refused
from ckanext.satudata.logic.auth import joint_release as auth
from ckanext.satudata.logic.retrying import retrying_own
from ckanext.satudata.logic.schema import joint_release as schema
from ckanext.satudata.logic.schema import revision as revision_schema
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.joint_release import REFUSED, JointMember, JointRelease
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.workflow import joint_release, revisions, telling


@validate(schema.create)
def satudata_joint_release_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Begin a joint release around a prepared revision of figures that others repeat.

    The agencies whose public tables it would contradict are told, and have the configured time
    to join with a corrected revision; tables not corrected by then are taken out.

    :param revision_id: id of the prepared revision; its agency holds the mandate
    :param reason: why the figures change, for the agencies and for the public
    :returns: the joint release, see :py:func:`satudata_joint_release_show`
    """
    tk.check_access("satudata_joint_release_create", context, data_dict)
    revision = _prepared(data_dict["revision_id"])
    user = context.get("auth_user_obj")
    try:
        joint, _ = joint_release.create(
            revision, reason=data_dict["reason"], user=user.id if user else None, now=utc_now()
        )
    except (joint_release.NoMandate, revisions.ChangedSince) as error:
        raise _explained(error) from error
    telling.tell_members(joint.id)
    return _shown(context, joint.id)


@validate(schema.join)
def satudata_joint_release_join(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take part in a joint release with a prepared revision.

    Unless the tables are large, it is tried at once whether it could go out with the others. A
    member whose revision is held back (``outcome`` is ``refused``) counts as not corrected.

    :param id: id of the joint release
    :param revision_id: id of the prepared revision
    :returns: the joint release, see :py:func:`satudata_joint_release_show`
    """
    tk.check_access("satudata_joint_release_join", context, data_dict)
    revision = _prepared(data_dict["revision_id"])
    joint = _found(data_dict["id"])
    name = joint.id
    try:
        joint_release.join(joint, revision)
    except joint_release.NotOpen as error:
        raise _explained(error) from error
    telling.tell_members(name)
    return _shown(context, name)


@validate(revision_schema.one)
@retrying_own
def satudata_joint_release_release(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let all datasets of a joint release change now, in one transaction.

    :param id: id of the joint release
    :returns: the joint release, see :py:func:`satudata_joint_release_show`
    """
    tk.check_access("satudata_joint_release_release", context, data_dict)
    joint = _found(data_dict["id"])
    name, user = joint.id, context.get("auth_user_obj")
    try:
        joint_release.release(joint, user=user.id if user else None, now=utc_now())
    except Refused as refusal:
        message = tk._(
            "Not released: {count} finding(s) hold one of the datasets back. Nothing was changed."
        ).format(count=refusal.errors)
        raise tk.ValidationError(
            {"satudata": [message], "satudata_report": [refusal.report]}
        ) from refusal
    except joint_release.NotYet as error:
        telling.tell_members(name)
        raise _explained(error) from error
    except (
        joint_release.NoMandate,
        joint_release.NotOpen,
        revisions.ChangedSince,
        revisions.Stopped,
    ) as error:
        raise _explained(error) from error
    telling.tell_members(name)
    return _shown(context, name)


@validate(revision_schema.one)
def satudata_joint_release_cancel(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give a joint release up; what was prepared for it stays prepared.

    :param id: id of the joint release
    :returns: the joint release, see :py:func:`satudata_joint_release_show`
    """
    tk.check_access("satudata_joint_release_cancel", context, data_dict)
    joint = _found(data_dict["id"])
    name = joint.id
    try:
        joint_release.cancel(joint)
    except joint_release.NotOpen as error:
        raise _explained(error) from error
    return _shown(context, name)


@tk.side_effect_free
@validate(revision_schema.one)
def satudata_joint_release_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Show a joint release: what goes out, or went out, together.

    :param id: id of the joint release
    :returns: ``id``, ``state`` (``open``, ``released`` or ``cancelled``), ``reason``,
        ``organization_title``, ``due_at``, ``created_at``, ``released_at``, ``report_id`` of the
        last refusal, and ``members``, each with the dataset (its name and title None for those
        who may not see it), its organization, ``revision_id`` or None, ``told_at``, ``outcome``
        (``refused`` while its revision is held back; then ``released``, ``withdrawn`` or
        ``untouched``), ``report_id`` of what holds it back, and ``tables``: names of those taken
        out
    """
    tk.check_access("satudata_joint_release_show", context, data_dict)
    return _shown(context, _found(data_dict["id"]).id)


@tk.side_effect_free
@validate(schema.listed)
def satudata_joint_release_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """List the joint releases one may see, newest first.

    :param state: only those ``open``, ``released`` or ``cancelled``
    :param limit: how many are looked at
    :returns: see :py:func:`satudata_joint_release_show`
    """
    tk.check_access("satudata_joint_release_list", context, data_dict)
    found = JointRelease.newest(min(data_dict["limit"], 1000), data_dict.get("state"))
    return [_shown(context, joint.id) for joint in found if auth.may_see(context, joint)]


def _found(joint_id: str) -> JointRelease:
    joint = model.Session.get(JointRelease, joint_id)
    if joint is None:
        raise tk.ObjectNotFound(tk._("There is no such joint release."))
    return joint


def _prepared(revision_id: str) -> Revision:
    revision = model.Session.get(Revision, revision_id)
    if revision is None or revision.state != "prepared":
        raise tk.ValidationError({"revision_id": [tk._("This revision is not waiting any more.")]})
    return revision


def _explained(error: Exception) -> tk.ValidationError:
    model.Session.rollback()
    if isinstance(error, joint_release.NotOpen):
        text = tk._("This joint release has come to an end already.")
    elif isinstance(error, joint_release.NotYet):
        text = tk._(
            "{count} dataset(s) that repeat these figures are not corrected yet, and their "
            "agencies still have time. They will be released together when the time is over, "
            "or as soon as all have joined."
        ).format(count=len(error.datasets))
    elif isinstance(error, joint_release.NoMandate):
        text = tk._(
            "Your agency is not the producer of {indicators}, so its revision cannot move the "
            "figures of others. Ask the producer to revise them, or repeat what is public."
        ).format(indicators=", ".join(error.indicators))
    elif isinstance(error, revisions.Stopped):
        text = tk._("One of the revisions was cancelled or released meanwhile.")
    else:
        text = tk._(
            "One of the datasets was changed after its revision was prepared. "
            "Prepare that revision again from what is public now."
        )
    return tk.ValidationError({"satudata": [text]})


def _shown(context: Context, joint_id: str) -> dict[str, Any]:
    model.Session.expire_all()
    joint = _found(joint_id)
    owner = model.Group.get(joint.organization_id)
    return {
        "id": joint.id,
        "state": joint.state,
        "reason": joint.reason,
        "organization_id": joint.organization_id,
        "organization_title": (owner.title or owner.name) if owner else "",
        "due_at": joint.due_at.isoformat(),
        "created_at": joint.created_at.isoformat(),
        "released_at": joint.released_at.isoformat() if joint.released_at else None,
        "report_id": joint.report_id,
        "members": [_member(context, m) for m in JointMember.of(joint_id)],
    }


def _member(context: Context, member: JointMember) -> dict[str, Any]:
    """A member; of a dataset that is not public any more only its agency, to the others."""
    package = model.Package.get(member.dataset_id)
    group = model.Group.get(member.organization_id)
    seen = package is not None and auth.may_see_dataset(context, package)
    revision = model.Session.get(Revision, member.revision_id) if member.revision_id else None
    held = revision if member.outcome == REFUSED else None
    return {
        "dataset_id": member.dataset_id,
        "dataset_name": package.name if package and seen else None,
        "dataset_title": (package.title or package.name) if package and seen else None,
        "organization_id": member.organization_id,
        "organization_title": (group.title or group.name) if group else "",
        "revision_id": member.revision_id,
        "told_at": member.told_at.isoformat() if member.told_at else None,
        "outcome": member.outcome,
        "report_id": held.report_id if held else None,
        "tables": member.tables if seen else [],
    }
