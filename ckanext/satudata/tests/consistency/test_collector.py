"""Of which findings a report keeps how many."""

from __future__ import annotations

import pytest

from ckanext.satudata.consistency.case import Collector
from ckanext.satudata.consistency.findings import Finding, Outcome, Severity


def many(number: int, severity: Severity, outcome: Outcome = Outcome.FAIL) -> list[Finding]:
    return [Finding("aturan", 1, severity, outcome) for _ in range(number)]


class TestCollector:
    @pytest.mark.parametrize(
        ("severity", "outcome", "kept"),
        [
            (Severity.ERROR, Outcome.FAIL, 9),
            (Severity.WARNING, Outcome.NOT_EVALUABLE, 9),
            (Severity.INFORMATION, Outcome.ERROR, 9),
            (Severity.WARNING, Outcome.FAIL, 3),
            (Severity.INFORMATION, Outcome.FAIL, 3),
            (Severity.INFORMATION, Outcome.NOT_EVALUABLE, 3),
        ],
    )
    def test_only_what_blocks_is_kept_up_to_the_larger_limit(self, severity, outcome, kept):
        out = Collector(limit=9, told=3)
        out.add("aturan", 20, many(20, severity, outcome))
        assert len(out.findings) == kept
        assert out.counts == {"aturan": 20}

    def test_what_is_only_told_takes_no_room_from_what_blocks(self):
        out = Collector(limit=4, told=2)
        out.add("aturan", 6, many(6, Severity.INFORMATION))
        out.add("aturan", 6, many(6, Severity.ERROR))
        assert [f.blocks for f in out.findings] == [False] * 2 + [True] * 4
        assert out.counts == {"aturan": 12}

    def test_room_goes_over_several_additions(self):
        out = Collector(limit=9, told=3)
        for _ in range(3):
            out.add("aturan", 2, many(2, Severity.WARNING))
        assert len(out.findings) == 3
        assert out.counts == {"aturan": 6}
