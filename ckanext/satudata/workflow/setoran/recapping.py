"""From a recap to the dataset: a draft at first, later a revision beside what is public."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.errors import SatudataError
from ckanext.satudata.extract import declaration as declarations
from ckanext.satudata.extract.filled import Row, filled_table
from ckanext.satudata.model.setoran import Obligation, Recap
from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.workflow import filling, gate, trail

from . import computing, obligations

FILENAME = "rekap-setoran.csv"
#: What the recap says of the dataset where its form is still empty; Indonesian, as all metadata.
_POLICY = "Angka diperbarui bila setoran kecamatan yang terlambat atau diperbaiki sudah diterima."
_METHODS = {
    "jumlah": "Penjumlahan angka setoran kecamatan yang diterima.",
    "rata-rata-tertimbang": "Rata-rata tertimbang angka setoran kecamatan; bobot: {weight}.",
    "rata-rata": "Rata-rata sederhana angka setoran kecamatan.",
    "terbesar": "Angka terbesar di antara setoran kecamatan.",
    "terkecil": "Angka terkecil di antara setoran kecamatan.",
    "tanpa": "Angka setoran kecamatan; angka kabupaten tidak dihitung dari angka kecamatan.",
}
_GAPS = {
    computing.NOT_ASKED: "tidak diminta",
    computing.NOT_ACCEPTED: "setoran belum diterima",
    computing.NO_FIGURE: "tidak ada angka",
    computing.INCOMPLETE: "tidak dapat dihitung",
}


class NothingAccepted(SatudataError):
    """No setoran of the period is accepted, so there is nothing to recap."""


def recap(obligation: Obligation, period: str, context: Context, now: datetime) -> Recap:
    """Recap a period and hand it on: into a draft, or as a revision of what is public.

    The dataset holds every period that was recapped, each as it was recapped last. Its agency
    completes the metadata and lets it through the gate like any other.

    Args:
        obligation: whose.
        period: canonical text.
        context: of the person; their rights count for the dataset.
        now: the present moment.

    Raises:
        NothingAccepted: there is no figure.
        tk.ValidationError: CKAN refuses the dataset, or another change of it waits.
        tk.NotAuthorized: the person may not write the agency's datasets.
    """
    book = load_codebook(model.Session)
    made = computing.compute(obligation, period, book)
    if not any(line.value for line in made.lines):
        raise NothingAccepted(obligation.id)
    kept = {**latest(obligation.id), period: made.as_rows()}
    gaps = [
        {"region": g.region, "classification": g.classification, "why": g.why, "reason": g.reason}
        for g in made.gaps
    ]
    content, declared = _table(
        obligation, book, kept, {period: gaps} | _gaps(obligation.id, period)
    )
    # What follows calls CKAN's actions, which end the transaction; only names are kept.
    obligation_id, user = obligation.id, context.get("auth_user_obj")
    dataset, revision = _into_dataset(obligation, book, sorted(kept), content, declared, context)
    row = Recap(
        id=str(uuid.uuid4()),
        obligation_id=obligation_id,
        period=period,
        rows=made.as_rows(),
        missing=gaps,
        dataset_id=dataset,
        revision_id=revision,
        created_by=user.id if isinstance(user, model.User) else "",
        created_at=now,
    )
    model.Session.add(row)
    changed = model.Session.get_one(Obligation, obligation_id)
    changed.dataset_id = dataset
    trail.record(
        "setoran.recap",
        trail.Subject("obligation", obligation_id, obligations.title(changed)),
        actor=row.created_by,
        organization=changed.organization_id,
        after={
            "period": period,
            "dataset": dataset,
            "revision": revision,
            "figures": sum(1 for line in made.lines if line.value),
            "missing": sorted({g.region for g in made.gaps}),
        },
    )
    model.Session.flush()
    return row


def latest(obligation_id: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of the newest recap of each period."""
    return {one.period: one.rows for one in newest_recaps(obligation_id)}


def newest_recaps(obligation_id: str) -> list[Recap]:
    """The newest recap of each period, by period."""
    return list(
        model.Session.scalars(
            sa.select(Recap)
            .distinct(Recap.period)
            .where(Recap.obligation_id == obligation_id)
            .order_by(Recap.period, Recap.created_at.desc())
        )
    )


def _gaps(obligation_id: str, but: str) -> dict[str, list[dict[str, Any]]]:
    return {r.period: r.missing for r in newest_recaps(obligation_id) if r.period != but}


