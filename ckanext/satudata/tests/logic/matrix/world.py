"""One world with all kinds of people, in which every action and page is tried."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ckan import model
from ckan.tests import factories

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.model.setoran import HANDED_IN, Recap, Setoran
from ckanext.satudata.organizations import registry
from ckanext.satudata.privacy import people
from ckanext.satudata.tests.logic.matrix.meetings import Meetings, make_meetings
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, indicator, sysadmin
from ckanext.satudata.workflow.cases import cases
from ckanext.satudata.workflow.exemptions import KINDS
from ckanext.satudata.workflow.setoran import obligations

Role = Literal[
    "anonymous", "outsider", "stranger", "member", "editor", "admin", "walidata", "sysadmin"
]

#: From nobody to everybody. A stranger edits for another agency; the walidata is an editor.
ROLES: tuple[Role, ...] = (
    "anonymous",
    "outsider",
    "stranger",
    "member",
    "editor",
    "admin",
    "walidata",
    "sysadmin",
)
EVERYBODY = frozenset(ROLES)
#: Whoever it is for is none of the roles; another test shows that they may.
NOBODY: frozenset[Role] = frozenset()
SIGNED_IN = EVERYBODY - {"anonymous"}
EDITORS: frozenset[Role] = frozenset({"editor", "admin", "sysadmin"})
#: Whoever edits for some agency; each sees what is their own.
OFFICIALS: frozenset[Role] = frozenset({"stranger", "editor", "admin", "walidata", "sysadmin"})
#: Those who speak for the agency; a sysadmin, whom CKAN makes a member of all, does not.
OWN_EDITORS: frozenset[Role] = frozenset({"editor", "admin"})
INSIDE = EDITORS | {"walidata"}
#: CKAN shows what is not public to the members of the organization.
MEMBERS = EDITORS | {"member"}
WALIDATA: frozenset[Role] = frozenset({"walidata", "sysadmin"})
SYSADMIN: frozenset[Role] = frozenset({"sysadmin"})
ADMINS: frozenset[Role] = frozenset({"admin", "sysadmin"})

REASON = "Alasan yang cukup panjang."


@dataclass(frozen=True)
class World:
    """A draft and a public dataset of one agency, what belongs to them, and the people."""

    users: dict[Role, str | None]
    headers: dict[Role, dict[str, str]]
    organization: str
    draft: str
    resource: str
    submitted: str
    process: str
    comment: str
    public: str
    public_resource: str
    revision: str
    joint: str
    exemption: str
    report: str
    indicator: str
    obligation: str
    setoran: str
    meetings: Meetings
    agreement: str
    parties: list[str]
    identity: str
    case: str


def of(attribute: str, name: str = "id") -> Callable[[World], dict[str, Any]]:
    """A parameter called ``name`` that is an attribute of the world."""
    return lambda world: {name: getattr(world, attribute)}


def nothing(_: World) -> dict[str, Any]:
    """No parameters."""
    return {}


def _walidata() -> str:
    """An editor of the walidata's organization, which is made where there is none."""
    bodies = registry.with_role("walidata")
    if not bodies:
        body = agency("matriks-walidata")
        act("organization_patch", sysadmin(), id=body.id, peran=["walidata", "produsen"])
        bodies = registry.with_role("walidata")
    # As in most kabupaten, the walidata is the PPID as well.
    held = act("organization_show", sysadmin(), id=bodies[0].id)["peran"]
    act("organization_patch", sysadmin(), id=bodies[0].id, peran=sorted({*held, "ppid"}))
    user = factories.User()["name"]
    _join(bodies[0].id, user, "editor")
    return user


def _join(organization: str, user: str, role: str) -> None:
    act("organization_member_create", sysadmin(), id=organization, username=user, role=role)


def _setoran(organization: str, code: str, dataset: str) -> tuple[str, str]:
    """An obligation and a setoran of it, both of one body, with a recap; their ids."""
    owner = model.User.by_name(sysadmin())
    assert owner is not None
    values = {"indicator": code, "organization": organization, "frequency": "tahunan"}
    obligation = obligations.create({**values, "regions": [KECAMATAN[0]]}, owner.id)
    setoran = Setoran(
        id=str(uuid.uuid4()),
        obligation_id=obligation.id,
        region=KECAMATAN[0],
        organization_id=organization,
        period="2024",
        period_end=date(2024, 12, 31),
        due_on=date(2025, 1, 8),
        state=HANDED_IN,
        sent=1,
        responsible="Camat",
        submitted_by=owner.id,
        submitted_at=utc_now(),
    )
    recap = Recap(
        id=str(uuid.uuid4()),
        obligation_id=obligation.id,
        period="2024",
        rows=[
            {
                "region": KECAMATAN[0],
                "classification": "",
                "value": "1",
                "setoran": setoran.id,
                "version": 0,
                "entered_by": owner.id,
                "entered_at": utc_now().isoformat(),
                "responsible": "Camat",
                "parts": [],
                "weights": None,
            }
        ],
        missing=[],
        dataset_id=dataset,
        created_by=owner.id,
        created_at=utc_now(),
    )
    model.Session.add_all([setoran, recap])
    return obligation.id, setoran.id


