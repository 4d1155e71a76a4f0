"""Registration numbers: by kind and year, without gaps."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.model.case import CaseSerial
from ckanext.satudata.types import AnySession

#: What numbers of a kind begin with; people read them out on the telephone.
PREFIXES: Mapping[str, str] = MappingProxyType(
    {"permintaan": "PI", "keberatan": "KB", "pengaduan": "PD", "aspirasi": "AS"}
)


def following(session: AnySession, kind: str, year: int) -> str:
    """The next number, such as ``PI-2026-00012``.

    The row of kind and year is locked until the transaction ends, and what is rolled back gives its
    number back: so there are no gaps.

    Args:
        session: in whose transaction.
        kind: of case.
        year: of the registration, in the portal's time zone.
    """
    row = CaseSerial.__table__
    given = insert(row).values(kind=kind, year=year, last=1)
    serial = session.scalar(
        given.on_conflict_do_update(
            index_elements=[row.c.kind, row.c.year], set_={"last": row.c.last + 1}
        ).returning(row.c.last)
    )
    return f"{PREFIXES[kind]}-{year}-{serial:05d}"


def normalized(number: str) -> str:
    """A number as somebody typed it: capitals, without blanks."""
    return "".join(number.split()).upper()
