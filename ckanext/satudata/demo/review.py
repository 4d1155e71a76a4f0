"""Datasets on their way to the public: two submitted, one being examined, one returned."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.model.process import Process, ReviewComment
from ckanext.satudata.store.codebook import load_codebook

from . import story, tables
from .people import act

COLUMN_COMMENT = "CONTOH: apakah kios desa termasuk? Sebutkan di metode penghitungan."
FIELD_COMMENT = "CONTOH: sebutkan nomor berita acara penghitungan stok."
REASON = "CONTOH: sumbernya belum lengkap; lihat catatan pada isiannya."


@dataclass(frozen=True)
class Draft:
    """A dataset that is submitted.

    Attributes:
        name: of the dataset.
        actor: the agency and its operator.
        header: heading of the column.
        rows: of the table, with its heading.
        declared: what its columns mean.
    """

    name: str
    actor: tuple[str, str]
    header: str
    rows: list[list[str]]
    declared: dict[str, Any]


def drafts(cast: story.Cast) -> tuple[Draft, ...]:
    """What is submitted; the third one is examined, and the last one returned."""
    data = tables.figures()
    whole = data["kabupaten"]

    def of_kabupaten(
        name: str, actor: tuple[str, str], indicator: str, period: str, figure: float
    ) -> Draft:
        header = "Stok (ton)"
        rows = [
            ["Kode", "Kecamatan", header],
            ["61.05", "Kabupaten Sintang", tables.indonesian(figure)],
        ]
        declared = tables.declaration(header, indicator, "ton", period, {"komoditas": story.RICE})
        return Draft(name, actor, header, rows, declared)

    need = "Kebutuhan (ton)"
    return (
        Draft(
            "contoh-kebutuhan-beras-2024",
            cast.food,
            need,
            tables.by_kecamatan(
                data["need_before"], load_codebook(model.Session).regions, header=need
            ),
            tables.declaration(need, story.NEED, "ton", "2024", {"komoditas": story.RICE}),
        ),
        of_kabupaten(
            "contoh-stok-gudang-bulog-2024",
            cast.bulog,
            story.WAREHOUSE,
            "2024-12-31",
            whole["warehouse_before"],
        ),
        of_kabupaten(
            "contoh-stok-pasar-2025", cast.trade, "LOK.STOK_PASAR", "2025-12-31", whole["market"]
        ),
        of_kabupaten(
            "contoh-cadangan-beras-2025",
            cast.food,
            "LOK.CADANGAN_PANGAN",
            "2025-12-31",
            whole["reserve"],
        ),
    )


def tell(cast: story.Cast) -> Iterator[str]:
    """Submit what was not submitted yet, where first publications are examined at all.

    Args:
        cast: organizations and their operators.

    Yields:
        What happened, a sentence each.
    """
    walidata = cast.walidata[1]
    *submitted, examined, returned = drafts(cast)
    for draft in submitted:
        if _submit(draft):
            yield f"{draft.name}: diajukan, menunggu walidata"
    process = _submit(examined)
    if process:
        table = act(walidata, "package_show", id=examined.name)["resources"][0]["id"]
        _comment(walidata, process, COLUMN_COMMENT, resource_id=table, column=examined.header)
        act(walidata, "satudata_process_move", id=process.id, transition="mulai_periksa")
        yield f"{examined.name}: sedang diperiksa walidata, dengan satu catatan"
    process = _submit(returned)
    if process:
        _comment(walidata, process, FIELD_COMMENT, field="sumber")
        act(walidata, "satudata_process_move", id=process.id, transition="kembalikan", note=REASON)
        yield f"{returned.name}: dikembalikan kepada produsennya dengan catatan"


def _comment(walidata: str, process: Process, text: str, **place: str) -> None:
    """Comment on a dataset, unless that was done before the demonstration was interrupted."""
    dataset = process.dataset_id
    if not ReviewComment.of_dataset(dataset):
        act(walidata, "satudata_review_comment_create", id=dataset, text=text, **place)


def _submit(draft: Draft) -> Process | None:
    """The process, as long as nothing was done about it but submitting the dataset."""
    organization, user = draft.actor
    dataset = story.prepared(organization, user, draft.name)
    begun = Process.of_dataset(dataset["id"])
    if begun or dataset["state"] == model.State.ACTIVE:
        return next((p for p in begun if p.state == "diajukan"), None)
    if not dataset["resources"]:
        act(
            user,
            "resource_create",
            package_id=draft.name,
            name="beras.csv",
            format="CSV",
            schema=json.dumps(draft.declared),
            upload=FileStorage(io.BytesIO(tables.as_csv(draft.rows)), filename="beras.csv"),
        )
    if act(user, "satudata_process_show", id=draft.name)["direct"]:
        return None
    act(user, "satudata_process_submit", id=draft.name)
    return Process.open_of(dataset["id"])
