"""Which declaration a table has: its own, its template's, or the one confirmed before."""

from __future__ import annotations

from ckan import model

from ckanext.satudata.extract import declaration as declarations
from ckanext.satudata.extract.guessing.memory import signature
from ckanext.satudata.extract.readers import Limits, read_tables
from ckanext.satudata.extract.template import template_declaration
from ckanext.satudata.model.publication import DeclarationMemory

from .sources import Source

#: Rows read to recognise a table by its header.
_HEAD = 40

#: Concepts that a title or file name says anew for each table.
_TITLED = frozenset(
    {declarations.PERIOD, declarations.REGION, "tahun", "bulan", "triwulan", "semester"}
)


def resolve(source: Source, organization: str, limits: Limits) -> declarations.Declaration | None:
    """The declaration to read a table with, or None if a person has to say.

    Raises:
        declarations.DeclarationError: the resource's own declaration is damaged.
        ReadError: the file cannot be read.
    """
    own = own_declaration(source)
    if own is not None:
        return own
    assert source.path is not None
    first, *_ = read_tables(
        source.path, name=source.name, format=source.format, limits=limits, head=_HEAD
    )
    template = template_declaration(source.path, first, name=source.name)
    if template is not None:
        return template
    remembered = recall(organization, signature(first))
    return remembered if remembered is not None and _timeless(remembered) else None


def own_declaration(source: Source) -> declarations.Declaration | None:
    """What the resource itself says its columns mean, or None if it does not.

    Raises:
        declarations.DeclarationError: its declaration is damaged.
    """
    if not source.declaration or declarations.is_address(source.declaration):
        return None
    own = declarations.parse(source.declaration)
    return own if own.speaks else None


def _timeless(declaration: declarations.Declaration) -> bool:
    """Whether a table says by itself which period and region it is about.

    A period kept as a constant was true of the table it was confirmed for; used for the next
    one unasked, it would call this year's figures last year's.
    """
    return not any(f.constant is not None and f.concept in _TITLED for f in declaration.extra)


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
