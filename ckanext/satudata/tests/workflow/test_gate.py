"""The gate through CKAN's actions: what is public never contradicts itself."""

from __future__ import annotations

import io
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.model.publication import Release
from ckanext.satudata.store import content
from ckanext.satudata.tests.worlds import (
    KABUPATEN,
    KECAMATAN,
    Table,
    act,
    agency,
    figures,
    refusal,
    sysadmin,
)
from ckanext.satudata.tests.worlds import indicator as new_indicator

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}


def rules(report) -> set[str]:
    return {f["rule"] for f in report["findings"] if f["blocks"]}


@pytest.fixture
def holder():
    return agency("uji-pemegang")


@pytest.fixture
def other():
    return agency("uji-lain")


@pytest.fixture
def code(holder):
    return new_indicator(producer_org=holder.id)


class TestPublishing:
    def test_a_drafts_figures_are_not_public(self, holder, code):
        dataset = holder.draft()
        holder.add(dataset["id"], Table(code, FIRST))
        assert figures(code) == {}

    def test_published_figures_are_public(self, holder, code):
        holder.published(Table(code, FIRST))
        assert figures(code) == {(c, "2025"): {v} for c, v in FIRST.items()}

    def test_another_agency_may_repeat_them(self, holder, other, code):
        holder.published(Table(code, FIRST))
        other.published(Table(code, FIRST))
        assert figures(code) == {(c, "2025"): {v} for c, v in FIRST.items()}

    def test_figures_in_another_unit_are_the_same_object(self, holder, other, code):
        holder.published(Table(code, FIRST))
        other.published(Table(code, {c: v * 1000 for c, v in FIRST.items()}, unit="kg"))
        assert figures(code) == {(c, "2025"): {v} for c, v in FIRST.items()}

    def test_a_contradiction_leaves_a_draft_and_a_report(self, holder, other, code):
        holder.published(Table(code, FIRST))
        wrong = {**FIRST, "61.05.03": 999.0}
        dataset = other.draft()
        other.add(dataset["id"], Table(code, wrong))
        with pytest.raises(tk.ValidationError) as caught:
            other.publish(dataset["id"])
        report = refusal(caught.value)
        (finding,) = [f for f in report["findings"] if f["blocks"]]
        assert finding["rule"] == "nilai-berbeda"
        assert (finding["value"], finding["other"]["value"]) == (999.0, FIRST["61.05.03"])
        assert finding["other"]["organization"] == holder.id
        assert finding["location"]["row"] == 4
        assert model.Package.get(dataset["id"]).state == "draft"
        assert figures(code) == {(c, "2025"): {v} for c, v in FIRST.items()}

    def test_nobody_publishes_before_the_mandate_holder(self, other, code):
        dataset = other.draft()
        other.add(dataset["id"], Table(code, FIRST))
        with pytest.raises(tk.ValidationError) as caught:
            other.publish(dataset["id"])
        assert rules(refusal(caught.value)) == {"mandat"}
        assert figures(code) == {}

    def test_who_repeats_all_parts_may_add_their_sum(self, holder, other, code):
        holder.published(Table(code, FIRST))
        total = sum(FIRST.values())
        other.published(Table(code, {KABUPATEN: total, **FIRST}))
        assert figures(code)[KABUPATEN, "2025"] == {total}

        dataset = holder.draft()
        holder.add(dataset["id"], Table(code, {KABUPATEN: total + 50}))
        with pytest.raises(tk.ValidationError) as caught:
            holder.publish(dataset["id"])
        assert "nilai-berbeda" in rules(refusal(caught.value))
        assert figures(code)[KABUPATEN, "2025"] == {total}

    def test_a_sum_over_parts_the_holder_has_not_published_is_held_back(self, holder, other, code):
        some = {KECAMATAN[0]: FIRST[KECAMATAN[0]]}
        holder.published(Table(code, some), cakupan_wilayah=KECAMATAN[0])
        dataset = other.draft()
        other.add(dataset["id"], Table(code, {KABUPATEN: sum(some.values()), **some}))
        with pytest.raises(tk.ValidationError) as caught:
            other.publish(dataset["id"])
        assert "mandat" in rules(refusal(caught.value))

    def test_parts_must_add_up_to_the_whole(self, holder, code):
        dataset = holder.draft()
        holder.add(dataset["id"], Table(code, {KABUPATEN: sum(FIRST.values()) + 50, **FIRST}))
        with pytest.raises(tk.ValidationError) as caught:
            holder.publish(dataset["id"])
        assert rules(refusal(caught.value)) == {"rekap"}

    def test_parts_published_elsewhere_count_too(self, holder, other, code):
        holder.published(Table(code, FIRST))
        dataset = holder.draft()
        holder.add(dataset["id"], Table(code, {KABUPATEN: sum(FIRST.values()) + 50}))
        with pytest.raises(tk.ValidationError) as caught:
            holder.publish(dataset["id"])
        assert "rekap" in rules(refusal(caught.value))

    def test_a_promised_kecamatan_may_not_be_missing(self, holder, code):
        dataset = holder.draft(cakupan_wilayah=KABUPATEN)
        holder.add(dataset["id"], Table(code, dict(list(FIRST.items())[1:])))
        with pytest.raises(tk.ValidationError) as caught:
            holder.publish(dataset["id"])
        assert rules(refusal(caught.value)) == {"kecamatan-tidak-lengkap"}

    def test_a_table_nobody_explained_is_held_back(self, holder, code):
        dataset = holder.draft()
        holder.add(dataset["id"], Table(code, FIRST, declared=False))
        with pytest.raises(tk.ValidationError) as caught:
            holder.publish(dataset["id"])
        assert rules(refusal(caught.value)) == {"tanpa-deklarasi"}

    def test_a_table_in_disguise_is_still_a_table(self, holder, code):
        dataset = holder.draft()
        file = Table(code, FIRST, declared=False, filename="laporan.pdf")
        act(
            "resource_create",
            holder.user,
            package_id=dataset["id"],
            **{**file.resource(), "format": "PDF"},
        )
        with pytest.raises(tk.ValidationError) as caught:
            holder.publish(dataset["id"])
        assert rules(refusal(caught.value)) == {"tanpa-deklarasi"}

    def test_a_linked_table_is_held_back(self, holder):
        dataset = holder.draft()
        act(
            "resource_create",
            holder.user,
            package_id=dataset["id"],
            url="https://data.example/tabel.csv",
            name="tabel",
        )
        with pytest.raises(tk.ValidationError) as caught:
            holder.publish(dataset["id"])
        assert rules(refusal(caught.value)) == {"tautan-tabel"}

    def test_a_document_passes_and_says_so(self, holder):
        dataset = holder.draft()
        upload = FileStorage(io.BytesIO(b"%PDF-1.7 contoh"), filename="laporan.pdf")
        act("resource_create", holder.user, package_id=dataset["id"], upload=upload, name="laporan")
        holder.publish(dataset["id"])
        (report,) = act("satudata_report_list", holder.user, dataset_id=dataset["id"])
        found = act("satudata_report_show", holder.user, id=report["id"])["findings"]
        assert [f["rule"] for f in found] == ["dokumen-tak-diperiksa"]


