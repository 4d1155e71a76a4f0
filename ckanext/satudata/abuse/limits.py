"""How often: counted in Redis, which all web workers share, over a window that moves."""

from __future__ import annotations

import time
from functools import lru_cache

import ckan.plugins.toolkit as tk
from flask import g, has_request_context
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from ckanext.satudata import config

from .keys import hashed


class TooMany(Exception):
    """Somebody did something more often than is allowed.

    Attributes:
        seconds: until it is allowed again.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(f"again in {seconds} s")
        self.seconds = seconds


class Unavailable(Exception):
    """Nobody counts at the moment, so that what is limited cannot be done."""


def count(who: str, name: str, *, form: str = "") -> None:
    """Count one more, unless that would be too many; what is refused is not counted.

    Args:
        who: whose limits, see :func:`config.limit`.
        name: who it is (an address, a person's id); only a keyed hash of it is stored.
        form: what is counted by itself.

    Raises:
        TooMany: a limit is reached.
        Unavailable: Redis does not answer.
    """
    key = hashed("limits", f"{who}\0{name}")
    limiter = _limiter(tk.config["ckan.redis.url"])
    try:
        for item in _parsed(config.limit(who, form)):
            if not limiter.hit(item, form or who, key):
                reset = limiter.get_window_stats(item, form or who, key).reset_time
                raise _noted(TooMany(max(1, int(reset - time.time()) + 1)))
    except StorageError as error:
        raise _noted(Unavailable()) from error


def _noted(error: TooMany | Unavailable) -> TooMany | Unavailable:
    """CKAN's API makes one answer of all errors it does not know; ours is put in its place."""
    if has_request_context():
        g.satudata_limited = error
    return error


@lru_cache(maxsize=256)
def _parsed(text: str) -> tuple[RateLimitItem, ...]:
    """The limits a text names, the longest first."""
    return tuple(sorted(parse_many(text), key=lambda item: -item.get_expiry()))


@lru_cache(maxsize=4)
def _limiter(url: str) -> MovingWindowRateLimiter:
    storage = RedisStorage(url, wrap_exceptions=True, key_prefix="satudata:limits")
    return MovingWindowRateLimiter(storage)
