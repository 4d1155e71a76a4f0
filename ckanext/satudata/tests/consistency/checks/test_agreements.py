from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudata.consistency.disagreement import disagreeing
from ckanext.satudata.consistency.findings import Severity
from ckanext.satudata.consistency.tolerance import Tolerance

from ..worlds import (
    AREA,
    BOOK,
    HOME,
    KECAMATAN,
    NEED,
    PRICE,
    agreed,
    candidate,
    cell,
    check,
    entries,
    figures,
    found,
    held_by,
    public,
)

ONE, TWO, THREE, FOUR = KECAMATAN
CONTRADICTS = "bertentangan-kesepakatan"
BOTH = "kesepakatan-keduanya"


def rice(where: str, text: str):
    return cell("2025", where, text, "beras")


class TestAgreedFigure:
    def test_another_figure_is_held_back_and_names_the_agreement(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "12"), rice(TWO, "8")])),
            agreed=agreed(NEED, *entries(NEED, [rice(TWO, "9.5"), rice(THREE, "1")])),
        )
        (finding,) = found(report, CONTRADICTS)
        assert report.blocked
        assert (finding.value, finding.other.value, finding.difference) == (8.0, 9.5, -1.5)
        assert (finding.key.region, finding.location.row) == (TWO, 3)
        assert finding.params["agreement"] == "id-001/BA-SDI/2026"
        assert finding.params["number"] == "001/BA-SDI/2026"
        assert finding.other.dataset is None

    def test_binds_the_mandate_holder_too(self):
        book = held_by(NEED, "dagang")
        report = check(
            candidate(figures(NEED, [rice(ONE, "12")], within=book)),
            within=book,
            agreed=agreed(NEED, *entries(NEED, [rice(ONE, "13")])),
        )
        assert found(report, CONTRADICTS)

    @pytest.mark.parametrize(
        ("code", "text", "said", "fine"),
        [
            (NEED, "121", "120.6", True),
            (NEED, "121.0", "120.6", False),
            (NEED, "120.6", "121", True),
            (PRICE, "13500", "13600", True),
            (PRICE, "13500", "13700", False),
            (AREA, "100.20", "100.00", True),
            (AREA, "100.30", "100.00", False),
        ],
    )
    def test_the_tolerance_is_that_of_two_public_figures(self, code, text, said, fine):
        report = check(
            candidate(figures(code, [cell("2025", ONE, text)])),
            agreed=agreed(code, *entries(code, [cell("2025", ONE, said)])),
        )
        assert (not found(report, CONTRADICTS)) is fine

    def test_each_writing_of_one_object_is_judged(self):
        mine = figures(NEED, [rice(ONE, "5"), rice(ONE, "6"), rice(ONE, "5")], tables=[0, 1, 2])
        report = check(
            candidate(mine, tables=3), agreed=agreed(NEED, *entries(NEED, [rice(ONE, "5")]))
        )
        assert [f.location.table for f in found(report, CONTRADICTS)] == [1]

    def test_does_not_let_two_public_values_stand(self):
        """The agreed figure is right, and still waits until the other one is corrected."""
        report = check(
            candidate(figures(NEED, [rice(ONE, "5")])),
            public(1, NEED, [rice(ONE, "6")]),
            agreed=agreed(NEED, *entries(NEED, [rice(ONE, "5")])),
        )
        (finding,) = found(report, "nilai-berbeda")
        assert finding.params["variant"] == "disepakati"
        assert finding.params["number"] == "001/BA-SDI/2026"
        assert not found(report, CONTRADICTS)

    def test_a_difference_beside_the_agreed_figure_is_an_ordinary_one(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "7"), rice(TWO, "5")])),
            public(1, NEED, [rice(ONE, "6"), rice(TWO, "6")]),
            agreed=agreed(NEED, *entries(NEED, [rice(ONE, "5"), rice(THREE, "5")])),
        )
        assert {f.params.get("variant") for f in found(report, "nilai-berbeda")} == {None}

    def test_other_indicators_and_periods_are_free(self):
        said = agreed(
            NEED, *entries(NEED, [cell("2024", ONE, "5", "beras"), cell("2025", ONE, "5")])
        )
        report = check(candidate(figures(NEED, [rice(ONE, "9")])), agreed=said)
        assert not report.blocked


