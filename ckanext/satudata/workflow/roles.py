"""Who may: CKAN's capacities in an organization times the body's role in Satu Data.

There is no role table of our own (Perpres 39/2019 Ps. 19-23 gives roles to bodies, CKAN
gives people capacities in bodies). Every "may this person" question is answered here.
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan import authz, model

from ckanext.satudata import config
from ckanext.satudata.organizations import registry

WALIDATA = "walidata"
PEMBINA = "pembina"
COORDINATOR = "koordinator"
PPID = "ppid"
SUPERIOR_PPID = "atasan_ppid"
#: Who acts where no body has a role.
_INSTEAD = {PPID: WALIDATA, SUPERIOR_PPID: COORDINATOR}


def is_walidata(user: model.User) -> bool:
    """Whether a person works for the walidata as editor or admin (or is sysadmin).

    CKAN hands visitors to auth functions as a user without a name.
    """
    return bool(user.name) and _works_for(user, WALIDATA)


def is_ppid(user: model.User) -> bool:
    """Whether a person works for the PPID (UU 14/2008 Ps. 13), or for the walidata without one."""
    return bool(user.name) and _works_for(user, office(PPID))


def opens_identities(user: model.User, *, confidential: bool) -> bool:
    """Whether a person may open who somebody is, with a reason that goes on record.

    Args:
        user: the person.
        confidential: whether whoever it is asked to stay unknown.
    """
    if confidential:
        return bool(user.name) and _works_for(user, office(config.confidential_role()))
    return is_walidata(user) or is_ppid(user)


def body_opening_identities(user: model.User) -> str | None:
    """Id of the body for which a person opens identities; None for a sysadmin of no such body."""
    mine = set(bodies_of(user))
    opening = (body.id for role in (PPID, WALIDATA) for body in registry.with_role(role))
    return next((body for body in opening if body in mine), None)


def runs_meetings(user: model.User) -> bool:
    """Whether a person runs synchronisation meetings: walidata, or the forum's coordinator."""
    return is_walidata(user) or (bool(user.name) and _works_for(user, COORDINATOR))


def sees_meetings(user: model.User) -> bool:
    """Whether a person sees all items of meetings: who runs them, and the pembina."""
    return runs_meetings(user) or (bool(user.name) and _works_for(user, PEMBINA))


def is_superior_ppid(user: model.User) -> bool:
    """Whether a person works for the PPID's superior, or for the coordinator without one."""
    return bool(user.name) and _works_for(user, office(SUPERIOR_PPID))


def office(role: str) -> str:
    """The role whose bodies act for a role: itself, or another where no body has it."""
    return role if role not in _INSTEAD or registry.with_role(role) else _INSTEAD[role]


def may_exempt(user: model.User, organization: str | None) -> bool:
    """Whether a person may let a producer's column pass: walidata, and no editor of that producer.

    Nobody judges their own data (Perpres 39/2019 Ps. 19 and 22 keep the two roles apart); for
    data of the walidata itself a sysadmin decides.

    Args:
        user: the person.
        organization: id of the producer, or None.
    """
    return is_walidata(user) and (bool(user.sysadmin) or not _edits_for(user, organization))


def is_pembina(user: model.User) -> bool:
    """Whether a person works for a pembina as editor or admin (or is sysadmin)."""
    return bool(user.name) and _works_for(user, PEMBINA)


def may_examine_as_pembina(user: model.User, organization: str | None) -> bool:
    """Whether a person may examine a producer's priority data (Perpres 39/2019 Ps. 35).

    As in :func:`may_exempt`, nobody examines data they edit.

    Args:
        user: the person.
        organization: id of the producer, or None.
    """
    return is_pembina(user) and (bool(user.sysadmin) or not _edits_for(user, organization))


def _edits_for(user: model.User, organization: str | None) -> bool:
    return bool(organization) and authz.has_user_permission_for_group_or_org(
        organization, user.name, "update_dataset"
    )


def bodies_of(user: model.User) -> list[str]:
    """Ids of the active bodies for which a person edits (as editor or admin)."""
    return _bodies(user, ("admin", "editor"))


def administered_by(user: model.User) -> list[str]:
    """Ids of the active bodies whose admin a person is."""
    return _bodies(user, ("admin",))


def _bodies(user: model.User, capacities: tuple[str, ...]) -> list[str]:
    member = model.Member
    return [
        body
        for body in model.Session.scalars(
            sa.select(member.group_id)
            .join(model.Group, model.Group.id == member.group_id)
            .where(
                member.table_name == "user",
                member.table_id == user.id,
                member.state == model.State.ACTIVE,
                member.capacity.in_(capacities),
                model.Group.is_organization.is_(True),
                model.Group.state == model.State.ACTIVE,
            )
        )
        if body
    ]


def _works_for(user: model.User, role: str) -> bool:
    if user.sysadmin:
        return True
    return any(
        authz.has_user_permission_for_group_or_org(body.id, user.name, "update_dataset")
        for body in registry.with_role(role)
    )
