"""Seeding through CKAN's actions, so that every rule of the portal holds for it too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.satudata import config
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.store.codebook import load_codebook

from .credentials import Credentials
from .plan import Plan, kecamatan

#: Scheme in which statistics names regions.
_BPS = "bps"

#: Role of a user -> capacity in the organization, and how the user is called.
_OPERATOR = "operator"
_ROLES = {_OPERATOR: ("editor", "Operator data"), "admin": ("admin", "Admin")}


class OtherRegion(SatudataError):
    """The portal belongs to another kabupaten than the plan."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing seeded.

    Attributes:
        kind: ``organization``, ``user``, ``indicator``.
        name: its name or code.
        created: False if it was there and was left as it is.
    """

    kind: str
    name: str
    created: bool


def seed(plan: Plan, credentials: Credentials | None) -> Iterator[Step]:
    """Make what the plan names and is not there yet; what is there is left alone.

    Args:
        plan: the contents.
        credentials: where passwords are kept; without it no users are made.

    Yields:
        What was done, one step at a time.

    Raises:
        OtherRegion: the portal is configured for another kabupaten.
        ReferenceDataMissing: no reference data are loaded.
        tk.ValidationError: the portal refuses a body, a user or an indicator.
    """
    book = load_codebook(model.Session)
    if config.home_region() != plan.region:
        raise OtherRegion(plan.region)
    bps = {canonical: code for code, canonical in book.regions.schemes.get(_BPS, {}).items()}
    below = [
        kecamatan(c.code, bps.get(c.code), c.label)
        for c in book.regions.children(plan.region)
        if c.level == "kecamatan" and c.valid_to is None
    ]
    titles = {}
    for values in (*plan.organizations, *below):
        titles[values["name"]] = values["title"]
        yield Step("organization", values["name"], _organization(values))
    if credentials is not None:
        wanted = [(name, role) for name in plan.users for role in _ROLES]
        if plan.kecamatan_operators:
            wanted += [(values["name"], _OPERATOR) for values in below]
        for name, role in wanted:
            user = f"{name}-{role}"
            created = _user(user, name, titles[name], role, plan, credentials)
            yield Step("user", user, created)
    for values in plan.indicators:
        yield Step("indicator", values["code"], _indicator(values))


def _organization(values: Mapping[str, Any]) -> bool:
    group = model.Group.get(values["name"])
    if group is not None:
        return False
    tk.get_action("organization_create")(_context(), dict(values))
    return True


def _user(
    name: str, organization: str, title: str, role: str, plan: Plan, credentials: Credentials
) -> bool:
    capacity, called = _ROLES[role]
    exists = model.User.get(name) is not None
    if not exists:
        tk.get_action("user_create")(
            _context(),
            {
                "name": name,
                "fullname": f"{called} {title}",
                "email": f"{name}@{plan.mail_domain}",
                "password": credentials.password(name, title, role),
            },
        )
    # A run that was interrupted may have left the user without membership.
    members = tk.get_action("member_list")(_context(), {"id": organization, "object_type": "user"})
    user = model.User.get(name)
    assert user is not None
    if user.id not in {member[0] for member in members}:
        tk.get_action("organization_member_create")(
            _context(), {"id": organization, "username": name, "role": capacity}
        )
        return True
    return not exists


def _indicator(values: Mapping[str, Any]) -> bool:
    known = sa.select(sa.exists().where(IndicatorRow.code == values["code"]))
    if model.Session.scalar(known):
        return False
    tk.get_action("satudata_indicator_create")(_context(), dict(values))
    return True


def _context() -> Context:
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": site["name"], "ignore_auth": True}
