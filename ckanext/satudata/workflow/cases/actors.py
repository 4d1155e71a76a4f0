"""Who acts in a case, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ckan import model

from ckanext.satudata.model.case import (
    ANONYMOUS,
    COMPLAINT,
    GOVERNMENT,
    OBJECTION,
    OPEN,
    REQUEST,
    SUGGESTION,
    Case,
)
from ckanext.satudata.workflow import roles
from ckanext.satudata.workflow.transitions import Who

REPORTER, OFFICER, AGENCY, OBSERVER, PORTAL = (
    "pemohon",
    "petugas",
    "instansi",
    "pengamat",
    "portal",
)
WALIDATA, PPID, SUPERIOR = roles.WALIDATA, roles.PPID, roles.SUPERIOR_PPID
#: Parts that see what is said between officials.
OFFICIAL = frozenset({OFFICER, AGENCY, OBSERVER, PORTAL, WALIDATA, PPID, SUPERIOR})


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who opens a case.

    Attributes:
        user_id: id of the account, or None for a guest.
        identity: what the person told of themselves (sealed at once), or None.
        mode: ``terbuka``, ``rahasia`` or ``anonim``; of the last nothing is kept.
        body_id: the body for which a government request is made, or None.
    """

    user_id: str | None = None
    identity: Mapping[str, str] | None = None
    mode: str = OPEN
    body_id: str | None = None

    def known(self) -> Reporter:
        """What may be kept: of anonymous people nothing."""
        return Reporter(mode=ANONYMOUS) if self.mode == ANONYMOUS else self


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts in a case, or looks at cases.

    Attributes:
        user: the account, or None.
        parts: what they may act as: ``pemohon``, ``petugas``, ``walidata``, ``ppid``,
            ``atasan_ppid``, ``instansi``, ``pengamat`` (sees, does nothing), ``portal``.
        bodies: ids of the bodies they edit for.
    """

    user: model.User | None
    parts: frozenset[Who]
    bodies: frozenset[str] = field(default_factory=frozenset)

    @property
    def official(self) -> bool:
        """Whether they act for an office."""
        return bool(self.parts & OFFICIAL)

    def acting_as(self, who: frozenset[Who]) -> Who:
        """The part, of those that may, in which they act: for an office before for themselves."""
        mine = self.parts & who
        return next(p for p in (*_ORDER, *sorted(mine)) if p in mine)


_ORDER = (PPID, WALIDATA, SUPERIOR, OFFICER, AGENCY, PORTAL)
#: The portal itself, for what happens when its time has come.
ITSELF = Actor(None, frozenset({PORTAL}))


def actor_of(user: model.User | None, case: Case | None, *, secret_ok: bool = False) -> Actor:
    """What somebody may act as in a case; without one, in any.

    Whoever asked never decides about their own case, except as sysadmin.

    Args:
        user: the account, or None for a visitor.
        case: which one, or None to look at lists.
        secret_ok: whether they have shown its secret code.
    """
    parts: set[Who] = set()
    bodies: frozenset[str] = frozenset()
    if user is not None and user.name:
        bodies = frozenset(roles.bodies_of(user))
        parts |= _offices(user, case, bodies)
        if case is not None and case.user_id == user.id:
            if not user.sysadmin:
                parts.clear()
            parts.add(REPORTER)
        if case is not None and case.body_id in bodies and case.lane == GOVERNMENT:
            parts.add(REPORTER)
    if secret_ok:
        parts.add(REPORTER)
    return Actor(user, frozenset(parts), bodies)


def _offices(user: model.User, case: Case | None, bodies: frozenset[str]) -> set[Who]:
    held = {
        part
        for part, holds in (
            (WALIDATA, roles.is_walidata),
            (PPID, roles.is_ppid),
            (SUPERIOR, roles.is_superior_ppid),
        )
        if holds(user)
    }
    if case is None:
        return held
    deciding = decides(case)
    found: set[Who] = {OFFICER, deciding} if deciding in held else set()
    if not found and held & sees(case):
        found.add(OBSERVER)
    if case.organization_id in bodies and case.kind != OBJECTION:
        found.add(AGENCY)
    return found


def decides(case: Case) -> Who:
    """The office that decides about a case."""
    if case.kind == OBJECTION:
        return SUPERIOR
    if case.kind == REQUEST and case.lane != GOVERNMENT:
        return PPID
    return WALIDATA


def sees(case: Case) -> frozenset[Who]:
    """The offices that see a case: besides the deciding one, those that coordinate."""
    if case.kind in (COMPLAINT, SUGGESTION):
        return frozenset({WALIDATA})
    return frozenset({WALIDATA, PPID, SUPERIOR})
