from __future__ import annotations

import pytest

from ckanext.satudata.extract.identifiers import is_identifier

from .books import book


def judge(header: str, cells: str) -> bool:
    return is_identifier(header, cells.split(), book())


class TestIsIdentifier:
    @pytest.mark.parametrize(
        ("header", "cells"),
        [
            ("No", "1 2 3"),
            ("No.", "1. 2. 3."),
            ("No", "1"),
            ("Nomor Urut", "1 2 1 2 3"),
            ("No", "1 2 4 5"),
            ("Rumah", "1 2 3"),
            ("FID", "0 1 2"),
            ("Tahun Berdiri", "1987 2004"),
            ("Data / Tahun", "2024 2025"),
            ("Bulan", "1 2 12"),
            ("Triwulan", "1 4"),
            ("Tanggal", "31.12.2024 01.01.2025"),
            ("Panen terakhir", "31.12.2024"),
            ("Lintang", "0.0731 -0.4412"),
            ("Bujur", "111,4953 111,5001"),
            ("Titik Longitude", "111.4953"),
            ("NPSN", "30105123"),
            ("NIP Kepala", "197001011990031001"),
            ("Kode Pos", "78611 78612"),
            ("No. Telepon", "081234567890 056521234"),
            ("RT", "001 002"),
            ("Kode Rekening", "5.1.02.01.01"),
            ("Kode Barang", "1030201 1030202"),
            ("Kode BPS", "6107"),
            ("Kabupaten", "6107"),
            ("Wilayah", "61.05.01 61.05.02"),
            ("Entah", "61.05.01 61.05.02"),
        ],
    )
    def test_header_and_cells_agree(self, header: str, cells: str) -> None:
        assert judge(header, cells)

    @pytest.mark.parametrize(
        ("header", "cells"),
        [
            ("Jumlah", "1 2"),
            ("No", "1 448 900"),
            ("No", "448850"),
            ("Nomor", "2 3 4"),
            ("FID", "10 20"),
            ("Produksi Tahun 2025", "2024"),
            ("Tahun", "448850"),
            ("Tahun 2025", "1999"),
            ("Bulan", "13"),
            ("Bulan", "1,5"),
            ("Lintang", "448.850"),
            ("Lintang", "0.1"),
            ("Produksi", "111.4953"),
            ("NPSN", "448850"),
            ("Siswa", "30105123"),
            ("Kode Pos", "448.850"),
            ("RT", "12"),
            ("Jumlah Kecamatan", "61"),
            ("Kebutuhan", "6107"),
            ("Kode", "448.850"),
            ("Kode", "1.234.567"),
            ("Persen", "61.05"),
            ("JK", "1 2"),
            ("Kode", "12 345"),
            ("Nilai", "2024-01 1"),
        ],
    )
    def test_whatever_is_not_recognised_is_a_figure(self, header: str, cells: str) -> None:
        assert not judge(header, cells)
