"""``ckan satudata check``: exit status and output."""

from __future__ import annotations

import csv
import io
import json

import pytest

from ckanext.satudata.tests.worlds import KECAMATAN, Table, agency
from ckanext.satudata.tests.worlds import indicator as new_indicator

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}


@pytest.fixture
def files(tmp_path):
    """A public table, and files that agree and disagree with it."""
    holder = agency("uji-pemegang")
    code = new_indicator(producer_org=holder.id)
    holder.published(Table(code, FIRST))
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps(Table(code, FIRST).declaration()))
    out = {"schema": str(schema)}
    for name, values in (("right", FIRST), ("wrong", {**FIRST, "61.05.03": 999.0})):
        path = tmp_path / f"{name}.csv"
        path.write_bytes(Table(code, values).content())
        out[name] = str(path)
    return out


@pytest.fixture
def check(cli, files):
    from ckan.cli.cli import ckan

    def run(name, *options):
        chosen = ["--organization", agency("uji-lain").name, "--schema", files["schema"]]
        return cli.invoke(ckan, ["satudata", "check", files[name], *chosen, *options])

    return run


class TestExitStatus:
    def test_zero_when_it_could_be_published(self, check):
        result = check("right")
        assert result.exit_code == 0
        assert "LOLOS" in result.output

    def test_one_when_it_is_held_back(self, check):
        result = check("wrong")
        assert result.exit_code == 1
        assert "DITAHAN" in result.output
        assert "999" in result.output

    def test_two_when_it_cannot_be_checked(self, cli, files):
        from ckan.cli.cli import ckan

        for options in ([], ["--dataset", "tidak-ada"], ["--organization", "tidak-ada"]):
            result = cli.invoke(ckan, ["satudata", "check", files["right"], *options])
            assert result.exit_code == 2


class TestFormats:
    def test_json_is_a_validation_report(self, check):
        entries = json.loads(check("wrong", "--format", "json").stdout)
        failed = [e for e in entries if e["value"] == "0"]
        assert failed
        assert {"id", "event", "rule", "data", "value"} <= set(failed[0])

    def test_csv_has_one_line_per_finding(self, check):
        text = check("wrong", "--format", "csv", "--lang", "en").stdout.lstrip("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))
        # A hint that no source is named comes with it.
        assert [r["Rule"] for r in rows] == ["nilai-berbeda", "kutipan-tanpa-sumber"]
        assert rows[0]["Value"] == "999.0"
