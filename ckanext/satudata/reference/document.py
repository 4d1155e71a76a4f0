"""Reading a reference file: a YAML head with its rows inside or in a CSV beside it.

Everything is read as text, so that no code passes through a number or a truth value.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from ckanext.satudata.errors import SatudataError

KINDS = ("units", "codelist", "standards")

#: Separates several values in one cell.
SEPARATOR = "|"

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_TEXTS = ("kind", "name", "version", "effective_from", "source", "file", "canonical_scheme")
_REQUIRED = ("kind", "name", "version", "effective_from", "source", "label")
_LISTS = ("levels", "attributes")
_MAPPINGS = ("label", "patterns", "references")
_KEYS = {*_TEXTS, *_LISTS, *_MAPPINGS, "prefixes", "codes"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a reference file, and where.

    Attributes:
        rule: key of the text in ``messages.yaml``.
        file: name of the file.
        line: line in it, counted from 1, or None where the whole file is meant.
        params: values for the text.
    """

    rule: str
    file: str
    line: int | None = None
    params: Mapping[str, object] = field(default_factory=dict)


class BadReference(SatudataError):
    """A reference file was refused whole.

    Attributes:
        problems: everything found wrong, in file order.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problem(s) in the reference file")
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line or 0)))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its place and its cells, stripped; an empty cell is an empty text."""

    file: str
    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell, or an empty text where the column is missing."""
        return self.cells.get(column, "")

    def several(self, column: str) -> tuple[str, ...]:
        """The values of a cell that holds several."""
        parts = (part.strip() for part in self.get(column).split(SEPARATOR))
        return tuple(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True)
class Document:
    """A reference file as read.

    Attributes:
        file: name of the YAML file.
        kind: one of :data:`KINDS`.
        name: slug of the reference.
        version: its version, any text.
        effective_from: first day on which this version holds.
        source: where the data come from.
        label: Indonesian name.
        label_en: English name.
        canonical_scheme: name of the scheme the codes themselves belong to, or None.
        levels: allowed levels; empty where there are none.
        attributes: columns kept with each code.
        references: attribute -> name of the reference whose codes it holds.
        patterns: column -> pattern its cells match completely.
        prefixes: level -> words that may stand before a name of that level.
        rows: the rows.
        sha256: over the files' bytes.
    """

    file: str
    kind: str
    name: str
    version: str
    effective_from: date
    source: str
    label: str
    label_en: str
    canonical_scheme: str | None
    levels: tuple[str, ...]
    attributes: tuple[str, ...]
    references: Mapping[str, str]
    patterns: Mapping[str, re.Pattern[str]]
    prefixes: Mapping[str, tuple[str, ...]]
    rows: tuple[Row, ...]
    sha256: str


def read(path: Path) -> Document:
    """Read a reference file.

    Args:
        path: the YAML file; a CSV it names lies in the same folder.

    Raises:
        BadReference: the file cannot be read or its head is wrong.
    """
    return _Reader(path).document()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.name
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()

    def document(self) -> Document:
        head = self._head(self._text(self.path))
        self._check_keys(head)
        effective = self._date(head)
        patterns = self._patterns(head)
        prefixes = {
            key.value: self._list(value) for key, value in self._pairs(head.get("prefixes"))
        }
        rows = self._rows(head)
        if self.problems or effective is None:
            raise BadReference(self.problems)
        label = self._mapping(head, "label")
        return Document(
            file=self.file,
            kind=self._scalar(head, "kind"),
            name=self._scalar(head, "name"),
            version=self._scalar(head, "version"),
            effective_from=effective,
            source=self._scalar(head, "source"),
            label=label["id"],
            label_en=label["en"],
            canonical_scheme=self._scalar(head, "canonical_scheme") or None,
            levels=self._list(head.get("levels")),
            attributes=self._list(head.get("attributes")),
            references=self._mapping(head, "references"),
            patterns=patterns,
            prefixes=prefixes,
            rows=rows,
            sha256=self.digest.hexdigest(),
        )

    def _text(self, path: Path) -> str:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise self._failure(
                "file-unreadable", file=path.name, reason=error.strerror or str(error)
            ) from error
        self.digest.update(len(data).to_bytes(8, "big"))
        self.digest.update(data)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise BadReference([Problem("not-utf8", path.name, line)]) from error

    def _head(self, text: str) -> dict[str, yaml.Node]:
        try:
            node = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            problem = Problem("not-yaml", self.file, line, {"reason": error.problem or ""})
            raise BadReference([problem]) from error
        except yaml.YAMLError as error:
            raise BadReference(
                [Problem("not-yaml", self.file, None, {"reason": str(error)})]
            ) from error
        if not isinstance(node, yaml.MappingNode):
            raise self._failure("not-a-reference")
        head: dict[str, yaml.Node] = {}
        for key, value in self._pairs(node):
            if key.value in head:
                self._problem("key-twice", key, key=key.value)
            head[key.value] = value
        return head

    def _check_keys(self, head: dict[str, yaml.Node]) -> None:
        for key, node in head.items():
            if key not in _KEYS:
                self._problem("key-unknown", node, key=key)
        for key in _REQUIRED:
            if key not in head:
                self._problem("key-missing", None, key=key)
        for key in _TEXTS:
            node = head.get(key)
            if node is not None and not (isinstance(node, yaml.ScalarNode) and node.value.strip()):
                self._problem("key-missing", node, key=key)
        kind = self._scalar(head, "kind")
        if kind and kind not in KINDS:
            self._problem("kind-unknown", head["kind"], kind=kind, kinds=", ".join(KINDS))
        name = self._scalar(head, "name")
        if name and not _NAME.fullmatch(name):
            self._problem("name-bad", head["name"], name=name)
        label = self._mapping(head, "label")
        if "label" in head and not {"id", "en"} <= label.keys():
            self._problem("label-incomplete", head["label"])
        if ("file" in head) == ("codes" in head):
            self._problem("rows-where", None)

    def _date(self, head: dict[str, yaml.Node]) -> date | None:
        text = self._scalar(head, "effective_from")
        try:
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self._problem(
                    "date-bad", head["effective_from"], column="effective_from", found=text
                )
            return None

    def _patterns(self, head: dict[str, yaml.Node]) -> dict[str, re.Pattern[str]]:
        out = {}
        for column, text in self._mapping(head, "patterns").items():
            try:
                out[column] = re.compile(text)
            except re.error:
                self._problem("pattern-bad", head["patterns"], column=column, found=text)
        return out

    def _rows(self, head: dict[str, yaml.Node]) -> tuple[Row, ...]:
        name = self._scalar(head, "file")
        rows: list[Row]
        if name:
            if name != Path(name).name:
                raise self._failure("file-elsewhere", file=name)
            rows = list(self._csv_rows(name, self._text(self.path.with_name(name))))
        else:
            rows = list(self._inline_rows(head.get("codes")))
        if not rows:
            self._problem("no-rows", None)
        return tuple(rows)

    def _csv_rows(self, name: str, text: str) -> Iterator[Row]:
        first = text.split("\n", 1)[0]
        delimiter = ";" if first.count(";") > first.count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header: list[str] = []
        line = 1
        try:
            for cells in reader:
                began, line = line, reader.line_num + 1
                stripped = [cell.strip() for cell in cells]
                if not any(stripped):
                    continue
                if not header:
                    header = stripped
                    self._check_header(name, header)
                elif len(stripped) != len(header):
                    params = {"found": len(stripped), "expected": len(header)}
                    self.problems.append(Problem("cells-count", name, began, params))
                else:
                    yield Row(name, began, dict(zip(header, stripped, strict=True)))
        except csv.Error as error:
            self.problems.append(Problem("not-csv", name, line, {"reason": str(error)}))

    def _check_header(self, name: str, header: list[str]) -> None:
        for column in {c for c in header if header.count(c) > 1 or not c}:
            self.problems.append(Problem("column-twice", name, 1, {"column": column}))

    def _inline_rows(self, node: yaml.Node | None) -> Iterator[Row]:
        items = node.value if isinstance(node, yaml.SequenceNode) else []
        for item in items:
            cells = {k.value: v.value for k, v in self._pairs(item) if isinstance(v.value, str)}
            if not cells or len(cells) != len(item.value):
                self._problem("row-bad", item)
            else:
                stripped = {key: value.strip() for key, value in cells.items()}
                yield Row(self.file, item.start_mark.line + 1, stripped)

    def _scalar(self, head: dict[str, yaml.Node], key: str) -> str:
        node = head.get(key)
        return node.value.strip() if isinstance(node, yaml.ScalarNode) else ""

    def _mapping(self, head: dict[str, yaml.Node], key: str) -> dict[str, str]:
        return {
            k.value: v.value.strip()
            for k, v in self._pairs(head.get(key))
            if isinstance(v, yaml.ScalarNode) and v.value.strip()
        }

    @staticmethod
    def _list(node: yaml.Node | None) -> tuple[str, ...]:
        if not isinstance(node, yaml.SequenceNode):
            return ()
        return tuple(item.value.strip() for item in node.value if isinstance(item.value, str))

    @staticmethod
    def _pairs(node: yaml.Node | None) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            return []
        return [(k, v) for k, v in node.value if isinstance(k, yaml.ScalarNode)]

    def _problem(self, rule: str, node: yaml.Node | None, **params: object) -> None:
        line = node.start_mark.line + 1 if node is not None else None
        self.problems.append(Problem(rule, self.file, line, params))

    def _failure(self, rule: str, **params: object) -> BadReference:
        return BadReference([*self.problems, Problem(rule, self.file, None, params)])
