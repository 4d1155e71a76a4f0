"""What somebody proposes to agree upon, made sure of before it is written down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.consistency import keys
from ckanext.satudata.consistency.observations import EXACT_LIMIT
from ckanext.satudata.consistency.vocabulary import CodeBook, Indicator
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.model.agreement import (
    BOTH,
    IN_FORCE,
    KINDS,
    AgreementObject,
    AgreementParty,
    AgreementRow,
    AgreementStand,
)
from ckanext.satudata.types import AnySession

#: An agreement is read by people; a whole table is corrected, not agreed upon.
MOST_OBJECTS = 1_000
#: An agreement is between agencies.
FEWEST_PARTIES = 2
_DECIMALS = range(-18, 19)
#: Numbers are given one after the other. Arbitrary, but the same in every process of the portal.
_LOCK = 0x5A7DA62E


class InvalidAgreement(SatudataError):
    """What was proposed or asked cannot be.

    Attributes:
        field: which part of it.
        reason: why, one of a fixed set of words; actions say it in sentences.
        params: what the sentence needs.
    """

    def __init__(self, field: str, reason: str, **params: str | int) -> None:
        super().__init__(f"{field}: {reason} {params or ''}".strip())
        self.field = field
        self.reason = reason
        self.params = params


@dataclass(frozen=True, slots=True)
class AgreedObject:
    """One object, as people name it.

    Attributes:
        indicator: code of the indicator.
        region: Kemendagri code of the region.
        period: canonical text of the period.
        classifications: dimension name -> code; the total where one is not named.
        value: everybody's figure, in the indicator's unit; None where both stay.
        decimals: digits after the decimal point; None takes those that are written.
        per_party: id of organization -> its figure, where both stay.
    """

    indicator: str
    region: str
    period: str
    classifications: Mapping[str, str] = field(default_factory=dict)
    value: Decimal | None = None
    decimals: int | None = None
    per_party: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """A value as it is stored."""

    value: float
    decimals: int

    @classmethod
    def of(cls, written: Decimal, decimals: int | None) -> Figure:
        """From what was written.

        Raises:
            InvalidAgreement: it is no finite number, or too large to be exact.
        """
        exponent = written.as_tuple().exponent
        if not isinstance(exponent, int) or abs(written) > Decimal(EXACT_LIMIT):
            raise InvalidAgreement("objects", "value-invalid", value=str(written)[:40])
        digits = -exponent if decimals is None else decimals
        if digits not in _DECIMALS:
            raise InvalidAgreement("objects", "value-invalid", value=str(written)[:40])
        return cls(float(written), digits)


@dataclass(frozen=True, slots=True)
class Placed:
    """A proposed object that the portal knows.

    Attributes:
        indicator: the indicator.
        key: the packed object.
        named: the object in canonical codes.
        figure: everybody's figure, or None.
        stands: id of organization -> its figure.
    """

    indicator: Indicator
    key: int
    named: keys.ObjectKey
    figure: Figure | None
    stands: Mapping[str, Figure]


def placed(
    objects: Sequence[AgreedObject], kind: str, parties: Collection[str], book: CodeBook
) -> list[Placed]:
    """The objects in the portal's terms.

    Raises:
        InvalidAgreement: an object is unknown, named twice, or has not the values its kind needs.
    """
    if kind not in KINDS:
        raise InvalidAgreement("kind", "kind")
    if not 1 <= len(objects) <= MOST_OBJECTS:
        raise InvalidAgreement("objects", "objects-count", most=MOST_OBJECTS)
    out: dict[tuple[int, int], Placed] = {}
    for one in objects:
        found = _placed(one, kind, parties, book)
        if out.setdefault((found.indicator.id, found.key), found) is not found:
            raise InvalidAgreement("objects", "object-twice", object=_name(one))
    return list(out.values())


def _placed(one: AgreedObject, kind: str, parties: Collection[str], book: CodeBook) -> Placed:
    indicator = book.indicators.get(one.indicator)
    if indicator is None:
        raise InvalidAgreement("objects", "indicator-unknown", indicator=one.indicator)
    asked = keys.ObjectKey(one.period, one.region, dict(one.classifications))
    try:
        key = keys.encode(indicator, asked, book.codelists)
    except ValueError:
        raise InvalidAgreement("objects", "object-unknown", object=_name(one)) from None
    if kind == BOTH:
        if one.value is not None or set(one.per_party) != set(parties):
            raise InvalidAgreement("objects", "values-of-parties", object=_name(one))
        figure = None
    else:
        if one.value is None or one.per_party:
            raise InvalidAgreement("objects", "one-value", object=_name(one))
        figure = Figure.of(one.value, one.decimals)
    stands = {who: Figure.of(value, one.decimals) for who, value in one.per_party.items()}
    return Placed(indicator, key, keys.decode(indicator, key, book.codelists), figure, stands)


def _name(one: AgreedObject) -> str:
    return ", ".join([one.indicator, *one.classifications.values(), one.region, one.period])


def demand_parties(parties: Collection[str], objects: Iterable[Placed]) -> None:
    """The parties are agencies, several, and whoever holds a mandate is among them.

    What is agreed binds the produsen data, too (Perpres 39/2019 Ps. 27(3)a), so nobody agrees
    upon its figures without it.

    Raises:
        InvalidAgreement: that is not so.
    """
    if len(set(parties)) < FEWEST_PARTIES:
        raise InvalidAgreement("parties", "parties-few")
    for party in parties:
        group = model.Group.get(party)
        active = group is not None and group.state == model.State.ACTIVE
        if group is None or not active or not group.is_organization or group.id != party:
            raise InvalidAgreement("parties", "party-unknown", party=party)
    for one in objects:
        holder = one.indicator.producer
        if holder is not None and holder not in parties:
            raise InvalidAgreement(
                "parties",
                "holder-missing",
                holder=title_of(holder),
                indicator=one.indicator.name,
            )


def title_of(organization: str) -> str:
    """What a body is called."""
    group = model.Group.get(organization)
    return (group.title or group.name) if group else organization


def demand_replacing(
    session: AnySession, replaced: AgreementRow, parties: Collection[str], objects: Iterable[Placed]
) -> None:
    """An agreement that takes another one's place asks the same parties about the same objects.

    Otherwise some object would be free again, or some agency no longer bound, and nobody has
    said so.

    Raises:
        InvalidAgreement: something is missing.
    """
    if replaced.state != IN_FORCE:
        raise InvalidAgreement("supersedes", "not-in-force", number=replaced.number)
    party, thing = AgreementParty, AgreementObject
    asked = session.scalars(
        sa.select(party.organization_id).where(party.agreement_id == replaced.id)
    )
    missing = sorted(set(asked) - set(parties))
    if missing:
        raise InvalidAgreement("supersedes", "replaced-party", party=title_of(missing[0]))
    said = session.execute(
        sa.select(thing.indicator_id, thing.key, thing.indicator, thing.region, thing.period).where(
            thing.agreement_id == replaced.id
        )
    )
    told = {(o.indicator.id, o.key) for o in objects}
    for number, key, *names in said:
        if (number, key) not in told:
            raise InvalidAgreement("supersedes", "replaced-object", object=", ".join(names))


def overlapping(
    session: AnySession, objects: Iterable[tuple[int, int]], *, but: Collection[Any]
) -> AgreementRow | None:
    """Another agreement in force that speaks of one of these objects, or None.

    Args:
        session: the session to read with.
        objects: pairs of indicator number and packed key.
        but: ids of agreements that do not count.
    """
    row, thing = AgreementRow, AgreementObject
    pairs = sa.tuple_(thing.indicator_id, thing.key).in_(list(objects))
    query = sa.select(row).join(thing, thing.agreement_id == row.id)
    return session.scalars(
        query.where(row.state == IN_FORCE, row.id.not_in(list(but)), pairs).limit(1)
    ).first()


def next_number(session: AnySession, now: datetime) -> tuple[int, int]:
    """Year and serial number of the next agreement; nobody else gets one until it is written."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    year = workdays.today(now).year
    row = AgreementRow
    last = session.scalar(sa.select(sa.func.max(row.serial)).where(row.year == year))
    return year, (last or 0) + 1


def write(session: AnySession, agreement_id: str, placed: Sequence[Placed]) -> None:
    """Write down what an agreement speaks of."""
    rows = [
        AgreementObject(
            agreement_id=agreement_id,
            indicator_id=one.indicator.id,
            key=one.key,
            value=one.figure.value if one.figure else None,
            decimals=one.figure.decimals if one.figure else None,
            indicator=one.indicator.code,
            region=one.named.region,
            period=one.named.period,
            classifications=dict(one.named.rest),
        )
        for one in placed
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        AgreementStand(
            object_id=row.id, organization_id=who, value=figure.value, decimals=figure.decimals
        )
        for row, one in zip(rows, placed, strict=True)
        for who, figure in one.stands.items()
    )
    session.flush()
