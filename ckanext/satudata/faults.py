"""Fault points: named places where a test can let the process end, fail or wait.

Outside tests nothing is armed and :func:`reach` returns at once. A test arms a point of its own
process with :func:`armed`; another process (a web server under test) reads its orders from the
file that the environment variable :data:`ORDERS` names when that process starts.
"""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ckan import model
from sqlalchemy import event
from sqlalchemy.orm import Session

#: Environment variable with the path of the orders: JSON, point -> ``{"do": "kill" or "fail",
#: "chance": 0 to 1}``. An order without a chance is carried out once.
ORDERS = "SATUDATA_FAULTS"

#: Key of ``Session.info``: a dataset was put into the index and is not committed yet.
INDEXED = "satudata_indexed"

_handlers: dict[str, Callable[[], None]] = {}
_orders: Path | None = Path(os.environ[ORDERS]) if os.environ.get(ORDERS) else None


class Fault(RuntimeError):
    """The failure that was ordered."""


def reach(point: str) -> None:
    """Say that this point is reached; what was ordered for it happens."""
    if not (_handlers or _orders):
        return
    handler = _handlers.get(point)
    if handler is not None:
        handler()
    if _orders is not None:
        _carry_out(_orders, point)


@contextmanager
def armed(**handlers: Callable[[], None]) -> Iterator[None]:
    """Let handlers run at points of this process inside the block.

    Args:
        handlers: what runs, by point; an underscore stands for a hyphen.
    """
    added = {name.replace("_", "-"): handler for name, handler in handlers.items()}
    _handlers.update(added)
    try:
        yield
    finally:
        for name in added:
            del _handlers[name]


def watch_commits() -> None:
    """Make the moments around the commit of a dataset points, in a process that has orders."""
    if _orders is None:
        return
    for moment, point in (("before_commit", "before-commit"), ("after_commit", "after-commit")):
        _listen(moment, point)


def _listen(moment: str, point: str) -> None:
    def at(session: Session) -> None:
        # The end of a savepoint is such an event, too.
        if session.info.get(INDEXED) and not session.in_nested_transaction():
            if moment == "after_commit":
                del session.info[INDEXED]
            reach(point)

    event.listen(model.Session, moment, at)


def _carry_out(file: Path, point: str) -> None:
    with suppress(FileNotFoundError):
        order = json.loads(file.read_text("utf-8")).get(point)
        if order is None:
            return
        chance = order.get("chance")
        if chance is None:
            file.unlink()
        elif random.random() >= chance:  # noqa: S311  (not for secrets)
            return
        if order["do"] == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise Fault(point)
