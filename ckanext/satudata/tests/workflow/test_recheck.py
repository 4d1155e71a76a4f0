"""What is public is judged again where that by which it was judged has changed."""

from __future__ import annotations

import sys
import uuid
from dataclasses import dataclass
from importlib.resources import files

import pytest
import yaml
from ckan import model
from ckan.cli.cli import ckan

from ckanext.satudata.cli import due as cli_due
from ckanext.satudata.consistency.case import Check
from ckanext.satudata.consistency.checks import CHECKS
from ckanext.satudata.demo import tables
from ckanext.satudata.model.publication import Release
from ckanext.satudata.reference.document import read
from ckanext.satudata.store.reference import load
from ckanext.satudata.tests.reference.files import write
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, figures, sysadmin
from ckanext.satudata.tests.worlds import indicator as new_indicator
from ckanext.satudata.workflow import catalogue
from ckanext.satudata.workflow.proof import recheck

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
NEAR = {**FIRST, KECAMATAN[0]: 101.0}


def listed(*datasets: str) -> dict[str, dict]:
    found = act("satudata_conflict_list", sysadmin())
    return {one["dataset_id"]: one for one in found if one["dataset_id"] in datasets}


@pytest.fixture
def holder():
    return agency("uji-pemegang")


@pytest.fixture
def other():
    return agency("uji-lain")


@pytest.fixture
def code(holder):
    return new_indicator(producer_org=holder.id, abs_tol=2)


@pytest.fixture
def pair(holder, other, code):
    """Two public datasets that agree only because the indicator grants a difference."""
    return holder.published(Table(code, FIRST))["id"], other.published(Table(code, NEAR))["id"]


def change(code, **values):
    act("satudata_indicator_update", sysadmin(), id=code, **values)


class TestTolerance:
    def test_what_it_no_longer_covers_is_listed_on_both_sides(self, pair, code):
        change(code, abs_tol=0)
        assert [recheck.run(d).report is not None for d in pair] == [True, True]
        found = listed(*pair)
        assert {d: list(one["rules"]) for d, one in found.items()} == {
            d: ["nilai-berbeda"] for d in pair
        }

    def test_nothing_is_taken_away_for_it(self, pair, code):
        before = figures(code)
        change(code, abs_tol=0)
        for dataset in pair:
            recheck.run(dataset)
        assert figures(code) == before

    def test_known_disagreement_is_not_reported_again(self, pair, code):
        change(code, abs_tol=0)
        first = [recheck.run(d).report for d in pair]
        assert [recheck.run(d).report for d in pair] == [None, None]
        assert [one["report"] for one in listed(*pair).values()] == first

    def test_change_taken_back_clears_the_list(self, pair, code):
        change(code, abs_tol=0)
        for dataset in pair:
            recheck.run(dataset)
        change(code, abs_tol=2)
        assert [recheck.run(d).report for d in pair] == [None, None]
        assert listed(*pair) == {}

    def test_correction_clears_the_list(self, pair, holder, other, code):
        change(code, abs_tol=0)
        for dataset in pair:
            recheck.run(dataset)
        (resource,) = act("package_show", other.user, id=pair[1])["resources"]
        act("resource_patch", other.user, id=resource["id"], **Table(code, FIRST).resource())
        assert list(listed(*pair)) == [pair[0]]
        recheck.run(pair[0])
        assert listed(*pair) == {}


class TestRules:
    def test_figures_that_only_an_earlier_rule_let_pass_are_listed(
        self, holder, other, ckan_config, tmp_path
    ):
        code = new_indicator(producer_org=holder.id)
        rules = tmp_path / "rules.yaml"
        own = yaml.safe_load((files("ckanext.satudata.rules") / "consistency.yaml").read_text())
        (rule,) = [r for r in own["rules"] if r["id"] == "nilai-berbeda"]
        rule["tolerance"]["absolute"] = 2
        rules.write_text(yaml.safe_dump({**own, "rules": [rule]}), "utf-8")
        before = ckan_config["ckanext.satudata.rule_files"]
        ckan_config["ckanext.satudata.rule_files"] = [str(rules)]
        pair = [who.published(Table(code, t))["id"] for who, t in ((holder, FIRST), (other, NEAR))]
        ckan_config["ckanext.satudata.rule_files"] = before
        assert [recheck.run(d).report is not None for d in pair] == [True, True]
        assert set(listed(*pair)) == set(pair)


@dataclass(frozen=True)
class Classified(Table):
    """A table whose figures are all of one code of another code list."""

    codelist: str = ""

    def declaration(self):
        return tables.declaration(
            "Nilai", self.indicator, self.unit, self.year, {self.codelist: "b"}
        )


class TestCodeLists:
    def test_figures_of_a_code_that_ended_are_listed(self, holder, tmp_path):
        name = "uji_" + uuid.uuid4().hex[:10]

        def version(number, rows):
            load(model.Session, read(write(tmp_path, rows, name=name, version=number)))
            model.Session.commit()

        version("1", "code,label\na,A\nb,B\n")
        code = new_indicator(producer_org=holder.id, dimensions=[name])
        dataset = holder.published(Classified(code, FIRST, codelist=name))["id"]
        version("2", "code,label\na,A\n")
        assert recheck.run(dataset).report
        assert list(listed(dataset)) == [dataset]


