"""Rules at their edges, in the world of the examples."""

from __future__ import annotations

from typing import ClassVar

import pytest

from ckanext.satudata.consistency.findings import Finding, Outcome, Severity
from ckanext.satudata.consistency.observations import Declared
from ckanext.satudata.consistency.rules import RuleSet, parse
from ckanext.satudata.rules import shipped
from ckanext.satudata.rules.examples import Example, Rows

HOME, ONE, TWO, THREE = "61.05", "61.05.01", "61.05.02", "61.05.03"
POOR, AREA, PEOPLE = "SD00893.01-persen", "LOK.LUAS_WILAYAH", "SD00282.01"
YIELD, HARVESTED = "LOK.PRODUKTIVITAS_TANAMAN_PANGAN", "LOK.LUAS_PANEN"
LITERATE = "LOK.MELEK_HURUF"
PRICE, CROP, STOCK = "LOK.HARGA_ECERAN", "LOK.PRODUKSI_TANAMAN_PANGAN", "LOK.KETERSEDIAAN_PANGAN"


def find(rule: str, table: Rows, text: str = "", **fields) -> list[Finding]:
    """What a rule finds; the text of a kabupaten's rule file may be given."""
    rules = shipped()
    if text:
        rules = RuleSet.combined([rules, parse(f'version: "1"\n{text}')])
    return Example(rule, False, {}, table, **fields).findings(rules)


class TestAverages:
    RULE = "rasio-dijumlahkan"

    def judge(self, whole: str, *parts: str):
        rows = [["2025", HOME, whole]]
        rows += [["2025", k, t] for k, t in zip((ONE, TWO, THREE), parts, strict=False)]
        return find(self.RULE, {POOR: rows})

    def test_says_whether_it_was_added_up(self):
        assert self.judge("29,0", "8,0", "12,0", "9,0")[0].params["variant"] == "dijumlahkan"
        (finding,) = self.judge("7,0", "8,0", "12,0", "9,0")
        assert finding.params["variant"] == "di-luar-rentang"
        assert (finding.params["lowest"], finding.params["highest"]) == (8.0, 12.0)

    def test_grants_rounding(self):
        assert not self.judge("12", "8,0", "11,6", "9,0")
        assert self.judge("12,1", "8,0", "12,0", "9,0") == []
        assert self.judge("12,2", "8,0", "12,0", "9,0")

    def test_shares_of_the_whole_are_a_distribution(self):
        assert not self.judge("100", "60,0", "30,0", "10,0")

    def test_needs_every_part(self):
        assert not self.judge("29,0", "8,0", "12,0")

    @pytest.mark.parametrize("own", [(), ("8,0",)])
    def test_parts_of_others_count(self, own):
        texts = ("8,0", "12,0", "9,0")
        mine = [["2025", k, t] for k, t in zip((ONE, TWO, THREE), own, strict=False)]
        others = [["2025", k, t] for k, t in zip((ONE, TWO, THREE), texts, strict=True)]
        table = {POOR: [["2025", HOME, "29,0"], *mine]}
        found = find(self.RULE, table, public=(("bps", {POOR: others[len(own) :]}),))
        assert [f.params["variant"] for f in found] == ["dijumlahkan"]

    def test_weights_that_nobody_published_are_no_pass(self):
        rows = [["2025", HOME, "9,0"], *(["2025", k, "9,0"] for k in (ONE, TWO, THREE))]
        (finding,) = find("rata-rata-tertimbang", {POOR: rows})
        assert (finding.outcome, finding.severity) == (
            Outcome.NOT_EVALUABLE,
            Severity.INFORMATION,
        )


