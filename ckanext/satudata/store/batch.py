"""Writes that go to the database in one message: each waits for no answer to the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from psycopg2.extras import Json
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.types import AnySession


def _document(value: Any) -> Any:
    return None if value is None else Json(value)


def _documents(table: sa.Table) -> frozenset[str]:
    """Names of the columns that hold JSON."""
    return frozenset(c.name for c in table.c if isinstance(c.type, JSONB))


class Insertion:
    """A statement that inserts rows into a table, put together once.

    Args:
        table: the table.
        but: names of columns that the database fills.
    """

    def __init__(self, table: sa.Table, *, but: Sequence[str] = ()) -> None:
        columns = [c for c in table.c if c.name not in but]
        self._documents = _documents(table)
        names = ", ".join(c.name for c in columns)
        values = ", ".join(f"%({c.name})s" for c in columns)
        self.text = f"INSERT INTO {table.name} ({names}) VALUES ({values})"  # noqa: S608  (names of tables and columns)

    def parameters(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as the driver takes it."""
        return {n: _document(v) if n in self._documents else v for n, v in row.items()}


class Batch:
    """Writes in the order in which they are added; :meth:`send` makes them."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._parameters: dict[str, Any] = {}

    def add(self, text: str, parameters: Mapping[str, Any]) -> None:
        """Add a statement.

        Args:
            text: SQL with parameters in the driver's way, ``%(name)s``.
            parameters: name -> value.
        """
        prefix = f"s{len(self._texts)}_"
        self._texts.append(text.replace("%(", f"%({prefix}"))
        self._parameters.update({f"{prefix}{n}": value for n, value in parameters.items()})

    def insert(self, insertion: Insertion, row: Mapping[str, Any]) -> None:
        """Add a row of a table.

        Args:
            insertion: of the table.
            row: column -> value, of all its columns.
        """
        self.add(insertion.text, insertion.parameters(row))

    def update(self, table: sa.Table, changed: Mapping[str, Any], *, key: Any) -> None:
        """Add a change of a row.

        Args:
            table: the table, whose key is ``id``.
            changed: column -> value.
            key: of the row.
        """
        documents = _documents(table)
        values = {n: _document(v) if n in documents else v for n, v in changed.items()}
        setting = ", ".join(f"{name} = %({name})s" for name in changed)
        text = f"UPDATE {table.name} SET {setting} WHERE id = %(key)s"  # noqa: S608  (names)
        self.add(text, {**values, "key": key})

    def send(self, session: AnySession) -> Sequence[sa.Row[Any]]:
        """Make the writes in the session's transaction.

        Returns:
            What the last of them returns; nothing if it does not say ``RETURNING``.

        Raises:
            sqlalchemy.exc.DBAPIError: one of them cannot be made; the transaction is void.
        """
        if not self._texts:
            return []
        done = session.connection().exec_driver_sql(";\n".join(self._texts), self._parameters)
        self._texts, self._parameters = [], {}
        return done.all() if done.returns_rows else []
