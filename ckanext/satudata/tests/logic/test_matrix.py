"""Who may do what: every action and every page of ours, for every kind of person.

The two tables are the whole list. An action or a page that is added and not listed here fails
the test, so that nobody forgets to say who it is for.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.exemption import Exemption
from ckanext.satudata.organizations import registry
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Table,
    act,
    agency,
    indicator,
    sysadmin,
)
from ckanext.satudata.workflow.exemptions import KINDS

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
SIGNED_IN = EVERYBODY - {"anonymous"}
EDITORS: frozenset[Role] = frozenset({"editor", "admin", "sysadmin"})
INSIDE = EDITORS | {"walidata"}
#: CKAN shows what is not public to the members of the organization.
MEMBERS = EDITORS | {"member"}
WALIDATA: frozenset[Role] = frozenset({"walidata", "sysadmin"})
SYSADMIN: frozenset[Role] = frozenset({"sysadmin"})
ADMINS: frozenset[Role] = frozenset({"admin", "sysadmin"})


@dataclass(frozen=True)
class World:
    """A draft and a public dataset of one agency, what belongs to them, and the people."""

    users: dict[Role, str | None]
    headers: dict[Role, dict[str, str]]
    organization: str
    draft: str
    resource: str
    public: str
    public_resource: str
    revision: str
    joint: str
    exemption: str
    report: str
    indicator: str


@dataclass(frozen=True)
class Rule:
    """Who may, and with which parameters that is asked."""

    allowed: frozenset[Role]
    data: Callable[[World], dict[str, Any]]


def _id(attribute: str, name: str = "id") -> Callable[[World], dict[str, Any]]:
    return lambda world: {name: getattr(world, attribute)}


def _drafts(world: World) -> dict[str, Any]:
    return {"datasets": [world.draft], "org_id": world.organization}


def _nothing(_: World) -> dict[str, Any]:
    return {}


OURS = "ckanext.satudata."
PASSWORD = "kata-sandi-uji-1"
REASON = "Alasan yang cukup panjang."

ACTIONS: dict[str, Rule] = {
    # CKAN's own, of which ours are a part: their auth functions stay in force.
    "bulk_update_delete": Rule(ADMINS, _drafts),
    "bulk_update_private": Rule(ADMINS, _drafts),
    "bulk_update_public": Rule(ADMINS, _drafts),
    "dataset_purge": Rule(SYSADMIN, _id("draft")),
    "datastore_create": Rule(EDITORS, _id("resource", "resource_id")),
    "datastore_delete": Rule(EDITORS, _id("resource", "resource_id")),
    "datastore_records_delete": Rule(EDITORS, _id("resource", "resource_id")),
    "datastore_run_triggers": Rule(SYSADMIN, _id("resource", "resource_id")),
    "datastore_upsert": Rule(EDITORS, _id("resource", "resource_id")),
    "group_delete": Rule(ADMINS, _id("organization")),
    "group_purge": Rule(SYSADMIN, _id("organization")),
    "group_update": Rule(ADMINS, lambda w: {"id": w.organization, "state": "deleted"}),
    "organization_delete": Rule(ADMINS, _id("organization")),
    "organization_purge": Rule(SYSADMIN, _id("organization")),
    "organization_update": Rule(ADMINS, lambda w: {"id": w.organization, "state": "deleted"}),
    "package_create": Rule(EDITORS, lambda w: {"owner_org": w.organization, "name": "x-matriks"}),
    "package_delete": Rule(EDITORS, _id("draft")),
    "package_owner_org_update": Rule(
        SYSADMIN, lambda w: {"id": w.draft, "organization_id": w.organization}
    ),
    "package_patch": Rule(EDITORS, _id("draft")),
    "package_revise": Rule(
        EDITORS, lambda w: {"match": {"id": w.draft}, "update": {"id": w.draft}}
    ),
    "package_update": Rule(EDITORS, _id("draft")),
    "resource_create": Rule(EDITORS, _id("draft", "package_id")),
    "resource_delete": Rule(EDITORS, _id("resource")),
    "resource_patch": Rule(EDITORS, _id("resource")),
    "resource_update": Rule(EDITORS, _id("resource")),
    "resource_validation_delete": Rule(EDITORS, _id("resource", "resource_id")),
    "resource_validation_run": Rule(EDITORS, _id("resource", "resource_id")),
    "resource_validation_run_batch": Rule(SYSADMIN, _nothing),
    "resource_validation_show": Rule(MEMBERS, _id("resource", "resource_id")),
    "satudata_check": Rule(EDITORS, _id("draft")),
    "satudata_conflict_list": Rule(WALIDATA, _nothing),
    "satudata_dataset_status": Rule(MEMBERS, _id("draft")),
    "satudata_declaration_confirm": Rule(
        EDITORS, lambda w: {"id": w.resource, "declaration": {"fields": []}}
    ),
    "satudata_declaration_guess": Rule(EDITORS, _id("resource")),
    "satudata_declaration_preview": Rule(
        EDITORS, lambda w: {"id": w.resource, "declaration": {"fields": []}}
    ),
    "satudata_exemption_grant": Rule(
        WALIDATA,
        lambda w: {
            "resource_id": w.resource,
            "kind": KINDS[0],
            "column": "Nilai",
            "structure": "x",
            "reason": REASON,
        },
    ),
    "satudata_exemption_list": Rule(MEMBERS | WALIDATA, _id("draft")),
    "satudata_exemption_revoke": Rule(WALIDATA, lambda w: {"id": w.exemption, "reason": REASON}),
    "satudata_former_figure_list": Rule(MEMBERS, _id("draft")),
    "satudata_indicator_create": Rule(
        WALIDATA,
        lambda w: {
            "code": "LOK.X",
            "name": "X",
            "definition": "X",
            "ukuran": "jumlah",
            "unit": "ton",
        },
    ),
    "satudata_indicator_delete": Rule(WALIDATA, _id("indicator")),
    "satudata_indicator_list": Rule(EVERYBODY, _nothing),
    "satudata_indicator_preview": Rule(WALIDATA, _id("indicator")),
    "satudata_indicator_show": Rule(EVERYBODY, _id("indicator")),
    "satudata_indicator_update": Rule(WALIDATA, _id("indicator")),
    "satudata_joint_release_cancel": Rule(INSIDE, _id("joint")),
    "satudata_joint_release_create": Rule(
        EDITORS, lambda w: {"revision_id": w.revision, "reason": REASON}
    ),
    "satudata_joint_release_join": Rule(
        EDITORS, lambda w: {"id": w.joint, "revision_id": w.revision}
    ),
    "satudata_joint_release_list": Rule(EVERYBODY, _nothing),
    "satudata_joint_release_release": Rule(INSIDE, _id("joint")),
    "satudata_joint_release_show": Rule(INSIDE, _id("joint")),
    "satudata_link_copy": Rule(EDITORS, _id("resource")),
    "satudata_note_list": Rule(MEMBERS, _id("draft")),
    "satudata_observation_list": Rule(EVERYBODY, _nothing),
    "satudata_report_list": Rule(INSIDE, _id("draft", "dataset_id")),
    "satudata_report_show": Rule(INSIDE, _id("report")),
    "satudata_revision_cancel": Rule(EDITORS, _id("revision")),
    "satudata_revision_list": Rule(INSIDE, _id("public", "dataset_id")),
    "satudata_revision_prepare": Rule(
        EDITORS, lambda w: {"id": w.public, "resource_id": w.public_resource}
    ),
    "satudata_revision_release": Rule(EDITORS, _id("revision")),
    "satudata_revision_show": Rule(INSIDE, _id("revision")),
    "satudata_template": Rule(EVERYBODY, lambda w: {"indicator": w.indicator, "periods": ["2025"]}),
    "satudata_walidata_hand_on": Rule(SYSADMIN, _id("organization")),
}

#: Auth functions that no action of the same name has: who may, and what is asked.
QUESTIONS: dict[str, frozenset[Role]] = {"satudata_roles_assign": SYSADMIN}


@dataclass(frozen=True)
class Route:
    """Who may call an address; ``values`` fills its variables, ``form`` what is sent."""

    allowed: frozenset[Role]
    values: Callable[[World], dict[str, Any]] = _nothing
    form: Callable[[World], dict[str, Any]] = _nothing


def _resource_of_draft(world: World) -> dict[str, Any]:
    return {"id": world.draft, "resource_id": world.resource}


def _report_file(world: World) -> dict[str, Any]:
    return {"report_id": world.report, "format": "json"}


def _checked_file(world: World) -> dict[str, Any]:
    content = io.BytesIO(Table(world.indicator, {KECAMATAN[0]: 1}).content())
    return {"organization_id": world.organization, "upload": (content, "tabel.csv")}


def _revised_file(world: World) -> dict[str, Any]:
    content = io.BytesIO(Table(world.indicator, {KECAMATAN[0]: 1}).content())
    return {"resource_id": world.public_resource, "upload": (content, "tabel.csv")}


def _grant(world: World) -> dict[str, Any]:
    return {**ACTIONS["satudata_exemption_grant"].data(world), "report": world.report}


ROUTES: dict[tuple[str, str], Route] = {
    ("satudata_check.dataset", "GET"): Route(EDITORS, _id("draft")),
    ("satudata_check.run", "POST"): Route(EDITORS, _id("draft")),
    ("satudata_check.file", "GET"): Route(SIGNED_IN),
    ("satudata_check.run_file", "POST"): Route(EDITORS, form=_checked_file),
    ("satudata_columns.edit", "GET"): Route(EDITORS, _resource_of_draft),
    ("satudata_columns.save", "POST"): Route(EDITORS, _resource_of_draft),
    ("satudata_exemption.grant", "POST"): Route(WALIDATA, form=_grant),
    ("satudata_exemption.revoke", "POST"): Route(
        WALIDATA, _id("exemption"), form=lambda w: {"reason": REASON}
    ),
    ("satudata_conflict.index", "GET"): Route(WALIDATA),
    ("satudata_indicator.index", "GET"): Route(EVERYBODY),
    ("satudata_indicator.show", "GET"): Route(EVERYBODY, _id("indicator", "code")),
    ("satudata_indicator.template", "GET"): Route(EVERYBODY, _id("indicator", "code")),
    ("satudata_indicator_form.new", "GET"): Route(WALIDATA),
    ("satudata_indicator_form.create", "POST"): Route(WALIDATA),
    ("satudata_indicator_form.edit", "GET"): Route(WALIDATA, _id("indicator", "code")),
    ("satudata_indicator_form.update", "POST"): Route(WALIDATA, _id("indicator", "code")),
    ("satudata_indicator_form.status", "POST"): Route(WALIDATA, _id("indicator", "code")),
    ("satudata_indicator_form.delete", "POST"): Route(WALIDATA, _id("indicator", "code")),
    ("satudata_joint_release.index", "GET"): Route(EVERYBODY),
    ("satudata_joint_release.create", "POST"): Route(
        EDITORS, form=lambda w: {"revision_id": w.revision, "reason": REASON}
    ),
    ("satudata_joint_release.show", "GET"): Route(INSIDE, _id("joint")),
    ("satudata_joint_release.join", "POST"): Route(
        EDITORS, _id("joint"), form=_id("revision", "revision_id")
    ),
    ("satudata_joint_release.release", "POST"): Route(INSIDE, _id("joint")),
    ("satudata_joint_release.cancel", "POST"): Route(INSIDE, _id("joint")),
    ("satudata_publish.release", "POST"): Route(EDITORS, _id("draft")),
    ("satudata_report.show", "GET"): Route(INSIDE, _id("report", "report_id")),
    ("satudata_report.download", "GET"): Route(INSIDE, _report_file),
    ("satudata_link.copy", "POST"): Route(EDITORS, _resource_of_draft),
    ("satudata_revision.index", "GET"): Route(INSIDE, _id("public")),
    ("satudata_revision.prepare", "POST"): Route(EDITORS, _id("public"), form=_revised_file),
    ("satudata_revision.release", "POST"): Route(EDITORS, _id("revision", "revision_id")),
    ("satudata_revision.cancel", "POST"): Route(EDITORS, _id("revision", "revision_id")),
    ("validation.read", "GET"): Route(MEMBERS, _resource_of_draft),
}


def _registered_actions() -> set[str]:
    """Also those under CKAN's names, but not what our plugins inherit from others."""
    return {
        name
        for plugin in p.PluginImplementations(p.IActions)
        for name, action in plugin.get_actions().items()
        if action.__module__.startswith(OURS)
    }


