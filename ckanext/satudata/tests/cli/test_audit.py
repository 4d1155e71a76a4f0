"""``ckan satudata audit`` and ``rebuild``: exit statuses, reports, and going on after a stop."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.cli.audit import audit, place
from ckanext.satudata.cli.rebuild import rebuild
from ckanext.satudata.tests.worlds import KECAMATAN, Table, agency, figures
from ckanext.satudata.tests.worlds import indicator as new_indicator
from ckanext.satudata.workflow.proof import audit as auditing
from ckanext.satudata.workflow.proof import rebuild as rebuilding
from ckanext.satudata.workflow.proof.journal import Journal

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}


@pytest.fixture
def holder():
    return agency("uji-pemegang")


@pytest.fixture
def code(holder):
    return new_indicator(producer_org=holder.id)


@pytest.fixture
def dataset(holder, code):
    return holder.published(Table(code, FIRST))


def lose(dataset) -> None:
    """Lose the dataset's figures."""
    for table, column in (
        ("block", "publication_id IN (SELECT id"),
        ("publication", "id IN (SELECT id"),
    ):
        model.Session.execute(
            sa.text(
                f"DELETE FROM satudata_{table} WHERE {column} FROM satudata_publication "
                "WHERE dataset_id = :id)"
            ),
            {"id": dataset["id"]},
        )
    model.Session.commit()


class TestAudit:
    def test_agreement(self, cli, dataset, tmp_path):
        report = tmp_path / "report.json"
        done = cli.invoke(audit, ["--dataset", dataset["name"], "--json", str(report)])
        assert done.exit_code == 0, done.output
        document = json.loads(report.read_text("utf-8"))
        assert (document["finished"], document["violations"]) == (True, [])
        assert document["checked"] == 3

    def test_disagreement(self, cli, dataset, tmp_path):
        lose(dataset)
        report = tmp_path / "report.json"
        done = cli.invoke(audit, ["--dataset", dataset["name"], "--json", str(report)])
        assert done.exit_code == 1, done.output
        (found,) = json.loads(report.read_text("utf-8"))["violations"]
        assert (found["check"], found["dataset"]) == ("figures", dataset["id"])
        assert dataset["name"] in done.output

    def test_an_unknown_dataset(self, cli):
        done = cli.invoke(audit, ["--dataset", "tidak-ada"])
        assert done.exit_code == 2

    def test_stopped_and_gone_on_with(self, cli, dataset, monkeypatch):
        units = auditing.units([dataset["id"]])
        real, seen = auditing.check, []

        def stopping(unit):
            if len(seen) == 1:
                raise KeyboardInterrupt
            seen.append(unit)
            return real(unit)

        monkeypatch.setattr(auditing, "check", stopping)
        assert cli.invoke(audit, ["--dataset", dataset["name"]]).exit_code == 2
        monkeypatch.setattr(auditing, "check", lambda unit: seen.append(unit) or real(unit))
        assert cli.invoke(audit, ["--dataset", dataset["name"], "--resume"]).exit_code == 0
        assert seen == units
        assert not place("audit").exists()


class TestRebuild:
    def test_lost_figures_come_back(self, cli, dataset, code):
        before = figures(code)
        lose(dataset)
        done = cli.invoke(rebuild, ["--dataset", dataset["name"]])
        assert done.exit_code == 0, done.output
        assert figures(code) == before

    def test_whoever_cites_comes_after_whom_it_cites(self, cli, dataset, code):
        citing = agency("uji-lain").published(Table(code, FIRST))
        for one in (dataset, citing):
            lose(one)
        done = cli.invoke(rebuild, ["--dataset", citing["name"], "--dataset", dataset["name"]])
        assert done.exit_code == 0, done.output
        assert auditing.check(f"dataset:{citing['id']}") == []
        assert auditing.check(f"dataset:{dataset['id']}") == []

    def test_what_is_held_back_is_named(self, cli, dataset, code):
        draft = agency("uji-lain").draft()
        agency("uji-lain").add(draft["id"], Table(code, {**FIRST, "61.05.03": 999.0}))
        model.Session.execute(
            sa.text("UPDATE package SET state = 'active' WHERE id = :id"), {"id": draft["id"]}
        )
        model.Session.commit()
        done = cli.invoke(rebuild, ["--dataset", draft["name"]])
        assert done.exit_code == 1, done.output
        assert draft["id"] in done.output

    def test_stopped_and_gone_on_with(self, cli, dataset, holder, monkeypatch):
        second = holder.draft()
        real, seen = rebuilding.remake, []

        def stopping(one):
            if seen:
                raise KeyboardInterrupt
            seen.append(one)
            return real(one)

        names = ["--dataset", dataset["name"], "--dataset", second["name"]]
        monkeypatch.setattr(rebuilding, "remake", stopping)
        assert cli.invoke(rebuild, names).exit_code == 2
        monkeypatch.setattr(rebuilding, "remake", lambda one: seen.append(one) or real(one))
        assert cli.invoke(rebuild, [*names, "--resume"]).exit_code == 0
        assert seen == [dataset["id"], second["id"]]


class TestJournal:
    def test_a_line_that_was_cut_off_is_done_again(self, tmp_path):
        path = tmp_path / "journal"
        first = Journal(path, resume=False)
        first.add("a", [1])
        first.add("b", [2])
        path.write_text(path.read_text("utf-8")[:-3], encoding="utf-8")
        again = Journal(path, resume=True)
        assert ("a" in again, "b" in again) == (True, False)
        assert again.results() == [[1]]

    def test_without_resuming_everything_is_done_again(self, tmp_path):
        Journal(tmp_path / "journal", resume=False).add("a", [])
        assert "a" not in Journal(tmp_path / "journal", resume=False)