def _case(organization: str) -> str:
    """A published request of somebody without any other part, handed to the body; its id."""
    asked = factories.User()
    made = cases.open_case(
        "permintaan",
        title="Harga beras",
        reporter=cases.Reporter(user_id=asked["id"]),
        items=["Harga beras per pasar"],
        now=utc_now(),
    )
    for transition, params in (
        ("nyatakan_lengkap", {}),
        ("disposisikan", {"organization": organization}),
    ):
        officer = cases.actor_of(model.User.by_name(sysadmin()), made.case)
        cases.move(made.case, transition, officer, params=params, now=utc_now())
    made.case.answer = {"title": "Harga beras", "question": "Berapa?", "text": ""}
    made.case.published_at = utc_now()
    model.Session.commit()
    return made.case.id


def make_world() -> World:
    """A draft, a public dataset and what belongs to them, with a user of each role."""
    own, other = agency("matriks-sendiri"), agency("matriks-lain")
    users: dict[Role, str | None] = {
        "anonymous": None,
        "outsider": factories.User()["name"],
        "stranger": other.user,
        "editor": own.user,
        "walidata": _walidata(),
        "sysadmin": sysadmin(),
    }
    for role in ("member", "admin"):
        users[role] = factories.User()["name"]
        _join(own.id, users[role] or "", role)
    code = indicator(producer_org=own.name)
    file = Table(code, {region: float(n) for n, region in enumerate(KECAMATAN, 1)})
    draft = own.draft()
    resource = own.add(draft["id"], file)["id"]
    public = own.published(file)
    public_resource = public["resources"][0]["id"]
    revision = act(
        "satudata_revision_prepare",
        own.user,
        id=public["id"],
        resource_id=public_resource,
        upload=file.resource()["upload"],
    )["id"]
    joint = act("satudata_joint_release_create", own.user, revision_id=revision, reason=REASON)
    submitted = own.draft()
    own.add(submitted["id"], file)
    process = act("satudata_process_submit", own.user, id=submitted["id"])["id"]
    comment = act(
        "satudata_review_comment_create", own.user, id=submitted["id"], field="notes", text=REASON
    )["id"]
    report = act("satudata_check", own.user, id=draft["id"], keep=True)["id"]
    exemption = Exemption(
        id=str(uuid.uuid4()),
        dataset_id=draft["id"],
        resource_id=resource,
        kind=KINDS[0],
        column_name="Nilai",
        structure="x",
        reason=REASON,
        granted_by=model.User.by_name(sysadmin()).id,
        granted_at=utc_now(),
    )
    model.Session.add(exemption)
    obligation, setoran = _setoran(own.id, code, draft["id"])
    identity = people.keep({"name": "Budi Santoso"}, purpose="permintaan")
    model.Session.commit()
    parties = [own.id, registry.with_role("walidata")[0].id]
    agreement = act(
        "satudata_agreement_propose",
        own.user,
        kind="angka_disepakati",
        objects=[{"indicator": code, "region": KECAMATAN[0], "period": "2020", "value": 1}],
        parties=parties,
        note=REASON,
        organization_id=own.id,
    )
    return World(
        users=users,
        headers={
            role: {"Authorization": factories.APIToken(user=user)["token"]} if user else {}
            for role, user in users.items()
        },
        organization=own.id,
        draft=draft["id"],
        resource=resource,
        submitted=submitted["id"],
        process=process,
        comment=comment,
        public=public["id"],
        public_resource=public_resource,
        revision=revision,
        joint=joint["id"],
        exemption=exemption.id,
        report=report,
        indicator=code,
        obligation=obligation,
        setoran=setoran,
        meetings=make_meetings(own.id, draft["id"], code),
        agreement=agreement["id"],
        parties=parties,
        identity=identity,
        case=_case(own.id),
    )
