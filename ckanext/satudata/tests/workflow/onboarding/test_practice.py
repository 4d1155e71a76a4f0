"""Practice: the same checks as in earnest, and nothing public on any route."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import make_connection
from ckan.tests import factories
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo.tables import as_csv
from ckanext.satudata.errors import NeverPublic
from ckanext.satudata.model.content import utc_now
from ckanext.satudata.model.onboarding import OnboardingStep, PracticeDataset
from ckanext.satudata.model.process import Process
from ckanext.satudata.model.publication import DeclarationMemory, PublicationRow, Release
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.store.batch import Batch
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    Table,
    act,
    agency,
    indicator,
    sysadmin,
    unique,
    walidata_editor,
)
from ckanext.satudata.workflow import gate
from ckanext.satudata.workflow.onboarding import practice
from ckanext.satudata.workflow.proof import audit

pytestmark = pytest.mark.usefixtures("portal")

FIGURES = {code: float(100 + 10 * n) for n, code in enumerate(KECAMATAN)}


@pytest.fixture
def who() -> Agency:
    return agency(unique("latih"))


@pytest.fixture
def code(who: Agency) -> str:
    return indicator(producer_org=who.id)


def begun(who: Agency, exercise: str = "latihan-bersih") -> dict[str, Any]:
    return act("satudata_practice_begin", who.user, exercise=exercise, organization_id=who.id)


@pytest.fixture
def ready(who: Agency, code: str) -> dict[str, Any]:
    """A practice dataset with a table that passes."""
    dataset = begun(who)
    who.add(dataset["id"], Table(code, FIGURES, year="2001"))
    return act("package_show", who.user, id=dataset["id"])


def rehearsed(publish: Callable[[], Any]) -> dict[str, Any]:
    """The report of the rehearsal in which an attempt to publish ends."""
    with pytest.raises(tk.ValidationError) as over:
        publish()
    assert set(over.value.error_dict) == {"satudata", "satudata_rehearsal"}
    [report] = over.value.error_dict["satudata_rehearsal"]
    return act("satudata_report_show", sysadmin(), id=report)


def steps(user: str) -> set[str]:
    person = model.User.by_name(user)
    wanted = sa.select(OnboardingStep.step).where(OnboardingStep.user_id == person.id)
    return set(model.Session.scalars(wanted))


def demand_nothing_public(dataset: str) -> None:
    """Nothing of a dataset is anywhere that the public looks."""
    model.Session.rollback()
    model.Session.expire_all()
    package = model.Package.get(dataset)
    assert package.state != "active"
    for table in (Release, PublicationRow, Process, Revision):
        assert (
            model.Session.scalars(sa.select(table).where(table.dataset_id == dataset)).all() == []
        )
    found = make_connection(decode_dates=False).search(f'id:"{dataset}"', rows=5)
    assert {row["state"] for row in found} <= {"draft"}
    public = f'id:"{dataset}" AND permission_labels:public'
    assert make_connection().search(public, rows=1).hits == 0
    with pytest.raises(tk.NotAuthorized):
        act("package_show", None, id=dataset)
    assert act("satudata_observation_list", None, dataset=dataset)["results"] == []
    assert [v.message for u in audit.units([dataset]) for v in audit.check(u)] == []


ROUTES: dict[str, Callable[[Agency, dict[str, Any]], Any]] = {
    "patch": lambda w, d: act("package_patch", w.user, id=d["id"], state="active"),
    "update": lambda w, d: act("package_update", w.user, **{**d, "state": "active"}),
    "revise": lambda w, d: act(
        "package_revise", w.user, match={"id": d["id"]}, update={"state": "active"}
    ),
    "private": lambda w, d: act("package_patch", w.user, id=d["id"], state="active", private=True),
    "submit": lambda w, d: act("satudata_process_submit", w.user, id=d["id"]),
    "sysadmin": lambda w, d: act("package_patch", sysadmin(), id=d["id"], state="active"),
    "deferred": lambda w, d: tk.get_action("package_patch")(
        {"user": w.user, "ignore_auth": True, "defer_commit": True, "return_id_only": True},
        {"id": d["id"], "state": "active"},
    ),
    "resource": lambda w, d: act(
        "package_patch", w.user, id=d["id"], state="active", resources=d["resources"]
    ),
}


class TestRehearsals:
    @pytest.mark.parametrize("route", ROUTES)
    def test_no_route_makes_a_practice_dataset_public(
        self, route: str, who: Agency, ready: dict[str, Any]
    ) -> None:
        report = rehearsed(lambda: ROUTES[route](who, ready))
        assert (report["blocked"], report["checked"]) == (False, len(FIGURES))
        demand_nothing_public(ready["id"])

    def test_what_only_touches_drafts_changes_nothing_public(
        self, who: Agency, ready: dict[str, Any]
    ) -> None:
        drafts = {"datasets": [ready["id"]], "org_id": who.id}
        act("bulk_update_public", sysadmin(), **drafts)
        act("bulk_update_private", sysadmin(), **drafts)
        act("package_patch", who.user, id=ready["id"], private=False, title="Judul lain")
        demand_nothing_public(ready["id"])

    def test_another_owner_makes_no_difference(self, who: Agency, ready: dict[str, Any]) -> None:
        other = agency(unique("latih"))
        act("package_owner_org_update", sysadmin(), id=ready["id"], organization_id=other.id)
        rehearsed(lambda: act("package_patch", sysadmin(), id=ready["id"], state="active"))
        demand_nothing_public(ready["id"])

    def test_the_gate_refuses_what_got_past_everything_else(self, ready: dict[str, Any]) -> None:
        package = model.Package.get(ready["id"])
        package.state = "active"
        try:
            with pytest.raises(NeverPublic):
                gate.release(package, None, Batch())
        finally:
            model.Session.rollback()

    def test_the_audit_finds_one_that_is_public(self, ready: dict[str, Any]) -> None:
        change = sa.text("UPDATE package SET state = :state WHERE id = :id")
        model.Session.execute(change, {"state": "active", "id": ready["id"]})
        model.Session.commit()
        try:
            found = {v.check for v in audit.check(f"dataset:{ready['id']}")}
        finally:
            model.Session.execute(change, {"state": "draft", "id": ready["id"]})
            model.Session.commit()
        assert "practice" in found

    def test_a_contradiction_is_held_back_with_both_figures(self, code: str, who: Agency) -> None:
        who.published(Table(code, FIGURES))
        other = agency(unique("latih"))
        dataset = begun(other)
        wrong = {**FIGURES, KECAMATAN[2]: 999.0}
        other.add(dataset["id"], Table(code, wrong))
        act("package_patch", other.user, id=dataset["id"], tahun_data=["2025"])
        report = rehearsed(lambda: other.publish(dataset["id"]))
        assert report["blocked"]
        [differs] = [f for f in report["findings"] if f["rule"] == "nilai-berbeda"]
        assert {differs["value"], differs["other"]["value"]} == {120, 999}
        demand_nothing_public(dataset["id"])

    def test_missing_metadata_is_told_as_in_earnest(
        self, who: Agency, ready: dict[str, Any]
    ) -> None:
        act("package_patch", who.user, id=ready["id"], definisi="")
        with pytest.raises(tk.ValidationError) as refused:
            who.publish(ready["id"])
        assert "definisi" in refused.value.error_dict

    def test_columns_explained_in_practice_are_not_proposed_in_earnest(
        self, who: Agency, code: str
    ) -> None:
        dataset = begun(who)
        table = Table(code, FIGURES, year="2001")
        resource = who.add(dataset["id"], Table(code, FIGURES, declared=False))
        declared = table.declaration()
        act("satudata_declaration_confirm", who.user, id=resource["id"], declaration=declared)
        remembered = sa.select(DeclarationMemory).where(DeclarationMemory.organization_id == who.id)
        assert model.Session.scalars(remembered).all() == []


class TestWhoSees:
    def colleague(self, who: Agency) -> str:
        user = factories.User()["name"]
        act("organization_member_create", sysadmin(), id=who.id, username=user, role="admin")
        return user

    def test_colleagues_and_the_walidata_neither_see_nor_change_it(
        self, who: Agency, ready: dict[str, Any]
    ) -> None:
        for user in (self.colleague(who), walidata_editor()):
            for action in ("package_show", "package_patch", "package_delete"):
                with pytest.raises(tk.NotAuthorized):
                    act(action, user, id=ready["id"])
            with pytest.raises(tk.NotAuthorized):
                act("resource_show", user, id=ready["resources"][0]["id"])

    def test_nobody_finds_it_but_who_practises(
        self, who: Agency, ready: dict[str, Any], app: Any
    ) -> None:
        def found(user: str) -> set[str]:
            token = factories.APIToken(user=user)["token"]
            answer = app.get(
                "/api/3/action/package_search",
                params={"q": f"id:{ready['id']}", "include_drafts": True, "include_private": True},
                headers={"Authorization": token},
            )
            return {row["id"] for row in answer.json["result"]["results"]}

        assert found(who.user) == {ready["id"]}
        assert found(self.colleague(who)) == set()
        assert found(sysadmin()) == set()


class TestExercises:
    def test_the_messy_table_is_held_back_for_its_mark_and_passes_without_it(
        self, who: Agency, code: str
    ) -> None:
        dataset = begun(who)
        made = act("satudata_practice_table", who.user, organization_id=who.id)
        assert (made["indicator"]["code"], made["period"]) == (code, "2001")
        upload = FileStorage(io.BytesIO(base64.b64decode(made["content"])), filename="a.xlsx")
        resource = act(
            "resource_create",
            who.user,
            package_id=dataset["id"],
            name="a.xlsx",
            format="XLSX",
            upload=upload,
        )
        guess = act("satudata_declaration_guess", who.user, id=resource["id"])
        assert code in json.dumps(guess)
        act(
            "satudata_declaration_confirm",
            who.user,
            id=resource["id"],
            declaration=guess["declaration"],
        )
        report = rehearsed(lambda: who.publish(dataset["id"]))
        assert report["blocked"]
        assert "latihan-bersih" not in steps(who.user)

        rows = [["Kode", "Kecamatan", "Nilai"], *([c, "", "1"] for c in KECAMATAN)]
        right = FileStorage(io.BytesIO(as_csv(rows)), filename="b.csv")
        declared = Table(code, {}, year="2001").declaration()
        act(
            "resource_update",
            who.user,
            id=resource["id"],
            name="b.csv",
            format="CSV",
            upload=right,
            schema=json.dumps(declared),
        )
        assert not rehearsed(lambda: who.publish(dataset["id"]))["blocked"]
        assert "latihan-bersih" in steps(who.user)

    def test_the_contradiction_is_found_and_mended(self, who: Agency, code: str) -> None:
        who.published(Table(code, FIGURES))
        other = agency(unique("latih"))
        dataset = begun(other, "latihan-konflik")
        report = rehearsed(lambda: other.publish(dataset["id"]))
        assert "nilai-berbeda" in {f["rule"] for f in report["findings"]}
        assert "latihan-konflik" not in steps(other.user)
        found = next(f for f in report["findings"] if f["rule"] == "nilai-berbeda")
        resource = act("package_show", other.user, id=dataset["id"])["resources"][0]
        file = app_file(resource["id"])
        wrong, right = (
            f"{v:g}".replace(".", ",") for v in (found["value"], found["other"]["value"])
        )
        mended = file.replace(f";{wrong}".encode(), f";{right}".encode())
        assert mended != file
        upload = FileStorage(io.BytesIO(mended), filename="c.csv")
        act("resource_patch", other.user, id=resource["id"], upload=upload)
        assert not rehearsed(lambda: other.publish(dataset["id"]))["blocked"]
        assert "latihan-konflik" in steps(other.user)

    def test_beginning_again_goes_on(self, who: Agency, ready: dict[str, Any]) -> None:
        assert begun(who)["id"] == ready["id"]

    def test_pasting_is_done_when_each_figure_is_the_sheets(self, who: Agency) -> None:
        from ckanext.satudata.workflow.onboarding import exercises

        cells = [
            {"region": line.region.code, "text": line.wanted or "-", "missing": ""}
            for line in exercises.sheet()
        ]
        found = act("satudata_practice_paste", who.user, cells=cells)
        assert [c["fault"] for c in found["cells"] if c["fault"]] == ["alasan"]
        assert "latihan-setoran" not in steps(who.user)
        cells[2]["missing"] = "Tidak dihitung."
        cells[0]["text"], kept = "12 kg", cells[0]["text"]
        found = act("satudata_practice_paste", who.user, cells=cells)
        assert [c["fault"] for c in found["cells"] if c["fault"]] == ["bukan-angka"]
        cells[0]["text"] = kept
        assert act("satudata_practice_paste", who.user, cells=cells)["right"]
        assert "latihan-setoran" in steps(who.user)

    def test_nobody_practises_for_another_agency(self, who: Agency) -> None:
        other = agency(unique("latih"))
        with pytest.raises(tk.NotAuthorized):
            act(
                "satudata_practice_begin",
                other.user,
                exercise="latihan-bersih",
                organization_id=who.id,
            )


class TestBegin:
    def test_the_index_has_all_that_was_made(self, who: Agency, ready: dict[str, Any]) -> None:
        for kind in (ready["id"], model.Package.get(ready["kegiatan"]).id):
            assert make_connection().search(f'id:"{kind}"', rows=1).hits == 1


class TestReset:
    def test_what_is_older_than_the_last_reset_leaves_for_good(
        self, who: Agency, ready: dict[str, Any]
    ) -> None:
        dataset, now = ready["id"], utc_now()
        assert practice.last_reset(now) <= now < practice.last_reset(now) + timedelta(days=1)
        practice.reset(practice.last_reset(now) + timedelta(minutes=1))
        assert model.Package.get(dataset) is not None or now < practice.last_reset(now)
        practice.reset(now + timedelta(days=1))
        model.Session.expire_all()
        assert model.Package.get(dataset) is None
        assert PracticeDataset.of(dataset) is None
        assert make_connection().search(f'id:"{dataset}"', rows=1).hits == 0
        assert practice.reset(now + timedelta(days=1)) == []

    def test_what_was_learned_stays(self, who: Agency, ready: dict[str, Any]) -> None:
        rehearsed(lambda: who.publish(ready["id"]))
        practice.reset(utc_now() + timedelta(days=1))
        assert "latihan-bersih" in steps(who.user)


def app_file(resource: str) -> bytes:
    """The bytes that a resource serves."""
    from pathlib import Path

    from ckanext.satudata.store import content

    served = content.served(model.Session.get_one(model.Resource, resource))
    assert served is not None
    return Path(served.path).read_bytes()
