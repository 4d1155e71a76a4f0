"""Where to look in the portal once the demonstration was told: addresses, and for whom they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.meeting import Meeting
from ckanext.satudata.model.setoran import Obligation

from . import setoran


@dataclass(frozen=True)
class Stop:
    """A page worth looking at.

    Attributes:
        what: is to be seen, in Indonesian.
        address: of the page.
        user: name of whoever should look; empty for everybody.
    """

    what: str
    address: str
    user: str = ""


def stops() -> list[Stop]:
    """The pages, in the order in which figures come to the public."""
    return [
        Stop(
            "Setoran satu kecamatan: yang harus diisi",
            _url("satudata_setoran.index"),
            "kecamatan-binjai-hulu-operator",
        ),
        *_matrix(),
        Stop(
            "Yang menunggu walidata: dataset yang diajukan, sekali setuju beberapa",
            _url("satudata_process.index"),
            "diskominfo-operator",
        ),
        *_meetings(),
        Stop("Semua kesepakatan yang berlaku", _url("satudata_agreement.index")),
        Stop(
            "Dua angka yang berbeda, dengan alasannya",
            _url("dataset.read", id="contoh-stok-pasar-2024"),
        ),
        Stop(
            "Permintaan data yang terlambat dijawab",
            _url("satudata_case.inbox", terlambat="1"),
            "disdikbud-operator",
        ),
        Stop("Jawaban untuk semua", _url("satudata_request.public")),
        Stop("Laporan tahunan layanan informasi", _url("satudata_request_report.show")),
        Stop("Pekerjaan saya", _url("satudata_work.index"), "dkpp-operator"),
        Stop("Pemberitahuan", _url("satudata_notice.index"), "disperindagkop-ukm-operator"),
        Stop(
            "Kemajuan operator: siapa sudah masuk, berlatih, dan menerbitkan",
            _url("satudata_account.progress_table"),
            "diskominfo-operator",
        ),
        Stop("Kalender rilis", _url("satudata_release_calendar.index")),
        Stop("Jejak audit", _url("satudata_trail.index"), "diskominfo-admin"),
    ]


def lines() -> Iterator[str]:
    """The tour for the terminal."""
    yield "Yang dapat dilihat sekarang (semuanya CONTOH; kata sandi ada di daftar pengguna):"
    for stop in stops():
        yield f"  - {stop.what}"
        yield f"      {stop.address}" + (f"   sebagai {stop.user}" if stop.user else "")


def _matrix() -> Iterator[Stop]:
    receiver = model.Group.get(setoran.RECEIVER)
    obligation = model.Session.scalar(
        sa.select(Obligation.id).where(Obligation.organization_id == (receiver and receiver.id))
    )
    if obligation:
        yield Stop(
            "Kelengkapan setoran: satu kecamatan terlambat, satu ditanya kembali",
            _url("satudata_setoran_agency.matrix", id=obligation),
            f"{setoran.RECEIVER}-operator",
        )


def _meetings() -> Iterator[Stop]:
    for state, what, user in (
        ("disiapkan", "Rapat yang disiapkan, dengan pertentangan angka", "diskominfo-operator"),
        ("selesai", "Rapat yang sudah selesai: putusan, notulen, berita acara", ""),
    ):
        for meeting in Meeting.newest(1, (state,)):
            yield Stop(what, _url("satudata_meeting.show", id=meeting.id), user)


def _url(endpoint: str, **values: str) -> str:
    return tk.url_for(endpoint, _external=True, **values)
