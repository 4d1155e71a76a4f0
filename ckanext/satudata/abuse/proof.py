"""Proof of work (ALTCHA, version 2): a computation that is cheap for one person, dear for a flood.

scrypt, because browsers keep their own cryptography back where a portal is reached by plain http,
as in many offices: the search runs in WebAssembly instead. The number that is looked for is found
after a bounded count of tries, so that an old phone is never unlucky for long.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from typing import Any

import altcha
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

from ckanext.satudata import config

from .keys import hashed, key_for
from .limits import Unavailable

#: scrypt's N and r: 128 * N * r bytes, that is 1 MB for each try.
_COST, _BLOCK = 1024, 8
#: Characters of the longest honest proof.
_LONGEST = 4096


class Wrong(Exception):
    """The proof is forged, for another form, or was used before."""


def challenge(form: str) -> dict[str, Any]:
    """What the browser is asked to compute.

    Args:
        form: the form that it will be sent with.
    """
    work = max(1, config.proof_work())
    made = altcha.create_challenge(
        "SCRYPT",
        _COST,
        memory_cost=_BLOCK,
        parallelism=1,
        # At least half of it, or a flood would look for the lucky ones.
        counter=work // 2 + secrets.randbelow(work // 2 + 1),
        expires_at=int(time.time()) + config.proof_seconds(),
        data={"form": form},
        hmac_secret=key_for("proof"),
        hmac_key_secret=key_for("proof-key"),
    )
    return made.to_dict()


def verify(form: str, text: str) -> bool:
    """Whether a text proves work for a form; it does so once.

    Args:
        form: the form it was sent with.
        text: what the browser sent.

    Returns:
        False for none, and for one that is too old: somebody may have written for a long time.

    Raises:
        Wrong: it is no proof of ours for this form, or was used before.
        Unavailable: Redis, which knows those used, does not answer.
    """
    if not text:
        return False
    if len(text) > _LONGEST:
        raise Wrong
    checked = altcha.verify_solution(text, key_for("proof"), hmac_key_secret=key_for("proof-key"))
    if checked.expired:
        return False
    if not checked.verified:
        raise Wrong
    signed = json.loads(base64.b64decode(text))["challenge"]
    if signed["parameters"].get("data") != {"form": form}:
        raise Wrong
    _use(signed["signature"])
    return True


def _use(signature: str) -> None:
    key = f"satudata:proof:{hashed('proof-used', signature)}"
    try:
        first = connect_to_redis().set(key, 1, nx=True, ex=config.proof_seconds())
    except RedisError as error:
        raise Unavailable from error
    if not first:
        raise Wrong
