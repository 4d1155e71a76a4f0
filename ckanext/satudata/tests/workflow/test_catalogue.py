"""Rules that another plugin brings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import pytest

from ckanext.satudata.consistency.case import Case, Check, Collector
from ckanext.satudata.consistency.observations import Figures
from ckanext.satudata.interfaces import ISatudataRules
from ckanext.satudata.rules import shipped
from ckanext.satudata.tests.worlds import KECAMATAN, Table, agency, figures, indicator, refusal
from ckanext.satudata.workflow import catalogue

pytestmark = pytest.mark.usefixtures("portal")

RULES = """
version: "sintang-4"
rules:
  - id: angka-bulat
    version: 2
    severity: error
    title: {id: Angka bulat, en: Round figure}
    message: {id: "{objects} angka bulat", en: "{objects} round figures"}
    advice: {id: Periksa., en: Check.}
indicators:
  - {indicator: LOK.KEBUTUHAN_PANGAN, tolerances: {nilai-berbeda: {absolute: 5}}}
"""


def round_figures(case: Case, found: Figures, out: Collector) -> None:
    """Report figures that are multiples of ten."""
    count = int((found.values % 10 == 0).sum())
    if count:
        out.add("angka-bulat", 1, [case.finding("angka-bulat", found, params={"objects": count})])


def stops(case: Case, found: Figures, out: Collector) -> None:
    """Fail as a faulty rule would."""
    raise ZeroDivisionError


class Ours(p.SingletonPlugin):
    """A kabupaten's plugin; what it brings is set by the test."""

    p.implements(ISatudataRules, inherit=True)
    files: tuple[str, ...] = ()
    run = staticmethod(round_figures)

    def get_satudata_rule_files(self) -> tuple[str, ...]:
        """The test's rule files."""
        return self.files

    def get_satudata_checks(self) -> list[Check]:
        """The test's check."""
        return [Check(type(self).run, {"angka-bulat": frozenset({"objects"})})]


@pytest.fixture
def ours(tmp_path) -> Iterator[type[Ours]]:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES)
    Ours.files, Ours.run = (str(path),), staticmethod(round_figures)
    service = Ours(name="satudata_test_rules")
    p.core._PLUGINS_SERVICE[service.name] = service
    try:
        yield Ours
    finally:
        del p.core._PLUGINS_SERVICE[service.name]


def table(code: str, value: float) -> Table:
    return Table(code, {**dict.fromkeys(KECAMATAN, 7), KECAMATAN[0]: value})


class TestInterface:
    def test_a_check_of_a_plugin_holds_back(self, ours):
        code, who = indicator(), agency("aturan-sendiri")
        with pytest.raises(tk.ValidationError) as caught:
            who.published(table(code, 20))
        report = refusal(caught.value)
        (finding,) = [f for f in report["findings"] if f["rule"] == "angka-bulat"]
        assert finding["rule_version"] == 2
        assert finding["texts"]["message"] == "1 angka bulat"
        assert report["ruleset"] == catalogue.rules().version
        who.published(table(code, 21))
        assert figures(code)[KECAMATAN[0], "2025"] == {21}

    def test_its_version_is_that_of_another_rule_set(self, ours):
        found = catalogue.rules()
        assert found.version != shipped().version
        assert "sintang-4" in found.version
        ours.run = staticmethod(stops)
        assert catalogue.rules().version != found.version

    def test_a_check_that_raises_is_no_pass(self, ours):
        ours.run = staticmethod(stops)
        with pytest.raises(tk.ValidationError) as caught:
            agency("aturan-sendiri").published(table(indicator(), 21))
        assert {f["outcome"] for f in refusal(caught.value)["findings"] if f["blocks"]} == {"error"}

    def test_a_check_without_its_rule_is_no_pass(self, ours):
        ours.files = ()
        with pytest.raises(tk.ValidationError) as caught:
            agency("aturan-sendiri").published(table(indicator(), 21))
        blocking = [f["rule"] for f in refusal(caught.value)["findings"] if f["blocks"]]
        assert blocking == ["angka-bulat"]

    def test_tolerances_are_set_by_indicator(self, ours):
        from ckan import model

        from ckanext.satudata.store.codebook import load_codebook

        rules, code = catalogue.rules(), indicator()
        ordinary = load_codebook(model.Session).indicators[code]
        special = replace(ordinary, code="LOK.KEBUTUHAN_PANGAN")
        assert rules.floor("nilai-berbeda", ordinary).absolute == 0
        assert rules.floor("nilai-berbeda", special).absolute == 5

    def test_without_plugins_it_is_what_ships(self):
        assert catalogue.rules() is shipped()
