"""Datasets and activities through CKAN's actions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudata.store.content import ContentHash
from ckanext.satudata.tests.factories import METADATA, Activity, Body, PublicDataset

pytestmark = pytest.mark.usefixtures("portal")


def errors_of(action: str, **data: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as caught:
        call_action(action, **data)
    return caught.value.error_dict


@pytest.fixture
def draft(portal: None) -> dict[str, Any]:
    return factories.Dataset(owner_org=Body()["id"], state="draft")


class TestResources:
    @pytest.mark.parametrize("sent", [{}, {"url": ""}, {"url": "", "name": "Tabel"}])
    def test_an_empty_one_is_refused(self, draft: dict[str, Any], sent: dict[str, str]) -> None:
        assert set(errors_of("resource_create", package_id=draft["id"], **sent)) == {"url"}
        assert call_action("package_show", id=draft["id"])["resources"] == []

    def test_one_kept_from_earlier_does_not_hinder(self, draft: dict[str, Any]) -> None:
        for position, name in enumerate(("a", "b")):
            kept = model.Resource(package_id=draft["id"], url="", name=name)
            kept.position = position
            model.Session.add(kept)
        model.Session.commit()
        shown = call_action("package_show", {"use_cache": False}, id=draft["id"])

        left = call_action("package_update", **{**shown, "resources": shown["resources"][:1]})

        assert [r["name"] for r in left["resources"]] == ["a"]


class TestPublishing:
    def test_draft_may_be_incomplete(self, draft: dict[str, Any]) -> None:
        assert draft["state"] == "draft"

    def test_internal_dataset_may_be_incomplete(self, draft: dict[str, Any]) -> None:
        internal = call_action("package_patch", id=draft["id"], state="active", private=True)
        assert internal["state"] == "active"

    def test_publishing_asks_for_everything_at_once(self, draft: dict[str, Any]) -> None:
        errors = errors_of("package_patch", id=draft["id"], state="active")
        wanted = set(METADATA) - {"pembangun_kegiatan", "pembangun_variabel", "notes"}
        assert wanted <= set(errors)
        assert call_action("package_show", id=draft["id"])["state"] == "draft"

    def test_making_an_internal_dataset_public_asks_too(self, draft: dict[str, Any]) -> None:
        call_action("package_patch", id=draft["id"], state="active", private=True)
        assert "satuan" in errors_of("package_patch", id=draft["id"], private=False)

    def test_creating_a_public_dataset_at_once(self) -> None:
        dataset = PublicDataset()
        assert (dataset["state"], dataset["private"]) == ("active", False)
        assert dataset["kategori"] == ["ekonomi-dan-industri"]
        assert dataset["tahun_data"] == ["2025"]

    def test_public_dataset_keeps_what_the_law_requires(self) -> None:
        dataset = PublicDataset()
        assert "sumber" in errors_of("package_patch", id=dataset["id"], sumber="")

    def test_conditional_items(self) -> None:
        dataset = PublicDataset()
        errors = errors_of("package_patch", id=dataset["id"], data_prioritas="ya")
        assert set(errors) == {"prioritas_tahun"}
        errors = errors_of("package_patch", id=dataset["id"], indikator_komposit="ya")
        assert set(errors) == {
            "pembangun_publikasi",
            "pembangun_indikator",
            "pembangun_kegiatan",
            "pembangun_variabel",
        }
        call_action(
            "package_patch", id=dataset["id"], data_prioritas="ya", prioritas_tahun=["2025"]
        )

    def test_public_dataset_is_open(self) -> None:
        dataset = PublicDataset()
        assert set(errors_of("package_patch", id=dataset["id"], akses_umum="tidak")) == {
            "akses_umum"
        }

    def test_licence_is_one_of_the_portals(self) -> None:
        dataset = PublicDataset()
        errors = errors_of("package_patch", id=dataset["id"], license_id="lisensi-karangan")
        assert set(errors) == {"license_id"}
        assert "lisensi-karangan" in errors["license_id"][0]

    @pytest.mark.parametrize("of", [Activity, PublicDataset])
    @pytest.mark.parametrize("state", ["aktif", "ACTIVE", "pending", ["active"]])
    def test_a_state_nobody_knows_is_refused(self, of: Any, state: Any) -> None:
        dataset = of()
        assert set(errors_of("package_patch", id=dataset["id"], state=state)) == {"state"}
        kept = call_action("package_show", {"use_cache": False}, id=dataset["id"])
        assert kept["state"] == dataset["state"]

    @pytest.mark.ckan_config("ckan.locale_default", "id")
    def test_help_in_the_error_is_in_the_portals_language(self, draft: dict[str, Any]) -> None:
        errors = errors_of("package_patch", id=draft["id"], state="active")
        assert "Wilayah yang dicakup secara lengkap" in errors["cakupan_wilayah"][0]

    def test_what_is_shown_can_be_saved_again(self) -> None:
        dataset = PublicDataset()
        shown = call_action("package_show", id=dataset["id"])
        call_action("package_update", **{**shown, "notes": "Lain."})
        again = call_action("package_show", id=dataset["id"])
        ignored = {"metadata_modified", "notes"}
        assert {k: v for k, v in again.items() if k not in ignored} == {
            k: v for k, v in shown.items() if k not in ignored
        }


class TestActivityLink:
    def test_name_becomes_id(self) -> None:
        activity = Activity()
        dataset = PublicDataset(kegiatan=activity["name"])
        assert dataset["kegiatan"] == activity["id"]

    def test_dataset_of_another_type_is_refused(self) -> None:
        assert "kegiatan" in errors_of(
            "package_patch", id=PublicDataset()["id"], kegiatan=PublicDataset()["id"]
        )

    def test_activity_that_the_person_may_not_see_is_refused(self) -> None:
        user = factories.User()
        own = Body(users=[{"name": user["name"], "capacity": "editor"}])
        hidden = Activity(private=True)
        with pytest.raises(tk.ValidationError) as caught:
            call_action(
                "package_create",
                context={"user": user["name"], "ignore_auth": False},
                name=factories.Dataset.stub().name,
                owner_org=own["id"],
                state="draft",
                kegiatan=hidden["name"],
            )
        assert "kegiatan" in caught.value.error_dict

    def test_link_that_is_stored_stays_though_the_activity_was_hidden(self) -> None:
        user = factories.User()
        own = Body(users=[{"name": user["name"], "capacity": "editor"}])
        activity = Activity()
        dataset = PublicDataset(owner_org=own["id"], kegiatan=activity["id"])
        call_action("package_patch", id=activity["id"], private=True)
        context = {"user": user["name"], "ignore_auth": False}
        changed = call_action("package_patch", context, id=dataset["id"], title="Lain")
        assert (changed["title"], changed["kegiatan"]) == ("Lain", activity["id"])

    def test_link_to_a_deleted_activity_is_refused_though_it_is_stored(self) -> None:
        activity = Activity()
        dataset = PublicDataset(kegiatan=activity["id"])
        call_action("package_delete", id=activity["id"])
        assert "kegiatan" in errors_of("package_patch", id=dataset["id"], title="Lain")


class TestActivity:
    def test_draft_then_complete_then_public(self) -> None:
        activity = Activity(jadwal=[{"tahap": "1", "mulai": "2025-01-01", "selesai": ""}])
        errors = errors_of("package_patch", id=activity["id"], state="active")
        assert {"tujuan", "variabel", "tingkat_penyajian"} <= set(errors)
        assert "jadwal" not in errors
        assert "fraksi_sampel" not in errors

    def test_sample_design_is_asked_of_surveys_only(self) -> None:
        activity = Activity(cara_pengumpulan="2")
        assert "fraksi_sampel" in errors_of("package_patch", id=activity["id"], state="active")
        activity = Activity(cara_pengumpulan="3", fraksi_sampel="0,1")
        assert "fraksi_sampel" in errors_of("package_patch", id=activity["id"], state="active")

    def test_blank_rows_are_ignored(self) -> None:
        activity = Activity(
            variabel=[
                {"nama": "", "konsep": ""},
                {"nama": "Luas panen", "konsep": "Luas Panen"},
                {"nama": "", "konsep": "", "definisi": ""},
            ]
        )
        assert activity["variabel"] == [{"nama": "Luas panen", "konsep": "Luas Panen"}]


class TestHash:
    @pytest.fixture
    def resource(self, draft: dict[str, Any]) -> dict[str, Any]:
        return factories.Resource(package_id=draft["id"], hash="a" * 64)

    def test_a_clients_checksum_is_dropped(self, resource: dict[str, Any]) -> None:
        assert resource["hash"] == ""
        patched = call_action("resource_patch", id=resource["id"], hash="b" * 64)
        assert patched["hash"] == ""

    def test_the_stored_checksum_survives_a_client(self, resource: dict[str, Any]) -> None:
        model.Resource.get(resource["id"]).hash = "c" * 64
        model.Session.commit()
        patched = call_action("resource_patch", id=resource["id"], hash="b" * 64, name="Baru")
        assert patched["hash"] == "c" * 64

    def test_the_portals_own_checksum_passes(self, resource: dict[str, Any]) -> None:
        patched = call_action("resource_patch", id=resource["id"], hash=ContentHash("d" * 64))
        assert patched["hash"] == "d" * 64

    def test_another_datasets_checksum_is_not_taken_over(self, resource: dict[str, Any]) -> None:
        model.Resource.get(resource["id"]).hash = "e" * 64
        model.Session.commit()
        other = factories.Dataset(
            owner_org=Body()["id"], state="draft", resources=[{"url": "x", "hash": "e" * 64}]
        )
        assert other["resources"][0]["hash"] == ""


class TestSearch:
    def test_lists_are_facets(self) -> None:
        dataset = PublicDataset(
            data_prioritas="ya",
            prioritas_tahun=["2024", "2025"],
            kode_indikator=["LOK.KEBUTUHAN_PANGAN"],
        )
        fields = ["vocab_kategori", "vocab_prioritas_tahun", "vocab_urusan", "vocab_indikator"]
        found = call_action("package_search", fq=f"id:{dataset['id']}", **{"facet.field": fields})
        assert {f: set(found["facets"][f]) for f in fields} == {
            "vocab_kategori": {"ekonomi-dan-industri"},
            "vocab_prioritas_tahun": {"2024", "2025"},
            "vocab_urusan": {"2.09"},
            "vocab_indikator": {"LOK.KEBUTUHAN_PANGAN"},
        }

    def test_long_text_is_indexed_as_words(self) -> None:
        dataset = PublicDataset(definisi="kata " * 10_000 + "langkaistimewa")
        found = call_action("package_search", q="langkaistimewa", fq=f"id:{dataset['id']}")
        assert found["count"] == 1

    def test_rows_are_found_by_their_words(self) -> None:
        activity = Activity(variabel=[{"nama": "Curahhujanlokal"}])
        found = call_action(
            "package_search",
            q="curahhujanlokal",
            fq=f"+dataset_type:kegiatan +id:{activity['id']}",
            include_drafts=True,
        )
        assert found["count"] == 1
