"""Kecamatan with operators, an agency that receives, and what they do."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.tests import factories

from ckanext.satudata.model.setoran import Setoran, SetoranReminder
from ckanext.satudata.organizations import registry
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    act,
    agency,
    indicator,
    sysadmin,
    unique,
)
from ckanext.satudata.workflow.setoran import calendar, obligations

#: The first moment of the Monday after October 2026.
NOW = datetime(2026, 11, 2, 1, 0, tzinfo=timezone.utc)
PERIOD = "2026-10"


def moment(year: int, month: int, day: int) -> datetime:
    """Nine o'clock in Sintang."""
    return datetime(year, month, day, 2, 0, tzinfo=timezone.utc)


def operator_of(region: str) -> str:
    """Name of an operator of the kecamatan with this code; body and user are made once."""
    body = registry.with_value("kode_kemendagri", region, but=None)
    if body is None:
        act(
            "organization_create",
            sysadmin(),
            name=unique("kecamatan"),
            title=f"Kecamatan {region}",
            jenis="kecamatan",
            kode_kemendagri=region,
            urusan=["7.01"],
            peran=["produsen"],
            kepala="Camat",
            tupoksi="Menyampaikan data kecamatan.",
        )
        body = registry.with_value("kode_kemendagri", region, but=None)
    assert body is not None
    user = f"operator-{region.replace('.', '-')}-{body.id[:8]}"
    if model.User.by_name(user) is None:
        factories.User(name=user)
        act("organization_member_create", sysadmin(), id=body.id, username=user, role="editor")
    return user


@dataclass(frozen=True)
class Scene:
    """One obligation with its setoran of October 2026.

    Attributes:
        receiver: the agency.
        code: of the indicator.
        obligation: id.
        regions: codes of the kecamatan asked.
    """

    receiver: Agency
    code: str
    obligation: str
    regions: tuple[str, ...]

    def setoran(self, region: str, period: str = PERIOD) -> Setoran:
        """The setoran of a kecamatan."""
        model.Session.expire_all()
        return model.Session.scalars(
            sa.select(Setoran).where(
                Setoran.obligation_id == self.obligation,
                Setoran.region == region,
                Setoran.period == period,
            )
        ).one()

    def all(self) -> list[Setoran]:
        """Every setoran of the obligation."""
        return list(
            model.Session.scalars(
                sa.select(Setoran).where(Setoran.obligation_id == self.obligation)
            )
        )

    def reminders(self) -> list[tuple[str, str]]:
        """Region and kind of what was sent."""
        rows = model.Session.execute(
            sa.select(Setoran.region, SetoranReminder.kind)
            .join(SetoranReminder, SetoranReminder.setoran_id == Setoran.id)
            .where(Setoran.obligation_id == self.obligation)
            .order_by(Setoran.region, SetoranReminder.told_at, SetoranReminder.kind)
        )
        return [(region, kind) for region, kind in rows]

    def write(self, region: str, text: str, period: str = PERIOD, **cell: Any) -> dict[str, Any]:
        """Type a figure as the kecamatan."""
        return act(
            "satudata_setoran_save",
            operator_of(region),
            id=self.setoran(region, period).id,
            cells=[{"region": region, "text": text, **cell}],
        )

    def submit(self, region: str, period: str = PERIOD, *, by: str | None = None) -> dict[str, Any]:
        """Hand in as the kecamatan."""
        setoran = self.setoran(region, period)
        return act(
            "satudata_setoran_submit",
            by or operator_of(region),
            id=setoran.id,
            version=setoran.version,
            responsible="Camat Uji",
        )

    def accept(self, region: str, period: str = PERIOD) -> dict[str, Any]:
        """Accept as the agency."""
        setoran = self.setoran(region, period)
        return act("satudata_setoran_accept", self.receiver.user, id=setoran.id)

    def hand_over(self, region: str, text: str, period: str = PERIOD, **cell: Any) -> None:
        """Type, hand in and accept."""
        self.write(region, text, period, **cell)
        self.submit(region, period)
        self.accept(region, period)

    def recap(self, period: str = PERIOD) -> dict[str, Any]:
        """Recap as the agency."""
        return act("satudata_setoran_recap", self.receiver.user, id=self.obligation, period=period)

    def analysis(self, period: str = PERIOD) -> dict[str, Any]:
        """What a recap would say."""
        return act(
            "satudata_setoran_analysis", self.receiver.user, id=self.obligation, period=period
        )

    def value(self, period: str = PERIOD, region: str = "61.05", classification: str = "") -> Any:
        """One figure of the recap, as text."""
        return next(
            line["value"]
            for line in self.analysis(period)["lines"]
            if line["region"]["code"] == region and line["classification"] == classification
        )


def scene(
    regions: tuple[str, ...] = tuple(KECAMATAN),
    *,
    first: date = date(2026, 10, 1),
    now: datetime = NOW,
    receiver: Agency | None = None,
    code: str | None = None,
    **values: Any,
) -> Scene:
    """An obligation, opened by ``now``; monthly, of an additive indicator unless said otherwise."""
    receiver = receiver or agency(f"penerima-{uuid.uuid4().hex[:8]}")
    code = code or indicator(producer_org=receiver.name)
    for region in regions:
        operator_of(region)
    user = model.User.by_name(receiver.user)
    assert user is not None
    # Not by the action, which opens what is due by the real clock.
    made = obligations.create(
        {
            "indicator": code,
            "organization": receiver.id,
            "frequency": "bulanan",
            "regions": list(regions),
            "active_from": first,
            **values,
        },
        user.id,
    ).id
    model.Session.commit()
    calendar.open_due(now)
    return Scene(receiver, code, made, regions)