class TestBothStay:
    said = agreed(
        NEED,
        *entries(NEED, [rice(ONE, "5.0")], "dagang"),
        *entries(NEED, [rice(ONE, "6.0")], "dkp"),
    )

    def test_the_recorded_pair_is_information_with_its_reason(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "5.0")])),
            public(1, NEED, [rice(ONE, "6.0")]),
            agreed=self.said,
        )
        (finding,) = found(report, BOTH)
        assert not report.blocked
        assert finding.severity is Severity.INFORMATION
        assert (finding.value, finding.other.value, finding.difference) == (5.0, 6.0, -1.0)
        assert finding.params["note"] == {"id": "Beda cara.", "en": "Other methods."}
        assert not found(report, "nilai-berbeda")

    def test_a_factor_between_them_is_no_wrong_unit(self):
        said = agreed(
            NEED,
            *entries(NEED, [rice(ONE, "5")], "dagang"),
            *entries(NEED, [rice(ONE, "5000")], "dkp"),
        )
        report = check(
            candidate(figures(NEED, [rice(ONE, "5")])),
            public(1, NEED, [rice(ONE, "5000")]),
            agreed=said,
        )
        assert found(report, BOTH)
        assert not found(report, "satuan-skala")

    @pytest.mark.parametrize(
        ("mine", "theirs", "by"),
        [
            ("5.0", "6.0", "bulog"),
            ("5.0", "6.5", "dkp"),
            ("5.5", "6.0", "dkp"),
            ("6.5", "5.0", "dkp"),
            ("5.0", "6.0", "dagang"),
        ],
    )
    def test_anything_else_is_a_contradiction(self, mine, theirs, by):
        report = check(
            candidate(figures(NEED, [rice(ONE, mine)])),
            public(1, NEED, [rice(ONE, theirs)], by=by),
            agreed=self.said,
        )
        assert found(report, "nilai-berbeda")
        assert not found(report, BOTH)

    def test_a_party_is_bound_to_its_own_figure(self):
        report = check(candidate(figures(NEED, [rice(ONE, "6.0")])), agreed=self.said)
        (finding,) = found(report, CONTRADICTS)
        assert finding.params["variant"] == "keduanya"
        assert finding.other.value == 5.0

    def test_who_is_no_party_is_not_bound_but_may_not_contradict_either(self):
        stranger = replace(candidate(figures(NEED, [rice(ONE, "5.0")])), organization="bulog")
        report = check(stranger, public(1, NEED, [rice(ONE, "6.0")]), agreed=self.said)
        assert not found(report, CONTRADICTS)
        assert found(report, "nilai-berbeda")

    def test_one_of_several_pairs_stands(self):
        report = check(
            candidate(figures(NEED, [rice(ONE, "5.0"), rice(TWO, "1.0")])),
            public(1, NEED, [rice(ONE, "6.0"), rice(TWO, "2.0")]),
            public(2, NEED, [rice(ONE, "7.0")], by="bulog"),
            agreed=self.said,
        )
        assert [f.other.publication for f in found(report, BOTH)] == [1]
        assert sorted(
            (f.key.region, f.other.publication) for f in found(report, "nilai-berbeda")
        ) == [
            (ONE, 2),
            (TWO, 1),
        ]

    def test_whole_and_parts_are_judged_as_before(self):
        """The pair may differ; a total still has to be the sum of the parts shown with it."""

        def old(where, text):
            return cell("2020", where, text, "beras")

        others = [old(k, "1.0") for k in (TWO, THREE, FOUR)]
        said = agreed(
            NEED,
            *entries(NEED, [old(ONE, "5.0")], "dagang"),
            *entries(NEED, [old(ONE, "6.0")], "dkp"),
        )
        shown = public(1, NEED, [old(ONE, "6.0"), *others])
        own = [old(ONE, "5.0"), *others]
        for parts, total, fine in [
            (own, "8.0", True),
            (own, "9.0", False),
            ([], "9.0", True),
            ([], "8.0", False),
        ]:
            mine = figures(NEED, [old(HOME, total), *parts])
            report = check(candidate(mine), shown, agreed=said)
            assert (not found(report, "rekap")) is fine, (parts, total)

    def test_the_same_pair_is_no_disagreement_of_what_is_public(self):
        one = public(1, NEED, [rice(ONE, "5.0"), rice(TWO, "5.0")], by="dagang")[1]
        other = public(2, NEED, [rice(ONE, "6.0"), rice(TWO, "6.0")])[1]
        said = self.said[BOOK.indicators[NEED].id]
        assert disagreeing([one, other], Tolerance()).size == 2
        assert disagreeing([one, other], Tolerance(), said).tolist() == [one.keys[1]]
        third = public(3, NEED, [rice(ONE, "6.0")], by="bulog")[1]
        assert disagreeing([one, other, third], Tolerance(), said).size == 2
