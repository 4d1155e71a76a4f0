"""A meeting that has been held: two conflicts, one agreed figure, and one figure for each side.

Told before the story, so that the next meeting has one before it. Each step looks at what is there
already, so it can be told again, and goes on where it was interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.agreement import BOTH, FIGURE, PROPOSED
from ckanext.satudata.model.meeting import AgendaItem, Meeting

from . import story, tables
from .people import act

PLACE = "Ruang Rapat Bappeda (CONTOH)"
NOTES = "CONTOH untuk peragaan: rapat ini tidak pernah diadakan; nama dan angkanya direka."
BOTH_DIFFER = (
    "CONTOH: Disperindagkop-UKM mendata pedagang pasar dan distributor; Dinas Ketahanan Pangan "
    "mendata juga kios desa. Keduanya benar menurut cakupannya."
)
AGREED = "CONTOH: dua angka tertukar ketika disalin; yang benar angka produsen data."
#: Minutes by which the meeting began before it is told.
_AGO = 90
_MARKET, _AVAILABLE = "LOK.STOK_PASAR", "LOK.KETERSEDIAAN_PANGAN"


@dataclass(frozen=True)
class Dispute:
    """Two agencies with two figures for one object, and what the meeting decides.

    Attributes:
        indicator: its code.
        header: heading of the column.
        period: of both figures.
        holder: the produsen data, with the operator's name.
        other: the agency that says something else, with its operator's name.
        datasets: names of the holder's dataset and of the other's.
        figures: the holder's and the other's.
        outcome: of the meeting.
    """

    indicator: str
    header: str
    period: str
    holder: tuple[str, str]
    other: tuple[str, str]
    datasets: tuple[str, str]
    figures: tuple[float, float]
    outcome: str


def disputes(cast: story.Cast) -> tuple[Dispute, Dispute]:
    """What the meeting settles: that both stay, and an agreed figure."""
    whole = tables.figures()["kabupaten"]
    market, available = whole["market_before"], whole["available_before"]
    return (
        Dispute(
            _MARKET,
            "Stok (ton)",
            "2024-12-31",
            cast.trade,
            cast.food,
            ("contoh-stok-pasar-2024", "contoh-stok-pasar-ketahanan-pangan-2024"),
            (market["holder"], market["other"]),
            BOTH,
        ),
        Dispute(
            _AVAILABLE,
            "Ketersediaan (ton)",
            "2024",
            cast.food,
            cast.bulog,
            ("contoh-ketersediaan-beras-2024", "contoh-ketersediaan-beras-bulog-2024"),
            (available["holder"], available["other"]),
            FIGURE,
        ),
    )


def tell(cast: story.Cast, now: datetime) -> Iterator[str]:
    """Play what has not been played yet.

    Args:
        cast: organizations and their operators.
        now: the present moment, UTC.

    Yields:
        What is there now, a sentence each.
    """
    walidata = cast.walidata[1]
    pairs = disputes(cast)
    meeting = _meeting()
    if meeting is None or meeting.state != "selesai":
        for pair in pairs:
            _upload(walidata, pair, 0, pair.figures[0], story.PUBLISHED)
            _upload(walidata, pair, 1, pair.figures[1], story.HELD_BACK)
        meeting = _hold(walidata, pairs, meeting, now)
    yield f"Rapat {meeting.number:03d}/BA-RS/{meeting.year} telah memutuskan dua pertentangan angka"
    for pair in pairs:
        _accept(meeting, pair)
        figure = pair.figures[1 if pair.outcome == BOTH else 0]
        _upload(walidata, pair, 1, figure, story.PUBLISHED)
    yield "Kesepakatan 1: kedua angka stok beras di pasar tetap terbit, dengan penjelasan"
    yield "Kesepakatan 2: satu angka ketersediaan beras untuk semua instansi"


def _meeting() -> Meeting | None:
    return model.Session.scalars(
        sa.select(Meeting).where(Meeting.place == PLACE, Meeting.notes == NOTES)
    ).first()


def _upload(walidata: str, pair: Dispute, side: int, figure: float, expected: str) -> None:
    """Let one side publish its table; what is public already stays."""
    package = model.Package.get(pair.datasets[side])
    if package is not None and package.state == model.State.ACTIVE:
        return
    rows = [
        ["Kode", "Kecamatan", pair.header],
        ["61.05", "Kabupaten Sintang", tables.indonesian(figure)],
    ]
    scene = story.play(
        walidata,
        pair.datasets[side],
        expected,
        pair.other if side else pair.holder,
        pair.datasets[side],
        "beras.csv",
        tables.as_csv(rows),
        tables.declaration(
            pair.header, pair.indicator, "ton", pair.period, {"komoditas": story.RICE}
        ),
    )
    if scene.outcome != expected:
        raise story.Unexpected(scene)


def _hold(
    walidata: str, pairs: tuple[Dispute, Dispute], meeting: Meeting | None, now: datetime
) -> Meeting:
    """Hold the meeting: attendance, an outcome for each conflict, and its end."""
    if meeting is None:
        begun = (now - timedelta(minutes=_AGO)).replace(minute=0, second=0, microsecond=0)
        made = act(walidata, "satudata_meeting_create", starts_at=begun.isoformat(), place=PLACE)
        act(
            walidata,
            "satudata_meeting_update",
            id=made["id"],
            version=model.Session.get_one(Meeting, made["id"]).version,
            notes=NOTES,
        )
        meeting = model.Session.get_one(Meeting, made["id"])
    name = meeting.id
    if meeting.state == "disiapkan":
        act(walidata, "satudata_meeting_start", id=name)
    shown = act(walidata, "satudata_meeting_show", id=name)
    for line in shown["attendance"]:
        act(
            walidata,
            "satudata_attendance_set",
            id=name,
            row=line["id"],
            version=line["version"],
            name="Pejabat (contoh)",
            position="Kepala (contoh)",
            present=True,
        )
    for pair in pairs:
        item = _item(name, pair)
        both = pair.outcome == BOTH
        act(
            walidata,
            "satudata_agenda_item_decide",
            id=item.id,
            version=item.version,
            outcome=pair.outcome,
            choice=None if both else "other",
            note=BOTH_DIFFER if both else AGREED,
        )
    act(walidata, "satudata_meeting_close", id=name)
    return model.Session.get_one(Meeting, name)


def _item(meeting: str, pair: Dispute) -> AgendaItem:
    """The matter of the meeting that is this conflict."""
    return next(
        i
        for i in AgendaItem.of(meeting)
        if i.kind == "konflik" and i.refs["indicator"] == pair.indicator
    )


def _accept(meeting: Meeting, pair: Dispute) -> None:
    """Let each party accept by its own operator."""
    agreement = _item(meeting.id, pair).agreement_id
    shown = act(pair.holder[1], "satudata_agreement_show", id=agreement)
    if shown["state"] != PROPOSED:
        return
    people = dict((pair.holder, pair.other))
    for party in shown["parties"]:
        if party["accepted_at"] is None:
            _answer(people[party["name"]], shown["id"], party)


def _answer(user: str, agreement: str, party: dict[str, Any]) -> None:
    act(
        user,
        "satudata_agreement_accept",
        id=agreement,
        organization_id=party["id"],
    )
