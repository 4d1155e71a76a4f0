"""The demonstration's setoran: two months of harvested area, of which one is not finished.

Everything is invented and says so. The kecamatan's and the agency's own operators act, through
CKAN's actions. Told again on a portal where it was told before, it leaves everything as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.consistency.period import Frequency, Period
from ckanext.satudata.model.setoran import Obligation, Setoran
from ckanext.satudata.organizations import registry
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow.setoran import calendar

from . import tables
from .people import act

INDICATOR = "LOK.LUAS_PANEN"
RECEIVER = "distanbun"
_FREQUENCY = "bulanan"
_CLASS = "komoditas=padi"
_INSTRUCTIONS = (
    "Contoh untuk peragaan; angkanya bukan angka resmi. Luas tanaman padi yang dipanen dalam satu "
    "bulan, sawah dan ladang, dalam hektare."
)
_INSTRUCTIONS_EN = (
    "An example; the figures are not official. Area of paddy harvested in a month, wetland and "
    "dryland, in hectares."
)
_QUESTION = "Contoh: sepuluh kali bulan lalu. Apakah letak komanya benar?"


def tell(now: datetime) -> Iterator[str]:
    """Play the setoran, if nobody did.

    Args:
        now: the present moment; the two months are the last ones that have ended.

    Yields:
        What happened, a sentence each; nothing where kecamatan have no operators.
    """
    indicator = load_codebook(model.Session).indicators.get(INDICATOR)
    receiver, operator = model.Group.get(RECEIVER), f"{RECEIVER}-operator"
    if indicator is None or receiver is None or model.User.by_name(operator) is None:
        return
    if any(_operator(region) is None for region in tables.figures()["harvest"]):
        return
    asked = sa.select(Obligation.id).where(
        Obligation.indicator_id == indicator.id,
        Obligation.organization_id == receiver.id,
        Obligation.frequency == _FREQUENCY,
    )
    if model.Session.scalar(asked) is not None:
        yield "Setoran luas panen padi sudah diperagakan sebelumnya."
        return
    second = calendar.period_at(Frequency.MONTH, workdays.today(now)).previous
    yield from _play(receiver.id, operator, second.previous, second)


def _play(receiver: str, operator: str, first: Period, second: Period) -> Iterator[str]:
    data = tables.figures()
    obligation = act(
        operator,
        "satudata_obligation_create",
        indicator=INDICATOR,
        organization=receiver,
        frequency=_FREQUENCY,
        classes={"komoditas": ["padi"]},
        due_days=5,
        active_from=first.start.isoformat(),
        instructions=_INSTRUCTIONS,
        instructions_en=_INSTRUCTIONS_EN,
    )["id"]
    yield f"Dinas meminta luas panen padi dari {len(data['harvest'])} kecamatan setiap bulan"
    for region, (text, _) in data["harvest"].items():
        setoran = _hand_in(obligation, region, first, text)
        act(operator, "satudata_setoran_accept", id=setoran)
    act(operator, "satudata_setoran_recap", id=obligation, period=str(first))
    yield f"{first}: semua kecamatan mengirim, dinas menerima dan merekapnya menjadi draf dataset"
    wrong = data["harvest_wrong"]
    for region, (_, text) in data["harvest"].items():
        if region == data["harvest_late"]:
            continue
        setoran = _hand_in(
            obligation, region, second, wrong["text"] if region == wrong["code"] else text
        )
        if region == wrong["code"]:
            act(
                operator,
                "satudata_setoran_ask",
                id=setoran,
                region=region,
                classification=_CLASS,
                text=_QUESTION,
            )
    yield f"{second}: satu kecamatan belum mengirim, satu ditanyakan, yang lain menunggu dinas"


def _hand_in(obligation: str, region: str, period: Period, text: str) -> str:
    setoran = model.Session.scalars(
        sa.select(Setoran.id).where(
            Setoran.obligation_id == obligation,
            Setoran.region == region,
            Setoran.period == str(period),
        )
    ).one()
    operator = _operator(region) or ""
    saved = act(
        operator,
        "satudata_setoran_save",
        id=setoran,
        cells=[{"region": region, "classification": _CLASS, "text": text}],
    )
    act(
        operator,
        "satudata_setoran_submit",
        id=setoran,
        version=saved["version"],
        responsible="Camat (contoh)",
    )
    return setoran


def _operator(region: str) -> str | None:
    """Name of the operator of the kecamatan with this code, or None."""
    body = registry.with_value("kode_kemendagri", region, but=None)
    user = model.User.by_name(f"{body.name}-operator") if body is not None else None
    return user.name if user is not None else None
