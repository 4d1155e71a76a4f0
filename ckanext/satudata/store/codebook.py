"""The code book, read from the database and kept in memory while nothing changes."""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckanext.satudata import config
from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.consistency.vocabulary import (
    REGION,
    Code,
    CodeBook,
    CodeList,
    Dimension,
    Indicator,
    Unit,
    Units,
    normalise,
)
from ckanext.satudata.errors import ReferenceDataMissing
from ckanext.satudata.model.indicator import IndicatorRow
from ckanext.satudata.model.reference import (
    CodeAliasRow,
    CodeListRow,
    CodeRow,
    CodeSchemeRow,
    ReferenceVersion,
    UnitAliasRow,
    UnitRow,
    codebook_state_table,
)
from ckanext.satudata.types import AnySession


@frozen(slots=True)
class _Kept:
    token: str
    book: CodeBook


_kept: _Kept | None = None
_lock = threading.Lock()

_TOKEN = sa.select(codebook_state_table.c.token)

#: Key in ``Session.info``: a transaction and the code book read in it.
_READ = "satudata_codebook"


def load_codebook(session: AnySession, *, token: str | None = None) -> CodeBook:
    """The code book as the session's transaction sees it.

    The last book read is kept per process. Whether it still holds costs one query for one
    row, whose token the database itself changes with every change of code lists, units and
    indicators, whoever makes it. Tokens are never given twice, not even after a rollback.

    Args:
        session: the session to read with.
        token: the row's token, if the caller has just read it.

    Raises:
        ReferenceDataMissing: no regions are loaded, or the configured home region is not
            among them.
    """
    global _kept
    home = config.home_region()
    token = token or _token(session)
    kept = _kept
    if kept is not None and kept.token == token and kept.book.home == home:
        return kept.book
    while True:
        book = _read(session, home)
        after = _token(session)
        if after == token:
            break
        token = after
    if token is not None:
        with _lock:
            _kept = _Kept(token, book)
    return book


def codebook_of_transaction(session: Session) -> CodeBook:
    """The code book as it was when this transaction first asked here.

    A form has many fields that ask. What decides whether figures become public asks
    :func:`load_codebook`, each time.

    Args:
        session: the session to read with.

    Raises:
        ReferenceDataMissing: as :func:`load_codebook`.
    """
    read: tuple[weakref.ref[Any], CodeBook] | None = session.info.get(_READ)
    transaction = session.get_transaction()
    if read is not None and transaction is not None and read[0]() is transaction:
        book = read[1]
        if book.home == config.home_region():
            return book
    book = load_codebook(session)
    transaction = session.get_transaction()
    assert transaction is not None
    session.info[_READ] = weakref.ref(transaction), book
    return book


def forget_codebook(session: AnySession) -> None:
    """Let the code book be read anew in this transaction, because it was changed there."""
    session.info.pop(_READ, None)


def has_figures(session: AnySession, indicator_id: int) -> bool:
    """Whether figures of this indicator are public.

    Args:
        session: the session to read with.
        indicator_id: number of the indicator; whoever changes it afterwards holds its lock.
    """
    if session.scalar(sa.text("SELECT to_regclass('satudata_block')")) is None:
        return False
    return bool(
        session.scalar(
            sa.text("SELECT EXISTS (SELECT FROM satudata_block WHERE indicator_id = :id)"),
            {"id": indicator_id},
        )
    )


def _token(session: AnySession) -> str | None:
    return session.scalar(_TOKEN)


def _read(session: AnySession, home: str) -> CodeBook:
    codelists = _codelists(session)
    regions = codelists.get(REGION)
    if regions is None:
        raise ReferenceDataMissing("no regions are loaded")
    if home not in regions.codes:
        raise ReferenceDataMissing(f"{config.HOME_REGION} = {home} is not a loaded region")
    units = _units(session)
    indicators = _indicators(session)
    digest = hashlib.sha256(repr((codelists, units, home)).encode())
    grounds = digest.hexdigest()[:16]
    digest.update(repr(indicators).encode())
    return CodeBook(codelists, units, indicators, home, digest.hexdigest()[:16], grounds)


def _codelists(session: AnySession) -> dict[str, CodeList]:
    codes: dict[str, dict[str, Code]] = defaultdict(dict)
    row = CodeRow
    for name, *values in session.execute(
        sa.select(
            row.codelist,
            row.code,
            row.idx,
            row.label,
            row.parent,
            row.level,
            row.valid_from,
            row.valid_to,
        ).order_by(row.codelist, row.code)
    ):
        code = Code(*values)
        codes[name][code.code] = code
    schemes = _schemes(session, codes)
    aliases = _aliases(session)
    listed = session.execute(
        sa.select(CodeListRow.name, CodeListRow.canonical_scheme, ReferenceVersion.version)
        .join(ReferenceVersion, ReferenceVersion.id == CodeListRow.version_id)
        .order_by(CodeListRow.name)
    )
    out = {}
    for name, canonical, version in listed:
        own = schemes.get(name, {})
        if canonical:
            own[canonical] = {code: code for code in codes[name]}
        out[name] = CodeList(name, version, codes[name], own, aliases.get(name, {}))
    return out


def _schemes(
    session: AnySession, codes: dict[str, dict[str, Code]]
) -> dict[str, dict[str, dict[str, str]]]:
    """Crosswalks; of two codes that were successively called the same, the later one counts."""
    out: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    row = CodeSchemeRow
    rows: Iterable[sa.Row[tuple[str, str, str, str]]] = session.execute(
        sa.select(row.codelist, row.scheme, row.code, row.canonical)
    )
    for name, scheme, code, canonical in sorted(
        rows, key=lambda r: (r[:3], codes[r[0]][r[3]].valid_to or date.max)
    ):
        out[name][scheme][code] = canonical
    return {name: dict(of_list) for name, of_list in out.items()}


def _aliases(session: AnySession) -> dict[str, dict[str, tuple[str, ...]]]:
    out: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
    row = CodeAliasRow
    for name, alias, canonical in session.execute(
        sa.select(row.codelist, row.alias, row.canonical).order_by(
            row.codelist, row.alias, row.canonical
        )
    ):
        out[name][alias] = (*out[name].get(alias, ()), canonical)
    return out


def _units(session: AnySession) -> Units:
    row = UnitRow
    units = {
        u[0]: Unit(*u)
        for u in session.execute(
            sa.select(row.code, row.label, row.quantity, row.factor).order_by(row.code)
        )
    }
    aliases = {normalise(u.label): u.code for u in units.values()}
    aliases.update({normalise(code): code for code in units})
    aliases.update(
        session.execute(
            sa.select(UnitAliasRow.alias, UnitAliasRow.unit).order_by(UnitAliasRow.alias)
        )
        .tuples()
        .all()
    )
    return Units(units, aliases)


def _indicators(session: AnySession) -> dict[str, Indicator]:
    columns = IndicatorRow.__table__.c
    rows = session.execute(sa.select(*columns).order_by(columns.code))
    return {row.code: describe(row) for row in rows}


def describe(row: IndicatorRow | sa.Row[Any]) -> Indicator:
    """The row as the consistency rules know it."""
    return Indicator(
        id=row.id,
        code=row.code,
        name=row.name,
        konsep=row.konsep,
        definition=row.definition,
        ukuran=row.ukuran,
        unit=row.unit,
        dimensions=tuple(Dimension(**d) for d in row.dimensions),
        abs_tol=row.abs_tol,
        rel_tol=row.rel_tol,
        additive=row.additive,
        producer=row.producer_org,
        retired=row.status == "retired",
    )
