"""Whatever is uploaded, reading ends in tables or in a ReadError."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ckanext.satudata.extract.declaration import Declaration, Field, Role
from ckanext.satudata.extract.limits import ReadError
from ckanext.satudata.extract.observations import extract
from ckanext.satudata.extract.readers import read_tables
from ckanext.satudata.rules import shipped

from .books import book
from .files import csv_file, ods_file, xls_file, xlsx_file
from .reading import BERAS, KEBUTUHAN, KODE, NAMA, PENDUDUK, TAHUN

ROWS = [
    ["Judul", None, None, None],
    ["Kode", "Nama", "Tahun", "Penduduk"],
    ["61.05.01", "Sintang", 2025, 71234],
    ["61.05.02", "Tempunak", 2025, 28.5],
]
FIELDS = (KODE, NAMA, TAHUN, PENDUDUK)
_SNIPPETS = (
    *(b"<", b">", b'"', b"&", b"\xff", b"</row>", b"<v>", b't="e"', b"<!DOCTYPE a>"),
    *(b'r="ZZZ9999999"', b'table:number-rows-repeated="99999999999999999999"'),
)
CELLS = st.one_of(
    st.none(),
    st.sampled_from(
        [
            *("61.05.01", "61.05.02", "Sintang", "Jumlah", "2025", "Januari 2025", "1.234", "1,5"),
            "-",
            "Kode",
            "Nama",
            "Tahun",
            "Penduduk",
            "#REF!",
            "12 kg",
            "1e5",
            "beras-medium",
            "(1)",
            "(2)",
        ]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)


def outcome(path: str, name: str) -> str:
    """How reading a file ended; any other exception fails the test."""
    try:
        tables = read_tables(path, name=name, format=name.rsplit(".", 1)[-1])
    except ReadError as error:
        return shipped()[error.code].id
    assert all(t.frame.columns == [str(i) for i in range(t.frame.width)] for t in tables)
    extract(path, name=name, format=None, declaration=Declaration(FIELDS), book=book())
    return "read"


class TestDamagedBytes:
    @pytest.mark.parametrize("write", [xlsx_file, xls_file, ods_file])
    @pytest.mark.parametrize("seed", range(60))
    def test_mutated_spreadsheets(self, tmp_path: Path, write, seed: int) -> None:
        path = Path(write(tmp_path, ROWS))
        chance = random.Random(seed)
        content = bytearray(path.read_bytes())
        for _ in range(chance.choice((1, 3, 30))):
            at = chance.randrange(len(content))
            match chance.randrange(3):
                case 0:
                    content[at] = chance.randrange(256)
                case 1:
                    del content[at : at + chance.randrange(1, 50)]
                case 2:
                    content[at:at] = chance.randbytes(chance.randrange(1, 50))
        path.write_bytes(content)
        assert outcome(str(path), path.name)

    @pytest.mark.parametrize("write", [xlsx_file, ods_file])
    @pytest.mark.parametrize("seed", range(40))
    def test_mutated_parts_of_a_sound_archive(self, tmp_path: Path, write, seed: int) -> None:
        path = write(tmp_path, ROWS)
        chance = random.Random(seed)
        with zipfile.ZipFile(path) as archive:
            parts = {n: bytearray(archive.read(n)) for n in archive.namelist()}
        part = parts[chance.choice(sorted(parts))]
        for _ in range(chance.choice((1, 2, 8))):
            at = chance.randrange(len(part) + 1)
            if chance.random() < 0.5:
                part[at:at] = chance.choice(_SNIPPETS)
            else:
                del part[at : at + chance.randrange(1, 30)]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, bytes(content))
        assert outcome(path, Path(path).name)

    @settings(
        max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(content=st.binary(max_size=300))
    def test_any_bytes_as_text(self, tmp_path: Path, content: bytes) -> None:
        assert outcome(csv_file(tmp_path, content), "tabel.csv")

    @settings(
        max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(content=st.text(alphabet='a1,;|\t\n\r" .-\u00e9', max_size=200))
    def test_any_delimited_text(self, tmp_path: Path, content: str) -> None:
        assert outcome(csv_file(tmp_path, content), "tabel.csv")


class TestAnyCells:
    @settings(
        max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=12), titled=st.booleans()
    )
    def test_extraction_never_fails(self, tmp_path: Path, rows, titled: bool) -> None:
        import csv

        path = tmp_path / "tabel.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerows([["Kode", "Nama", "Tahun", "Penduduk"]] if titled else [])
            writer.writerows(rows)
        for fields in (FIELDS, (KODE, Field("Nama", Role.IGNORE), TAHUN, KEBUTUHAN, BERAS)):
            try:
                result = extract(
                    str(path),
                    name="tabel.csv",
                    format="csv",
                    declaration=Declaration(fields),
                    book=book(),
                )
            except ReadError as error:
                # A first cell such as "{" is how a file of another kind begins.
                assume(error.code not in ("berkas-kosong", "jenis-berkas-salah"))
                raise
            assert set(result.counts) <= {r.id for r in shipped()}
            assert sum(result.counts.values()) == len(result.problems)
