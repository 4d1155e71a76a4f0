"""Bodies through CKAN's actions and pages, by the rules of their kind."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action, call_auth

from ckanext.satudata.tests.factories import Body
from ckanext.satudata.tests.worlds import unique

pytestmark = pytest.mark.usefixtures("portal", "no_bodies")


@pytest.fixture
def no_bodies(portal: None) -> None:
    """Roles and codes are unique in the portal, so each test begins without other bodies."""
    for group in model.Session.query(model.Group).filter_by(is_organization=True):
        group.state = "deleted"
    model.Session.commit()


def errors_of(**data: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as caught:
        Body(**data)
    return caught.value.error_dict


def kecamatan(**data: Any) -> dict[str, Any]:
    return Body(**{"jenis": "kecamatan", "kode_kemendagri": "61.05.01", "urusan": [], **data})


class TestKind:
    def test_kind_and_duties_are_required(self) -> None:
        assert set(errors_of(jenis="", tupoksi="")) == {"jenis", "tupoksi"}

    def test_unknown_kind_is_refused(self) -> None:
        assert "jenis" in errors_of(jenis="kerajaan")

    def test_field_of_another_kind_is_refused_if_filled(self) -> None:
        assert set(errors_of(kode_kemendagri="61.05.01")) == {"kode_kemendagri"}

    def test_blank_field_of_another_kind_is_no_error(self) -> None:
        assert "kode_kemendagri" not in Body(kode_kemendagri="")

    def test_requirements_of_the_kind(self) -> None:
        assert "urusan" in errors_of(urusan=[])
        assert "kode_kemendagri" in errors_of(jenis="kecamatan", urusan=[])
        assert Body(jenis="bumn", urusan=[])["jenis"] == "bumn"

    def test_every_body_is_in_the_list_of_organizations(self) -> None:
        names = {Body()["name"], kecamatan()["name"], Body(jenis="bumn")["name"]}
        assert names == set(call_action("organization_list"))

    def test_what_is_shown_can_be_saved_again(self) -> None:
        body = kecamatan(telepon="(0565) 21000", peran=["produsen", "ppid"])
        shown = call_action("organization_show", id=body["id"])
        again = call_action("organization_update", **shown)
        assert again["name"] == body["name"]
        assert call_action("organization_show", id=body["id"]) == shown

    def test_showing_a_body_waits_for_nobody(self) -> None:
        body = Body()
        model.Session.commit()
        call_action("organization_show", id=body["id"])
        locks = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        )
        assert model.Session.scalar(sa.text(locks)) == 0

    def test_schema_shows_all_kinds_fields(self) -> None:
        schema = call_action("scheming_organization_schema_show", type="organization")
        names = {f["field_name"] for f in schema["fields"]}
        assert {"jenis", "kode_perangkat_daerah", "kode_kemendagri", "lembaga_induk"} <= names

    def test_extras_are_no_way_around(self) -> None:
        assert "extras" in errors_of(extras=[{"key": "peran", "value": '["walidata"]'}])


class TestCodes:
    def test_bps_code_is_filled_in(self) -> None:
        assert kecamatan()["kode_bps"] == "6107140"

    def test_codes_are_checked_against_each_other(self) -> None:
        found = errors_of(
            jenis="kecamatan", urusan=[], kode_kemendagri="61.05.01", kode_bps="6105010"
        )
        assert set(found) == {"kode_bps"}
        assert "6107140" in found["kode_bps"][0]

    def test_region_code_belongs_to_one_body(self) -> None:
        first = kecamatan(title="Kecamatan Pertama")
        found = errors_of(jenis="kecamatan", urusan=[], kode_kemendagri="61.05.01")
        assert "Kecamatan Pertama" in found["kode_kemendagri"][0]
        call_action("organization_delete", context={"user": _sysadmin()}, id=first["id"])
        assert kecamatan()["kode_kemendagri"] == "61.05.01"

    def test_code_of_the_body_belongs_to_one_body(self) -> None:
        code = {"kode_perangkat_daerah": "2.20.0.00.0.00.01.0000"}
        body = Body(**code)
        assert set(errors_of(**code)) == {"kode_perangkat_daerah"}
        call_action("organization_patch", id=body["id"], title="Nama Baru", **code)

    def test_code_names_fields_of_government_that_the_body_has(self) -> None:
        found = errors_of(kode_perangkat_daerah="2.16.2.20.2.21.01.0000", urusan=["2.20"])
        assert "2.16, 2.21" in found["urusan"][0]

    def test_unknown_field_of_government(self) -> None:
        assert "urusan" in errors_of(urusan=["9.99"])


class TestParent:
    def test_unit_hangs_under_a_department(self) -> None:
        dinas = Body()
        unit = Body(jenis="uptd", groups=[{"name": dinas["name"]}])
        assert [g["name"] for g in unit["groups"]] == [dinas["name"]]

    def test_unit_without_parent_is_refused(self) -> None:
        assert "groups" in errors_of(jenis="uptd")
        assert "groups" in errors_of(jenis="uptd", groups=[{"name": ""}])

    def test_parent_of_a_wrong_kind_is_refused(self) -> None:
        bumn = Body(jenis="bumn")
        assert "groups" in errors_of(jenis="uptd", groups=[{"name": bumn["name"]}])
        assert "groups" in errors_of(groups=[{"name": bumn["name"]}])

    def test_two_parents_are_refused(self) -> None:
        parents = [{"name": Body()["name"]}, {"name": Body()["name"]}]
        assert "groups" in errors_of(jenis="uptd", groups=parents)

    def test_village_lies_in_its_kecamatan(self) -> None:
        above = kecamatan(kode_kemendagri="61.05.02")
        found = errors_of(
            jenis="kelurahan",
            urusan=[],
            kode_kemendagri="61.05.01.1001",
            groups=[{"name": above["name"]}],
        )
        assert "groups" in found

    def test_blank_choice_takes_the_parent_away(self) -> None:
        hospital = Body(jenis="rsud", groups=[{"name": Body()["name"]}])
        call_action("organization_patch", id=hospital["id"], groups=[{"name": ""}])
        assert call_action("organization_show", id=hospital["id"])["groups"] == []

    def test_parent_that_is_not_sent_stays(self) -> None:
        unit = Body(jenis="uptd", groups=[{"name": Body()["name"]}])
        sent = {k: unit[k] for k in ("id", "name", "title", "jenis", "tupoksi")}
        call_action("organization_update", **sent)
        assert call_action("organization_show", id=unit["id"])["groups"]

    def test_kind_does_not_change_under_subordinates(self) -> None:
        dinas = Body()
        Body(jenis="uptd", groups=[{"name": dinas["name"]}])
        with pytest.raises(tk.ValidationError) as caught:
            call_action("organization_patch", id=dinas["id"], jenis="inspektorat")
        assert "jenis" in caught.value.error_dict


class TestRoles:
    def test_new_body_is_a_producer(self) -> None:
        assert Body()["peran"] == ["produsen"]

    def test_second_walidata_is_refused(self) -> None:
        Body(peran=["walidata"], title="Dinas Pertama")
        assert "Dinas Pertama" in errors_of(peran=["walidata"])["peran"][0]

    def test_supporting_custodian_is_another_role(self) -> None:
        Body(peran=["walidata_pendukung"])
        assert Body(peran=["walidata"])["peran"] == ["walidata"]

    def test_second_coordinator_is_refused_and_the_only_one_may_go(self) -> None:
        body = Body(peran=["koordinator"])
        assert "peran" in errors_of(peran=["koordinator"])
        call_action("organization_patch", id=body["id"], peran=["produsen"])
        assert Body(peran=["koordinator"])["peran"] == ["koordinator"]

    def test_last_walidata_neither_resigns_nor_is_deleted(self) -> None:
        body = Body(peran=["produsen", "walidata"])
        with pytest.raises(tk.ValidationError) as caught:
            call_action("organization_patch", id=body["id"], peran=["produsen"])
        assert "peran" in caught.value.error_dict
        with pytest.raises(tk.ValidationError):
            call_action("organization_patch", id=body["id"], state="deleted")
        for name in ("organization_delete", "organization_purge", "group_delete", "group_purge"):
            with pytest.raises(tk.ValidationError):
                call_action(name, context={"user": _sysadmin()}, id=body["id"])
        assert call_action("organization_show", id=body["id"])["peran"] == ["produsen", "walidata"]

    def test_other_bodies_can_be_deleted(self) -> None:
        Body(peran=["walidata"])
        body = Body()
        call_action("organization_delete", context={"user": _sysadmin()}, id=body["id"])
        assert body["name"] not in call_action("organization_list")

    def test_deleting_asks_for_permission_first(self) -> None:
        body = Body(peran=["walidata"])
        with pytest.raises(tk.NotAuthorized):
            call_action(
                "organization_delete",
                context={"user": factories.User()["name"], "ignore_auth": False},
                id=body["id"],
            )

    def test_role_stays_if_it_is_not_sent(self) -> None:
        body = Body(peran=["walidata", "ppid"])
        sent = {k: body[k] for k in ("id", "name", "title", "jenis", "tupoksi", "urusan")}
        call_action("organization_update", **sent)
        assert call_action("organization_show", id=body["id"])["peran"] == ["walidata", "ppid"]

    def test_deleted_walidata_does_not_come_back_beside_another(self) -> None:
        first = Body(peran=["walidata"])
        second = Body()
        _hand_on(second["id"])
        call_action("organization_delete", context={"user": _sysadmin()}, id=first["id"])
        with pytest.raises(tk.ValidationError):
            call_action("organization_patch", id=first["id"], state="active", peran=["walidata"])

    def test_own_admin_does_not_change_roles_but_all_else(self) -> None:
        admin = factories.User()
        body = Body(users=[{"name": admin["name"], "capacity": "admin"}])
        context = {"user": admin["name"], "ignore_auth": False}
        with pytest.raises(tk.ValidationError) as caught:
            call_action("organization_patch", context=dict(context), id=body["id"], peran=["ppid"])
        assert "peran" in caught.value.error_dict
        call_action(
            "organization_patch", context=dict(context), id=body["id"], telepon="0565 21000"
        )
        assert call_action("organization_show", id=body["id"])["telepon"] == "0565 21000"

    def test_two_claims_at_one_moment_make_one_walidata(self, app: Any) -> None:
        users = [factories.Sysadmin()["name"] for _ in range(2)]
        barrier, outcomes = Barrier(2), []

        def claim(user: str) -> None:
            with app.flask_app.test_request_context():
                barrier.wait()
                try:
                    tk.get_action("organization_create")(
                        {"user": user},
                        {
                            "name": f"walidata-{user}",
                            "title": "W",
                            "jenis": "dinas",
                            "tupoksi": "x",
                            "urusan": ["2.20"],
                            "peran": ["walidata"],
                        },
                    )
                    outcomes.append("made")
                except tk.ValidationError:
                    outcomes.append("refused")
                finally:
                    model.Session.remove()

        threads = [Thread(target=claim, args=(u,)) for u in users]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(outcomes) == ["made", "refused"]


class TestHandingOn:
    def test_role_moves_in_one_step(self) -> None:
        first, second = Body(peran=["walidata", "ppid"]), Body()
        result = _hand_on(second["name"])
        assert result["peran"] == ["produsen", "walidata"]
        assert call_action("organization_show", id=first["id"])["peran"] == ["ppid"]

    def test_body_without_another_role_supports_the_new_one(self) -> None:
        first, second = Body(peran=["walidata"]), Body()
        _hand_on(second["id"])
        assert call_action("organization_show", id=first["id"])["peran"] == ["walidata_pendukung"]

    def test_unknown_body(self) -> None:
        first = Body(peran=["walidata"])
        with pytest.raises(tk.ObjectNotFound):
            _hand_on("tidak-ada")
        assert call_action("organization_show", id=first["id"])["peran"] == ["walidata"]


class TestAuth:
    def test_handing_on_is_for_sysadmins(self) -> None:
        with pytest.raises(tk.NotAuthorized):
            call_auth(
                "satudata_walidata_hand_on", {"user": factories.User()["name"], "model": model}
            )
        assert call_auth("satudata_walidata_hand_on", {"user": _sysadmin(), "model": model})

    def test_roles_are_for_sysadmins_and_the_walidatas_admin(self) -> None:
        admin, editor, other = (factories.User()["name"] for _ in range(3))
        Body(
            peran=["walidata"],
            users=[{"name": admin, "capacity": "admin"}, {"name": editor, "capacity": "editor"}],
        )
        Body(users=[{"name": other, "capacity": "admin"}])
        assert call_auth("satudata_roles_assign", {"user": admin, "model": model})
        assert call_auth("satudata_roles_assign", {"user": _sysadmin(), "model": model})
        for user in (editor, other, ""):
            with pytest.raises(tk.NotAuthorized):
                call_auth("satudata_roles_assign", {"user": user, "model": model})


class TestPages:
    def test_kind_comes_first(self, app: Any) -> None:
        page = app.get("/organization/new", headers=_token())
        assert "/organization/new?jenis=kecamatan" in page.body
        assert 'name="tupoksi"' not in page.body

    def test_form_has_the_fields_of_the_kind(self, app: Any) -> None:
        page = app.get("/organization/new?jenis=kecamatan", headers=_token()).body
        assert 'name="kode_kemendagri"' in page
        assert 'name="lembaga_induk"' not in page
        page = app.get("/organization/new?jenis=bumn", headers=_token()).body
        assert 'name="kode_kemendagri"' not in page
        assert 'name="lembaga_induk"' in page

    def test_body_made_with_the_form(self, app: Any) -> None:
        name = unique("kecamatan")
        app.post(
            "/organization/new",
            headers=_token(),
            data={
                "jenis": "kecamatan",
                "title": "Kecamatan Tempunak",
                "name": name,
                "kode_kemendagri": "61.05.02",
                "tupoksi": "Urusan kewilayahan",
                "urusan": ["", "7.01"],
                "peran": ["", "produsen", "ppid"],
                "groups__0__name": "",
                "save": "",
            },
        )
        body = call_action("organization_show", id=name)
        assert (body["urusan"], body["peran"]) == (["7.01"], ["produsen", "ppid"])
        assert body["kode_bps"] == "6107120"

    def test_refused_form_keeps_what_was_typed(self, app: Any) -> None:
        page = app.post(
            "/organization/new",
            headers=_token(),
            data={
                "jenis": "dinas",
                "title": "Dinas Ujian",
                "name": "dinas-ujian",
                "tupoksi": "",
                "urusan": ["", "2.16"],
                "telepon": "telepon saya",
                "save": "",
            },
        ).body
        assert "telepon saya" in page
        assert 'value="2.16" checked' in page
        assert 'data-field-label="tupoksi"' in page

    def test_about_page_shows_what_is_filled_in(self, app: Any) -> None:
        dinas = Body(title="Dinas Induk")
        unit = Body(jenis="uptd", groups=[{"name": dinas["name"]}], alamat="Jalan Contoh <b>1</b>")
        page = app.get(f"/organization/about/{unit['name']}").body
        assert "Dinas Induk" in page
        assert "Jalan Contoh &lt;b&gt;1&lt;/b&gt;" in page
        assert "2.20 Stati" in page
        assert "NIP" not in page


def _sysadmin() -> str:
    return factories.Sysadmin()["name"]


def _token() -> dict[str, str]:
    return {"Authorization": factories.SysadminWithToken()["token"]}


def _hand_on(body: str) -> dict[str, Any]:
    return call_action("satudata_walidata_hand_on", context={"user": _sysadmin()}, id=body)
