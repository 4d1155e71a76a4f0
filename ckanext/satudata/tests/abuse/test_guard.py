"""Forms that anybody can send: who gets through, how often, and with what."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories

from ckanext.satudata import abuse
from ckanext.satudata.abuse import gate, proof
from ckanext.satudata.tests.guarding import fields, opened, solution_of, solved

FORM = "uji"


@pytest.fixture(autouse=True)
def _portal(portal: None) -> None:
    """All of these need the plugin, and Redis."""


@pytest.fixture
def address() -> str:
    """An address nobody had before: others' counts do not matter."""
    parts = uuid.uuid4().bytes
    return f"10.{parts[0]}.{parts[1]}.{parts[2]}"


@contextmanager
def request_from(
    app: Any, address: str, *, user: str | None = None, **headers: str
) -> Iterator[None]:
    with app.flask_app.test_request_context(
        "/", headers=headers, environ_base={"REMOTE_ADDR": address}
    ):
        if user:
            from ckan import model
            from flask_login import login_user

            login_user(model.User.get(user))
        yield


def send(app: Any, address: str, data: dict[str, str], **more: Any) -> abuse.Guarded:
    with request_from(app, address, **more):
        return abuse.guard(FORM, data)


class TestForm:
    def test_a_person_with_a_proof_gets_through(self, app: Any, address: str) -> None:
        assert send(app, address, fields(app.flask_app, FORM)).proved

    def test_without_javascript_it_gets_through_unproved(self, app: Any, address: str) -> None:
        assert not send(app, address, fields(app.flask_app, FORM, proved=False)).proved

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({gate.TRAP: "https://spam.example"}, "empty"),
            ({gate.STAMP: ""}, "as the portal gave it"),
            ({gate.STAMP: "dikarang"}, "as the portal gave it"),
            ({gate.PROOF: "dikarang"}, "as the portal gave it"),
            ({gate.PROOF: "A" * 5000}, "as the portal gave it"),
        ],
    )
    def test_what_no_person_sends_is_refused(
        self, app: Any, address: str, changed: dict[str, str], said: str
    ) -> None:
        with pytest.raises(tk.ValidationError, match=said):
            send(app, address, fields(app.flask_app, FORM) | changed)

    def test_too_quick_is_refused(self, app: Any, address: str) -> None:
        with pytest.raises(tk.ValidationError, match="very quick"):
            send(app, address, fields(app.flask_app, FORM, ago=0))

    def test_a_page_of_yesterday_is_refused(self, app: Any, address: str) -> None:
        with pytest.raises(tk.ValidationError, match="more than a day"):
            send(app, address, fields(app.flask_app, FORM, ago=90_000))

    def test_another_forms_stamp_is_refused(self, app: Any, address: str) -> None:
        data = fields(app.flask_app, FORM) | {gate.STAMP: opened(app.flask_app, "lain")}
        with pytest.raises(tk.ValidationError):
            send(app, address, data)

    def test_people_who_are_signed_in_need_none_of_it(self, app: Any, address: str) -> None:
        assert send(app, address, {}, user=factories.User()["id"]).proved


class TestProof:
    def test_a_proof_counts_once(self, app: Any, address: str) -> None:
        data = fields(app.flask_app, FORM)
        send(app, address, data)
        with pytest.raises(tk.ValidationError, match="sent twice"):
            send(app, address, data)

    def test_another_forms_proof_is_refused(self, app: Any, address: str) -> None:
        data = fields(app.flask_app, FORM) | {gate.PROOF: solved("lain")}
        with pytest.raises(tk.ValidationError):
            send(app, address, data)

    def test_a_lighter_challenge_is_not_ours(self) -> None:
        given = proof.challenge(FORM)
        given["parameters"] |= {"cost": 512, "keyPrefix": "", "keySignature": None}
        with pytest.raises(proof.Wrong):
            proof.verify(FORM, solution_of(given))

    def test_a_guess_is_no_solution(self) -> None:
        found = json.loads(base64.b64decode(solved(FORM)))
        found["solution"]["derivedKey"] = "00" * 32
        with pytest.raises(proof.Wrong):
            proof.verify(FORM, base64.b64encode(json.dumps(found).encode()).decode())

    @pytest.mark.ckan_config("ckanext.satudata.proof_minutes", -1)
    def test_an_old_proof_counts_as_none(self) -> None:
        assert proof.verify(FORM, solved(FORM)) is False

    @pytest.mark.ckan_config("ckanext.satudata.proof_work", 8)
    def test_the_work_has_a_least_and_a_most(self) -> None:
        for _ in range(20):
            found = json.loads(base64.b64decode(solved(FORM)))
            assert 4 <= found["solution"]["counter"] <= 8

    def test_the_challenge_is_not_kept_by_browsers(self, app: Any) -> None:
        answer = app.get("/satudata/bukti/uji")
        assert "no-store" in answer.headers["Cache-Control"]
        assert "public" not in answer.headers["Cache-Control"]
        assert proof.verify(FORM, solution_of(answer.json))


