"""What a person's browser adds to a form that anybody can send."""

from __future__ import annotations

import time
from typing import Any
from unittest import mock

import altcha
from flask import Flask

from ckanext.satudata.abuse import gate, proof


def opened(app: Flask, form: str, *, ago: float = 60) -> str:
    """The stamp of a form that was opened some seconds ago."""
    with app.test_request_context(), mock.patch("time.time", return_value=time.time() - ago):
        return gate.stamp(form)


def solved(form: str) -> str:
    """A fresh proof of work."""
    return solution_of(proof.challenge(form))


def solution_of(challenge: dict[str, Any]) -> str:
    """The proof for a challenge, as the browser sends it."""
    asked = altcha.Challenge.from_dict(challenge)
    found = altcha.solve_challenge(asked)
    assert found is not None
    return altcha.Payload(asked, found).to_base64()


def fields(app: Flask, form: str, *, proved: bool = True, ago: float = 60) -> dict[str, str]:
    """All fields of ``satudata/snippets/guard.html`` as a person sends them.

    Args:
        app: the Flask application.
        form: the form's kind.
        proved: whether the browser computed.
        ago: seconds since the form was opened.
    """
    return {
        gate.TRAP: "",
        gate.STAMP: opened(app, form, ago=ago),
        gate.PROOF: solved(form) if proved else "",
    }
