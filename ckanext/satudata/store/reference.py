"""Loading reference files into the database, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

import sqlalchemy as sa

from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.consistency.vocabulary import normalise
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.model.reference import (
    CodeAliasRow,
    CodeListRow,
    CodeRow,
    CodeSchemeRow,
    ReferenceVersion,
    StandardRow,
    UnitAliasRow,
    UnitRow,
)
from ckanext.satudata.reference import codelist, shipped, standards, units
from ckanext.satudata.reference.document import BadReference, Document, Problem
from ckanext.satudata.types import AnySession

from .codebook import forget_codebook
from .reference_rows import end, upsert

#: The references whose name is fixed: texts of the standards are read by units and measures.
UNITS, MEASURES, STANDARDS = "satuan", "ukuran", "sdsn"


class Outcome(Enum):
    """What loading did."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    NEWER = "newer"


@frozen(slots=True)
class Loaded:
    """The result of loading one reference.

    Attributes:
        outcome: what happened.
        added: rows that are new.
        ended: rows of the version before that this one no longer has; they are kept and end
            on the day before this version takes effect.
    """

    outcome: Outcome
    added: int = 0
    ended: int = 0


class Superseded(BadReference):
    """The file is older than what is loaded."""


def load(session: AnySession, document: Document) -> Loaded:
    """Load a reference in the session's transaction.

    Loading the version that is already there changes nothing. Codes get their index once;
    a code that the new version no longer has stays and ends, because public figures may
    still speak of it.

    Args:
        session: whose transaction is used; the caller commits or rolls back.
        document: the file as read.

    Raises:
        Superseded: a newer version is loaded.
        BadReference: the file is wrong; nothing was changed.
    """
    session.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtext('satudata_reference'), hashtext(:name))"),
        {"name": document.name},
    )
    current = current_version(session, document.name)
    same = session.scalar(
        sa.select(ReferenceVersion).where(
            ReferenceVersion.name == document.name, ReferenceVersion.version == document.version
        )
    )
    if same is not None and same.sha256 != document.sha256:
        raise _bad(document, "version-changed", name=document.name, version=document.version)
    if same is not None and same is current:
        return Loaded(Outcome.UNCHANGED)
    if current is not None and (
        same is not None or document.effective_from < current.effective_from
    ):
        problem = _problem(
            document,
            "version-older",
            name=document.name,
            version=document.version,
            effective=document.effective_from,
            current=current.version,
            since=current.effective_from,
        )
        raise Superseded([problem])
    _check_kind(document)
    write: Callable[[AnySession, Document, int], tuple[int, int]] = {
        "units": _load_units,
        "codelist": _load_codelist,
        "standards": _load_standards,
    }[document.kind]
    version = ReferenceVersion(
        name=document.name,
        version=document.version,
        sha256=document.sha256,
        source=document.source,
        effective_from=document.effective_from,
        rows=len(document.rows),
        loaded_at=utc_now(),
    )
    session.add(version)
    session.flush()
    added, ended = write(session, document, version.id)
    forget_codebook(session)
    return Loaded(Outcome.LOADED, added, ended)


def load_shipped(session: AnySession) -> dict[str, Loaded]:
    """Load every reference that comes with the extension, in the session's transaction.

    A reference of which the portal has a newer version of its own stays as it is.

    Args:
        session: whose transaction is used; the caller commits or rolls back.

    Returns:
        Name of the reference -> what was done.

    Raises:
        BadReference: a shipped file clashes with what is loaded; nothing may be committed.
    """
    out = {}
    for path in shipped.paths():
        document = shipped.document(path.stem)
        try:
            out[document.name] = load(session, document)
        except Superseded:
            out[document.name] = Loaded(Outcome.NEWER)
    return out


def current_version(session: AnySession, name: str) -> ReferenceVersion | None:
    """The version of this reference that was loaded last, or None."""
    return session.scalars(
        sa.select(ReferenceVersion)
        .where(ReferenceVersion.name == name)
        .order_by(ReferenceVersion.id.desc())
        .limit(1)
    ).first()


def versions(session: AnySession) -> list[ReferenceVersion]:
    """All versions ever loaded, by name and time."""
    return list(
        session.scalars(
            sa.select(ReferenceVersion).order_by(ReferenceVersion.name, ReferenceVersion.id)
        )
    )


def _check_kind(document: Document) -> None:
    expected = {UNITS: "units", STANDARDS: "standards"}.get(document.name, "codelist")
    if document.kind != expected:
        params = {"name": document.name, "kind": document.kind, "expected": expected}
        raise _bad(document, "kind-wrong", **params)


def _load_units(session: AnySession, document: Document, version: int) -> tuple[int, int]:
    entries = units.parse(document)
    before = {u.code: u for u in session.scalars(sa.select(UnitRow))}
    problems = []
    for row, entry in zip(document.rows, entries, strict=True):
        old = before.get(entry.code)
        if old and (old.quantity, old.factor) != (entry.quantity, entry.factor):
            params = {
                "code": entry.code,
                "before": f"{old.factor.normalize():f} {old.quantity}",
                "after": f"{entry.factor.normalize():f} {entry.quantity}",
            }
            problems.append(Problem("unit-changed", row.file, row.line, params))
    if problems:
        raise BadReference(problems)
    upsert(
        session,
        UnitRow,
        [
            {
                "code": e.code,
                "label": e.label,
                "label_en": e.label_en,
                "quantity": e.quantity,
                "factor": e.factor,
                "valid_to": None,
            }
            for e in entries
        ],
    )
    new = {e.code for e in entries}
    ended = end(session, UnitRow.__table__, before.keys() - new, document.effective_from)
    spelled = [{"alias": alias, "unit": e.code} for e in entries for alias in e.aliases]
    upsert(session, UnitAliasRow, spelled)
    return len(new - before.keys()), ended


