from __future__ import annotations

from typing import Any

import pytest
import yaml

from ckanext.satudata.consistency.findings import Severity
from ckanext.satudata.consistency.rules import Floor, RuleError, RuleSet, parse

TEXT = {"id": "teks", "en": "text"}


def rule(**changes: Any) -> dict[str, Any]:
    """A rule file's entry; None removes a key."""
    entry = {
        "id": "contoh",
        "version": 1,
        "severity": "error",
        "title": TEXT,
        "message": {"id": "{value} di {location}", "en": "{value} in {location}"},
        "advice": TEXT,
        **changes,
    }
    return {k: v for k, v in entry.items() if v is not None}


def read(*entries: dict[str, Any], version: Any = "1", offers=None) -> RuleSet:
    return parse(
        yaml.safe_dump({"version": version, "rules": list(entries)}), source="f.yaml", offers=offers
    )


class TestParse:
    def test_reads_a_rule(self):
        rules = read(
            rule(
                description=TEXT,
                expression="a = b",
                tolerance={"absolute": 1, "relative": 0.1, "rounding": False},
                params={"share": 0.5},
                variants={"lain": {"advice": {"id": "lain", "en": "other"}}},
            )
        )
        one = rules["contoh"]
        assert (rules.version, len(rules), "contoh" in rules) == ("1", 1, True)
        assert one.severity is Severity.ERROR
        assert one.tolerance == Floor(1.0, 0.1, False)
        assert one.params == {"share": 0.5}
        assert one.variant("lain").advice == {"id": "lain", "en": "other"}
        assert one.variant("lain").message is None
        assert one.variant(None).advice is None
        assert rules.get("tidak-ada") is None
        assert [r.id for r in rules] == ["contoh"]

    @pytest.mark.parametrize(
        ("entry", "says"),
        [
            (rule(id=None), "rule 1: 'id'"),
            (rule(id="Nilai Beda"), "'id'"),
            (rule(version=None), "'version'"),
            (rule(version=0), "'version'"),
            (rule(version=True), "'version'"),
            (rule(severity="fatal"), "error, warning, information"),
            (rule(severity=None), "'severity'"),
            (rule(title=None), "'title'"),
            (rule(message=None), "'message'"),
            (rule(advice=None), "'advice'"),
            (rule(title={"id": "x"}), "lacks the text in 'en'"),
            (rule(title={"id": "x", "en": "  "}), "lacks the text in 'en'"),
            (rule(title={"id": "x", "en": "y", "fr": "z"}), "unknown key 'fr'"),
            (rule(title="x"), "mapping"),
            (rule(mesage=TEXT), "unknown key 'mesage'"),
            (rule(message={"id": "{Value}", "en": "x"}), "brace"),
            (rule(message={"id": "{value.real}", "en": "x"}), "brace"),
            (rule(message={"id": "50 {", "en": "x"}), "brace"),
            (rule(tolerance={"absolut": 1}), "unknown key 'absolut'"),
            (rule(tolerance={"absolute": -1}), "'absolute'"),
            (rule(tolerance={"absolute": "1"}), "'absolute'"),
            (rule(tolerance={"absolute": float("inf")}), "'absolute'"),
            (rule(tolerance={"relative": 1}), "'relative'"),
            (rule(tolerance={"rounding": 1}), "'rounding'"),
            (rule(params={"a": []}), "param 'a'"),
            (rule(expression=5), "'expression'"),
            (rule(offers="a"), "'offers'"),
            (rule(variants={"x": {"title": TEXT}}), "variant 'x': unknown key 'title'"),
            (rule(variants={"x": {"message": {"id": "a"}}}), "variant 'x'"),
            (rule(offers=[], message={"id": "{lain}", "en": "x"}), "'lain'"),
            (rule(offers=[], variants={"x": {"advice": {"id": "{lain}", "en": "x"}}}), "'lain'"),
            (rule(description={"id": "{value}", "en": "x"}), "'value'"),
        ],
    )
    def test_refuses_a_bad_rule_and_says_why(self, entry, says):
        with pytest.raises(RuleError, match=r"f\.yaml") as caught:
            read(entry)
        assert says in str(caught.value)

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "mapping"),
            ("- a", "mapping"),
            ("version: '1'\nrules: [", "not YAML"),
            ("version: 1\nrules: [{}]", "'version'"),
            ("version: '1'\nrules: []", "'rules'"),
            ("version: '1'", "'rules'"),
            ("version: '1'\nrules: [5]", "rule 1"),
            ("version: '1'\nmore: 1\nrules: [{}]", "unknown key 'more'"),
            ("version: !!python/object/apply:os.getcwd []", "not YAML"),
        ],
    )
    def test_refuses_a_bad_file(self, text, says):
        with pytest.raises(RuleError, match=r"f\.yaml") as caught:
            parse(text, source="f.yaml")
        assert says in str(caught.value)

    def test_refuses_an_id_twice(self):
        with pytest.raises(RuleError, match="stands twice"):
            read(rule(), rule())

    def test_checks_placeholders_against_what_findings_offer(self):
        entry = rule(message={"id": "{objects} {value}", "en": "x"})
        assert read(entry, offers={"contoh": ["objects"]})["contoh"].offers == {"objects"}
        with pytest.raises(RuleError, match="'objects'"):
            read(entry, offers={"contoh": []})

    def test_trusts_rules_about_whose_findings_nothing_is_known(self):
        assert "contoh" in read(rule(message={"id": "{apa_saja}", "en": "x"}))


class TestCombined:
    def test_a_later_rule_replaces_an_earlier_one(self):
        both = RuleSet.combined([read(rule(), rule(id="lain")), read(rule(severity="warning"))])
        assert both["contoh"].severity is Severity.WARNING
        assert "lain" in both

    def test_the_version_tells_contents_apart(self):
        plain = RuleSet.combined([read(rule())])
        assert plain.version == RuleSet.combined([read(rule())]).version
        edited = RuleSet.combined([read(rule(tolerance={"absolute": 1}))])
        reworded = RuleSet.combined([read(rule(variants={"x": {"advice": TEXT}}))])
        assert len({plain.version, edited.version, reworded.version}) == 3
        assert plain.version.startswith("1+")
        assert RuleSet.combined([read(rule()), read(rule(), version="2")]).version.startswith(
            "1.2+"
        )
