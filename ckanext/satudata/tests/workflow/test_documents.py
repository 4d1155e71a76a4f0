from __future__ import annotations

import pytest

from ckanext.satudata.consistency.findings import Report
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow import documents
from ckanext.satudata.workflow.reports import Kept


@pytest.mark.usefixtures("portal")
class TestText:
    @pytest.mark.parametrize(
        ("lang", "words"), [("id", "7 temuan lagi"), ("en", "7 more findings")]
    )
    def test_it_says_how_many_findings_are_not_listed(self, lang: str, words: str) -> None:
        report = Report(findings=[], counts={"lonjakan": 7}, ruleset="1", checked=9)
        kept = Kept("", "check", None, None, "", None, utc_now(), (), report)
        assert words in documents.as_text(kept, lang)
