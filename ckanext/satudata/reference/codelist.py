"""Code lists: from rows to checked codes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from ckanext.satudata.consistency.vocabulary import TOTAL, normalise

from .document import BadReference, Document, Problem, Row

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_COLUMNS = {
    "code",
    "label",
    "label_en",
    "parent",
    "level",
    "aliases",
    "valid_from",
    "valid_to",
    "legal_basis",
}
_SCHEME = "scheme."


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a checked list.

    Attributes:
        aliases: other names, folded; never the label itself.
        schemes: scheme -> the code's name there.
        attributes: what else is kept with the code.
    """

    code: str
    label: str
    label_en: str | None
    parent: str | None
    level: str | None
    valid_from: date | None
    valid_to: date | None
    legal_basis: str | None
    aliases: tuple[str, ...]
    schemes: Mapping[str, str]
    attributes: Mapping[str, str]

    def meets(self, other: Entry) -> bool:
        """Whether both hold on some day."""
        return not (
            (self.valid_to and other.valid_from and self.valid_to < other.valid_from)
            or (other.valid_to and self.valid_from and other.valid_to < self.valid_from)
        )


def parse(document: Document, known: Mapping[str, Collection[str]]) -> tuple[Entry, ...]:
    """Check a code list and return its codes in file order.

    Args:
        document: of kind ``codelist``.
        known: name of another reference -> its codes, for columns that refer to them.

    Raises:
        BadReference: with every problem found.
    """
    return _Checker(document, known).entries()


class _Checker:
    def __init__(self, document: Document, known: Mapping[str, Collection[str]]) -> None:
        self.document = document
        self.known = known
        self.problems: list[Problem] = []
        self.lines: dict[str, Row] = {}

    def entries(self) -> tuple[Entry, ...]:
        self._check_columns()
        entries: dict[str, Entry] = {}
        for row in self.document.rows:
            entry = self._entry(row)
            if entry.code in entries:
                first = self.lines[entry.code].line
                self._problem(row, "code-twice", code=entry.code, first=first)
            elif entry.code:
                self.lines[entry.code] = row
                entries[entry.code] = entry
        self._check_tree(entries)
        self._check_schemes(entries)
        self._check_names(entries)
        if self.problems:
            raise BadReference(self.problems)
        return tuple(entries.values())

    def _check_columns(self) -> None:
        allowed = _COLUMNS | set(self.document.attributes)
        seen: set[str] = set()
        for row in self.document.rows:
            for column in row.cells.keys() - seen:
                seen.add(column)
                own = f"{_SCHEME}{self.document.canonical_scheme}"
                if (column not in allowed and not column.startswith(_SCHEME)) or column == own:
                    known = ", ".join(sorted(allowed))
                    self._problem(row, "column-unknown", column=column, known=known)

    def _entry(self, row: Row) -> Entry:
        for column in ("code", "label"):
            if not row.get(column):
                self._problem(row, "cell-empty", column=column)
        code = row.get("code")
        if code and (not _CODE.fullmatch(code) or code == TOTAL):
            self._problem(row, "code-bad", code=code)
        for column, pattern in self.document.patterns.items():
            text = row.get(column)
            if text and not pattern.fullmatch(text):
                self._problem(
                    row, "pattern-mismatch", column=column, found=text, pattern=pattern.pattern
                )
        level = row.get("level") or None
        levels = self.document.levels
        if levels and level not in levels:
            self._problem(row, "level-unknown", found=level or "", levels=", ".join(levels))
        start, end = self._date(row, "valid_from"), self._date(row, "valid_to")
        if start and end and end < start:
            self._problem(row, "dates-reversed", start=start, end=end)
        label = row.get("label")
        return Entry(
            code=code,
            label=label,
            label_en=row.get("label_en") or None,
            parent=row.get("parent") or None,
            level=level,
            valid_from=start,
            valid_to=end,
            legal_basis=row.get("legal_basis") or None,
            aliases=self._aliases(label, level, row.several("aliases")),
            schemes={
                column.removeprefix(_SCHEME): text
                for column, text in row.cells.items()
                if column.startswith(_SCHEME) and text
            },
            attributes=self._attributes(row),
        )

    def _aliases(self, label: str, level: str | None, given: tuple[str, ...]) -> tuple[str, ...]:
        prefixes = self.document.prefixes.get(level or "", ())
        names = [*given, *(f"{p} {name}" for p in prefixes for name in (label, *given))]
        folded = dict.fromkeys(normalise(name) for name in names)
        folded.pop(normalise(label), None)
        return tuple(folded)

    def _attributes(self, row: Row) -> dict[str, str]:
        out = {name: row.get(name) for name in self.document.attributes if row.get(name)}
        for column, reference in self.document.references.items():
            if column in out and out[column] not in self.known.get(reference, ()):
                self._problem(
                    row, "reference-unknown", column=column, found=out[column], reference=reference
                )
        return out

    def _date(self, row: Row, column: str) -> date | None:
        text = row.get(column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._problem(row, "date-bad", column=column, found=text)
            return None

    def _check_tree(self, entries: Mapping[str, Entry]) -> None:
        done: set[str] = set()
        for code, entry in entries.items():
            parent = entries.get(entry.parent) if entry.parent else None
            row = self.lines[code]
            if entry.parent and parent is None:
                self._problem(row, "parent-unknown", code=code, parent=entry.parent)
            elif parent and not entry.meets(parent):
                self._problem(row, "outside-parent", code=code, parent=parent.code)
            path: dict[str, None] = {}
            current: str | None = code
            while current is not None and current in entries and current not in done:
                if current in path:
                    circle = [*path][[*path].index(current) :]
                    self._problem(row, "cycle", codes=" → ".join([*circle, current]))
                    break
                path[current] = None
                current = entries[current].parent
            done.update(path)

    def _check_schemes(self, entries: Mapping[str, Entry]) -> None:
        called: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in entries.values():
            for scheme, text in entry.schemes.items():
                for other in called[scheme, text]:
                    if entry.meets(other):
                        self._problem(
                            self.lines[entry.code],
                            "crosswalk-clash",
                            scheme=scheme,
                            found=text,
                            code=entry.code,
                            other=other.code,
                            first=self.lines[other.code].line,
                        )
                called[scheme, text].append(entry)

    def _check_names(self, entries: Mapping[str, Entry]) -> None:
        """Two codes beside each other that hold on one day cannot share a name."""
        named: dict[tuple[str | None, str | None, str], list[Entry]] = defaultdict(list)
        for entry in entries.values():
            for name in (normalise(entry.label), *entry.aliases):
                place = (entry.parent, entry.level, name)
                for other in named[place]:
                    if entry.meets(other):
                        self._problem(
                            self.lines[entry.code],
                            "name-clash",
                            name=name,
                            code=entry.code,
                            other=other.code,
                            first=self.lines[other.code].line,
                        )
                named[place].append(entry)

    def _problem(self, row: Row, rule: str, **params: object) -> None:
        self.problems.append(Problem(rule, row.file, row.line, params))
