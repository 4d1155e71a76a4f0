"""Complaints and suggestions in several states: new, handed over, confirmed, answered, closed.

They are opened and moved in the past, by the people whose part it is, so that deadlines, numbers
and lists have something to show. Nobody real has reported any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.consistency import keys
from ckanext.satudata.model.case import Case
from ckanext.satudata.store import observations
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow.cases import cases, figures

from .story import Cast

MARK = "CONTOH: "


@dataclass(frozen=True)
class Step:
    """Something that was done with a report.

    Attributes:
        after: working days after it came in.
        name: of the transition.
        who: name of the user, or empty for whoever reported.
        note: what was written.
        params: what else it needs.
    """

    after: int
    name: str
    who: str = ""
    note: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """A report.

    Attributes:
        ago: working days since it came in.
        title: its line, without the mark.
        body: what was written.
        kind: ``pengaduan`` or ``aspirasi``.
        mode: ``anonim``; the demonstration knows nobody else.
        figure: whether it is about the demonstration's public figure.
        steps: what was done.
    """

    ago: int
    title: str
    body: str
    kind: str = "pengaduan"
    mode: str = "anonim"
    figure: bool = False
    steps: tuple[Step, ...] = ()


def reports(cast: Cast, producer: str) -> tuple[Report, ...]:
    """What was reported and what became of it, the oldest first.

    Args:
        cast: organizations and their operators.
        producer: name of the agency that shows the figure that is reported.
    """
    walidata, food = cast.walidata[1], cast.food[1]
    trade, registry = cast.trade[1], cast.civil_registry[1]

    def to(body: str, grade: str = "normatif") -> tuple[Step, ...]:
        return (
            Step(1, "verifikasi", walidata, params={"class": grade}),
            Step(1, "disposisikan", walidata, params={"organization": body}),
        )

    return (
        Report(
            15,
            "blangko KTP-el habis tiga bulan",
            "Sudah tiga bulan mengurus KTP elektronik, katanya blangko selalu habis.",
            steps=(
                *to(cast.civil_registry[0]),
                Step(2, "mulai_tindak_lanjut", registry),
                Step(4, "jawab", registry, "Blangko datang tanggal 5; silakan ambil di loket 3."),
                Step(6, "terima"),
            ),
        ),
        Report(
            9,
            "harga minyak goreng di pasar tidak sama dengan portal",
            "Di pasar harga minyak goreng jauh lebih tinggi daripada harga yang tampil di portal.",
            steps=(
                *to(cast.food[0]),
                Step(2, "kembalikan", food, "Harga eceran adalah tugas dinas perdagangan."),
                Step(3, "disposisikan", walidata, params={"organization": cast.trade[0]}),
                Step(5, "jawab", trade, "Harga di portal adalah rata-rata bulanan semua pasar."),
            ),
        ),
        Report(
            6,
            "angka ini tidak sama dengan yang ditempel di kantor desa",
            "Angka yang tampil di portal berbeda dengan yang ditempel di kantor desa.",
            figure=True,
            steps=(
                *to(producer, "tidak_berkadar_pengawasan"),
                Step(
                    3,
                    "nyatakan_keliru",
                    f"{producer}-operator",
                    "Satu desa tertinggal; revisi disiapkan.",
                ),
            ),
        ),
        Report(
            4,
            "usul data harga ditampilkan tiap minggu",
            "Usul saya harga bahan pokok di pasar ditampilkan setiap minggu dengan grafik.",
            kind="aspirasi",
            steps=to(cast.trade[0], "ringan"),
        ),
        Report(
            1,
            "jalan ke kantor desa berlubang",
            "Jalan menuju kantor desa berlubang parah dan jembatan kecilnya hampir putus.",
        ),
    )


def tell(cast: Cast, now: datetime) -> Iterator[str]:
    """Report, and do what was done; what was told before is left as it is.

    Args:
        cast: organizations and their operators.
        now: the present moment, UTC.

    Yields:
        A line for each report.
    """
    figure = _figure()
    owner = model.Group.get(figure["organization"]) if figure else None
    producer = owner.name if owner else ""
    for report in reports(cast, producer):
        if report.figure and figure is None:
            continue
        title = MARK + report.title
        found = model.Session.scalars(sa.select(Case).where(Case.title == title)).first()
        if found is None:
            found = _play(report, title, now, figure if report.figure else None)
        yield f"{found.number} {title} ({found.state})"


def _play(report: Report, title: str, now: datetime, figure: dict[str, Any] | None) -> Case:
    came = workdays.add(workdays.today(now), -report.ago)

    def moment(after: int, second: int) -> datetime:
        day = workdays.add(came, after) if after else came
        return datetime(day.year, day.month, day.day, 2, 0, second, tzinfo=timezone.utc)

    case = cases.open_case(
        report.kind,
        title=title,
        body=report.body,
        reporter=cases.Reporter(mode=report.mode),
        dataset_id=figure["dataset"] if figure else None,
        figure=figure,
        details={"about": "angka" if figure else "layanan"},
        now=min(moment(0, 0), now - timedelta(seconds=1)),
    ).case
    for number, step in enumerate(report.steps, 1):
        user = model.User.by_name(step.who) if step.who else None
        cases.move(
            case,
            step.name,
            cases.actor_of(user, case, secret_ok=user is None),
            note=step.note,
            params=step.params,
            now=moment(step.after, number),
        )
    model.repo.commit()
    return cases.get(case.id)


def _figure() -> dict[str, Any] | None:
    """The first public figure of the demonstration, or None where there is none yet."""
    book = load_codebook(model.Session)
    rows = observations.select(model.Session, observations.Selection(), 1)
    indicator = book.indicator_by_id(rows[0].indicator) if rows else None
    if indicator is None:
        return None
    key = keys.decode(indicator, rows[0].key, book.codelists)
    dataset = rows[0].publication.dataset
    named = figures.Named(indicator.code, key.region, key.period, key.rest, dataset)
    return figures.shown(model.Session, named)
