"""Which declaration a table has: its own, its template's, or the one confirmed before."""

from __future__ import annotations

from ckan import model

from ckanext.satudata.extract import declaration as declarations
from ckanext.satudata.extract.guessing import signature
from ckanext.satudata.extract.readers import Limits, read_tables
from ckanext.satudata.extract.template import declaration_from_template
from ckanext.satudata.model.publication import DeclarationMemory

from .sources import Source

#: Rows read to recognise a table by its header.
_HEAD = 40


def resolve(source: Source, organization: str, limits: Limits) -> declarations.Declaration | None:
    """The declaration to read a table with, or None if a person has to say.

    Raises:
        declarations.DeclarationError: the resource's own declaration is damaged.
        ReadError: the file cannot be read.
    """
    if source.declaration:
        own = declarations.parse(source.declaration)
        if own.speaks:
            return own
    assert source.path is not None
    embedded = declaration_from_template(source.path, name=source.name)
    if embedded is not None:
        return embedded
    for table in read_tables(
        source.path, name=source.name, format=source.format, limits=limits, head=_HEAD
    )[:1]:
        remembered = recall(organization, signature(table))
        if remembered is not None:
            return remembered
    return None


def recall(organization: str, table_signature: str) -> declarations.Declaration | None:
    """The declaration this organization confirmed for a table with this header, or None."""
    row = model.Session.get(DeclarationMemory, (organization, table_signature))
    return declarations.parse(row.declaration) if row else None


def remember(
    organization: str, declaration: declarations.Declaration, table_signature: str, user: str | None
) -> None:
    """Keep a confirmed declaration for the organization's next table alike."""
    model.Session.merge(
        DeclarationMemory(
            organization_id=organization,
            signature=table_signature,
            declaration=declarations.serialise(declaration),
            confirmed_by=user,
        )
    )
    model.Session.flush()
