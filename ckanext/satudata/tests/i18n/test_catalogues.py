"""The catalogues: complete, up to date, usable, and compiled."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo

from .catalogues import (
    CATALOGUES,
    ROOT,
    brace_fields,
    percent_fields,
    text,
    tool,
    translations,
    words,
)

PACKAGE = ROOT / "ckanext/satudata"

both = pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.stem)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What stands in the code and the templates now."""
    template = tmp_path_factory.mktemp("messages") / "now.pot"
    subprocess.run(
        [sys.executable, "-W", "ignore", "setup.py", "-q", "extract_messages", "-o", template],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return tool.read(template)


def ids(catalogue: Catalog) -> set[str | tuple[str, ...]]:
    return {message.id for message in tool.messages(catalogue)}


class TestUpToDate:
    def test_every_text_of_ours_is_in_the_catalogue_and_no_other(self, extracted):
        assert ids(tool.read(tool.OWN, "id")) == ids(extracted), "run ./portal messages"

    def test_templates_scripts_and_code_are_read(self, extracted):
        places = {Path(place).suffix for m in tool.messages(extracted) for place, _ in m.locations}
        assert places >= {".html", ".py"}

    def test_texts_of_tests_and_of_other_programs_are_not_ours(self, extracted):
        places = {place for m in tool.messages(extracted) for place, _ in m.locations}
        assert [p for p in places if "/tests/" in p or "/language/" in p] == []

    def test_every_text_of_others_that_the_portal_shows_is_in_the_catalogue(self):
        assert ids(tool.read(tool.LANGUAGE, "id")) == ids(tool.language_template())

    def test_no_text_that_a_visitor_may_meet_stays_english(self):
        theirs = {text(m) for m in tool.messages(tool.ckan_indonesian()) if tool.is_translated(m)}
        shown = {text(m) for m in tool.messages(tool.shown_by_others())}
        assert shown - theirs - set(words(tool.LANGUAGE)) == set()


class TestTranslations:
    @both
    def test_none_is_missing_or_guessed(self, path):
        catalogue = tool.read(path, "id")
        assert [m.id for m in tool.messages(catalogue) if not tool.is_translated(m)] == []

    @both
    def test_plurals_have_the_one_form_that_indonesian_has(self, path):
        # CKAN's catalogues are merged, and all counted by the rule of the last one.
        catalogue = tool.read(path, "id")
        assert (catalogue.num_plurals, catalogue.plural_expr) == (1, "0")
        plural = [m for m in tool.messages(catalogue) if not isinstance(m.id, str)]
        assert {len(m.string) for m in plural} == {1}

    @both
    def test_placeholders_are_those_of_the_source(self, path):
        wrong = []
        for message in tool.messages(tool.read(path, "id")):
            source = message.id if isinstance(message.id, str) else message.id[-1]
            wrong += [
                (source, translation)
                for translation in translations(message)
                if percent_fields(source) != percent_fields(translation)
                or brace_fields(source) != brace_fields(translation)
            ]
        assert wrong == []

    @both
    def test_markup_is_that_of_the_source(self, path):
        def tags(value: str) -> list[str]:
            return sorted(re.findall(r'</?\w+|href="[^"]*"', value))

        wrong = [
            (source, translation)
            for source, translation in words(path).items()
            if "</" in source and tags(source) != tags(translation)
        ]
        assert wrong == []

    @both
    def test_blanks_and_marks_at_the_ends_are_kept(self, path):
        """Texts are put together by the page: a colon or a blank may not get lost."""

        def end(value: str) -> str:
            return value[-1] if value[-1] in ": " else ""

        wrong = [(s, t) for s, t in words(path).items() if end(s) != end(t)]
        assert wrong == []

    def test_both_catalogues_say_the_same(self):
        # Which of them is asked first depends on the order of the plugins.
        own, others = (words(path) for path in CATALOGUES)
        assert {t: (own[t], others[t]) for t in own.keys() & others if own[t] != others[t]} == {}

    def test_each_word_of_the_form_of_columns_differs(self):
        """Two meanings of a column with one name could not be told apart."""
        own = words(tool.OWN)
        meanings = [
            text(m)
            for m in tool.messages(tool.read(tool.OWN, "id"))
            if any(place.endswith("column_choices.py") for place, _ in m.locations)
        ]
        translated = [own[m] for m in meanings]
        assert len(meanings) > 20
        assert sorted(set(translated)) == sorted(translated)


class TestCompiled:
    @both
    def test_the_compiled_catalogue_is_the_written_one(self, path):
        with path.with_suffix(".mo").open("rb") as file:
            compiled = read_mo(file)
        assert words(path) == {text(m): translations(m)[0] for m in tool.messages(compiled)}

    @both
    def test_the_template_has_the_same_texts(self, path):
        template = path.parents[2] / f"{path.stem}.pot"
        assert ids(tool.read(template)) == ids(tool.read(path, "id"))
