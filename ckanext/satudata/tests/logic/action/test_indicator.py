from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers

from ckanext.satudata.store.codebook import load_codebook
from ckanext.satudata.tests.factories import Body

pytestmark = pytest.mark.usefixtures("module_portal")


def values(**changes: Any) -> dict[str, Any]:
    """What makes a correct indicator, with a code that no other test uses."""
    name = factories.fake.unique.pystr_format("UJI_?????###", letters="ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return {
        "code": f"LOK.{name}",
        "name": "Kebutuhan beras",
        "konsep": "Kebutuhan Pangan",
        "definition": "Beras yang diperlukan.",
        "ukuran": "Massa",
        "unit": "Ton",
        **changes,
    }


def create(**changes: Any) -> dict[str, Any]:
    return helpers.call_action("satudata_indicator_create", **values(**changes))


def refused(action: str, **data: Any) -> dict[str, list[str]]:
    with pytest.raises(tk.ValidationError) as error:
        helpers.call_action(action, **data)
    return error.value.error_dict


@pytest.fixture
def published() -> Iterator[dict[str, Any]]:
    """An indicator with a public figure, of a publication whose number nobody else gets."""
    indicator = create(dimensions=["komoditas"])
    model.Session.execute(
        sa.text(
            "INSERT INTO satudata_block (publication_id, part, indicator_id, key_min, key_max,"
            " size, keys, vals, decimals, status)"
            " VALUES (-:number, 0, :number, 1, 1, 1, '', '', '', '')"
        ),
        {"number": indicator["id"]},
    )
    model.Session.commit()
    yield indicator
    model.Session.execute(
        sa.text("DELETE FROM satudata_block WHERE publication_id = -:number"),
        {"number": indicator["id"]},
    )
    model.Session.commit()


class TestCreate:
    def test_spellings_become_codes_and_texts_are_kept(self) -> None:
        body = Body()
        found = create(
            dimensions=["komoditas"], additive=True, rel_tol="0.01", producer_org=body["name"]
        )

        assert found["unit"] == "ton"
        assert found["ukuran"] == "massa"
        assert found["konsep"] == "kebutuhan pangan"
        assert found["name_en"] == "Kebutuhan beras"
        assert found["dimensions"] == ["komoditas"]
        assert found["producer"]["id"] == body["id"]
        assert (found["rel_tol"], found["abs_tol"], found["additive"]) == (0.01, 0.0, True)
        assert found["has_figures"] is False

    def test_the_code_book_has_it_at_once(self) -> None:
        found = create(dimensions=["jenis_kelamin", "kelompok_umur"])
        indicator = load_codebook(model.Session).indicators[found["code"]]

        assert indicator.id == found["id"]
        first, second = indicator.dimensions
        assert first.shift + first.width == 26
        assert second.shift + second.width == first.shift

    def test_code_of_the_standard_brings_konsep_and_standard(self) -> None:
        measure = factories.fake.unique.pystr_format("uji#####")
        found = create(
            code=f"sd00893.01-{measure}", konsep="diabaikan", unit="%", ukuran="persentase"
        )

        assert (found["code"], found["konsep"]) == (f"SD00893.01-{measure}", "SD00893")
        assert found["standard_code"] == "SD00893.01.01"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"code": "STOK"}, "code"),
            ({"code": "SD99999.01"}, "code"),
            ({"name": ""}, "name"),
            ({"definition": " "}, "definition"),
            ({"konsep": ""}, "konsep"),
            ({"unit": "karung goni"}, "unit"),
            ({"ukuran": "kira-kira"}, "ukuran"),
            ({"dimensions": ["warna"]}, "dimensions"),
            ({"dimensions": ["wilayah"]}, "dimensions"),
            ({"dimensions": ["komoditas", "komoditas"]}, "dimensions"),
            ({"abs_tol": "-1"}, "abs_tol"),
            ({"rel_tol": "1"}, "rel_tol"),
            ({"rel_tol": "nan"}, "rel_tol"),
            ({"abs_tol": "inf"}, "abs_tol"),
            ({"abs_tol": "1,5"}, "abs_tol"),
            ({"producer_org": "tidak-ada"}, "producer_org"),
            ({"additive": True, "ukuran": "harga", "unit": "rp/kg"}, "additive"),
        ],
    )
    def test_wrong_field_is_named(self, changes: dict[str, Any], field: str) -> None:
        before = helpers.call_action("satudata_indicator_list")["count"]

        assert list(refused("satudata_indicator_create", **values(**changes))) == [field]
        assert helpers.call_action("satudata_indicator_list")["count"] == before

    def test_all_wrong_fields_are_told_at_once(self) -> None:
        errors = refused("satudata_indicator_create", **values(unit="x", ukuran="y", code="z"))

        assert errors.keys() == {"unit", "ukuran", "code"}

    def test_code_is_given_once(self) -> None:
        code = create()["code"]

        assert "code" in refused("satudata_indicator_create", **values(code=code.lower()))