def _load_standards(session: AnySession, document: Document, version: int) -> tuple[int, int]:
    entries = standards.parse(document)
    before = set(session.scalars(sa.select(StandardRow.code)))
    spelled = dict(session.execute(sa.select(UnitAliasRow.alias, UnitAliasRow.unit)).tuples().all())
    measures = _names(session, MEASURES)
    upsert(
        session,
        StandardRow,
        [
            {
                "code": e.code,
                "name": e.name,
                "other_names": list(e.other_names),
                "ukuran": list(
                    standards.meanings(e.ukuran, lambda text: measures.get(normalise(text)))
                ),
                "units": list(
                    standards.meanings(e.satuan, lambda text: spelled.get(normalise(text)))
                ),
                "ukuran_text": e.ukuran,
                "satuan_text": e.satuan,
                "flags": list(e.flags),
                "valid_to": None,
            }
            for e in entries
        ],
    )
    new = {e.code for e in entries}
    ended = end(session, StandardRow.__table__, before - new, document.effective_from)
    return len(new - before), ended


def _load_codelist(session: AnySession, document: Document, version: int) -> tuple[int, int]:
    name = document.name
    entries = codelist.parse(document, _known(session, document.references.values()))
    indices = dict(
        session.execute(sa.select(CodeRow.code, CodeRow.idx).where(CodeRow.codelist == name))
        .tuples()
        .all()
    )
    before = set(indices)
    for entry in entries:
        indices.setdefault(entry.code, max(indices.values(), default=0) + 1)
    _check_room(session, document, max(indices.values()))
    upsert(
        session,
        CodeListRow,
        [
            {
                "name": name,
                "label": document.label,
                "label_en": document.label_en,
                "canonical_scheme": document.canonical_scheme,
                "version_id": version,
            }
        ],
    )
    upsert(session, CodeRow, [_code_values(name, indices[e.code], e) for e in entries])
    new = {e.code for e in entries}
    gone = before - new
    table = CodeRow.__table__
    ended = end(session, table, gone, document.effective_from, table.c.codelist == name)
    for row in (CodeSchemeRow, CodeAliasRow):
        session.execute(
            sa.delete(row).where(row.codelist == name, row.canonical.in_(new)),
            execution_options={"synchronize_session": False},
        )
    upsert(
        session,
        CodeSchemeRow,
        [
            {"codelist": name, "scheme": scheme, "code": code, "canonical": e.code}
            for e in entries
            for scheme, code in e.schemes.items()
        ],
    )
    upsert(
        session,
        CodeAliasRow,
        [
            {"codelist": name, "alias": alias, "canonical": e.code}
            for e in entries
            for alias in e.aliases
        ],
    )
    return len(new - before), ended


def _code_values(name: str, index: int, entry: codelist.Entry) -> dict[str, Any]:
    return {
        "codelist": name,
        "code": entry.code,
        "idx": index,
        "label": entry.label,
        "label_en": entry.label_en,
        "parent": entry.parent,
        "level": entry.level,
        "valid_from": entry.valid_from,
        "valid_to": entry.valid_to,
        "legal_basis": entry.legal_basis,
        "attributes": dict(entry.attributes),
    }


def _check_room(session: AnySession, document: Document, largest: int) -> None:
    """Refuse a list that no longer fits in the keys of an indicator's figures."""
    cramped: dict[str, int] = {}
    for code, dimensions in session.execute(sa.select(IndicatorRow.code, IndicatorRow.dimensions)):
        for dimension in dimensions:
            if dimension["codelist"] == document.name and largest >= 1 << dimension["width"]:
                cramped[code] = (1 << dimension["width"]) - 1
    if cramped:
        raise _bad(
            document,
            "list-outgrown",
            name=document.name,
            size=largest,
            indicators=", ".join(sorted(cramped)),
            room=min(cramped.values()),
        )


def _known(session: AnySession, names: Iterable[str]) -> dict[str, set[str]]:
    out: dict[str, set[str]] = {}
    for name in names:
        query = (
            sa.select(UnitRow.code)
            if name == UNITS
            else sa.select(CodeRow.code).where(CodeRow.codelist == name)
        )
        out[name] = set(session.scalars(query))
    return out


def _names(session: AnySession, name: str) -> Mapping[str, str]:
    """Folded names of a code list's codes."""
    labels = session.execute(sa.select(CodeRow.label, CodeRow.code).where(CodeRow.codelist == name))
    out = {normalise(label): code for label, code in labels}
    aliases = sa.select(CodeAliasRow.alias, CodeAliasRow.canonical)
    out.update(session.execute(aliases.where(CodeAliasRow.codelist == name)).tuples().all())
    return out


def _bad(document: Document, rule: str, **params: object) -> BadReference:
    return BadReference([_problem(document, rule, **params)])


def _problem(document: Document, rule: str, **params: object) -> Problem:
    return Problem(rule, document.file, None, params)
