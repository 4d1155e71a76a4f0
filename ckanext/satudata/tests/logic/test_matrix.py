"""Who may do what: every action and every page of ours, for every kind of person.

The tables in ``matrix`` are the whole list. An action or a page that is added and not listed there
fails the test, so that nobody forgets to say who it is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.satudata.tests.logic.matrix.actions import ACTIONS, QUESTIONS
from ckanext.satudata.tests.logic.matrix.pages import ROUTES, Route
from ckanext.satudata.tests.logic.matrix.world import EVERYBODY, ROLES, Role, World, make_world
from ckanext.satudata.tests.worlds import act

OURS = "ckanext.satudata."
PASSWORD = "kata-sandi-uji-1"


@pytest.fixture(scope="module")
def world(module_portal: None) -> World:
    """Made once: no test of this module may do anything, so nothing of it changes."""
    return make_world()


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
                for client in (visitor, app):
                    answer = client.post(address, data=route.form(world), follow_redirects=False)
                    if answer.status_code != 400 or "CSRF" not in answer.get_data(as_text=True):
                        passed.append((endpoint, client is visitor, answer.status_code))
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
