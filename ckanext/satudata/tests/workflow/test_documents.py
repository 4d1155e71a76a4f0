from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from ckanext.satudata.consistency.findings import Report
from ckanext.satudata.consistency.records import COLUMNS
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.workflow import documents
from ckanext.satudata.workflow.reports import Kept

LANGUAGES = pytest.mark.parametrize(
    ("lang", "words"), [("id", "7 temuan lagi"), ("en", "7 more findings")]
)


@pytest.fixture
def kept() -> Kept:
    report = Report(findings=[], counts={"lonjakan": 7}, ruleset="1", checked=9)
    return Kept("", "check", None, None, "", None, utc_now(), (), report)


@pytest.mark.usefixtures("portal")
class TestHowManyAreNotListed:
    @LANGUAGES
    def test_the_terminal_says_so(self, kept: Kept, lang: str, words: str) -> None:
        assert words in documents.as_text(kept, lang)

    @LANGUAGES
    def test_the_csv_says_so_of_the_rule(self, kept: Kept, lang: str, words: str) -> None:
        lines = csv.DictReader(io.StringIO(documents.as_csv(kept, lang).lstrip("\ufeff")))
        (row,) = lines
        assert words in row[COLUMNS["message"][lang]]
        assert row[COLUMNS["rule"][lang]] == "lonjakan"

    @LANGUAGES
    def test_the_workbook_says_so_of_the_rule(self, kept: Kept, lang: str, words: str) -> None:
        book = CalamineWorkbook.from_filelike(io.BytesIO(documents.as_xlsx(kept, lang)))
        heads, row = book.get_sheet_by_index(0).to_python()
        found = dict(zip(heads, row, strict=True))
        assert words in found[COLUMNS["message"][lang]]
        assert found[COLUMNS["rule"][lang]] == "lonjakan"
