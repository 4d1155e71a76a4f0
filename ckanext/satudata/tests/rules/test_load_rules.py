from __future__ import annotations

import os

import pytest

from ckanext.satudata.consistency.checks import CHECKS, OFFERS, RESERVED
from ckanext.satudata.consistency.findings import Severity
from ckanext.satudata.consistency.rules import LANGUAGES, RuleError
from ckanext.satudata.rules import load_rules, shipped

OVERRIDE = """
version: "7"
rules:
  - id: tanpa-mandat
    version: 2
    severity: error
    title: {id: a, en: b}
    message: {id: a, en: b}
    advice: {id: a, en: b}
"""


class TestShipped:
    def test_has_every_rule_of_the_comparison(self):
        emitted = {rule for check in CHECKS for rule in check.emits}
        assert emitted | set(RESERVED) == set(OFFERS)
        assert set(OFFERS) <= set(shipped().rules)

    @pytest.mark.parametrize("rule_id", sorted(OFFERS))
    def test_explains_itself_in_every_language(self, rule_id):
        rule = shipped()[rule_id]
        assert set(rule.description) == set(LANGUAGES)
        if rule_id not in ("aturan-galat", "tidak-dapat-dinilai"):
            assert rule.expression

    @pytest.mark.parametrize("rule_id", sorted(OFFERS))
    def test_languages_say_the_same(self, rule_id):
        from ckanext.satudata.consistency.rules import placeholders

        rule = shipped()[rule_id]
        texts = [rule.message, rule.advice]
        for variant in rule.variants.values():
            texts += [t for t in (variant.message, variant.advice) if t]
        for text in texts:
            assert placeholders(text["id"]) == placeholders(text["en"])


class TestLoadRules:
    def test_an_administrators_file_replaces_rules(self, tmp_path):
        path = tmp_path / "ours.yaml"
        path.write_text(OVERRIDE)
        rules = load_rules([str(path)])
        assert rules["tanpa-mandat"].severity is Severity.ERROR
        assert rules["nilai-berbeda"] == shipped()["nilai-berbeda"]
        assert rules.version != shipped().version

    def test_an_edited_file_is_read_anew(self, tmp_path):
        path = tmp_path / "ours.yaml"
        path.write_text(OVERRIDE)
        before = load_rules([str(path)])
        path.write_text(OVERRIDE.replace("severity: error", "severity: warning"))
        os.utime(path, ns=(1, 1))
        after = load_rules([str(path)])
        assert after["tanpa-mandat"].severity is Severity.WARNING
        assert before.version != after.version

    def test_without_files_it_is_what_ships(self):
        assert load_rules() is shipped()

    def test_a_missing_file_is_an_error(self, tmp_path):
        with pytest.raises(RuleError, match="no such rule file"):
            load_rules([str(tmp_path / "none.yaml")])

    def test_a_file_that_is_no_text_is_an_error(self, tmp_path):
        path = tmp_path / "ours.yaml"
        path.write_bytes(b"\xff\xfe\x00")
        with pytest.raises(RuleError, match=r"ours\.yaml: cannot be read"):
            load_rules([str(path)])

    def test_thresholds_may_not_get_lost(self, tmp_path):
        path = tmp_path / "ours.yaml"
        path.write_text(OVERRIDE.replace("tanpa-mandat", "satuan-skala"))
        with pytest.raises(RuleError, match="max_power, max_relative, min_factor"):
            load_rules([str(path)])

    def test_its_placeholders_are_checked_too(self, tmp_path):
        path = tmp_path / "ours.yaml"
        path.write_text(OVERRIDE.replace("message: {id: a", "message: {id: '{objects}'"))
        with pytest.raises(RuleError, match="'objects'"):
            load_rules([str(path)])
