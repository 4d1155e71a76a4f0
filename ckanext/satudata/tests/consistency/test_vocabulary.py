from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from ckanext.satudata.consistency.vocabulary import Code, CodeList, Unit, Units, normalise

from .worlds import AREA, BOOK, CENSUS, DESA, HOME, KECAMATAN, NEED, OLD, REGISTER, SHARE, YOUNG

REGIONS = CodeList(
    "wilayah",
    "1",
    {
        "61.05": Code("61.05", 1, "Sintang", None, "kabupaten"),
        "61.05.01": Code("61.05.01", 2, "Sintang", "61.05", "kecamatan"),
        "61.03": Code("61.03", 3, "Sanggau", None, "kabupaten"),
    },
    {"bps": {"6107": "61.05", "6105": "61.03", "9999": "hilang"}},
    {"kota raya": ("61.05.01", "hilang")},
)
UNITS = Units(
    {u.code: u for u in BOOK.units.units.values()}, {"t": "ton", "jiwa": "orang", "0 ton": "ton"}
)


class TestNormalise:
    @pytest.mark.parametrize(
        ("text", "folded"),
        [
            ("  Kec.  SINTANG ", "kec sintang"),
            ("Beras (Medium)", "beras medium"),
            ("Kab/Kota", "kab kota"),
            ("Café*", "cafe"),
            ("km²", "km2"),
            ("", ""),
        ],
    )
    def test_lets_spellings_meet(self, text, folded):
        assert normalise(text) == folded
        assert normalise(folded) == folded


class TestCodeList:
    def test_reads_a_code_in_its_scheme_only(self):
        assert REGIONS.get("61.05").label == "Sintang"
        assert REGIONS.get("6105") is None
        assert REGIONS.get("6105", "bps").label == "Sanggau"
        assert REGIONS.get("61.05", "bps") is None
        assert REGIONS.get("6107", "tak-ada") is None
        assert REGIONS.get("9999", "bps") is None

    def test_finds_all_codes_of_a_name(self):
        assert [c.code for c in REGIONS.named("SINTANG")] == ["61.05", "61.05.01"]
        assert [c.code for c in REGIONS.named("sintang", parent="61.03")] == []
        assert [c.code for c in REGIONS.named("Kota Raya", parent="61.05")] == ["61.05.01"]
        assert REGIONS.named("tidak ada") == ()

    def test_knows_what_lies_below(self):
        assert BOOK.regions.is_within(DESA[0], HOME)
        assert BOOK.regions.is_within(HOME, HOME)
        assert not BOOK.regions.is_within(HOME, DESA[0])
        assert not BOOK.regions.is_within("99", HOME)

    def test_lists_children_valid_on_a_day(self):
        every = {c.code for c in BOOK.regions.children(HOME)}
        assert every == {*KECAMATAN, OLD, YOUNG}
        then = {c.code for c in BOOK.regions.children(HOME, date(2019, 12, 31))}
        assert then == {*KECAMATAN, OLD}
        assert BOOK.regions.children("99") == ()

    def test_finds_by_index(self):
        assert REGIONS.at(3).label == "Sanggau"
        assert REGIONS.at(0) is None


class TestUnits:
    def test_finds_a_unit_by_what_people_write(self):
        assert UNITS.find(" T. ").code == "ton"
        assert UNITS.find("Ton").code == "ton"
        assert UNITS.find("karung") is None

    def test_converts_within_one_quantity_only(self):
        assert UNITS.ratio("kg", "ton") == Decimal("0.001")
        assert UNITS.ratio("ton", "kuintal") == 10
        assert UNITS.ratio("ton", "orang") is None
        assert UNITS.ratio("ton", "karung") is None

    def test_lists_a_quantity_smallest_first(self):
        assert [u.code for u in UNITS.of_quantity("massa")] == ["kg", "kuintal", "ton"]

    @pytest.mark.parametrize(
        ("code", "counts"), [("orang", True), ("ribu-orang", False), ("ton", False), ("kg", False)]
    )
    def test_single_things_are_counted(self, code, counts):
        assert UNITS.units[code].counts is counts

    def test_a_quantity_with_base_one_is_no_count_by_itself(self):
        assert not Unit("persen", "Persen", "rasio", Decimal(1)).counts

    @pytest.mark.parametrize(
        ("label", "text"),
        [
            *(
                ("Ton", "ton"),
                ("Ribu Orang", "ribu orang"),
                ("Km²", "km²"),
                ("Jiwa/Km²", "jiwa/km²"),
            ),
            *(("Kuintal/Ha", "kuintal/ha"), ("Hektar", "ha"), ("Juta Rupiah", "juta rupiah")),
            *(("USD/Kg", "USD/kg"), ("kWh/Kapita", "kWh/kapita"), ("Ton CO₂e", "ton CO₂e")),
            *(("m³/Detik", "m³/detik"), ("°C", "°C"), ("Mbps", "Mbps"), ("RT", "RT")),
            *(("MMSCF", "MMSCF"), ("µg/m³", "µg/m³"), ("Per 1.000 Penduduk", "per 1.000 penduduk")),
        ],
    )
    def test_is_no_name_in_running_text(self, label, text):
        assert Unit("x", label, "x", Decimal(1)).in_text == text


class TestCodeBook:
    def test_finds_indicators_by_number(self):
        assert BOOK.indicator_by_id(1) is BOOK.indicators[NEED]
        assert BOOK.indicator_by_id(99) is None

    def test_siblings_share_the_konsep(self):
        found = {i.code for i in BOOK.siblings(BOOK.indicators[CENSUS])}
        assert found == {REGISTER, SHARE}
        assert list(BOOK.siblings(BOOK.indicators[AREA])) == []