class TestMandate:
    def test_figures_whose_producer_has_none_are_listed(self, holder, other, code):
        dataset = holder.published(Table(code, FIRST))["id"]
        change(code, producer_org=other.id)
        assert recheck.run(dataset).report
        assert list(listed(dataset)[dataset]["rules"]) == ["mandat"]


class TestWhatAgrees:
    def test_is_compared_once_and_stays_as_it_was(self, pair, code):
        before = {d: model.Session.get(Release, d).released_at for d in pair}
        change(code, abs_tol=3)
        assert [recheck.run(d) for d in pair] == [recheck.Judged(changed=True)] * 2
        assert [recheck.run(d) for d in pair] == [recheck.Judged(changed=False)] * 2
        model.Session.expire_all()
        assert {d: model.Session.get(Release, d).released_at for d in pair} == before
        assert listed(*pair) == {}

    def test_a_draft_is_none_of_its_business(self, pair, other, code):
        act("package_patch", other.user, id=pair[1], private=True)
        change(code, abs_tol=0)
        assert [recheck.run(d).report for d in pair] == [None, None]


class TestRegister:
    """A release is judged again for indicators that have to do with its own, and for no others."""

    @pytest.fixture
    def dataset(self, holder, code):
        return holder.published(Table(code, FIRST))["id"]

    def test_a_new_indicator_that_has_nothing_to_do_with_it(self, dataset):
        new_indicator()
        assert recheck.run(dataset) == recheck.Judged(changed=False)

    def test_another_definition_of_its_konsep(self, dataset, code):
        new_indicator(konsep=code.lower())
        assert recheck.run(dataset) == recheck.Judged(changed=True)
        assert recheck.run(dataset) == recheck.Judged(changed=False)

    def test_one_of_another_konsep_that_is_called_alike(self, dataset, code):
        new_indicator(name=f"Jumlah indikator uji {code} (baru)")
        assert recheck.run(dataset) == recheck.Judged(changed=True)

    def test_its_own(self, dataset, code):
        change(code, abs_tol=5)
        assert recheck.run(dataset) == recheck.Judged(changed=True)

    def test_any_code_list(self, dataset, tmp_path):
        name = "uji_" + uuid.uuid4().hex[:10]
        rows = "code,label\na,A\n"
        load(model.Session, read(write(tmp_path, rows, name=name, version="1")))
        model.Session.commit()
        assert recheck.run(dataset) == recheck.Judged(changed=True)

    def test_any_where_a_column_names_the_indicators(self, holder, code):
        dataset = holder.published(Named(code, FIRST))["id"]
        assert figures(code).keys() == {(place, "2025") for place in FIRST}
        assert recheck.run(dataset) == recheck.Judged(changed=False)
        new_indicator()
        assert recheck.run(dataset) == recheck.Judged(changed=True)

    def test_any_where_another_plugin_checks(self, dataset, monkeypatch):
        def look(case, figures, out):
            """A check that could look at the whole register."""

        added = (Check(run=look, emits={"nilai-berbeda": frozenset()}),)
        monkeypatch.setattr(catalogue, "checks", lambda: (*CHECKS, *added))
        assert recheck.run(dataset) == recheck.Judged(changed=True)
        new_indicator()
        assert recheck.run(dataset) == recheck.Judged(changed=True)


@dataclass(frozen=True)
class Named(Table):
    """A table in which a column names the indicator."""

    def content(self):
        rows = [["Kode", "Kecamatan", "Indikator", "Nilai"]]
        rows += [[place, "", self.indicator, f"{v:g}"] for place, v in self.values.items()]
        return tables.as_csv(rows)

    def declaration(self):
        out = super().declaration()
        *places, value = out["fields"]
        named = {"role": "dimension", "concept": "indikator"}
        value["satudata"].pop("indicator")
        column = {"name": "Indikator", "type": "string", "satudata": named}
        return {**out, "fields": [*places, column, value]}


class TestCommand:
    def test_names_what_disagrees(self, cli, pair, code):
        change(code, abs_tol=0)
        chosen = [part for d in pair for part in ("--dataset", d)]
        result = cli.invoke(ckan, ["satudata", "recheck", *chosen])
        assert result.exit_code == 1
        for dataset in pair:
            assert model.Package.get(dataset).name in result.output

    def test_unknown_dataset(self, cli):
        result = cli.invoke(ckan, ["satudata", "recheck", "--dataset", "tidak-ada"])
        assert result.exit_code == 2

    def test_what_is_due_includes_it(self, cli, pair, code, monkeypatch):
        # However much other tests have left to be judged again.
        monkeypatch.setattr(sys.modules[cli_due.callback.__module__], "_RECHECKED", 1_000_000)
        change(code, abs_tol=0)
        result = cli.invoke(ckan, ["satudata", "due"])
        assert result.exit_code == 1
        for dataset in pair:
            assert f"no longer agrees: dataset {dataset}" in result.output


class TestPage:
    def test_shows_what_disagrees_to_the_walidata(self, app, pair, code):
        from ckan.tests import factories

        change(code, abs_tol=0)
        for dataset in pair:
            recheck.run(dataset)
        headers = {"Authorization": factories.APIToken(user=sysadmin())["token"]}
        page = app.get("/satudata/pertentangan", headers=headers)
        for dataset in listed(*pair).values():
            assert dataset["report"] in page.body
