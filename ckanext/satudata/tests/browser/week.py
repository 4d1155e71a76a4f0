"""What the week is about: harvested area by kecamatan, asked by one agency, published by two."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from ckanext.satudata.demo import metadata
from ckanext.satudata.demo import tables as demonstration
from ckanext.satudata.tests.letterbox import Letterbox

from . import accessible
from .conftest import PHONE, keep_picture
from .people import People
from .tables import KECAMATAN, long_csv

INDICATOR = "LOK.LUAS_PANEN"
#: Rows of the grid, in its order; the story is about paddy.
CROPS = ("jagung", "kedelai", "padi")
PADDY = CROPS.index("padi")
#: Who asks the kecamatan and answers for the recap; who has published other figures; who examines.
RECEIVER, RIVAL, WALIDATA = "distanbun", "bps", "diskominfo"

#: Kecamatan by what becomes of them.
PASTES, BY_KEYBOARD, ON_PHONE, LATE, WRONG, REVISED = (
    "61.05.01",
    "61.05.02",
    "61.05.03",
    "61.05.21",
    "61.05.08",
    "61.05.07",
)
#: The kecamatan about which both agencies publish a figure of paddy, and the other agency's.
DISPUTED, OTHERS_FIGURE = ON_PHONE, 310.0
QUESTION = "Sepuluh kali bulan lalu. Apakah letak komanya benar?"
ANSWER = "Benar, salah letak koma. Sudah kami perbaiki."
OFFICIAL = "Camat (contoh)"


def last_month(today: date) -> str:
    """The month that ended last, as periods are written."""
    return f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"


def harvest() -> dict[str, tuple[float, float, float]]:
    """Kecamatan -> hectares of each crop; paddy is the demonstration's first month."""
    out = {}
    for code, (text, _) in demonstration.figures()["harvest"].items():
        paddy = float(text.replace(",", "."))
        out[code] = (round(paddy / 8, 1), round(paddy / 50, 1), paddy)
    return out


def paddy() -> dict[str, float]:
    """Kecamatan -> hectares of paddy."""
    return {code: figures[PADDY] for code, figures in harvest().items()}


def typed(figures: tuple[float, ...]) -> list[str]:
    """Figures as people type them."""
    return [demonstration.indonesian(value) for value in figures]


def operator(code: str) -> str:
    """Name of the body of a kecamatan, as the seed makes it."""
    return f"kecamatan-{KECAMATAN[code].lower().replace(' ', '-')}"


def published(
    people: People,
    organization: str,
    name: str,
    values: dict[str, float],
    folder: Path,
    *,
    title: str,
    period: str,
    **other: Any,
) -> None:
    """Let a table become public the way the portal asks for: submitted, examined, published."""
    drafted(people, organization, name, values, folder, title=title, period=period, **other)
    process = people.call(organization, "satudata_process_submit", id=name)
    released(people, organization, process["id"])


def drafted(
    people: People,
    organization: str,
    name: str,
    values: dict[str, float],
    folder: Path,
    *,
    title: str,
    period: str,
    **other: Any,
) -> None:
    """A draft with a declared table, by the agency's operator."""
    activity = people.call(
        organization,
        "package_create",
        **metadata.activity(
            f"{name}-kegiatan", organization, period[:4], title=f"{title}, kegiatan"
        ),
    )
    wanted = metadata.dataset(
        name,
        organization,
        activity["id"],
        title=title,
        state="draft",
        **{**described(period), **other},
    )
    people.call(organization, "package_create", **wanted)
    _attached(people, organization, name, values, folder, period)


def described(period: str) -> dict[str, Any]:
    """What the metadata say of harvested area."""
    return {
        "tahun_data": [period[:4]],
        "konsep": "Luas panen",
        "definisi": "Luas tanaman pangan yang dipungut hasilnya dalam satu bulan.",
        "interpretasi": "Makin besar angkanya, makin luas tanaman yang dipanen.",
        "metode_penghitungan": "Penjumlahan luas menurut kecamatan.",
        "satuan": "Hektare",
        "frekuensi": "bulanan",
    }


def _attached(
    people: People,
    organization: str,
    name: str,
    values: dict[str, float],
    folder: Path,
    period: str,
) -> None:
    path = long_csv(folder / f"{name}.csv", "Luas", values)
    declared = demonstration.declaration(
        "Luas", INDICATOR, "ha", period, {"komoditas": CROPS[PADDY]}
    )
    with path.open("rb") as file:
        people.call(
            organization,
            "resource_create",
            files={"upload": file},
            package_id=name,
            name="Luas panen",
            schema=json.dumps(declared),
        )


def corrected(
    people: People, organization: str, name: str, values: dict[str, float], folder: Path, note: str
) -> None:
    """Correct a public table: prepared beside it, examined, published in its place."""
    resource = people.call(organization, "package_show", id=name)["resources"][0]["id"]
    path = long_csv(folder / f"{name}-benar.csv", "Luas", values)
    with path.open("rb") as file:
        people.call(
            organization,
            "satudata_revision_prepare",
            files={"upload": file},
            id=name,
            resource_id=resource,
            note=note,
        )
    process = people.call(organization, "satudata_process_submit", id=name, note=note)
    released(people, organization, process["id"])


def released(people: People, organization: str, process: str) -> None:
    """Approve what was submitted, as the walidata, and publish it, as its producer."""
    people.call(WALIDATA, "satudata_process_move", id=process, transition="setujui")
    people.call(organization, "satudata_process_move", id=process, transition="terbitkan")


@dataclass
class Week:
    """What is known so far.

    Attributes:
        people: everybody.
        letters: what has arrived by e-mail.
        folder: for files that people make.
        today: the day it is in Sintang.
        period: the month that is asked.
        obligation: id of what kecamatan are asked.
        dataset: name of the recap's dataset.
        meeting: id of the meeting.
        agreement: id of what was agreed upon.
        faults: what axe-core found on the pages that were looked at.
    """

    people: People
    letters: Letterbox
    folder: Path
    today: date
    period: str
    obligation: str = ""
    dataset: str = ""
    meeting: str = ""
    agreement: str = ""
    faults: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str, *, phone: bool = False) -> None:
        """Keep a picture of a page, and what is wrong with it for people with a handicap."""
        self.faults += accessible.faults(page)
        keep_picture(page, f"week-{name}")
        if phone:
            page.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType]

    def time_passes(self) -> str:
        """Let the portal do what has become due; what it says."""
        return self.people.server.ckan("satudata", "due")

    def setoran(self, code: str) -> dict[str, Any]:
        """The setoran of a kecamatan, as the agency sees it."""
        found = self.people.call(
            RECEIVER, "satudata_setoran_list", obligation=self.obligation, period=self.period
        )["results"]
        return next(one for one in found if one["region"]["code"] == code)


def described_recap(it: Week) -> None:
    """Complete the metadata of the recap's draft, as its operator."""
    activity = it.people.call(
        RECEIVER,
        "package_create",
        **metadata.activity("luas-panen-kegiatan", RECEIVER, it.period[:4]),
    )
    found = it.people.call(RECEIVER, "package_show", id=it.dataset)
    wanted = metadata.dataset(found["name"], RECEIVER, activity["id"], **described(it.period))
    empty = {k: v for k, v in wanted.items() if not found.get(k)}
    it.people.call(RECEIVER, "package_patch", id=found["id"], **empty)