class TestUpdate:
    def test_fields_not_sent_stay(self) -> None:
        before = create(dimensions=["komoditas"], abs_tol=2)
        after = helpers.call_action(
            "satudata_indicator_update", id=before["code"], name="Nama baru", status="retired"
        )

        assert (after["name"], after["status"]) == ("Nama baru", "retired")
        assert (after["dimensions"], after["abs_tol"]) == (["komoditas"], 2.0)

    def test_mandate_can_be_taken_away(self) -> None:
        body = Body()
        before = create(producer_org=body["id"])
        after = helpers.call_action("satudata_indicator_update", id=before["code"], producer_org="")

        assert (before["producer_org"], after["producer_org"]) == (body["id"], None)

    def test_what_was_shown_can_be_sent_back(self) -> None:
        before = create(dimensions=["komoditas"])
        after = helpers.call_action("satudata_indicator_update", **before)

        assert {**after, "updated": None} == {**before, "updated": None}

    def test_without_figures_everything_may_change(self) -> None:
        before = create(dimensions=["komoditas"])
        after = helpers.call_action(
            "satudata_indicator_update", id=before["code"], unit="kg", dimensions=["jenis_kelamin"]
        )

        assert (after["unit"], after["dimensions"]) == ("kg", ["jenis_kelamin"])

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("unit", "kg"),
            ("code", "LOK.NAMA_LAIN"),
            ("dimensions", []),
            ("dimensions", ["jenis_kelamin"]),
            ("dimensions", ["jenis_kelamin", "komoditas"]),
        ],
    )
    def test_public_figures_keep_their_meaning(
        self, published: dict[str, Any], field: str, value: Any
    ) -> None:
        errors = refused("satudata_indicator_update", id=published["code"], **{field: value})

        assert list(errors) == [field]
        shown = helpers.call_action("satudata_indicator_show", id=published["code"])
        assert shown[field] == published[field]

    def test_a_dimension_may_be_added_beside_public_figures(
        self, published: dict[str, Any]
    ) -> None:
        old = load_codebook(model.Session).indicators[published["code"]].dimensions
        helpers.call_action(
            "satudata_indicator_update",
            id=published["code"],
            dimensions=["komoditas", "jenis_kelamin"],
        )
        new = load_codebook(model.Session).indicators[published["code"]].dimensions

        assert new[:1] == old
        assert new[1].name == "jenis_kelamin"


class TestDelete:
    def test_only_without_public_figures(self, published: dict[str, Any]) -> None:
        free = create()
        helpers.call_action("satudata_indicator_delete", id=free["code"])

        with pytest.raises(tk.ObjectNotFound):
            helpers.call_action("satudata_indicator_show", id=free["code"])
        assert "id" in refused("satudata_indicator_delete", id=published["code"])


class TestShow:
    def test_by_number_and_by_full_code(self) -> None:
        code = "SD00282.03"
        if not helpers.call_action("satudata_indicator_list", q=code)["count"]:
            create(code=code, ukuran="jumlah", unit="jiwa")
        found = helpers.call_action("satudata_indicator_show", id="SD00282.03.00")

        assert found["code"] == code
        assert helpers.call_action("satudata_indicator_show", id=str(found["id"])) == found

    @pytest.mark.parametrize("reference", ["LOK.TIDAK_ADA", "0", "9" * 30, "'; --"])
    def test_unknown(self, reference: str) -> None:
        with pytest.raises(tk.ObjectNotFound):
            helpers.call_action("satudata_indicator_show", id=reference)


class TestList:
    def test_filters_and_pages(self) -> None:
        body = Body()
        codes = sorted(create(producer_org=body["id"])["code"] for _ in range(3))
        create()

        def listed(**data: Any) -> list[str]:
            found = helpers.call_action("satudata_indicator_list", producer_org=body["id"], **data)
            assert found["count"] == (3 if "q" not in data else len(found["results"]))
            return [i["code"] for i in found["results"]]

        assert listed() == codes
        assert listed(limit=1, offset=1) == codes[1:2]
        assert listed(q=codes[0].lower()) == codes[:1]
        assert listed(q="100%") == []

    def test_unknown_producer_has_none(self) -> None:
        create()

        found = helpers.call_action("satudata_indicator_list", producer_org="tidak-ada")
        assert found == {"count": 0, "results": []}


WRITE = ("satudata_indicator_create", "satudata_indicator_update", "satudata_indicator_delete")
READ = ("satudata_indicator_show", "satudata_indicator_list")


class TestAuth:
    @pytest.mark.parametrize("action", READ)
    def test_everybody_reads(self, action: str) -> None:
        assert helpers.call_auth(action, {"user": "", "model": model}, id="x")

    @pytest.mark.parametrize("action", WRITE)
    def test_anonymous_and_producers_do_not_write(self, action: str) -> None:
        editor = factories.User()
        Body(users=[{"name": editor["name"], "capacity": "admin"}])

        for name in ("", editor["name"]):
            with pytest.raises(tk.NotAuthorized):
                helpers.call_auth(action, {"user": name, "model": model}, id="x")

    @pytest.mark.parametrize("action", WRITE)
    def test_sysadmin_writes(self, action: str) -> None:
        user = factories.Sysadmin()

        assert helpers.call_auth(action, {"user": user["name"], "model": model}, id="x")
