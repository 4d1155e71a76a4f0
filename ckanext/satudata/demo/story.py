"""The demonstration: two agencies, one object, two figures; and what the portal does.

Everything goes through CKAN's actions as the agencies' own operators, so it shows what the
web form and the API do. It can be told again on a portal where it was told before: what is
public stays, what is refused is refused again.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.errors import SatudataError
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow import documents, reports

from . import metadata, tables
from .people import act

PUBLISHED, HELD_BACK = "TERBIT", "DITAHAN"

NEED = "LOK.KEBUTUHAN_PANGAN"
WAREHOUSE = "LOK.STOK_GUDANG_BULOG"
RICE = "beras"


@dataclass(frozen=True)
class Scene:
    """One step of the story.

    Attributes:
        title: what somebody does.
        expected: :data:`PUBLISHED` or :data:`HELD_BACK`.
        outcome: what happened.
        dataset: name of the dataset.
        lines: what the portal says, for people.
        report: id of the report, or None.
        findings: the report's findings as the API gives them.
    """

    title: str
    expected: str
    outcome: str
    dataset: str
    lines: tuple[str, ...]
    report: str | None
    findings: tuple[dict[str, Any], ...]


class Unexpected(SatudataError):
    """A scene that others rest on did not end as it must."""

    def __init__(self, scene: Scene) -> None:
        said = " ".join(scene.lines)
        super().__init__(f"{scene.title}: {scene.outcome} instead of {scene.expected}. {said}")


@dataclass(frozen=True)
class Cast:
    """Who plays: organization name and user name of each part."""

    food: tuple[str, str]
    trade: tuple[str, str]
    bulog: tuple[str, str]
    statistics: tuple[str, str]
    civil_registry: tuple[str, str]
    walidata: tuple[str, str]


def tell(cast: Cast) -> Iterator[Scene]:
    """Play the scenes in order.

    Args:
        cast: organizations and their operators.
    """
    data = tables.figures()
    book = load_codebook(model.Session)
    year = data["year"]
    need: dict[str, float] = data["need"]
    header = "Kebutuhan (ton)"
    scene = partial(play, cast.walidata[1])
    declared = tables.declaration(header, NEED, "ton", year, {"komoditas": RICE})

    def rows(values: dict[str, float], total: float | None = None) -> list[list[str]]:
        return tables.by_kecamatan(values, book.regions, header=header, total=total)

    yield scene(
        "Dinas Ketahanan Pangan menerbitkan kebutuhan beras 14 kecamatan",
        PUBLISHED,
        cast.food,
        "contoh-kebutuhan-beras-2025",
        "kebutuhan-beras.csv",
        tables.as_csv(rows(need)),
        declared,
    )
    wrong = dict(need)
    wrong[data["contradicted"]["code"]] = data["contradicted"]["value"]
    wrong[data["in_kilogram"]["code"]] = need[data["in_kilogram"]["code"]] * 1000
    trade = "contoh-kebutuhan-beras-perdagangan-2025"
    yield scene(
        "Disperindagkop-UKM mengunggah tabel: satu kecamatan berbeda, satu dalam kilogram",
        HELD_BACK,
        cast.trade,
        trade,
        "kebutuhan-beras-perdagangan.xlsx",
        tables.as_xlsx(rows(wrong)),
        declared,
    )
    yield scene(
        "Disperindagkop-UKM memperbaiki kedua sel dan menerbitkan",
        PUBLISHED,
        cast.trade,
        trade,
        "kebutuhan-beras-perdagangan.xlsx",
        tables.as_xlsx(rows(need)),
        declared,
    )
    yield scene(
        "Perum Bulog menerbitkan stok beras di gudang (objek lain yang juga disebut stok beras)",
        PUBLISHED,
        cast.bulog,
        "contoh-stok-gudang-bulog-2025",
        "stok-gudang.csv",
        tables.as_csv(
            [
                ["Kode", "Kecamatan", "Stok (ton)"],
                ["61.05", "Kabupaten Sintang", tables.indonesian(data["warehouse"])],
            ]
        ),
        tables.declaration("Stok (ton)", WAREHOUSE, "ton", f"{year}-12-31", {"komoditas": RICE}),
    )
    yield scene(
        "Dinas Ketahanan Pangan menambah baris jumlah yang bukan jumlah kecamatannya",
        HELD_BACK,
        cast.food,
        "contoh-kebutuhan-beras-2025",
        "kebutuhan-beras.csv",
        tables.as_csv(rows(need, data["wrong_total"])),
        declared,
    )
    for part, actor in (("bps", cast.statistics), ("disdukcapil", cast.civil_registry)):
        figure = next(f for f in data["population"] if f["producer"] == part)
        yield scene(
            f"{'BPS' if part == 'bps' else 'Disdukcapil'} menerbitkan jumlah penduduk "
            f"({figure['basis']})",
            PUBLISHED,
            actor,
            f"jumlah-penduduk-{part}-2024",
            "penduduk.csv",
            tables.as_csv(
                [
                    ["Kode", "Kecamatan", "Penduduk (orang)"],
                    ["61.05", "Kabupaten Sintang", tables.indonesian(figure["value"])],
                ]
            ),
            tables.declaration("Penduduk (orang)", figure["indicator"], "orang", "2024", {}),
        )
    yield scene(
        "Perum Bulog mengunggah tabel dengan dua angka lain; perbedaannya menunggu rapat",
        HELD_BACK,
        cast.bulog,
        "contoh-kebutuhan-beras-penyaluran-2025",
        "kebutuhan-penyaluran.csv",
        tables.as_csv(rows({**need, **data["for_the_meeting"]})),
        declared,
    )


def play(
    walidata: str,
    title: str,
    expected: str,
    actor: tuple[str, str],
    name: str,
    filename: str,
    content: bytes,
    declared: dict[str, Any],
) -> Scene:
    """Let an agency upload a table and publish it as the portal asks for it.

    Args:
        walidata: name of the person who examines what has to be examined.
        title: what somebody does.
        expected: :data:`PUBLISHED` or :data:`HELD_BACK`.
        actor: name of the agency and of its operator.
        name: name of the dataset; it is made if there is none.
        filename: name of the file.
        content: the file.
        declared: what its columns mean.
    """
    organization, user = actor
    dataset = prepared(organization, user, name)
    upload = FileStorage(io.BytesIO(content), filename=filename)
    resource = {
        "name": filename,
        "format": filename.rsplit(".", 1)[-1].upper(),
        "schema": json.dumps(declared),
        "upload": upload,
    }
    steps: list[Callable[[], Any]] = []
    if dataset["resources"]:
        known = dataset["resources"][0]["id"]
        steps.append(lambda: act(user, "resource_update", **resource, id=known))
    else:
        steps.append(lambda: act(user, "resource_create", **resource, package_id=name))
    if dataset["state"] != model.State.ACTIVE:
        steps.append(lambda: _publish(name, user, walidata))
    try:
        for step in steps:
            step()
    except tk.ValidationError as error:
        return _refused(title, expected, name, error)
    return _released(title, expected, name, user)


def _publish(name: str, user: str, walidata: str) -> None:
    """Publish a draft the way that the portal asks for: by itself, or approved by the walidata."""
    shown = act(user, "satudata_process_show", id=name)
    if shown["direct"]:
        act(user, "package_patch", id=name, state="active")
        return
    process = act(user, "satudata_process_submit", id=name)["id"]
    act(walidata, "satudata_process_move", id=process, transition="setujui")
    act(user, "satudata_process_move", id=process, transition="terbitkan")


def prepared(organization: str, user: str, name: str) -> dict[str, Any]:
    """The dataset of this name; made as a draft with complete metadata if there is none."""
    if model.Package.get(name) is None:
        activity = f"contoh-kegiatan-{organization}"[:100]
        if model.Package.get(activity) is None:
            title = f"Contoh kegiatan {organization}"
            values = metadata.activity(activity, organization, "2025", title=title)
            act(user, "package_create", **values)
        draft = metadata.dataset(name, organization, activity, state="draft")
        act(user, "package_create", **draft)
    return act(user, "package_show", id=name)


def _refused(title: str, expected: str, name: str, error: tk.ValidationError) -> Scene:
    ids = error.error_dict.get("satudata_report")
    if not isinstance(ids, list):
        raise error
    kept = reports.find(str(ids[0]))
    assert kept is not None
    return Scene(
        title,
        expected,
        HELD_BACK,
        name,
        tuple(documents.as_text(kept).splitlines()),
        kept.id,
        tuple(documents.as_dict(kept)["findings"]),
    )


def _released(title: str, expected: str, name: str, user: str) -> Scene:
    package = model.Package.get(name)
    assert package is not None
    kept = reports.latest(package.id)
    notes = act(user, "satudata_note_list", id=name)
    lines = [
        f"Catatan untuk umum: {n['other']['organization_title']} menerbitkan menurut definisi "
        f"lain ({n['other']['indicator']}), dataset {n['other']['dataset']}"
        for n in notes
        if "other" in n
    ]
    findings = tuple(documents.as_dict(kept)["findings"]) if kept else ()
    return Scene(title, expected, PUBLISHED, name, tuple(lines), kept and kept.id, findings)
