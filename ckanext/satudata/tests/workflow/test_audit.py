"""The audit finds what is broken behind the gate's back, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import ckan.lib.search as ckan_search
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.store import content
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, figures
from ckanext.satudata.tests.worlds import indicator as new_indicator
from ckanext.satudata.workflow.proof import audit, rebuild
from ckanext.satudata.workflow.proof.rebuild import Outcome

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}


def violations(*datasets: str) -> list[str]:
    """The kinds of everything that is wrong with these datasets."""
    return sorted(v.check for unit in audit.units(datasets) for v in audit.check(unit))


def change(statement: str, **values) -> None:
    """Change the database behind everybody's back."""
    model.Session.execute(sa.text(statement), values)
    model.Session.commit()


@pytest.fixture
def holder():
    return agency("uji-pemegang")


@pytest.fixture
def other():
    return agency("uji-lain")


@pytest.fixture
def code(holder):
    return new_indicator(producer_org=holder.id)


@pytest.fixture
def dataset(holder, code):
    return holder.published(Table(code, FIRST))


class TestAudit:
    def test_what_went_through_the_gate_agrees(self, dataset, other, code):
        repeated = other.published(Table(code, FIRST))
        hidden = other.draft()
        assert violations(dataset["id"], repeated["id"], hidden["id"]) == []

    def test_a_changed_file(self, dataset):
        path = Path(content.served(model.Resource.get(dataset["resources"][0]["id"])).path)
        before = path.read_bytes()
        try:
            path.write_bytes(before.replace(b"103", b"999"))
            assert violations(dataset["id"]) == ["figures", "file-changed"]
        finally:
            path.write_bytes(before)

    def test_a_lost_file(self, dataset):
        path = Path(content.served(model.Resource.get(dataset["resources"][0]["id"])).path)
        before = path.read_bytes()
        try:
            path.unlink()
            assert violations(dataset["id"]) == ["figures", "file-missing"]
        finally:
            path.write_bytes(before)

    def test_damaged_figures(self, dataset):
        change(
            "UPDATE satudata_block SET vals = set_byte(vals, 6, 7) WHERE publication_id IN "
            "(SELECT id FROM satudata_publication WHERE dataset_id = :id)",
            id=dataset["id"],
        )
        assert violations(dataset["id"]) == ["figures"]

    def test_lost_figures(self, dataset):
        change("DELETE FROM satudata_publication WHERE dataset_id = :id", id=dataset["id"])
        assert violations(dataset["id"]) == ["figures"]
        left = [v for v in audit.check("remains") if "which does not exist" in v.message]
        assert left

    def test_figures_of_a_hidden_dataset(self, dataset):
        change("UPDATE package SET private = true WHERE id = :id", id=dataset["id"])
        assert violations(dataset["id"]) == ["hidden-figures", "index"]

    def test_a_dataset_nobody_checked(self, holder, code):
        draft = holder.draft()
        holder.add(draft["id"], Table(code, FIRST))
        change("UPDATE package SET state = 'active' WHERE id = :id", id=draft["id"])
        assert violations(draft["id"]) == ["index", "never-checked"]

    def test_two_values_of_one_object(self, holder, other, code, dataset):
        """Both agree with their own files and releases, but not with each other."""
        unheld = new_indicator()
        second = other.published(Table(unheld, {**FIRST, "61.05.03": 999.0}))
        for table in ("satudata_publication", "satudata_block"):
            change(
                f"UPDATE {table} SET indicator_id = (SELECT id FROM satudata_indicator "
                "WHERE code = :new) WHERE indicator_id = (SELECT id FROM satudata_indicator "
                "WHERE code = :old)",
                old=unheld,
                new=code,
            )
        conflicts = [
            v
            for unit in audit.units([dataset["id"], second["id"]])
            for v in audit.check(unit)
            if v.check == "conflict"
        ]
        (found,) = conflicts
        assert found.details["objects"] == 1
        (named,) = found.details["named"]
        assert named["object"]["region"] == "61.05.03"
        shown = {one["dataset"]: one["value"] for one in named["shown"]}
        assert shown == {dataset["id"]: FIRST["61.05.03"], second["id"]: 999.0}

    def test_an_index_that_says_otherwise(self, dataset):
        change("UPDATE package SET title = 'Lain' WHERE id = :id", id=dataset["id"])
        assert violations(dataset["id"]) == ["index"]

    def test_an_index_that_has_not_heard(self, dataset):
        ckan_search.clear(dataset["id"])
        assert violations(dataset["id"]) == ["index"]

    def test_pages_hold_every_id(self, dataset):
        pages = [page.split("|") for page in audit.index_audit.pages()]
        assert pages[0][0] == pages[-1][1] == ""
        assert [high for _, high in pages[:-1]] == [low for low, _ in pages[1:]]


class TestRebuild:
    def test_lost_figures_come_back(self, dataset, code):
        before = figures(code)
        change("DELETE FROM satudata_publication WHERE dataset_id = :id", id=dataset["id"])
        assert figures(code) == {}
        assert rebuild.remake(dataset["id"]) == (Outcome.REMADE, {})
        assert figures(code) == before
        assert violations(dataset["id"]) == []

    def test_the_release_keeps_its_moment(self, dataset):
        moment = "SELECT released_at FROM satudata_release WHERE dataset_id = :id"
        before = model.Session.execute(sa.text(moment), {"id": dataset["id"]}).scalar()
        rebuild.remake(dataset["id"])
        assert model.Session.execute(sa.text(moment), {"id": dataset["id"]}).scalar() == before

    def test_what_conflicts_does_not_become_public(self, other, code, dataset):
        draft = other.draft()
        other.add(draft["id"], Table(code, {**FIRST, "61.05.03": 999.0}))
        change("UPDATE package SET state = 'active' WHERE id = :id", id=draft["id"])
        outcome, details = rebuild.remake(draft["id"])
        assert outcome is Outcome.REFUSED
        report = act("satudata_report_show", "uji-sysadmin", id=details["report"])
        assert {f["rule"] for f in report["findings"] if f["blocks"]} == {"nilai-berbeda"}
        assert figures(code)[("61.05.03", "2025")] == {FIRST["61.05.03"]}

    def test_figures_of_a_hidden_dataset_are_taken_out(self, dataset, code):
        change("UPDATE package SET private = true WHERE id = :id", id=dataset["id"])
        assert rebuild.remake(dataset["id"]) == (Outcome.WITHDRAWN, {})
        assert figures(code) == {}

    def test_a_dataset_that_does_not_exist(self):
        assert rebuild.remake("tidak-ada") == (Outcome.GONE, {})

    def test_what_belongs_to_nothing_is_taken_out(self, dataset):
        change("DELETE FROM satudata_publication WHERE dataset_id = :id", id=dataset["id"])
        assert rebuild.tidy() >= 1
        assert [v for v in audit.check("remains") if "which does not exist" in v.message] == []

    def test_uploads_that_were_cut_off_are_removed_a_day_later(self, dataset):
        folder = Path(tk.config["ckan.storage_path"]) / "satudata"
        old, new = folder / "incoming-lama", folder / "incoming-baru"
        for file in (old, new):
            file.write_bytes(b"")
        os.utime(old, (0, 0))
        rebuild.tidy()
        assert (old.exists(), new.exists()) == (False, True)
        new.unlink()
