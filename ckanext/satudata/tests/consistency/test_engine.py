from __future__ import annotations

import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from ckanext.satudata.consistency import engine
from ckanext.satudata.consistency.case import Check, NotEvaluable
from ckanext.satudata.consistency.checks import CHECKS
from ckanext.satudata.consistency.findings import (
    Finding,
    Location,
    Outcome,
    Severity,
)
from ckanext.satudata.consistency.rules import RuleSet
from ckanext.satudata.rules import shipped

from .worlds import (
    BOOK,
    CENSUS,
    DESA,
    HOME,
    KECAMATAN,
    NEED,
    REGISTER,
    candidate,
    cell,
    check,
    figures,
    found,
    key,
    public,
)

ONE = KECAMATAN[0]
MINE = candidate(figures(NEED, [cell("2025", ONE, "5", "beras")]))


def problem(rule: str, severity: Severity, row: int) -> Finding:
    return Finding(rule, 1, severity, location=Location(0, row))


class TestSpans:
    def test_asks_for_whole_periods_of_all_definitions(self):
        mine = candidate(
            figures(REGISTER, [cell("2024", ONE, "1"), cell("2025", ONE, "1", "beras")]),
            figures(NEED, [cell("2023", ONE, "1")]),
        )
        spans = engine.spans(mine, BOOK)
        assert set(spans) == {1, 3, 4, 5}
        for number in (3, 4, 5):
            low, high = spans[number]
            assert low <= key(CENSUS, "2024", "_T") < key(REGISTER, "2025", DESA[1], "gula") <= high

    def test_joins_spans_where_two_definitions_are_brought(self):
        mine = candidate(
            figures(REGISTER, [cell("2020", ONE, "1")]), figures(CENSUS, [cell("2025", ONE, "1")])
        )
        low, high = engine.spans(mine, BOOK)[3]
        assert low <= key(CENSUS, "2020", "_T")
        assert high >= key(CENSUS, "2025", HOME)

    def test_asks_for_nothing_without_figures(self):
        assert engine.spans(candidate(figures(NEED, [])), BOOK) == {}


class TestReport:
    def test_says_what_was_judged(self):
        report = check(MINE)
        assert not report.blocked
        assert report.checked == 1
        assert report.ruleset == shipped().version
        assert set(report.evaluated) == {rule for c in CHECKS for rule in c.emits}

    def test_a_dataset_without_figures_is_judged_by_its_problems(self):
        assert not check(candidate()).blocked
        assert check(candidate(problems=[problem("x", Severity.ERROR, 1)])).blocked

    def test_takes_reading_problems_over_with_their_counts(self):
        mine = replace(
            MINE,
            problems=(problem("salah", Severity.ERROR, 9), problem("salah", Severity.ERROR, 4)),
            problem_counts={"salah": 5000},
        )
        report = check(mine)
        assert report.blocked
        assert report.counts["salah"] == 5000
        assert [f.location.row for f in found(report, "salah")] == [4, 9]

    def test_lists_the_most_severe_first(self):
        mine = replace(
            MINE,
            problems=(
                problem("a", Severity.INFORMATION, 1),
                problem("b", Severity.WARNING, 1),
                replace(problem("c", Severity.WARNING, 1), outcome=Outcome.NOT_EVALUABLE),
                problem("d", Severity.ERROR, 1),
            ),
        )
        assert [f.rule for f in check(mine).findings][:4] == ["c", "d", "b", "a"]

    def test_is_ready_for_json(self):
        known = [
            public(1, NEED, [cell("2025", ONE, "5120", "beras"), cell("2025", HOME, "9", "beras")]),
            public(2, CENSUS, [cell("2025", HOME, "77")]),
        ]
        mine = candidate(
            figures(NEED, [cell("2025", k, "5", "beras") for k in (*KECAMATAN, KECAMATAN[0])]),
            figures(REGISTER, [cell("2025", HOME, "1")]),
            coverage=HOME,
        )
        report = check(mine, *known)
        assert {"nilai-berbeda", "kunci-ganda", "definisi-lain", "kecamatan-tidak-lengkap"} <= set(
            report.counts
        )
        text = json.dumps([asdict(f) for f in report.findings])
        assert json.loads(text)[0]["severity"] == "error"


