"""The pieces guessing is made of: cells, periods in titles, units in headers, names, messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudata.consistency.vocabulary import CodeBook
from ckanext.satudata.extract import guessing
from ckanext.satudata.extract.guessing import cells, lists, times, words
from ckanext.satudata.extract.guessing.guess import guess
from ckanext.satudata.extract.guessing.indicators import CERTAIN, Evidence, Ranking
from ckanext.satudata.extract.guessing.messages import catalogue, explain

from .books import book
from .guess_tables import sheet

BOOK = book()


@pytest.fixture(scope="module")
def reference() -> CodeBook:
    return BOOK


class TestCells:
    @pytest.mark.parametrize(
        "text",
        ["5", "1.234", "1.234,5", "1,234.5", "12,75", "-3", "(1.200)", "Rp 12.000", "7,1 %",
         "1 234", "457.204*)", "12.500 r)", "1.2E+05"],
    )  # fmt: skip
    def test_numbers(self, text: str) -> None:
        assert cells.is_number(text)

    @pytest.mark.parametrize(
        "text", ["61.05.01", "2025-01-01", "Sintang", "-", "1.23.456", "0-4", "12 ton", ""]
    )
    def test_not_numbers(self, text: str) -> None:
        assert not cells.is_number(text)


class TestTimes:
    @pytest.mark.parametrize(
        ("text", "period"),
        [
            ("Jumlah Penduduk Tahun 2024", "2024"),
            ("Harga Bulan Januari 2025", "2025-01"),
            ("Harga Bulan Januari Tahun Anggaran 2025", "2025-01"),
            ("Realisasi Triwulan II Tahun 2025", "2025-Q2"),
            ("Realisasi TW IV 2025", "2025-Q4"),
            ("Laporan Semester I Tahun 2025", "2025-S1"),
            ("Keadaan 31 Desember 2024", "2024-12-31"),
            ("Siswa Tahun Ajaran 2024/2025", "2024/2025"),
            ("data_harga_2025-07.csv", "2025-07"),
            ("luas_2023_final", "2023"),
        ],
    )
    def test_one_period(self, text: str, period: str) -> None:
        assert [str(p) for p in times.find(text).periods] == [period]

    @pytest.mark.parametrize(
        "text", ["Tahun 2020-2024", "Tahun 2020 s.d. 2024", "2020 s/d 2024", "2020 hingga 2024"]
    )
    def test_a_range(self, text: str) -> None:
        assert times.find(text).spans_years
        assert times.common([text]) is None

    @pytest.mark.parametrize("text", ["Peraturan Nomor 12025", "61.05", "Rp 20250", "kode 6107140"])
    def test_no_period(self, text: str) -> None:
        assert times.find(text).periods == ()

    def test_the_rest_is_what_was_not_period(self) -> None:
        assert times.find("Luas Wilayah 2023 Sintang").rest == "Luas Wilayah Sintang"

    @pytest.mark.parametrize(
        ("text", "part"),
        [
            ("Januari", ("bulan", 1)),
            ("Agt", ("bulan", 8)),
            ("Triwulan III", ("triwulan", 3)),
            ("TW 4", ("triwulan", 4)),
            ("Semester II", ("semester", 2)),
            ("Semester 3", None),
            ("Maret Utara", None),
            ("Jumlah", None),
        ],
    )
    def test_parts_of_a_year(self, text: str, part: tuple[str, int] | None) -> None:
        assert times.partial(text) == part

    def test_two_different_years_are_none(self) -> None:
        assert times.common(["Tahun 2023 dan 2024"]) is None

    def test_the_part_is_meant_rather_than_the_whole(self) -> None:
        assert str(times.common(["Tahun 2025: Juli 2025"])) == "2025-07"

    @pytest.mark.parametrize("start", ["Mei ", "Triwulan I ", "Semester I "])
    def test_words_of_a_year_without_a_year_come_to_an_end(self, start: str) -> None:
        # Two ways to read each dot would be 2 to the power of 60 ways to read the text.
        assert times.find(start + "t.a." * 60 + "x").periods == ()
        assert [str(p) for p in times.find("Januari T.A. 2025").periods] == ["2025-01"]

    def test_only_the_beginning_of_an_endless_text_is_looked_at(self) -> None:
        found = times.find("Mei 2024 " + "harga " * 100 + "Juni 2025")
        assert [str(p) for p in found.periods] == ["2024-05"]
        assert found.rest.endswith("harga Juni 2025")


class TestUnits:
    @pytest.mark.parametrize(
        ("header", "unit", "rest"),
        [
            ("Produksi (ton)", "ton", "Produksi"),
            ("Harga [Rp/kg]", "rupiah-per-kg", "Harga"),
            ("Harga Eceran Rp/Kg", "rupiah-per-kg", "Harga Eceran"),
            ("Anggaran (dalam juta rupiah)", "juta-rupiah", "Anggaran"),
            ("Kebutuhan dalam kuintal", "kuintal", "Kebutuhan"),
            ("luas_wilayah_km2", "km2", "luas wilayah"),
            ("(%)", "persen", ""),
            ("Ton", "ton", ""),
            ("Penduduk", "orang", "Penduduk"),
            ("jiwa", "orang", ""),
            ("Luas (baru)", None, "Luas (baru)"),
            ("Tonase", None, "Tonase"),
        ],
    )
    def test_unit_and_rest(self, header: str, unit: str | None, rest: str) -> None:
        found, left = words.unit_of(header, BOOK.units)
        assert (found.code if found else None, left) == (unit, rest)

    def test_a_title_states_units_in_brackets_only(self) -> None:
        assert words.stated_unit("Penduduk", BOOK.units) is None
        assert words.stated_unit("Kebutuhan (ton)", BOOK.units) is BOOK.units.units["ton"]


class TestLists:
    def test_a_bare_number_is_no_region_code_without_a_word_for_it(self) -> None:
        assert lists.region_codes(["6107", "6105"], "Jumlah", BOOK) is None
        found = lists.region_codes(["6107", "6105"], "Kode Kabupaten", BOOK)
        assert found is not None
        assert found.scheme == "bps"

    def test_kecamatan_named_like_the_kabupaten(self) -> None:
        found = lists.region_names(["Sintang", "Dedai", "Sepauk"], "Nama", BOOK)
        assert found is not None
        assert found.level == "kecamatan"

    def test_names_of_elsewhere_are_not_ours(self) -> None:
        assert lists.region_names(["Sanggau", "Bengkayang"], "Kabupaten", BOOK) is None

    def test_the_longest_name_inside_a_text(self) -> None:
        codes, rest = lists.embedded("Stok Telur Ayam Ras di Pasar", BOOK.codelists["komoditas"])
        assert [c.code for c in codes] == ["telur"]
        assert rest == "stok di pasar"

    def test_digits_are_codes_only_where_the_header_names_the_list(self) -> None:
        assert lists.match(["1", "2"], BOOK.codelists["jenis_kelamin"], header="Nilai") is None


class TestRanking:
    def rank(self, header: str, *contexts: tuple[str, float]) -> dict[str, float]:
        ranking = Ranking(BOOK)
        evidence = Evidence(header, contexts)
        return {c: ranking.score(i, evidence) for c, i in BOOK.indicators.items()}

    def test_the_same_name_is_certain(self) -> None:
        for code, indicator in BOOK.indicators.items():
            assert self.rank(indicator.name)[code] >= CERTAIN

    def test_spelling_mistakes_are_forgiven(self) -> None:
        assert self.rank("Persentse Penduduk Miskn")["SD00893.01-persen"] >= CERTAIN

    def test_abbreviations_are_understood(self) -> None:
        assert self.rank("Prosentase Pddk Miskin")["SD00893.01-persen"] >= CERTAIN

    def test_a_generic_header_takes_the_title(self) -> None:
        scores = self.rank("", ("Luas Wilayah Menurut Kecamatan", 0.95))
        assert max(scores, key=lambda c: scores[c]) == "LOK.LUAS_WILAYAH"
        assert scores["LOK.LUAS_WILAYAH"] >= CERTAIN

    def test_a_far_text_alone_is_not_certain(self) -> None:
        assert self.rank("", ("luas wilayah", 0.7))["LOK.LUAS_WILAYAH"] < CERTAIN


_WORDS = """
    air bersih jembatan rusak nelayan perahu ternak sapi ikan jalan aspal kandang puskesmas
    dokter bidan penyakit hotel kamar tamu sampah hutan kebakaran kepadatan kemiskinan pagu
    pendapatan belanja retribusi pajak produksi panen tanam ekspor impor
