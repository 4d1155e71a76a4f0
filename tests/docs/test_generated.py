"""What is generated into the pages is whole, and the sources it is made of are documented."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import griffe
import pytest
from mkdocs.exceptions import PluginError

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext" / "satudata"


class TestOptions:
    def test_each_has_a_description_and_is_shown_once(self, hooks):
        shown = "\n".join(hooks.options_markdown())
        declared = [option for _, options in hooks.options() for option in options]
        assert len(declared) > 20
        for option in declared:
            assert option["description"].strip().endswith("."), option["key"]
            assert shown.count(f"### `{option['key']}`") == 1

    def test_every_option_of_ours_that_is_read_or_named_is_declared(self, hooks, sources):
        declared = {option["key"] for _, options in hooks.options() for option in options}
        pattern = re.compile(r"[`\"](ckanext\.(?:satudata|validation)\.[a-z_.]+)[`\"](?!\.)")
        code = {str(p): p.read_text("utf-8") for p in PACKAGE.glob("**/config.py")}
        named = {
            (place, key)
            for place, text in {**sources, **code}.items()
            for key in pattern.findall(text)
            if not _is_module(key)
        }
        assert {key for _, key in named} >= {
            "ckanext.satudata.home_region",
            "ckanext.validation.max_size",
        }
        assert {(place, key) for place, key in named if key not in declared} == set()


def _is_module(name: str) -> bool:
    """Whether a dotted name is a module of ours rather than an option."""
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").exists()


def _actions() -> list[str]:
    from ckanext.satudata.logic import action

    return [name for name in action.__all__ if name.startswith("satudata_")]


@pytest.fixture(scope="module")
def functions(hooks) -> dict[str, griffe.Function]:
    return {f.name: f for f, _ in hooks.actions() if f.name.startswith("satudata_")}


class TestActions:
    def test_none_is_left_out(self, hooks, functions):
        shown = "\n".join(hooks.actions_markdown())
        assert set(functions) == set(_actions())
        assert [n for n in _actions() if shown.count(f"### `{n}`") != 1] == []

    def test_each_says_what_it_returns(self, functions):
        silent = {
            name
            for name, function in functions.items()
            if ":returns:" not in function.docstring.value and str(function.returns) != "None"
        }
        assert silent == set()

    def test_each_tells_its_parameters_as_its_schema_has_them(self, functions):
        for name, function in functions.items():
            documented = set(re.findall(r":param (\w+):", function.docstring.value))
            taken = set(_schema_of(function)) - {"__extras"}
            assert documented <= taken, name
            if "other parameters are those of" not in " ".join(function.docstring.value.split()):
                assert documented == taken, name

    def test_each_says_who_may_call_it(self, hooks):
        ours = [(f.name, who) for f, who in hooks.actions() if f.name.startswith("satudata_")]
        assert [name for name, who in ours if not who] == []


def _schema_of(function: griffe.Function) -> dict[str, object]:
    """The schema that an action is decorated with."""
    decorators = " ".join(str(d.value) for d in function.decorators)
    match = re.search(r"validate(?:_action_data)?\((\w*schema)\.(\w+)\)", decorators)
    assert match, function.name
    module = importlib.import_module(function.module.path)
    return getattr(getattr(module, match.group(1)), match.group(2))()


class TestRules:
    def test_page_asks_for_every_shipped_file(self, sources):
        from ckanext.satudata.rules import SHIPPED

        asked = re.findall(r"<!-- generate: rules (\w+) -->", sources["rules.md"])
        assert {f"{name}.yaml" for name in asked} >= set(SHIPPED)

    def test_each_is_on_the_page_in_both_languages(self, site):
        from ckanext.satudata.rules import shipped

        page = (site / "rules" / "index.html").read_text("utf-8")
        for rule in shipped():
            assert f'id="{rule.id}"' in page
            assert rule.title["id"] in page
            assert rule.title["en"].replace('"', "'") in page


class TestLabels:
    def test_each_is_one_that_the_portal_shows(self, hooks, sources):
        ckan = (hooks.ckan_folder() / "i18n" / "ckan.pot").read_text("utf-8")
        ours = "\n".join(
            p.read_text("utf-8")
            for suffix in ("html", "py")
            for p in PACKAGE.rglob(f"*.{suffix}")
            if "tests" not in p.parts
        )
        used = {(page, n) for page, text in sources.items() for n in hooks.LABEL.findall(text)}
        assert used
        unknown = {
            (page, label)
            for page, label in used
            if f'_("{label}")' not in ours
            and f"_('{label}')" not in ours
            and f'msgid "{label}"\n' not in ckan
        }
        assert unknown == set()

    def test_own_translation_comes_before_that_of_ckan(self, hooks, monkeypatch):
        monkeypatch.setattr(hooks, "own_labels", lambda: {"Login": "Masuk portal"})
        assert hooks.render("[[Login]]") == "**Masuk portal**"

    def test_without_a_translation_the_label_itself_is_shown(self, hooks):
        assert hooks.render("[[No such label]]") == "**No such label**"


def test_a_part_that_nothing_makes_is_an_error(hooks):
    with pytest.raises(PluginError, match="weather"):
        hooks.render("<!-- generate: weather -->")


class TestPlaceholders:
    def test_are_shown_in_words(self, hooks):
        text = "\n".join(hooks.rules_markdown("consistency"))
        assert "*‹nilai›*" in text
        assert "*‹other value›*" in text
        assert not re.search(r"\{[a-z_]+\}", text)

    def test_words_are_for_placeholders_that_rules_have(self, hooks):
        text = "".join(p.read_text("utf-8") for p in (PACKAGE / "rules").glob("*.yaml"))
        assert [n for n in hooks.indonesian_words() if f"{{{n}}}" not in text] == []


class TestRulePages:
    def test_every_rule_has_a_page_with_what_the_portal_says(self, site):
        from ckanext.satudata.extract import examples as table_examples
        from ckanext.satudata.rules import examples, shipped

        for rule in shipped():
            page = (site / "rules" / rule.id / "index.html").read_text("utf-8")
            assert rule.title["id"] in page
            shown = page.count("Contoh yang")
            told = [*examples.of_rule(rule.id), *table_examples.of_rule(rule.id)]
            assert bool(shown) is bool(told)

    def test_the_rule_file_that_is_shown_can_be_used(self, sources):
        from ckanext.satudata.consistency.rules import parse

        (text,) = re.findall(r"```yaml\n(.*?)```", sources["admin/rules.md"], re.DOTALL)
        rules = parse(text)
        assert set(rules.relations.formulas) == {"rumus-hasil-panen", "capaian-kemiskinan"}
