"""The one question each such form asks: may this be taken?"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from flask import g, has_request_context
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from ckanext.satudata import config

from . import address, limits, proof
from .keys import key_for

log = logging.getLogger(__name__)

#: Names of the fields in ``satudata/snippets/guard.html``. The first one is left empty by people.
TRAP, STAMP, PROOF = "catatan_lain", "formulir", "altcha"
#: Seconds after which a page with a form has to be opened anew.
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Guarded:
    """A form that may be taken.

    Attributes:
        proved: the sender is signed in, or the browser computed. If not, the case waits until an
            e-mail is confirmed.
    """

    proved: bool


def guard(form: str, data: Mapping[str, Any]) -> Guarded:
    """Let a form of this request through, or refuse it. Call it first, in the view.

    Args:
        form: its kind, for example ``pengaduan``; as in the snippet.
        data: what was sent.

    Raises:
        tk.ValidationError: it was not sent by a person, or too quickly; the person may send it
            again from the page that tells so.
        TooMany: too often, from this address or by this person; becomes a page with status 429.
        Unavailable: nobody counts; becomes a page with status 503 for people without an account.
    """
    if tk.current_user.is_authenticated:
        found = _by_person(form)
    else:
        _demand_person(form, data)
        proved = _proved(form, data)
        limits.count("address" if proved else "unproved", address.network(), form=form)
        found = Guarded(proved)
    g.satudata_guarded = {**g.get("satudata_guarded", {}), form: found}
    return found


def passed(form: str) -> Guarded:
    """What :func:`guard` found for this request; for actions that anybody may call.

    Programs of people with an account come without a form, and are counted here. Without an account
    there is only the form. Outside a request (commands, jobs) nobody is asked.

    Args:
        form: its kind.

    Raises:
        tk.NotAuthorized: a call without an account that came by no form.
        TooMany: a person's limit is reached.
    """
    if not has_request_context():
        return Guarded(True)
    found = g.get("satudata_guarded", {}).get(form)
    if found is not None:
        return found
    if not tk.current_user.is_authenticated:
        message = tk._("Use the form on the portal, or sign in.")
        raise tk.NotAuthorized(message)
    return _by_person(form)


def attempt(what: str = "lookup") -> None:
    """Count an attempt from this request's address, for example at a case's secret code.

    Outside a request (commands, jobs) nothing is counted.

    Args:
        what: whose limits: ``lookup``, ``message`` or ``challenge``.

    Raises:
        TooMany: there were too many.
        Unavailable: nobody counts.
    """
    if has_request_context():
        limits.count(what, address.network())


def paced() -> None:
    """Count what somebody without an account does in a case: a message, a file, an answer.

    Raises:
        TooMany: there were too many from this request's address.
        Unavailable: nobody counts.
    """
    if has_request_context() and not tk.current_user.is_authenticated:
        attempt("message")


def letter_to(email: str) -> None:
    """Count a letter that somebody without an account lets the portal write to an address.

    Args:
        email: whose; it is stored as a keyed hash only.

    Raises:
        TooMany: this mailbox gets too many of them, whoever asks.
        Unavailable: nobody counts.
    """
    if has_request_context() and not tk.current_user.is_authenticated:
        limits.count("mailbox", email.strip().casefold())


def stamp(form: str) -> str:
    """When a form was opened, signed; it goes into the form and comes back."""
    return _stamps().dumps(form)


def _by_person(form: str) -> Guarded:
    try:
        limits.count("person", tk.current_user.id, form=form)
    except limits.Unavailable:
        # Who it is is known, and can be asked.
        log.warning("Redis does not answer: forms of people with an account are not counted")
    return Guarded(True)


def _demand_person(form: str, data: Mapping[str, Any]) -> None:
    if data.get(TRAP):
        message = tk._("Leave the field “{label}” empty, and send the form again.").format(
            label=tk._("Leave this field empty")
        )
        raise tk.ValidationError({"guard": [message]})
    try:
        opened, at = _stamps().loads(str(data.get(STAMP, "")), max_age=_DAY, return_timestamp=True)
    except SignatureExpired as error:
        message = tk._("This page was open for more than a day. Please send the form again.")
        raise tk.ValidationError({"guard": [message]}) from error
    except BadSignature as error:
        raise _not_ours() from error
    if opened != form:
        raise _not_ours()
    if time.time() - at.timestamp() < config.form_seconds():
        message = tk._("That was very quick. Please wait a few seconds, and send the form again.")
        raise tk.ValidationError({"guard": [message]})


def _proved(form: str, data: Mapping[str, Any]) -> bool:
    try:
        return proof.verify(form, str(data.get(PROOF, "")))
    except proof.Wrong as error:
        raise _not_ours() from error


def _not_ours() -> tk.ValidationError:
    message = tk._(
        "The form was not sent as the portal gave it, or was sent twice. Please send it again."
    )
    return tk.ValidationError({"guard": [message]})


def _stamps() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key_for("form"), salt="form")