def _registered_routes(app: Any) -> set[tuple[str, str]]:
    return {
        (rule.endpoint, method)
        for rule in app.flask_app.url_map.iter_rules()
        if app.flask_app.view_functions[rule.endpoint].__module__.startswith(OURS)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def _walidata() -> str:
    """An editor of the walidata's organization, which is made where there is none."""
    bodies = registry.with_role("walidata")
    if not bodies:
        body = agency("matriks-walidata")
        act("organization_patch", sysadmin(), id=body.id, peran=["walidata", "produsen"])
        bodies = registry.with_role("walidata")
    user = factories.User()["name"]
    _join(bodies[0].id, user, "editor")
    return user


def _join(organization: str, user: str, role: str) -> None:
    act("organization_member_create", sysadmin(), id=organization, username=user, role=role)


@pytest.fixture(scope="module")
def world(module_portal: None) -> World:
    """Made once: no test of this module may do anything, so nothing of it changes."""
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
    model.Session.commit()
    return World(
        users=users,
        headers={
            role: {"Authorization": factories.APIToken(user=user)["token"]} if user else {}
            for role, user in users.items()
        },
        organization=own.id,
        draft=draft["id"],
        resource=resource,
        public=public["id"],
        public_resource=public_resource,
        revision=revision,
        joint=joint["id"],
        exemption=exemption.id,
        report=report,
        indicator=code,
    )


def _context(user: str | None) -> Any:
    account = model.User.by_name(user) if user else None
    return {"user": user or "", "auth_user_obj": account}


def _may(action: str, user: str | None, data: dict[str, Any]) -> bool:
    try:
        return bool(tk.check_access(action, _context(user), data))
    except tk.NotAuthorized:
        return False


@contextmanager
def _untouched() -> Iterator[None]:
    """Whatever a call would have changed is not kept."""
    try:
        yield
    finally:
        model.Session.rollback()


class TestActions:
    def test_every_action_is_listed(self, world: World) -> None:
        assert _registered_actions() == set(ACTIONS)

    def test_the_right_people_may(self, world: World) -> None:
        found = {
            name: {r for r in ROLES if _may(name, world.users[r], rule.data(world))}
            for name, rule in ACTIONS.items()
        }
        assert found == {name: set(rule.allowed) for name, rule in ACTIONS.items()}

    def test_actions_refuse_all_others_by_themselves(self, world: World) -> None:
        passed = []
        for name, rule in ACTIONS.items():
            for role in EVERYBODY - rule.allowed:
                with _untouched():
                    try:
                        act(name, world.users[role], **rule.data(world))
                    except tk.NotAuthorized:
                        continue
                    except Exception as error:  # any other answer came before the question
                        passed.append((name, role, repr(error)))
                    else:
                        passed.append((name, role, "done"))
        assert passed == []

    def test_roles_are_not_given_by_those_who_only_edit(self, world: World) -> None:
        for name, allowed in QUESTIONS.items():
            assert {r for r in ROLES if _may(name, world.users[r], {})} == allowed


class TestPages:
    def test_every_page_is_listed(self, world: World, app: Any) -> None:
        assert _registered_routes(app) == set(ROUTES)

    def test_pages_open_for_the_right_people(self, world: World, app: Any) -> None:
        found: dict[str, set[Role]] = {}
        for (endpoint, method), route in ROUTES.items():
            if method == "GET":
                statuses = _answers(world, app, endpoint, method, route, EVERYBODY)
                assert set(statuses.values()) <= {200, 302, 403, 404}, endpoint
                found[endpoint] = {role for role, status in statuses.items() if status == 200}
        assert found == {e: set(r.allowed) for (e, m), r in ROUTES.items() if m == "GET"}

    def test_buttons_refuse_all_others(self, world: World, app: Any) -> None:
        passed = []
        for (endpoint, method), route in ROUTES.items():
            if method == "POST":
                others = EVERYBODY - route.allowed
                answers = _answers(world, app, endpoint, method, route, others)
                passed += [(endpoint, r, s) for r, s in answers.items() if s not in (403, 404)]
        assert passed == []

    def test_buttons_need_the_forms_token_whoever_pressed_them_before(
        self, world: World, app: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = factories.SysadminWithToken(password=PASSWORD)
        app.post("/user/login", data={"login": user["name"], "password": PASSWORD})
        visitor = app.test_client()
        monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
        passed = []
        for (endpoint, method), route in ROUTES.items():
            if method == "POST":
                address = _address(world, app, endpoint, route)
                visitor.post(address, data=route.form(world), follow_redirects=False)
                answer = app.post(address, data=route.form(world), follow_redirects=False)
                if answer.status_code != 400 or "CSRF" not in answer.body:
                    passed.append((endpoint, answer.status_code))
        assert passed == []

    def test_a_token_of_the_api_needs_no_form(
        self, world: World, app: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
        answer = app.post(
            "/api/3/action/satudata_report_show",
            headers=world.headers["editor"],
            json={"id": world.report},
        )
        assert answer.json["result"]["id"] == world.report


def _address(world: World, app: Any, endpoint: str, route: Route) -> str:
    with app.flask_app.test_request_context():
        return tk.url_for(endpoint, **route.values(world))


def _answers(
    world: World, app: Any, endpoint: str, method: str, route: Route, roles: frozenset[Role]
) -> dict[Role, int]:
    """The status each role is answered with."""
    address = _address(world, app, endpoint, route)
    out: dict[Role, int] = {}
    for role in roles:
        sent: dict[str, Any] = {"headers": world.headers[role], "follow_redirects": False}
        if method == "POST":
            sent["data"] = route.form(world)
        call = app.post if method == "POST" else app.get
        out[role] = call(address, **sent).status_code
    return out