"""
_FOREIGN = st.lists(st.sampled_from(_WORDS.split()), min_size=1, max_size=4, unique=True)
_CELLS = st.sampled_from(
    ["61.05.01", "6107140", "Sepauk", "2024", "1.234,5", "12", "-", "Beras Medium", "ton", "L",
     "Januari", "Sumber: dinas", "Jumlah", "penduduk", "luas", "(1)", "Rp/kg", "", "7,5 %"]
)  # fmt: skip


class TestNothingWrongInSilence:
    @settings(max_examples=150, deadline=None)
    @given(
        header=_FOREIGN,
        title=_FOREIGN,
        unit=st.sampled_from(["", " (ha)", " (ton)", " (jiwa)", " (Rp)"]),
    )
    def test_foreign_measures_have_no_indicator(
        self, header: list[str], title: list[str], unit: str
    ) -> None:
        table = sheet(
            [
                [" ".join(title).title() + " Kabupaten Sintang Tahun 2024"],
                ["Kode", " ".join(header).title() + unit],
                ["61.05.01", "12,5"],
                ["61.05.02", "13,5"],
            ]
        )
        found = guess(table, BOOK)
        assert [m.indicator for m in found.declaration.measures] == [None]
        assert found.questions

    @settings(max_examples=200, deadline=None)
    @given(rows=st.lists(st.lists(_CELLS, min_size=1, max_size=6), min_size=1, max_size=8))
    def test_any_sheet_gives_a_declaration_that_can_be_kept(self, rows: list[list[str]]) -> None:
        found = guess(sheet(rows), BOOK)
        written = found.as_dict()["declaration"]
        assert guess(sheet(rows), BOOK).as_dict()["declaration"] == written
        for measure in found.declaration.measures:
            if measure.indicator is not None:
                name = BOOK.indicators[measure.indicator].name
                text = " ".join(c for row in rows for c in row).casefold()
                assert any(word in text for word in words.tokens(name))

    @settings(max_examples=60, deadline=None)
    @given(order=st.permutations(range(5)))
    def test_the_order_of_columns_does_not_matter(self, order: list[int]) -> None:
        rows = [
            ["Kode", "Kecamatan", "Tahun", "Luas Wilayah (km2)", "Penduduk Miskin (jiwa)"],
            ["61.05.01", "Sintang", "2024", "12,5", "300"],
            ["61.05.03", "Sepauk", "2024", "13,5", "310"],
            ["61.05.07", "Dedai", "2024", "14,5", "320"],
        ]
        found = guess(sheet([[row[i] for i in order] for row in rows]), BOOK)
        by_name = {f.name: f for f in found.declaration.fields}
        assert by_name["Kode"].concept == "wilayah"
        assert by_name["Kecamatan"].of == "Kode"
        assert by_name["Luas Wilayah (km2)"].indicator == "LOK.LUAS_WILAYAH"
        assert by_name["Penduduk Miskin (jiwa)"].indicator is None


class TestMessages:
    def test_every_code_has_words_and_none_is_spare(self) -> None:
        folder = Path(guessing.__file__).parent
        source = "".join(p.read_text("utf-8") for p in sorted(folder.glob("*.py")))
        texts = set(re.findall(r'"([a-z]+(?:-[a-z]+)+|diingat|templat)"', source))
        known = {rule.id for rule in catalogue()}
        assert known <= texts
        used = set(re.findall(r'(?:ask|reason)\(\s*"([a-z-]+)"', source))
        used |= set(re.findall(r'Decision\([^"]*"([a-z-]+)"', source))
        assert used <= known

    @pytest.mark.parametrize("language", ["id", "en", "ms"])
    def test_reasons_and_questions_are_told_in_words(
        self, reference: CodeBook, language: str
    ) -> None:
        table = sheet(
            [
                ["No", "Kode", "Nilai", "Ket"],
                ["1", "61.05.01", "5", "x y"],
                ["2", "61.05.02", "6", ""],
            ]
        )
        found = guess(table, reference)
        for entry in (*found.reasons, *found.questions):
            told = explain(entry, language)
            assert set(told) == {"title", "message", "advice"}
            assert "{" not in "".join(told.values())
            if entry["field"] and "{field}" in catalogue()[entry["code"]].message["id"]:
                assert entry["field"] in told["message"]
