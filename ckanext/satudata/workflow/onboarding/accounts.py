"""Accounts in bulk: every line of a list is looked at before anything is done.

What is there already is left as it is, so a list can be sent again after it was mended, and a run
that was interrupted can be repeated.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context

from ckanext.satudata.organizations import registry

from .. import roles, trail
from .account_file import Line

log = logging.getLogger(__name__)

#: What the column "peran" may say, and the capacity that it means.
CAPACITIES = {
    "admin": ("admin", "administrator", "pengelola"),
    "editor": ("editor", "operator", "penyunting"),
    "member": ("member", "anggota", "pembaca"),
}
_LONGEST_NAME = 200
#: Fields of a body by which a list may call it, beside its title and its name.
_CODES = ("kode_perangkat_daerah", "kode_kemendagri", "kode_bps")
#: Roles of bodies whose people decide about others' data; only their own admins invite there.
_DECIDING = frozenset({roles.WALIDATA, roles.PEMBINA, roles.COORDINATOR, "ppid", "atasan_ppid"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be carried out.

    Attributes:
        row: of the list.
        column: name of the column.
        reason: ``kosong``, ``panjang``, ``email``, ``instansi`` (unknown), ``ganda`` (several
            bodies are called so), ``peran``, ``hak`` (the person may not invite there),
            ``beda`` (an earlier line says otherwise), ``dihapus`` (the account was deleted) or
            ``dua`` (several accounts have this address).
        value: what stands in the cell.
        other: row of the earlier line, or None.
    """

    row: int
    column: str
    reason: str
    value: str
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done for one line.

    Attributes:
        row: of the list.
        name: of the person.
        email: address, in lower case.
        organization: id of the body.
        title: of the body.
        capacity: ``admin``, ``editor`` or ``member``.
        what: ``undang`` (a new account), ``tambah`` (somebody known joins the body), ``ubah``
            (another capacity there) or ``tetap`` (nothing to do).
        user: id of the account that is there, or None.
    """

    row: int
    name: str
    email: str
    organization: str
    title: str
    capacity: str
    what: str
    user: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A list, looked at: what would be done, and what is wrong with which cell."""

    lines: tuple[Planned, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done for one line; ``error`` says why it was not, and is empty if it was."""

    line: Planned
    error: str = ""


def plan(lines: Iterable[Line], actor: model.User | None) -> Plan:
    """Look at a list without changing anything.

    Args:
        lines: of the list.
        actor: who wants it; None is the operator of the machine, who may do all.
    """
    bodies = _Bodies(actor)
    planned: list[Planned] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], Planned] = {}
    for line in lines:
        found, wrong = _looked_at(line, bodies)
        if found is None:
            problems.extend(wrong)
            continue
        before = seen.setdefault((found.email, found.organization), found)
        if before is not found:
            if before.capacity != found.capacity:
                problems.append(Problem(line.row, "peran", "beda", line.peran, before.row))
            continue
        planned.append(found)
    return Plan(tuple(planned), tuple(problems))


def carry_out(lines: Sequence[Planned], actor: model.User | None) -> Iterator[Done]:
    """Do what was planned, a transaction for each line; ends with the first letter not delivered.

    Args:
        lines: of a plan without problems, or those that have none.
        actor: who wants it; None is the operator of the machine.
    """
    for line in lines:
        try:
            _carried_out(line, actor)
        except tk.ValidationError as error:
            model.Session.rollback()
            said = [str(v) for v in _sentences(error.error_dict)]
            log.warning("an account of row %s could not be made", line.row)
            yield Done(line, " ".join(said) or str(error))
            return
        yield Done(line)


def with_address(email: str) -> list[model.User]:
    """The accounts that have an e-mail address, whatever its case."""
    return list(
        model.Session.scalars(
            sa.select(model.User)
            .where(sa.func.lower(model.User.email) == email.lower())
            .order_by(model.User.created)
        )
    )


class _Bodies:
    """The bodies by all that people call them, and into which this person may invite."""

    def __init__(self, actor: model.User | None) -> None:
        self._actor = actor
        self._called: dict[str, set[str]] = {}
        self._bodies: dict[str, model.Group] = {}
        for body in registry.all_bodies():
            self._bodies[body.id] = body
            names = [body.name, body.title or "", *(registry.value_of(body, c) for c in _CODES)]
            for name in filter(None, names):
                self._called.setdefault(_plain(name), set()).add(body.id)

    def find(self, name: str) -> list[model.Group]:
        return [self._bodies[one] for one in sorted(self._called.get(_plain(name), ()))]

    def may_invite(self, body: model.Group) -> bool:
        if self._actor is None or self._actor.sysadmin:
            return True
        if not _DECIDING & set(registry.roles_of(body)):
            return True
        return body.id in roles.administered_by(self._actor)


def _looked_at(line: Line, bodies: _Bodies) -> tuple[Planned | None, list[Problem]]:
    wrong = [
        Problem(line.row, column, "kosong", "")
        for column in ("nama", "email", "instansi", "peran")
        if not getattr(line, column)
    ]
    if len(line.nama) > _LONGEST_NAME:
        wrong.append(Problem(line.row, "nama", "panjang", line.nama))
    if line.email and not _is_address(line.email):
        wrong.append(Problem(line.row, "email", "email", line.email))
    capacity = next((c for c, names in CAPACITIES.items() if line.peran.lower() in names), None)
    if line.peran and capacity is None:
        wrong.append(Problem(line.row, "peran", "peran", line.peran))
    found = bodies.find(line.instansi) if line.instansi else []
    if line.instansi and len(found) != 1:
        reason = "ganda" if found else "instansi"
        wrong.append(Problem(line.row, "instansi", reason, line.instansi))
    elif found and not bodies.may_invite(found[0]):
        wrong.append(Problem(line.row, "instansi", "hak", line.instansi))
    if wrong or capacity is None:
        return None, wrong
    return _compared(line, found[0], capacity)


def _compared(line: Line, body: model.Group, capacity: str) -> tuple[Planned | None, list[Problem]]:
    """What a line changes of what is there."""
    email = line.email.lower()
    known = with_address(email)
    users = [u for u in known if u.state != model.State.DELETED]
    # CKAN deletes an account again whose letter could not be sent; nobody ever used that one.
    if not users and any(u.last_active for u in known):
        return None, [Problem(line.row, "email", "dihapus", line.email)]
    if len(users) > 1:
        return None, [Problem(line.row, "email", "dua", line.email)]
    what, user = "undang", None
    if users:
        user = users[0].id
        held = _capacity(user, body.id)
        what = "tambah" if held is None else "tetap" if held == capacity else "ubah"
    title = body.title or body.name
    return Planned(line.row, line.nama, email, body.id, title, capacity, what, user), []


def _carried_out(line: Planned, actor: model.User | None) -> None:
    # Meanwhile, or in an earlier line of the same list, the account may have been made.
    users = [u for u in with_address(line.email) if u.state != model.State.DELETED]
    context = _context(actor)
    if not users:
        made = tk.get_action("user_invite")(
            context,
            {"email": line.email, "group_id": line.organization, "role": line.capacity},
        )
        user = model.User.get(made["id"])
        assert user is not None
        user.fullname = line.name
        _written_down(line, user.id, actor)
        model.repo.commit()
        return
    user = users[0]
    if _capacity(user.id, line.organization) == line.capacity:
        return
    # Who becomes what in a body is written down there.
    tk.get_action("organization_member_create")(
        context, {"id": line.organization, "username": user.id, "role": line.capacity}
    )


def _written_down(line: Planned, user: str, actor: model.User | None) -> None:
    """What is kept for good names nobody: the trail cannot be mended when somebody asks for it."""
    trail.record(
        "account.invite",
        trail.Subject("organization", line.organization, line.title),
        actor=actor.id if actor else None,
        organization=line.organization,
        after={"user": user, "capacity": line.capacity},
    )


def _capacity(user: str, organization: str) -> str | None:
    member = model.Member
    return model.Session.scalar(
        sa.select(member.capacity).where(
            member.table_name == "user",
            member.table_id == user,
            member.group_id == organization,
            member.state == model.State.ACTIVE,
        )
    )


def _context(actor: model.User | None) -> Context:
    """Rights were asked before; whoever acts is named in CKAN's own record."""
    if actor is not None:
        return {"user": actor.name, "auth_user_obj": actor, "ignore_auth": True}
    site = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": site["name"], "ignore_auth": True}


def _is_address(text: str) -> bool:
    try:
        cast("Any", tk.get_validator("email_validator"))(text, {})
    except tk.Invalid:
        return False
    return True


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _sentences(errors: object) -> Iterator[object]:
    if isinstance(errors, dict):
        for value in errors.values():
            yield from _sentences(value)
    elif isinstance(errors, list):
        for value in errors:
            yield from _sentences(value)
    else:
        yield errors
