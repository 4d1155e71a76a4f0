"""Proposing, trying and keeping column declarations of saved tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import config
from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract import declaration as declarations
from ckanext.satudata.extract.guessing.guess import guess
from ckanext.satudata.extract.guessing.memory import signature
from ckanext.satudata.extract.preview import preview
from ckanext.satudata.extract.raw import RawTable
from ckanext.satudata.extract.readers import ReadError, read_tables
from ckanext.satudata.extract.template import template_declaration
from ckanext.satudata.model.publication import DeclarationMemory
from ckanext.satudata.organizations import registry
from ckanext.satudata.rules import load_rules
from ckanext.satudata.schemas.publication import listed
from ckanext.satudata.store.codebook import load_codebook

from . import exemptions, memory, sources
from .comparing import limits

#: Rows read to propose and to show.
_HEAD = 200
_SHOWN = 10
_MEMORIES = 50


def propose(resource: model.Resource) -> dict[str, Any]:
    """What the columns of a saved table probably mean.

    Raises:
        ReadError: the file is not a readable table.
    """
    source, table = _table(resource)
    book = load_codebook(model.Session)
    organization = resource.package.owner_org or ""
    embedded = template_declaration(source.path or "", table, name=source.name)
    own = _own(source)
    guessed = guess(
        table,
        book,
        remembered=[declarations.parse(m.declaration) for m in _memories(organization)],
        hints={
            "title": resource.package.title or "",
            "name": source.name,
            "organization": organization,
            "region": _region(organization),
            "indicators": listed(resource.package.extras.get("kode_indikator")),
        },
    )
    chosen = own if own and own.speaks else embedded or guessed.declaration
    certain = chosen is not guessed.declaration
    return {
        "declaration": declarations.serialise(chosen),
        "confidence": {f.name: 1.0 for f in chosen.fields} if certain else guessed.confidence,
        "reasons": [] if certain else guessed.reasons,
        "questions": [] if certain else guessed.questions,
        "preview": _preview(resource, table, chosen, book),
    }


def preview_of(resource: model.Resource, declaration: declarations.Declaration) -> dict[str, Any]:
    """The first rows of a saved table as a declaration understands them.

    Raises:
        ReadError: the file is not a readable table.
    """
    _, table = _table(resource, declaration.sheet)
    return _preview(resource, table, declaration, load_codebook(model.Session))


def remember(
    resource: model.Resource, declaration: declarations.Declaration, user: str | None
) -> None:
    """Keep a confirmed declaration for the organization's next table with the same header.

    Raises:
        ReadError: the file is not a readable table.
    """
    _, table = _table(resource, declaration.sheet)
    memory.remember(resource.package.owner_org or "", declaration, signature(table), user)


def _table(resource: model.Resource, sheet: str | None = None) -> tuple[sources.Source, RawTable]:
    source = sources.of_resource(resource)
    if source.path is None or source.kind is not sources.Kind.TABLE:
        raise ReadError("bukan-tabel", {"name": source.name})
    tables = read_tables(
        source.path,
        name=source.name,
        format=source.format,
        limits=limits(),
        sheet=sheet,
        head=_HEAD,
    )
    return source, tables[0]


def _preview(
    resource: model.Resource,
    table: RawTable,
    declaration: declarations.Declaration,
    book: CodeBook,
) -> dict[str, Any]:
    granted = exemptions.active(model.Session, [resource.id]).get(resource.id, [])
    rules = load_rules(config.rule_files())
    shown = preview(
        table,
        declaration,
        book,
        rows=_SHOWN,
        judged=lambda read: exemptions.applied(read, granted, rules),
    )
    return asdict(shown)


def _own(source: sources.Source) -> declarations.Declaration | None:
    """The table's own declaration; one that cannot be used is no reason not to propose another."""
    try:
        return declarations.parse(source.declaration) if source.declaration else None
    except declarations.DeclarationError:
        return None


def _region(organization: str) -> str | None:
    """The region that a kecamatan, kelurahan or desa administers; other bodies have none."""
    body = model.Group.get(organization) if organization else None
    return registry.value_of(body, "kode_kemendagri") if body is not None else None


def _memories(organization: str) -> list[DeclarationMemory]:
    return list(
        model.Session.scalars(
            sa.select(DeclarationMemory)
            .where(DeclarationMemory.organization_id == organization)
            .order_by(DeclarationMemory.confirmed_at.desc())
            .limit(_MEMORIES)
        )
    )
