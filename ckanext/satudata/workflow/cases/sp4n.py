"""Complaints and suggestions as a table for SP4N-LAPOR!, to be entered or sent there.

No public document tells the columns that SP4N-LAPOR! takes in, so the shape is ours and is written
down in docs/complaints.md; its words are those of SP4N-LAPOR! (kind, class, disposition, follow-up,
anonymous and confidential). Nothing in it says who reported, in none of the modes, and numbers and
addresses of persons in what people wrote are masked.
"""

from __future__ import annotations

import csv
import io
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.satudata import moments
from ckanext.satudata.extract import masking
from ckanext.satudata.model.case import (
    ANONYMOUS,
    COMPLAINT,
    CONFIDENTIAL,
    SUGGESTION,
    Case,
    CaseMessage,
    CaseStep,
)
from ckanext.satudata.types import AnySession

from .tables import table

#: Version of the shape; it changes when a column changes its meaning.
VERSION = 1
#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: Longest text that is masked in one piece.
_PIECE = 1_500
#: Transitions by which a report is answered.
_REPLIES = ("jawab", "angka_diperbaiki")


@dataclass(frozen=True, slots=True)
class Row:
    """One report, in the order of the columns; texts are Indonesian, days are ISO 8601.

    Attributes:
        nomor: registration number in this portal.
        klasifikasi: ``pengaduan`` or ``aspirasi``.
        judul: title.
        isi: what was reported.
        tanggal_laporan: day of registration.
        anonim: ``ya`` or ``tidak``.
        rahasia: ``ya`` or ``tidak``.
        kategori: class of the follow-up, or empty.
        instansi: agency it was handed to, or empty.
        status: state.
        batas_waktu: last day of the present step, or empty.
        tindak_lanjut: what the agency answered last, or empty.
        tanggal_tindak_lanjut: day of that answer, or empty.
        tanggal_selesai: day on which it was closed, or empty.
        objek: ``angka``, ``dataset``, ``layanan`` or ``portal``.
        alamat_objek: address of the dataset, or empty.
    """

    nomor: str
    klasifikasi: str
    judul: str
    isi: str
    tanggal_laporan: str
    anonim: str
    rahasia: str
    kategori: str
    instansi: str
    status: str
    batas_waktu: str
    tindak_lanjut: str
    tanggal_tindak_lanjut: str
    tanggal_selesai: str
    objek: str
    alamat_objek: str


def rows(session: AnySession, first: date, last: date, *, site: str) -> list[Row]:
    """The reports registered from one day to another, by number.

    Args:
        session: the session to read with.
        first: first day, in the portal's time zone.
        last: last day.
        site: address of the portal, without a slash at the end.
    """
    group, package = model.Group, model.Package
    found = session.execute(
        sa.select(Case, group.title, package.name)
        .outerjoin(group, group.id == Case.organization_id)
        .outerjoin(package, package.id == Case.dataset_id)
        .where(
            Case.kind.in_((COMPLAINT, SUGGESTION)),
            Case.number.is_not(None),
            Case.received_on.between(first, last),
        )
        .order_by(Case.opened_at, Case.id)
    ).all()
    replies = _replies(session, [case.id for case, _, _ in found])
    return [
        _row(case, body or "", f"{site}/dataset/{name}" if name else "", replies.get(case.id))
        for case, body, name in found
    ]


def as_csv(found: Iterable[Row]) -> bytes:
    """A table for spreadsheets: UTF-8 with a mark, no cell a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(f.name for f in fields(Row))
    for row in found:
        writer.writerow(_harmless(str(value)) for value in asdict(row).values())
    return out.getvalue().encode("utf-8-sig")


def as_document(found: Sequence[Row], now: datetime) -> dict[str, Any]:
    """A document for programs; JSON-ready."""
    return {
        "format": "satudata-sp4n",
        "versi": VERSION,
        "dibuat": now.isoformat(timespec="seconds"),
        "laporan": [asdict(row) for row in found],
    }


def _row(case: Case, body: str, address: str, reply: tuple[str, datetime] | None) -> Row:
    said, at = reply or ("", None)
    return Row(
        nomor=case.number or "",
        klasifikasi=case.kind,
        judul=_masked(case.title),
        isi=_masked(case.body),
        tanggal_laporan=_day(case.received_on),
        anonim="ya" if case.mode == ANONYMOUS else "tidak",
        rahasia="ya" if case.mode == CONFIDENTIAL else "tidak",
        kategori=(case.grade or "").replace("_", " "),
        instansi=body,
        status=table(case.kind).states[case.state].label["id"],
        batas_waktu=_day(case.due_on if case.closed_at is None else None),
        tindak_lanjut=_masked(said),
        tanggal_tindak_lanjut=_day(moments.local(at).date() if at else None),
        tanggal_selesai=_day(moments.local(case.closed_at).date() if case.closed_at else None),
        objek=str(case.details.get("about", "")),
        alamat_objek=address,
    )


def _replies(session: AnySession, cases: Sequence[str]) -> dict[str, tuple[str, datetime]]:
    """The last answer to each case's reporter, and when."""
    if not cases:
        return {}
    said, step = CaseMessage, CaseStep
    found = session.execute(
        sa.select(said.case_id, said.text, said.created_at)
        .join(step, sa.and_(step.case_id == said.case_id, step.at == said.created_at))
        .where(
            said.case_id.in_(cases),
            said.audience == "pemohon",
            said.side != "pemohon",
            step.transition.in_(_REPLIES),
        )
        .order_by(said.id)
    )
    return {case: (text, at) for case, text, at in found}


def _masked(text: str) -> str:
    """A text of any length without numbers and mailboxes of persons."""
    return "\n".join(
        " ".join(masking.mask(piece) for piece in textwrap.wrap(line, _PIECE) or [""])
        for line in text.splitlines()
    )


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
