"""Every rule about reading files has an example that passes and one that fails; both are run."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import ckanext.satudata.rules as rules
from ckanext.satudata.extract import examples
from ckanext.satudata.extract.examples import TableExample

EVERY = list(examples.every())
#: What no small file can show: a list of codes that outgrew its place in the key, a document of
#: an old Word, and the form that proposes the meaning of columns of what is no table.
WITHOUT = {"kode-di-luar-kunci", "ole-bukan-lembar", "bukan-tabel"}


class TestExamples:
    @pytest.mark.parametrize("one", EVERY, ids=lambda e: f"{e.rule}-{e.passes}")
    def test_does_what_it_says(self, one: TableExample) -> None:
        assert bool(one.findings()) is not one.passes
        if one.passes:
            assert one.blocking() == set()
        else:
            assert set(one.title) == {"id", "en"}

    def test_every_rule_of_reading_has_some(self) -> None:
        folder = Path(rules.__path__[0])
        documented = {
            rule["id"]
            for name in ("extract", "reading")
            for rule in yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8"))["rules"]
        }
        assert {e.rule for e in EVERY} == documented - WITHOUT