class TestLimits:
    @pytest.mark.ckan_config("ckanext.satudata.limit_address", "2 per hour")
    def test_an_address_has_a_limit(self, app: Any, address: str) -> None:
        for _ in range(2):
            send(app, address, fields(app.flask_app, FORM))
        with pytest.raises(abuse.TooMany) as told:
            send(app, address, fields(app.flask_app, FORM))
        assert 3500 < told.value.seconds <= 3601
        send(app, f"172{address[2:]}", fields(app.flask_app, FORM))

    @pytest.mark.ckan_config("ckanext.satudata.limit_unproved", "1 per hour")
    def test_without_a_proof_it_is_stricter(self, app: Any, address: str) -> None:
        send(app, address, fields(app.flask_app, FORM, proved=False))
        with pytest.raises(abuse.TooMany):
            send(app, address, fields(app.flask_app, FORM, proved=False))
        send(app, address, fields(app.flask_app, FORM))

    @pytest.mark.ckan_config("ckanext.satudata.limit.uji.address", "1 per hour")
    def test_a_form_can_have_its_own(self, app: Any, address: str) -> None:
        send(app, address, fields(app.flask_app, FORM))
        with pytest.raises(abuse.TooMany):
            send(app, address, fields(app.flask_app, FORM))
        with request_from(app, address):
            assert abuse.guard("lain", fields(app.flask_app, "lain")).proved

    @pytest.mark.ckan_config("ckanext.satudata.limit_person", "2 per hour")
    def test_a_person_has_a_limit_at_every_address(self, app: Any, address: str) -> None:
        user = factories.User()["id"]
        for place in ("192.0.2.1", "192.0.2.2"):
            send(app, place, {}, user=user)
        with pytest.raises(abuse.TooMany):
            send(app, address, {}, user=user)
        send(app, address, {}, user=factories.User()["id"])

    @pytest.mark.ckan_config("ckanext.satudata.limit_lookup", "3 per hour")
    def test_guessing_codes_has_a_limit(self, app: Any, address: str) -> None:
        for _ in range(3):
            with request_from(app, address):
                abuse.attempt()
        with request_from(app, address), pytest.raises(abuse.TooMany):
            abuse.attempt()

    @pytest.mark.ckan_config("ckanext.satudata.limit_message", "2 per hour")
    def test_what_is_done_without_an_account_is_paced(self, app: Any, address: str) -> None:
        for _ in range(2):
            with request_from(app, address):
                abuse.paced()
        with request_from(app, address), pytest.raises(abuse.TooMany):
            abuse.paced()
        with request_from(app, address, user=factories.User()["id"]):
            abuse.paced()
        abuse.paced()

    @pytest.mark.ckan_config("ckanext.satudata.limit_mailbox", "1 per hour")
    def test_nobody_fills_anothers_mailbox(self, app: Any, address: str) -> None:
        victim = f"{uuid.uuid4()}@example.org"
        with request_from(app, address):
            abuse.letter_to(victim)
            abuse.letter_to(f"x{victim}")
        with request_from(app, "192.0.2.9"), pytest.raises(abuse.TooMany):
            abuse.letter_to(f" {victim.upper()} ")
        keys = [key.decode() for key in connect_to_redis().scan_iter("satudata:*", count=10_000)]
        assert not [key for key in keys if victim in key]

    @pytest.mark.ckan_config("ckanext.satudata.limit_lookup", "2 per hour")
    def test_the_api_is_no_way_around_it(self, app: Any, address: str) -> None:
        place = {"REMOTE_ADDR": address}
        asked = {"number": "PI-0001/2026", "secret": "0000-0000-0000-0000"}
        found = [
            app.post(
                "/api/3/action/satudata_case_track", json=asked, environ_base=place
            ).status_code
            for _ in range(3)
        ]
        assert found == [404, 404, 429]

    @pytest.mark.ckan_config("ckanext.satudata.limit_address", "2 per hour")
    def test_one_network_of_ipv6_is_one_address(self, app: Any) -> None:
        prefix = f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}"
        for last in ("1", "ffff:2"):
            send(app, f"{prefix}::{last}", fields(app.flask_app, FORM))
        with pytest.raises(abuse.TooMany):
            send(app, f"{prefix}::3", fields(app.flask_app, FORM))

    def test_redis_holds_no_address(self, app: Any, address: str) -> None:
        send(app, address, fields(app.flask_app, FORM))
        keys = [key.decode() for key in connect_to_redis().scan_iter("satudata:*", count=10_000)]
        assert any(f"/{FORM}/" in key for key in keys)
        assert not [key for key in keys if address in key]


