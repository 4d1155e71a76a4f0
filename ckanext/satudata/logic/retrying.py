"""Actions that are begun again where PostgreSQL gave them up for somebody else's sake.

Our own locks are taken in one order, but CKAN locks rows of its own, and joint releases change
several datasets at once: PostgreSQL may still have to end one of two transactions that wait for
each other. That one has changed nothing. The outermost action is the only place from which all
that belongs to it can be done again, so that is what is repeated; after the last attempt people
are asked to try again.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict
from sqlalchemy.exc import DBAPIError

from ckanext.satudata.errors import TryAgain

log = logging.getLogger(__name__)

#: Deadlock, serialization failure, lock not available: nothing was changed, and the same may
#: succeed now (PostgreSQL's documentation, appendix A).
_AGAIN = frozenset({"40P01", "40001", "55P03"})
_ATTEMPTS = 4

_inside: ContextVar[bool] = ContextVar("satudata_inside_an_action", default=False)

#: An action that is given the one it is chained to.
Chained = Callable[[Action, Context, DataDict], Any]


def retrying(action: Chained) -> Chained:
    """Begin the action again where PostgreSQL gave it up, unless it is part of another one.

    What the caller has changed before in the same transaction would be lost with the first
    attempt, so then there is no second.

    Raises:
        TryAgain: it was given up too often; nothing was changed.
    """

    @functools.wraps(action)
    def wrapper(original: Action, context: Context, data_dict: DataDict) -> Any:
        if _inside.get():
            return action(original, context, data_dict)
        token = _inside.set(True)
        try:
            return _repeated(action, original, context, data_dict)
        finally:
            _inside.reset(token)

    return wrapper


def retrying_own(action: Callable[[Context, DataDict], Any]) -> Callable[..., Any]:
    """What :func:`retrying` is to chained actions, for one of our own."""
    repeated = retrying(lambda _, context, data_dict: action(context, data_dict))

    @functools.wraps(action)
    def wrapper(context: Context, data_dict: DataDict) -> Any:
        return repeated(action, context, data_dict)

    return wrapper


def _repeated(action: Chained, original: Action, context: Context, data_dict: DataDict) -> Any:
    attempts = 1 if begun(context) else _ATTEMPTS
    kept_context, kept_data = dict(context), _copied(data_dict)
    for attempt in range(1, attempts + 1):
        try:
            return action(original, context, data_dict)
        except DBAPIError as error:
            if getattr(error.orig, "pgcode", None) not in _AGAIN:
                raise
            log.warning("attempt %s was given up by PostgreSQL: %s", attempt, error.orig)
            model.Session.rollback()
            model.Session.expire_all()
            _restore(context, kept_context)
            _restore(data_dict, _copied(kept_data))
    message = tk._(
        "Others were changing the same data at this moment, and nothing was saved. "
        "Please try again."
    )
    raise TryAgain({"satudata": [message]})


def begun(context: Context) -> bool:
    """Whether the transaction holds changes already, which only the caller could make again."""
    return bool(context.get("defer_commit")) or hasattr(model.Session(), "_object_cache")


def _copied(value: Any) -> Any:
    """A copy of what an action was given, in which uploads are as at their beginning."""
    if isinstance(value, dict):
        return {k: _copied(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_copied(v) for v in value]
    stream = getattr(value, "stream", None)
    if stream is not None:
        stream.seek(0)
    return value


def _restore(target: Any, kept: Mapping[str, Any]) -> None:
    target.clear()
    target.update(kept)