class TestAveragesOfClassifications:
    RULE = "rasio-dijumlahkan"
    WEIGHTED = "rata-rata-tertimbang"

    def judge(self, whole: str, men: str, women: str):
        parts = (("_T", whole), ("L", men), ("P", women))
        return find(self.RULE, {LITERATE: [["2025", HOME, code, t] for code, t in parts if t]})

    def test_of_all_people_lies_between_men_and_women(self):
        assert not self.judge("95,0", "96,0", "94,0")
        (finding,) = self.judge("97,0", "96,0", "94,0")
        assert finding.params["variant"] == "di-luar-rentang"
        assert finding.severity is Severity.ERROR
        assert finding.params["dimension"] == "jenis_kelamin"

    def test_a_sum_may_have_one_denominator_and_is_warned_of(self):
        (finding,) = self.judge("17,0", "8,0", "9,0")
        assert finding.params["variant"] == "rincian-dijumlahkan"
        assert finding.severity is Severity.WARNING

    def test_shares_of_the_whole_and_missing_parts_say_nothing(self):
        assert not self.judge("100", "51,0", "49,0")
        assert not self.judge("97,0", "96,0", "")

    def test_parts_of_others_count(self):
        public = (("bps", {LITERATE: [["2025", HOME, "L", "96,0"], ["2025", HOME, "P", "94,0"]]}),)
        assert find(self.RULE, {LITERATE: [["2025", HOME, "_T", "97,0"]]}, public=public)

    def test_a_list_that_lacks_parts_has_no_range(self):
        goods = (("beras", "9"), ("beras-premium", "16"), ("beras-medium", "14"))
        assert not find(self.RULE, {PRICE: [["2025", HOME, code, t] for code, t in goods]})

    def weigh(self, whole: str, women: str = "4.000"):
        text = f"indicators: [{{indicator: {LITERATE}, weight: {PEOPLE}}}]"
        table = {LITERATE: [["2025", HOME, c, t] for c, t in (("_T", whole), *self.PARTS)]}
        people = (("L", "6.000"), ("P", women))
        known = {PEOPLE: [["2025", HOME, code, t] for code, t in people if t]}
        return find(self.WEIGHTED, table, text, public=(("bps", known),))

    PARTS: ClassVar = (("L", "90,0"), ("P", "80,0"))

    def test_is_weighted_where_the_weight_is_split_alike(self):
        assert not self.weigh("86,0")
        (finding,) = self.weigh("85,0")
        assert finding.params["sum"] == pytest.approx(86)

    def test_weights_of_parts_that_nobody_published_are_no_pass(self):
        (finding,) = self.weigh("86,0", women="")
        assert finding.outcome is Outcome.NOT_EVALUABLE

    @pytest.mark.parametrize(("area", "found"), [("1.000", True), ("1.500", False)])
    def test_a_list_that_may_lack_parts_is_judged_where_weights_show_it_lacks_none(
        self, area, found
    ):
        kinds = ("beras", "beras-premium", "beras-medium")
        yields = zip(kinds, ("50,00", "30,00", "40,00"), strict=True)
        areas = zip(kinds, (area, "500", "500"), strict=True)
        table = {YIELD: [["2025", HOME, code, t] for code, t in yields]}
        known = {HARVESTED: [["2025", HOME, code, t] for code, t in areas]}
        assert bool(find(self.WEIGHTED, table, public=(("bps", known),))) is found


class TestOverTime:
    RULE = "rekap-waktu"

    def halves(self, code: str, year: str, first: str, second: str, how: str, **fields):
        rows = [
            [when, HOME, "beras", text]
            for when, text in (("2025", year), ("2025-S1", first), ("2025-S2", second))
            if text
        ]
        text = f"indicators: [{{indicator: {code}, over_time: {how}}}]"
        return find(self.RULE, {code: rows}, text, **fields)

    @pytest.mark.parametrize(
        ("how", "year", "fails"),
        [
            *(("sum", "30", False), ("sum", "20", True)),
            *(("last", "20", False), ("last", "30", True)),
            *(("average", "14", False), ("average", "30", True)),
            ("none", "99", False),
        ],
    )
    def test_each_way(self, how, year, fails):
        assert bool(self.halves(STOCK, year, "10", "20", how)) is fails

    def test_the_last_alone_tells_a_stock(self):
        assert self.halves(STOCK, "30", "", "20", "last")
        assert not self.halves(STOCK, "30", "10", "", "last")

    def test_a_sum_needs_all(self):
        assert not self.halves(STOCK, "99", "10", "", "sum")

    def test_parts_may_be_public(self):
        known = [("bps", {CROP: [["2025-S1", HOME, "beras", "10"], ["2025", HOME, "beras", "99"]]})]
        (finding,) = find(self.RULE, {CROP: [["2025-S2", HOME, "beras", "20"]]}, public=known)
        assert finding.params["variant"] == "jumlah"
        assert finding.other.organization == "bps"

    def test_twelve_months_and_four_quarters(self):
        months = [[f"2025-{m:02d}", HOME, "beras", "1"] for m in range(1, 13)]
        quarters = [[f"2025-Q{q}", HOME, "beras", "3"] for q in range(1, 5)]
        year = ["2025", HOME, "beras", "12"]
        assert not find(self.RULE, {CROP: [*months, *quarters, year]})
        quarters[2][3] = "9"
        found = find(self.RULE, {CROP: [*months, *quarters, year]})
        assert {f.key.period for f in found} == {"2025", "2025-Q3"}