class TestPublicDatasets:
    """Changes of what is public already."""

    def test_a_refused_replacement_changes_nothing(self, holder, other, code):
        holder.published(Table(code, FIRST))
        dataset = other.published(Table(code, FIRST))
        resource = dataset["resources"][0]
        path = content.served(model.Resource.get(resource["id"])).path
        before = (Path(path).read_bytes(), act("package_show", None, id=dataset["id"]))
        wrong = Table(code, {**FIRST, "61.05.01": 5.0})
        with pytest.raises(tk.ValidationError):
            act("resource_update", other.user, id=resource["id"], **wrong.resource())
        model.Session.expire_all()
        path = content.served(model.Resource.get(resource["id"])).path
        assert (Path(path).read_bytes(), act("package_show", None, id=dataset["id"])) == before
        assert figures(code)[("61.05.01", "2025")] == {FIRST["61.05.01"]}

    def test_a_changed_declaration_is_a_change_of_figures(self, holder, other, code):
        holder.published(Table(code, FIRST))
        dataset = other.published(Table(code, FIRST))
        in_kg = Table(code, FIRST, unit="kg")
        with pytest.raises(tk.ValidationError) as caught:
            act(
                "resource_patch",
                other.user,
                id=dataset["resources"][0]["id"],
                schema=in_kg.resource()["schema"],
            )
        assert rules(refusal(caught.value)) == {"satuan-skala"}

    def test_the_holders_correction_replaces_figures_nobody_cites(self, holder, code):
        dataset = holder.published(Table(code, FIRST))
        right = Table(code, {**FIRST, "61.05.01": 5.0})
        act("resource_update", holder.user, id=dataset["resources"][0]["id"], **right.resource())
        assert figures(code)[("61.05.01", "2025")] == {5.0}

    def test_a_new_title_is_not_a_new_release(self, holder, code):
        dataset = holder.published(Table(code, FIRST))
        before = model.Session.get(Release, dataset["id"]).released_at
        act("package_patch", holder.user, id=dataset["id"], title="Judul lain")
        model.Session.expire_all()
        assert model.Session.get(Release, dataset["id"]).released_at == before

    @pytest.mark.parametrize("change", [{"state": "draft"}, {"private": True}])
    def test_what_is_hidden_takes_its_figures_out(self, holder, code, change):
        dataset = holder.published(Table(code, FIRST))
        act("package_patch", holder.user, id=dataset["id"], **change)
        assert figures(code) == {}

    @pytest.mark.parametrize("action", ["package_delete", "dataset_purge"])
    def test_what_is_deleted_takes_its_figures_out(self, holder, code, action):
        dataset = holder.published(Table(code, FIRST))
        user = holder.user if action == "package_delete" else None
        act(action, user, id=dataset["id"]) if user else tk.get_action(action)(
            {"ignore_auth": True}, {"id": dataset["id"]}
        )
        assert figures(code) == {}
        assert model.Session.get(Release, dataset["id"]) is None

    def test_a_deleted_resource_takes_its_figures_out(self, holder, code):
        dataset = holder.published(Table(code, FIRST))
        act("resource_delete", holder.user, id=dataset["resources"][0]["id"])
        assert figures(code) == {}


