"""Objects for tests, made through the actions so that they pass every rule."""

from __future__ import annotations

from typing import Any

import factory
from ckan.tests import factories


class Body(factories.Organization):
    """A dinas with what a body must say."""

    jenis = "dinas"
    tupoksi = "Urusan pemerintahan bidang statistik."
    urusan = factory.LazyFunction(lambda: ["2.20"])


class Activity(factories.Dataset):
    """A draft of a statistical activity (MS-Keg)."""

    type = "kegiatan"
    state = "draft"
    owner_org = factory.LazyFunction(lambda: Body()["id"])


#: All that a public dataset must say besides title, name, owner and activity.
METADATA: dict[str, Any] = {
    "notes": "Kebutuhan beras tiap kecamatan.",
    "kategori": ["ekonomi-dan-industri"],
    "urusan": "2.09",
    "data_prioritas": "tidak",
    "nama_indikator": "Kebutuhan Beras",
    "konsep": "Kebutuhan Pangan",
    "definisi": "Banyaknya beras yang diperlukan penduduk dalam satu tahun.",
    "interpretasi": "Makin besar, makin banyak beras yang diperlukan.",
    "metode_penghitungan": "Konsumsi per kapita dikalikan jumlah penduduk.",
    "ukuran": "massa",
    "satuan": "ton",
    "klasifikasi_penyajian": ["kecamatan"],
    "indikator_komposit": "tidak",
    "pembangun_kegiatan": ["Survei Konsumsi Pangan"],
    "pembangun_variabel": ["Konsumsi per kapita", "Jumlah penduduk"],
    "level_estimasi": ["kecamatan"],
    "akses_umum": "ya",
    "cakupan_wilayah": "61.05",
    "tahun_data": ["2025"],
    "frekuensi": "tahunan",
    "jadwal_rilis": "2026-02-01",
    "status_angka": "A",
    "sumber": "Laporan tahunan.",
    "license_id": "cc-by",
    "maintainer": "Bidang Ketersediaan Pangan",
    "maintainer_email": "pangan@example.go.id",
}


class PublicDataset(factories.Dataset):
    """A public dataset with complete metadata and no resources."""

    owner_org = factory.LazyFunction(lambda: Body()["id"])

    @classmethod
    def _create(cls, target_class: Any, *args: Any, **kwargs: Any) -> Any:
        if "kegiatan" not in kwargs:
            kwargs["kegiatan"] = Activity(owner_org=kwargs["owner_org"])["id"]
        return super()._create(target_class, *args, **{**METADATA, **kwargs})
