"""The driver's cursor inside of SQLAlchemy's transaction, for what SQLAlchemy has no words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from sqlalchemy.exc import DBAPIError

from ckanext.satudata.types import AnySession


@contextmanager
def cursor_of(session: AnySession) -> Iterator[Any]:
    """A cursor in the session's transaction whose errors are SQLAlchemy's.

    So whoever calls tries again, rolls back and finds the server again as after any statement.

    Args:
        session: whose transaction is used.

    Raises:
        sqlalchemy.exc.DBAPIError: what the driver could not do.
    """
    connection = session.connection()
    raw: Any = connection.connection
    dialect: Any = connection.dialect
    try:
        with raw.cursor() as cursor:
            yield cursor
    except psycopg2.Error as error:
        lost = dialect.is_disconnect(error, raw.dbapi_connection, None)
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            "COPY satudata_block",
            None,
            error,
            psycopg2.Error,
            connection_invalidated=lost,
            dialect=dialect,
        ) from error