class TestJumps:
    def series(self, *texts: str, code: str = PRICE, text: str = ""):
        rows = [[str(2020 + i), HOME, "beras", t] for i, t in enumerate(texts)]
        return find("lonjakan", {code: rows}, text)

    def test_down_is_told_too(self):
        (finding,) = self.series("14.000", "1.400")
        assert finding.severity is Severity.WARNING
        assert (finding.params["variant"], finding.params["factor"]) == ("turun", 10.0)

    def test_coming_back_from_an_odd_value_is_no_jump(self):
        found = self.series("14.000", "14.100", "140.000", "14.200")
        assert [f.key.period for f in found] == ["2022"]

    def test_small_counts_jump_by_themselves(self):
        def people(*texts: str):
            rows = [[str(2020 + i), HOME, "_T", t] for i, t in enumerate(texts)]
            return find("lonjakan", {PEOPLE: rows})

        assert not people("2", "25")
        assert people("2", "40")

    def test_the_factor_is_set_by_indicator(self):
        assert not self.series(
            "14.000", "56.000", text=f"indicators: [{{indicator: {PRICE}, jump: 5}}]"
        )

    def test_the_past_may_be_public(self):
        known = [("bps", {PRICE: [["2024", HOME, "beras", "14.000"]]})]
        table = {PRICE: [["2025", HOME, "beras", "140.000"]]}
        assert len(find("lonjakan", table, public=known)) == 1

    def test_zero_and_a_change_of_sign_are_no_factor(self):
        assert not self.series("0", "14.000")


class TestValidity:
    def test_a_code_of_later_is_a_warning(self):
        (finding,) = find("kode-tidak-berlaku", {AREA: [["2025", "61.05.99", "120"]]})
        assert finding.severity is Severity.WARNING
        assert finding.params["since"] == "2030-01-01"

    def test_each_code_is_told_once(self):
        rows = [[str(y), "61.05.98", "120"] for y in range(2018, 2024)]
        (finding,) = find("kode-tidak-berlaku", {AREA: rows})
        assert finding.params["objects"] == 4
        assert finding.severity is Severity.ERROR


class TestYears:
    def test_a_school_year_belongs_to_either(self):
        declared = Declared(years=frozenset({2025}))
        table = {AREA: [["2024/2025", HOME, "1"]]}
        assert not find("periode-di-luar", table, declared=declared)
        assert not find("periode-tidak-lengkap", table, declared=declared)

    def test_nothing_promised_is_nothing_missing(self):
        assert not find("periode-di-luar", {AREA: [["2025", HOME, "1"]]})


class TestCopies:
    RULE = "kutipan-tanpa-sumber"
    TABLE: ClassVar[Rows] = {"LOK.KEBUTUHAN_PANGAN": [["2025", HOME, "beras", "10"]]}

    def test_only_what_agrees_is_a_copy(self):
        known = [("dkp", {"LOK.KEBUTUHAN_PANGAN": [["2025", HOME, "beras", "11"]]})]
        assert not find(self.RULE, self.TABLE, public=known)

    def test_the_mandate_holder_copies_nobody(self):
        known = [("bulog", self.TABLE)]
        assert not find(self.RULE, self.TABLE, public=known, by="dkp")

    @pytest.mark.parametrize(
        "cited", ["dataset-1", "https://data.example/dataset/dataset-1", "DINAS KETAHANAN PANGAN"]
    )
    def test_is_cited_by_address_or_name(self, cited):
        known = [("dkp", self.TABLE)]
        assert len(find(self.RULE, self.TABLE, public=known)) == 1
        assert not find(self.RULE, self.TABLE, public=known, declared=Declared(cited=cited))


class TestRevisions:
    def test_more_digits_are_the_same_figure(self):
        before: Rows = {AREA: [["2025", HOME, "21.638"]]}
        assert not find(
            "angka-tetap-berubah", {AREA: [["2025", HOME, "21.638,4"]]}, previous=before
        )

    def test_a_final_figure_is_not_provisional_again(self):
        before: Rows = {AREA: [["2025", HOME, "21.638"]]}
        (finding,) = find(
            "angka-tetap-berubah", {AREA: [["2025", HOME, "21.638", "P"]]}, previous=before
        )
        assert finding.params["variant"] == "turun-status"

    def test_an_estimate_that_becomes_final_is_kept(self):
        before: Rows = {AREA: [["2025", HOME, "21.600", "E"]]}
        (finding,) = find("angka-direvisi", {AREA: [["2025", HOME, "21.638"]]}, previous=before)
        assert finding.params["variant"] == "dari-sementara"
        assert finding.severity is Severity.INFORMATION