class TestEveryWayIn:
    """The actions that publish; each must be refused with the same report."""

    @pytest.fixture
    def conflicting(self, holder, other, code):
        holder.published(Table(code, FIRST))
        dataset = other.draft()
        other.add(dataset["id"], Table(code, {**FIRST, "61.05.03": 999.0}))
        return act("package_show", other.user, id=dataset["id"])

    def test_package_update(self, other, conflicting):
        self.refused("package_update", other, **{**conflicting, "state": "active"})

    def test_package_patch(self, other, conflicting):
        self.refused("package_patch", other, id=conflicting["id"], state="active")

    def test_package_revise(self, other, conflicting):
        self.refused(
            "package_revise", other, match={"id": conflicting["id"]}, update={"state": "active"}
        )

    def test_private_to_public(self, other, conflicting):
        act("package_patch", other.user, id=conflicting["id"], state="active", private=True)
        self.refused("package_patch", other, id=conflicting["id"], private=False)

    def test_bulk_update_public(self, other, conflicting):
        act("package_patch", other.user, id=conflicting["id"], state="active", private=True)
        self.refused(
            "bulk_update_public", sysadmin(), org_id=other.id, datasets=[conflicting["id"]]
        )

    def test_resource_create_on_a_public_dataset(self, holder, other, code):
        holder.published(Table(code, FIRST))
        dataset = other.published(Table(code, FIRST))
        wrong = Table(code, {"61.05.03": 999.0})
        self.refused("resource_create", other, package_id=dataset["id"], **wrong.resource())

    def test_a_sysadmin_is_no_exception(self, conflicting):
        with pytest.raises(tk.ValidationError) as caught:
            tk.get_action("package_patch")(
                {"ignore_auth": True}, {"id": conflicting["id"], "state": "active"}
            )
        assert caught.value.error_dict["satudata_report"]

    def refused(self, action, who, **data):
        with pytest.raises(tk.ValidationError) as caught:
            act(action, who if isinstance(who, str) else who.user, **data)
        assert rules(refusal(caught.value)) & {"nilai-berbeda", "kunci-ganda"}


class TestStorage:
    def test_a_client_cannot_choose_which_file_is_served(self, holder, other, code):
        secret = holder.draft()
        hidden = holder.add(secret["id"], Table(code, FIRST))
        mine = other.draft()
        own = other.add(mine["id"], Table(code, {**FIRST, "61.05.01": 1.0}))
        act("resource_patch", other.user, id=own["id"], hash=hidden["hash"])
        path = content.served(model.Resource.get(own["id"])).path
        assert path.endswith(own["hash"])
        assert own["hash"] != hidden["hash"]


class TestRetiredIndicators:
    @pytest.fixture
    def retired(self, holder, code):
        """A public dataset whose indicator was retired afterwards: its first three kecamatan."""
        shown = dict(list(FIRST.items())[:3])
        dataset = holder.published(Table(code, shown), cakupan_wilayah=KECAMATAN[0])
        act("satudata_indicator_update", sysadmin(), id=code, status="retired")
        return dataset

    def test_new_figures_are_refused(self, retired, holder, code):
        dataset = holder.draft()
        holder.add(dataset["id"], Table(code, FIRST))
        with pytest.raises(tk.ValidationError) as caught:
            holder.publish(dataset["id"])
        report = refusal(caught.value)
        assert rules(report) == {"indikator-pensiun"}
        (finding,) = [f for f in report["findings"] if f["blocks"]]
        assert finding["params"]["objects"] == len(FIRST)
        assert finding["location"]["row"] == 2
        assert len(figures(code)) == 3

    def test_a_public_dataset_may_not_grow(self, retired, holder, code):
        (resource,) = retired["resources"]
        file = Table(code, dict(list(FIRST.items())[:4]))
        with pytest.raises(tk.ValidationError) as caught:
            act("resource_patch", holder.user, id=resource["id"], **file.resource())
        (finding,) = [f for f in refusal(caught.value)["findings"] if f["blocks"]]
        assert (finding["rule"], finding["location"]["row"]) == ("indikator-pensiun", 5)
        assert finding["params"]["objects"] == 1

    def test_what_is_public_can_still_be_described_and_corrected(self, retired, holder, code):
        act("package_patch", holder.user, id=retired["id"], title="Judul baru")
        (resource,) = retired["resources"]
        values = {**dict(list(FIRST.items())[:3]), "61.05.01": 7.0}
        act("resource_patch", holder.user, id=resource["id"], **Table(code, values).resource())
        assert figures(code)[("61.05.01", "2025")] == {7.0}

    def test_a_dry_run_says_so_too(self, retired, holder, code):
        dataset = holder.draft()
        holder.add(dataset["id"], Table(code, FIRST))
        report = act("satudata_check", holder.user, id=dataset["id"])
        assert rules(report) == {"indikator-pensiun"}