class TestFailsClosed:
    @pytest.mark.parametrize("position", range(len(CHECKS)))
    def test_a_rule_that_raises_blocks(self, position):
        def stop(case, figures, out):
            raise ZeroDivisionError("broken")

        broken = replace(CHECKS[position], run=stop)
        report = check(MINE, checks=[*CHECKS[:position], broken, *CHECKS[position + 1 :]])
        (finding,) = [f for f in report.findings if f.outcome is Outcome.ERROR]
        assert report.blocked
        assert finding.rule == next(iter(broken.emits))
        assert finding.params["detail"] == "ZeroDivisionError: broken"
        assert not set(broken.emits) & set(report.evaluated)

    def test_a_rule_that_stops_half_way_keeps_what_it_found(self):
        def half(case, figures, out):
            out.add("rekap", 1, [case.finding("rekap", figures)])
            raise RuntimeError

        report = check(MINE, checks=[Check(half, {"rekap": frozenset()})])
        assert {f.outcome for f in report.findings} == {Outcome.ERROR, Outcome.FAIL}

    def test_a_rule_without_its_data_blocks(self):
        def lacking(case, figures, out):
            raise NotEvaluable("belum-dibaca", other="X")

        report = check(MINE, checks=[Check(lacking, {"definisi-lain": frozenset()})])
        (finding,) = report.findings
        assert report.blocked
        assert finding.outcome is Outcome.NOT_EVALUABLE
        assert finding.params == {"variant": "belum-dibaca", "other": "X"}

    def test_an_indicator_that_was_not_looked_up_is_no_pass(self):
        report = engine.check(MINE, {}, shipped(), BOOK, own_dataset=None)
        assert report.blocked
        assert {f.outcome for f in found(report, "nilai-berbeda")} == {Outcome.NOT_EVALUABLE}
        assert not {"nilai-berbeda", "satuan-skala"} & set(report.evaluated)

    def test_a_definition_that_was_not_looked_up_is_no_pass(self):
        mine = candidate(figures(REGISTER, [cell("2025", HOME, "1")]))
        report = engine.check(mine, {4: []}, shipped(), BOOK, own_dataset=None)
        assert report.blocked
        assert found(report, "definisi-lain")[0].outcome is Outcome.NOT_EVALUABLE

    @pytest.mark.parametrize("rule_id", sorted({r for c in CHECKS for r in c.emits}))
    def test_a_rule_missing_from_the_set_blocks(self, rule_id):
        rules = shipped()
        fewer = RuleSet("x", {k: v for k, v in rules.rules.items() if k != rule_id})
        report = check(MINE, rules=fewer)
        assert report.blocked
        assert any(f.rule == rule_id and f.outcome is Outcome.ERROR for f in report.findings)

    def test_public_figures_in_disorder_block(self):
        number, good = public(7, NEED, [cell("2025", k, "5", "beras") for k in KECAMATAN])
        bad = replace(good, keys=good.keys[::-1].copy())
        report = check(MINE, (number, bad))
        assert report.blocked
        assert found(report, "nilai-berbeda")[0].outcome is Outcome.ERROR


class TestMalformed:
    def test_an_indicator_twice(self):
        with pytest.raises(ValueError, match="twice"):
            check(candidate(MINE.figures[0], MINE.figures[0]))

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ({"values": np.array([np.inf, 1.0])}, "finite"),
            ({"values": np.array([1.0])}, "length"),
            ({"keys": np.array([2, 1])}, "sorted"),
        ],
    )
    def test_arrays_that_cannot_be(self, change, says):
        good = figures(NEED, [cell("2025", k, "5", "beras") for k in KECAMATAN[:2]])
        with pytest.raises(ValueError, match=says):
            check(candidate(replace(good, **change)))
