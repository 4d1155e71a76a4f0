"""Transactions beside CKAN's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ckan import model
from sqlalchemy.orm import Session


@contextmanager
def apart() -> Iterator[Session]:
    """A session with a transaction of its own, committed at the end of the block.

    What is written in it stays, whatever becomes of the transaction that CKAN has open.
    """
    with Session(bind=model.ensure_engine()) as session, session.begin():
        yield session
