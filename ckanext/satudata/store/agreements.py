"""What agreements say, read for the comparison and for what stands beside figures."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ckanext.satudata.consistency.agreements import Agreed, Agreement, Entry
from ckanext.satudata.consistency.frozen import frozen
from ckanext.satudata.model.agreement import (
    BOTH,
    EXPIRED,
    IN_FORCE,
    WITHDRAWN,
    AgreementObject,
    AgreementRow,
    AgreementStand,
)
from ckanext.satudata.types import AnySession

_SAID = """
SELECT o.indicator_id, o.key, coalesce(s.value, o.value) AS value,
       coalesce(s.decimals, o.decimals) AS decimals, s.organization_id AS party,
       a.id, a.number, a.note, a.note_en
FROM satudata_agreement a
JOIN satudata_agreement_object o ON o.agreement_id = a.id
LEFT JOIN satudata_agreement_stand s ON s.object_id = o.id
WHERE a.state = 'berlaku' AND o.indicator_id = ANY(CAST(:ids AS integer[]))
"""
_IN_FORCE = sa.text(_SAID)


def in_force(session: AnySession, indicators: Iterable[int]) -> dict[int, Agreed]:
    """What the agreements in force say, by indicator; without those nobody agreed upon.

    Args:
        session: whose view of the agreements is used.
        indicators: numbers of indicators.
    """
    entries: dict[int, list[Entry]] = {}
    agreements: dict[str, Agreement] = {}
    for number, key, value, decimals, party, id_, name, note, note_en in session.execute(
        _IN_FORCE, {"ids": sorted(set(indicators))}
    ):
        about = agreements.setdefault(
            id_, Agreement(id_, name, {"id": note, "en": note_en or note})
        )
        entries.setdefault(number, []).append(Entry(key, value, decimals, party, about))
    return {number: Agreed.of(found) for number, found in entries.items()}


def token_of(held: Iterable[str] | None) -> str:
    """A text that changes with agreements that hold or held.

    Args:
        held: id and state of each, in any order; or None.

    Returns:
        A digest; empty where there never was any.
    """
    told = "\n".join(sorted(held or ()))
    return hashlib.sha256(told.encode()).hexdigest() if told else ""


@frozen(slots=True)
class Said:
    """What one agreement says of one object.

    Attributes:
        agreement: the agreement.
        object: the object, with everybody's figure if there is one.
        stands: id of organization -> the figure with which it stands, where both stay.
    """

    agreement: AgreementRow
    object: AgreementObject
    stands: Mapping[str, AgreementStand]


def said_of(
    session: AnySession, objects: Collection[tuple[int, int]]
) -> dict[tuple[int, int], list[Said]]:
    """What agreements say of objects: those in force, and ended ones that let two values stand.

    An agreement that ended leaves its note beside the values until one of them is corrected.

    Args:
        session: the session to read with.
        objects: pairs of indicator number and packed key.
    """
    if not objects:
        return {}
    numbers, keys = zip(*objects, strict=True)
    row, thing = AgreementRow, AgreementObject
    spans = sa.func.unnest(
        sa.bindparam("numbers", list(numbers), type_=ARRAY(sa.Integer)),
        sa.bindparam("keys", list(keys), type_=ARRAY(sa.BigInteger)),
    )
    wanted = spans.table_valued("indicator", "key", name="wanted").render_derived()
    listed = session.execute(
        sa.select(row, thing)
        .join(thing, thing.agreement_id == row.id)
        .join(wanted, sa.and_(thing.indicator_id == wanted.c.indicator, thing.key == wanted.c.key))
        .where(
            sa.or_(
                row.state == IN_FORCE,
                sa.and_(
                    row.kind == BOTH,
                    row.state.in_((WITHDRAWN, EXPIRED)),
                    row.effective_at.is_not(None),
                ),
            )
        )
        .order_by(row.year.desc(), row.serial.desc())
    ).all()
    stands = stands_of(session, [thing.id for _, thing in listed])
    out: dict[tuple[int, int], list[Said]] = {}
    for agreement, thing in listed:
        said = Said(agreement, thing, stands.get(thing.id, {}))
        out.setdefault((thing.indicator_id, thing.key), []).append(said)
    return out


def stands_of(
    session: AnySession, objects: Collection[int]
) -> dict[int, dict[str, AgreementStand]]:
    """Object id -> organization -> the figure with which it stands."""
    out: dict[int, dict[str, AgreementStand]] = {}
    if objects:
        query = sa.select(AgreementStand).where(AgreementStand.object_id.in_(objects))
        for stand in session.scalars(query):
            out.setdefault(stand.object_id, {})[stand.organization_id] = stand
    return out
