"""Requests for data in several states: new, overdue, answered, promised, refused, objected to.

They are opened and moved in the past, by the people whose part it is. Nobody real has asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import workdays
from ckanext.satudata.model.case import Case
from ckanext.satudata.workflow.cases import cases, published

from .complaints import MARK, Step
from .story import Cast

#: The agency that lets the time pass, and the dataset that answers a request.
LATE = "disdikbud"
RICE = "contoh-kebutuhan-beras-2025"
TEST = (
    "Daftar itu memuat nama, alamat, dan keadaan ekonomi keluarga. Bila dibuka, keluarga penerima "
    "dapat dipermalukan atau ditipu, sedangkan kepentingan umum terpenuhi oleh jumlah tiap desa."
)


@dataclass(frozen=True)
class Request:
    """A request.

    Attributes:
        ago: working days since it came in.
        items: what was asked for, without the mark.
        who: name of the account that asked.
        body: for which it asked in the government lane, or empty.
        steps: what was done; ``answers`` are given by how each item was answered.
        objection: ground and text of an objection, and how many working days later, or None.
        answer: question and answer as published for everybody, or None.
    """

    ago: int
    items: tuple[str, ...]
    who: str
    body: str = ""
    steps: tuple[Step, ...] = ()
    objection: tuple[str, str, int] | None = None
    answer: Mapping[str, str] = field(default_factory=dict)


def requests(cast: Cast) -> tuple[Request, ...]:
    """What was asked and what became of it, the oldest first.

    Args:
        cast: organizations and their operators.
    """
    officer = cast.walidata[1]

    def handed(body: str) -> tuple[Step, ...]:
        return (
            Step(1, "nyatakan_lengkap", officer),
            Step(1, "disposisikan", officer, params={"organization": body}),
        )

    return (
        Request(
            22,
            ("kebutuhan beras menurut kecamatan tahun 2025",),
            "dinkes-operator",
            steps=(
                *handed(cast.food[0]),
                Step(4, "jawab", cast.food[1], params={"how": "dataset", "dataset": RICE}),
                Step(6, "puas"),
            ),
            answer={
                "title": "Kebutuhan beras tiap kecamatan (contoh)",
                "question": "Berapa kebutuhan beras tiap kecamatan pada tahun 2025?",
                "text": "Ada pada dataset di bawah ini, lengkap untuk 14 kecamatan.",
            },
        ),
        Request(
            19,
            ("nama dan alamat penerima bantuan sosial tahun 2025",),
            "distanbun-operator",
            steps=(
                Step(2, "nyatakan_lengkap", officer),
                Step(
                    7,
                    "tolak",
                    officer,
                    "Yang dapat diberikan adalah jumlah penerima tiap desa.",
                    {"ground": "h", "consequence": TEST},
                ),
            ),
        ),
        Request(
            16,
            ("panjang jalan kabupaten yang rusak tahun 2025", "anggaran perbaikannya"),
            "disdukcapil-operator",
            steps=(
                *handed("bappeda"),
                Step(
                    8,
                    "jawab",
                    "bappeda-operator",
                    params={"how": "tidak_dikuasai", "text": "Rekapnya belum disusun."},
                ),
            ),
            objection=("e", "Jalan itu dipelihara kabupaten, jadi datanya tentu ada.", 3),
        ),
        Request(14, ("jumlah siswa SD menurut kecamatan tahun 2024",), "dinkes-operator",
                steps=handed(LATE)),
        Request(
            8,
            ("harga cabai setiap minggu tahun 2026",),
            "bps-operator",
            steps=(
                *handed(cast.trade[0]),
                Step(5, "jawab", cast.trade[1], params={"how": "janji", "days": "20"}),
            ),
        ),
        Request(
            3,
            ("luas panen padi menurut desa untuk RPJMD",),
            "bappeda-operator",
            body="bappeda",
            steps=(Step(1, "izinkan", officer),),
        ),
        Request(1, ("jumlah pelaku usaha mikro menurut kecamatan",), "kecamatan-sepauk-operator"),
    )  # fmt: skip


def tell(cast: Cast, now: datetime) -> Iterator[str]:
    """Ask, and do what was done; what was told before is left as it is.

    Args:
        cast: organizations and their operators.
        now: the present moment, UTC.

    Yields:
        A line for each request and objection.
    """
    for request in requests(cast):
        title = (MARK + request.items[0])[:120]
        found = _found("permintaan", title) or _play(request, title, now)
        yield f"{found.number} {title} ({found.state})"
        objection = _found("keberatan", title)
        if objection is not None:
            yield f"{objection.number} {title} ({objection.state})"


def _found(kind: str, title: str) -> Case | None:
    wanted = (Case.kind == kind, Case.title == title)
    return model.Session.scalars(sa.select(Case).where(*wanted)).first()


def _play(request: Request, title: str, now: datetime) -> Case:
    came = workdays.add(workdays.today(now), -request.ago)

    def moment(after: int, second: int) -> datetime:
        day = workdays.add(came, after) if after else came
        return datetime(day.year, day.month, day.day, 2, 0, second, tzinfo=timezone.utc)

    asker, body = model.User.by_name(request.who), model.Group.get(request.body)
    assert asker is not None
    case = cases.open_case(
        "permintaan",
        lane="pemerintah" if body else "publik",
        title=title,
        reporter=cases.Reporter(user_id=asker.id, body_id=body.id if body else None),
        details={"purpose": "Contoh untuk peragaan.", "obtain": "salinan_digital"},
        items=[MARK + item for item in request.items],
        now=min(moment(0, 0), now - timedelta(seconds=1)),
    ).case
    for number, step in enumerate(request.steps, 1):
        user = model.User.by_name(step.who) if step.who else asker
        at = moment(step.after, number)
        params = _answers(case, step.params, at) if step.name == "jawab" else step.params
        actor = cases.actor_of(user, case)
        cases.move(case, step.name, actor, note=step.note, params=params, now=at)
    if request.answer:
        published.publish(case, **request.answer, actor=None, now=moment(8, 0))
    if request.objection:
        ground, text, later = request.objection
        days = request.steps[-1].after + later
        cases.lodge(cases.locked(case.id), [ground], text, moment(days, 0))
    model.repo.commit()
    return cases.get(case.id)


def _answers(case: Case, given: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The same answer to each item."""
    more: dict[str, Any] = {k: v for k, v in given.items() if k != "days"}
    if "days" in given:
        more["release_on"] = workdays.add(workdays.today(now), int(given["days"]))
    return {"answers": [{"item": i.id, **more} for i in cases.requests.items_of(case)]}
