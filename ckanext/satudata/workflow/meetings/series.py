"""The history of an object: what was public for it and its neighbours in time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ckan import model

from ckanext.satudata.consistency import keys as packing
from ckanext.satudata.consistency import period as periods
from ckanext.satudata.consistency.observations import Status
from ckanext.satudata.consistency.vocabulary import Indicator
from ckanext.satudata.store import former, observations
from ckanext.satudata.types import AnySession

#: Periods of a series that are shown, the last ones.
PERIODS = 24
#: Figures of a region that are looked through for a series.
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Point:
    """One value that is or was public.

    Attributes:
        period: canonical text.
        value: in the indicator's unit.
        decimals: as written.
        status: SDMX status (``normal``, ``provisional`` ...).
        organization: id of the agency that showed it.
        organization_title: its name.
        current: whether it is public now.
        since: when it became public, ISO 8601, or None if not known.
        until: when it stopped being public, ISO 8601, or None.
        reason: why it was replaced, in the producer's words.
    """

    period: str
    value: float
    decimals: int
    status: str
    organization: str
    organization_title: str
    current: bool
    since: str | None = None
    until: str | None = None
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def of_object(session: AnySession, indicator: Indicator, key: int) -> list[Point]:
    """What is public for the object in other periods of its frequency, and was for itself.

    Args:
        session: the session to read with.
        indicator: of the object.
        key: the object.

    Returns:
        Points by period; former values of the object's own period come before the present one.
    """
    rest, region = key & ((1 << packing.REST_WIDTH) - 1), _region(key)
    own = periods.unpack(key >> packing.PERIOD_SHIFT)
    wanted = observations.Selection(indicators=(indicator.id,), region=region)
    points: dict[tuple[str, str], Point] = {}
    for row in observations.select(session, wanted, _MOST):
        when = periods.unpack(row.key >> packing.PERIOD_SHIFT)
        if row.key & ((1 << packing.REST_WIDTH) - 1) != rest or when.frequency != own.frequency:
            continue
        shown = row.publication
        points[str(when), shown.organization] = Point(
            period=str(when),
            value=row.value,
            decimals=row.decimals,
            status=Status(row.status).name.lower(),
            organization=shown.organization,
            organization_title=shown.organization_title,
            current=True,
        )
    listed = [*_former(session, indicator, key, str(own)), *points.values()]
    listed.sort(key=lambda p: (periods.parse(p.period).packed, p.current, p.since or ""))
    last = sorted({periods.parse(p.period).packed for p in listed})[-PERIODS:]
    return [p for p in listed if periods.parse(p.period).packed in last]


def _region(key: int) -> int:
    return (key >> packing.REGION_SHIFT) & ((1 << packing.REGION_WIDTH) - 1)


def _former(session: AnySession, indicator: Indicator, key: int, when: str) -> list[Point]:
    out = []
    for figure in former.of_object(session, indicator.id, key):
        package = session.get(model.Package, figure.dataset)
        group = session.get(model.Group, package.owner_org) if package else None
        out.append(
            Point(
                period=when,
                value=figure.value,
                decimals=figure.decimals,
                status=Status(figure.status).name.lower(),
                organization=group.id if group else "",
                organization_title=(group.title or group.name) if group else "",
                current=False,
                since=figure.ending.published_at.isoformat(),
                until=figure.ending.replaced_at.isoformat(),
                reason=figure.ending.reason,
            )
        )
    return out