def _table(
    obligation: Obligation,
    book: CodeBook,
    kept: Mapping[str, Sequence[Mapping[str, Any]]],
    gaps: Mapping[str, Sequence[Mapping[str, Any]]],
) -> tuple[bytes, declarations.Declaration]:
    """The file: figures, and for each kecamatan without one a row that says so."""
    indicator = obligations.indicator_of(obligation, book)
    classes = {
        obligations.written(c): c for c in obligations.classifications(obligation, indicator)
    }
    rows = []
    for period in sorted(kept):
        told = {(g["region"], g["classification"]): g for g in gaps.get(period, ())}
        found = {(r["region"], r["classification"]): r for r in kept[period]}
        for text, one in classes.items():
            places = dict.fromkeys(r for r, c in (*found, *told) if c == text)
            for place in sorted(places):
                row, gap = found.get((place, text)), told.get((place, text))
                value = Decimal(row["value"]) if row and row["value"] else None
                region = book.regions.get(place)
                if region is None or (value is None and place == book.home):
                    continue
                note = _note(gap) if value is None and gap else ""
                rows.append(Row(region, one, period, value, note))
    return filled_table(indicator, book, list(obligation.classes), rows)


def _note(gap: Mapping[str, Any]) -> str:
    said = _GAPS[gap["why"]]
    return f"{said}: {gap['reason']}" if gap["reason"] else said


def _into_dataset(
    obligation: Obligation,
    book: CodeBook,
    kept: Sequence[str],
    content: bytes,
    declared: declarations.Declaration,
    context: Context,
) -> tuple[str, str | None]:
    """Put the table into the obligation's dataset.

    Returns:
        Ids of the dataset and, if it is public, of the revision that waits beside it.
    """
    schema = json.dumps(declarations.serialise(declared), ensure_ascii=False)
    years = sorted({period[:4] for period in kept})
    package = _dataset_of(obligation)
    if package is None:
        package = _draft(obligation, book, years, declared, context)
    resource = next((r for r in package.resources if r.state == model.State.ACTIVE), None)
    dataset = package.id
    if resource is None:
        _call(
            "resource_create",
            context,
            package_id=dataset,
            name="Rekap setoran kecamatan",
            format="CSV",
            schema=schema,
            upload=_upload(content),
        )
        return dataset, None
    resource_id = resource.id
    if gate.is_public(package):
        prepared = _call(
            "satudata_revision_prepare",
            context,
            id=dataset,
            resource_id=resource_id,
            schema=schema,
            upload=_upload(content),
            fields={"tahun_data": years},
            note="Rekap setoran kecamatan diperbarui.",
        )
        return dataset, prepared["id"]
    _call("package_patch", context, id=dataset, tahun_data=years)
    _call("resource_patch", context, id=resource_id, schema=schema, upload=_upload(content))
    return dataset, None


def _dataset_of(obligation: Obligation) -> model.Package | None:
    """The dataset of former recaps, unless it was deleted or given to another agency."""
    package = model.Package.get(obligation.dataset_id or _name(obligation))
    if package is None or package.state == model.State.DELETED:
        return None
    return package if package.owner_org == obligation.organization_id else None


def _name(obligation: Obligation) -> str:
    return f"rekap-setoran-{obligation.id}"


def _draft(
    obligation: Obligation,
    book: CodeBook,
    years: list[str],
    declared: declarations.Declaration,
    context: Context,
) -> model.Package:
    """A draft with everything that the obligation and its indicator know already."""
    indicator = obligations.indicator_of(obligation, book)
    weight = obligations.weight_of(obligation, book)
    name = _name(obligation)
    if model.Package.get(name) is not None:
        name = f"rekap-setoran-{uuid.uuid4()}"
    levels = ["kecamatan"] if obligation.level == "kecamatan" else ["kecamatan", "desa"]
    made = _call(
        "package_create",
        context,
        type="dataset",
        state="draft",
        name=name,
        title=f"{indicator.name} menurut kecamatan",
        owner_org=obligation.organization_id,
        notes=f"Rekap setoran data kecamatan. {indicator.definition}",
        metode_penghitungan=_METHODS[obligation.method].format(
            weight=weight.name if weight else "-"
        ),
        klasifikasi_penyajian=["Kecamatan"],
        level_estimasi=levels,
        cakupan_wilayah=book.home,
        tahun_data=years,
        frekuensi=obligation.frequency,
        status_angka="P",
        kebijakan_revisi=_POLICY,
        sumber="Setoran data kecamatan",
    )
    package = model.Package.get(made["id"])
    assert package is not None
    filled = filling.missing(package, declared, book)
    if filled:
        _call("package_patch", context, id=package.id, **filled)
        package = model.Package.get(made["id"])
        assert package is not None
    return package


def _upload(content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=FILENAME, content_type="text/csv")


def _call(action: str, context: Context, **data: Any) -> Any:
    fresh: Context = {
        "user": context.get("user", ""),
        "auth_user_obj": context.get("auth_user_obj"),
    }
    return tk.get_action(action)(fresh, data)
