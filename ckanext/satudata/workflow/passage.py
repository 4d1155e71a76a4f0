"""How a saved dataset passes the gate: at once, held beside the public one, or with others.

CKAN builds fresh contexts while one action calls another, so the way is kept beside them, in
a context variable: it is of this thread alone and ends with the ``with`` block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

#: Told how far the work is: stage, steps done, steps in all. It may raise to stop the work.
Progress = Callable[[str, int, int], None]


@dataclass
class Passage:
    """One way through the gate.

    Attributes:
        hold: keep what was saved as a revision instead of letting it become public.
        note: why it is held, in the producer's words.
        together: where ids of saved datasets are gathered that the caller releases in one go.
        background: whether this is the job worker, so that no work is too large.
        progress: told how far the work is.
        released: called in the transaction when a dataset has passed.
        revision: id of the revision that is being released, or None.
        kind: what the report is called that is kept.
        refused: fingerprints of states that were refused before; no second report is kept.
    """

    hold: bool = False
    note: str = ""
    together: list[str] | None = None
    background: bool = False
    progress: Progress | None = field(default=None, repr=False)
    released: Callable[[], None] | None = field(default=None, repr=False)
    revision: str | None = None
    kind: str = "publish"
    refused: frozenset[str] = frozenset()


_current: ContextVar[Passage | None] = ContextVar("satudata_passage", default=None)


def current() -> Passage:
    """The way that saved datasets take now; at once, unless somebody said otherwise."""
    return _current.get() or Passage()


@contextmanager
def through(passage: Passage) -> Iterator[Passage]:
    """Let datasets saved inside the block take this way."""
    token = _current.set(passage)
    try:
        yield passage
    finally:
        _current.reset(token)


def step(stage: str, done: int, total: int) -> None:
    """Say how far the work is, if anybody listens."""
    progress = current().progress
    if progress is not None:
        progress(stage, done, total)
