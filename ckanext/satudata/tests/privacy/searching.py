"""Looking for texts in all that the portal keeps: databases, index, Redis, files, logs, letters."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.redis import connect_to_redis
from ckan.lib.search.common import make_connection
from pypdf import PdfReader


class Search:
    """Looks for marker strings, also as bytes, hexadecimal digits and compressed.

    Attributes:
        markers: what must be nowhere, in lower case.
    """

    def __init__(self, markers: Iterable[str]) -> None:
        self.markers = sorted({m.casefold() for m in markers})
        self._logs = {path: path.stat().st_size for path in _logs()}
        self._files = set(_files())

    def in_text(self, text: str) -> list[str]:
        """The markers in a text."""
        plain = text.casefold()
        return [m for m in self.markers if m in plain]

    def in_bytes(self, content: bytes) -> list[str]:
        """The markers in bytes, in what they hold compressed, and in the text of a PDF."""
        found = {m for form in _forms(content) for m in self.in_text(form)}
        return sorted(found)

    def everywhere(self) -> dict[str, list[str]]:
        """Place -> markers found there, of all places that hold any."""
        # The logs come first: looking elsewhere for a text may leave it there.
        places = (
            *self.logs(),
            *self.databases(),
            *self.index(),
            *self.redis(),
            *self.files(),
        )
        return {place: found for place, found in places if found}

    def databases(self) -> Iterator[tuple[str, list[str]]]:
        """Each column of each table of CKAN's database and the DataStore's."""
        for option in ("sqlalchemy.url", "ckan.datastore.write_url"):
            engine = sa.create_engine(tk.config[option], hide_parameters=True)
            try:
                yield from self.in_database(engine)
            finally:
                engine.dispose()

    def in_database(self, engine: sa.Engine) -> Iterator[tuple[str, list[str]]]:
        """Each column of each table of a database."""
        for table, column in _columns(engine):
            yield f"{table}.{column}", self._in_column(engine, table, column)

    def _in_column(self, engine: sa.Engine, table: str, column: str) -> list[str]:
        # Bytes are shown as hexadecimal digits.
        quoted = f'"{table}"', f'"{column}"'
        forms = {m: (m, m.encode().hex()) for m in self.markers}
        statement = sa.text(
            f"SELECT {quoted[1]}::text FROM {quoted[0]} "
            f"WHERE {quoted[1]}::text ILIKE ANY(:patterns) LIMIT 20"
        )
        patterns = [f"%{form}%" for pair in forms.values() for form in pair]
        with engine.connect() as connection:
            texts = [
                str(text).casefold()
                for text in connection.execute(statement, {"patterns": patterns}).scalars()
            ]
        return [m for m, pair in forms.items() if any(f in t for t in texts for f in pair)]

    def index(self) -> Iterator[tuple[str, list[str]]]:
        """All documents with all stored fields; and fields that are only searched."""
        solr = make_connection()
        found = solr.search("*:*", rows=100_000)
        yield "solr documents", self.in_text("\n".join(map(str, found)))
        hits = [m for m in self.markers if solr.search(f'text:"{m}"', rows=0).hits]
        yield "solr words", hits

    def redis(self) -> Iterator[tuple[str, list[str]]]:
        """Names and values of all keys."""
        connection: Any = connect_to_redis()
        for key in connection.scan_iter(count=1000):
            content = b"\n".join([key, *_values(connection, key)])
            yield f"redis {key[:60]!r}", self.in_bytes(content)

    def files(self) -> Iterator[tuple[str, list[str]]]:
        """Files that came into the storage since this began; their names, too."""
        for path in set(_files()) - self._files:
            yield f"file {path.name}", self.in_bytes(str(path).encode() + b"\n" + path.read_bytes())

    def logs(self) -> Iterator[tuple[str, list[str]]]:
        """What the services wrote into their logs since this began."""
        for path in _logs():
            with path.open("rb") as log:
                log.seek(self._logs.get(path, 0))
                yield f"log {path.name}", self.in_bytes(log.read())

    def letters(
        self, sent: Iterable[tuple[list[str], EmailMessage]], *, but: str
    ) -> dict[str, list[str]]:
        """Subject -> markers, of letters to others than the person with the address ``but``."""
        out: dict[str, list[str]] = {}
        for recipients, letter in sent:
            if recipients == [but]:
                continue
            parts = [str(letter["To"]), str(letter["Subject"]), *_bodies(letter)]
            if found := self.in_text("\n".join(parts)):
                out[str(letter["Subject"])] = found
        return out


def _bodies(letter: EmailMessage) -> Iterator[str]:
    for part in letter.walk():
        if part.get_content_maintype() == "text":
            yield str(part.get_content())


def _columns(engine: sa.Engine) -> list[tuple[str, str]]:
    statement = sa.text(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c "
        "JOIN information_schema.tables t USING (table_schema, table_name) "
        "WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' "
        "AND c.data_type NOT LIKE 'timestamp%' "
        "AND c.data_type NOT IN ('integer', 'bigint', 'smallint', 'boolean', 'date', 'oid')"
    )
    with engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(statement)]


def _values(connection: Any, key: bytes) -> Iterator[bytes]:
    match connection.type(key):
        case b"string":
            yield connection.get(key) or b""
        case b"list":
            yield from connection.lrange(key, 0, -1)
        case b"set":
            yield from connection.smembers(key)
        case b"zset":
            yield from connection.zrange(key, 0, -1)
        case b"hash":
            for name, value in connection.hgetall(key).items():
                yield from (name, value)


def _forms(content: bytes) -> Iterator[str]:
    yield content.decode("utf-8", "replace")
    yield content.decode("utf-16-le", "ignore")
    if content.startswith(b"%PDF"):
        pages = PdfReader(io.BytesIO(content)).pages
        yield "\n".join(page.extract_text() for page in pages)
    for part in content.split(b"\n"):
        if part.startswith(b"x\x9c"):  # what zlib makes, as of jobs
            try:
                yield zlib.decompress(part).decode("utf-8", "replace")
            except zlib.error:
                continue


def _files() -> list[Path]:
    place = Path(tk.config["ckan.storage_path"])
    return [path for path in place.rglob("*") if path.is_file()]


def _logs() -> list[Path]:
    """Logs of the services that `./portal` runs, beside the storage."""
    instance = Path(tk.config["ckan.storage_path"]).parent
    found = [*instance.glob("logs/*.log"), *instance.glob("postgres/*.log")]
    found += instance.glob("solr/**/*.log")
    return [path for path in found if os.access(path, os.R_OK)]