class TestProxies:
    @pytest.mark.ckan_config("ckanext.satudata.limit_address", "1 per hour")
    def test_what_a_request_says_of_itself_is_not_believed(self, app: Any, address: str) -> None:
        send(app, address, fields(app.flask_app, FORM), **{"X-Forwarded-For": "203.0.113.1"})
        with pytest.raises(abuse.TooMany):
            send(app, address, fields(app.flask_app, FORM), **{"X-Forwarded-For": "203.0.113.2"})

    @pytest.mark.ckan_config("ckanext.satudata.limit_address", "1 per hour")
    @pytest.mark.ckan_config("ckanext.satudata.trusted_proxies", 1)
    def test_our_own_proxy_says_who_called_it(self, app: Any, address: str) -> None:
        send(app, "127.0.0.1", fields(app.flask_app, FORM), **{"X-Forwarded-For": address})
        forged = {"X-Forwarded-For": f"203.0.113.9, {address}"}
        with pytest.raises(abuse.TooMany):
            send(app, "127.0.0.1", fields(app.flask_app, FORM), **forged)


class TestWithoutRedis:
    @pytest.fixture(autouse=True)
    def _gone(self, app: Any, ckan_config: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(ckan_config, "ckan.redis.url", "redis://127.0.0.1:1/0")

    def test_forms_without_an_account_are_not_taken(self, app: Any, address: str) -> None:
        with pytest.raises(abuse.Unavailable):
            send(app, address, fields(app.flask_app, FORM, proved=False))

    def test_forms_of_people_are_taken(self, app: Any, address: str) -> None:
        assert send(app, address, {}, user=factories.User()["id"]).proved


class TestActions:
    def test_without_an_account_there_is_only_the_form(self, app: Any, address: str) -> None:
        with request_from(app, address), pytest.raises(tk.NotAuthorized):
            abuse.passed(FORM)

    def test_what_came_by_the_form_passes_and_is_not_counted_again(
        self, app: Any, address: str
    ) -> None:
        with request_from(app, address):
            given = abuse.guard(FORM, fields(app.flask_app, FORM, proved=False))
            assert abuse.passed(FORM) is given
            with pytest.raises(tk.NotAuthorized):
                abuse.passed("lain")

    @pytest.mark.ckan_config("ckanext.satudata.limit_person", "1 per hour")
    def test_programs_of_people_are_counted(self, app: Any, address: str) -> None:
        user = factories.User()["id"]
        with request_from(app, address, user=user):
            assert abuse.passed(FORM).proved
        with request_from(app, address, user=user), pytest.raises(abuse.TooMany):
            abuse.passed(FORM)

    def test_commands_pass(self) -> None:
        assert abuse.passed(FORM).proved


class TestPages:
    @pytest.mark.ckan_config("ckanext.satudata.limit_challenge", "1 per hour")
    def test_too_many_is_told_with_a_time(self, app: Any, address: str) -> None:
        place = {"REMOTE_ADDR": address}
        app.get("/satudata/bukti/uji", environ_base=place)
        answer = app.get("/satudata/bukti/uji", environ_base=place, status=429)
        assert 3500 < int(answer.headers["Retry-After"]) <= 3601
        assert answer.json["success"] is False

    @pytest.mark.parametrize(
        ("error", "status", "said"),
        [(abuse.TooMany(90), 429, "in 2 minutes"), (abuse.Unavailable(), 503, "cannot take forms")],
    )
    def test_people_are_told_in_words_what_to_do(
        self, app: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, said: str
    ) -> None:
        def refuse() -> None:
            raise error

        monkeypatch.setitem(app.flask_app.view_functions, "home.about", refuse)
        answer = app.get("/about", status=status)
        assert int(answer.headers["Retry-After"]) >= 90
        assert said in answer.body
        assert "no-store" in answer.headers["Cache-Control"]
