from __future__ import annotations

import re

import pytest

from ckanext.satudata import rules
from ckanext.satudata.reference import codelist, shipped, units
from ckanext.satudata.reference.indicator_code import canonical, konsep_of
from ckanext.satudata.reference.standards import parse
from ckanext.satudata.seed import plan as plans
from ckanext.satudata.seed.plan import Plan


@pytest.fixture(params=plans.names())
def plan(request: pytest.FixtureRequest) -> Plan:
    return plans.plan(request.param)


class TestPlan:
    def test_both_kabupaten_can_be_seeded(self) -> None:
        assert plans.names() == ("kutim", "sintang")

    def test_roles_of_satu_data_are_filled(self, plan: Plan) -> None:
        roles = [role for body in plan.organizations for role in body["peran"]]

        single = ("walidata", "pembina", "koordinator", "ppid", "atasan_ppid")
        assert [roles.count(r) for r in single] == [1] * 5

    def test_parents_come_first(self, plan: Plan) -> None:
        seen: set[str] = set()
        for body in plan.organizations:
            assert {g["name"] for g in body.get("groups", ())} <= seen
            seen.add(body["name"])

    def test_fields_of_government_exist(self, plan: Plan) -> None:
        known = {code for code, _, _ in shipped.choices("urusan", "urusan")}

        for body in plan.organizations:
            assert set(body["urusan"]) <= known

    def test_users_and_mandates_belong_to_bodies(self, plan: Plan) -> None:
        bodies = {body["name"] for body in plan.organizations}

        assert set(plan.users) <= bodies
        assert {i["producer_org"] for i in plan.indicators} <= bodies

    def test_bulog_is_no_office_of_the_kabupaten_and_holds_its_warehouse_stock(
        self, plan: Plan
    ) -> None:
        kinds = {body["name"]: body["jenis"] for body in plan.organizations}
        stock = next(i for i in plan.indicators if i["code"] == "LOK.STOK_GUDANG_BULOG")

        assert kinds[stock["producer_org"]] == "bumn"

    def test_heads_are_offices_and_contacts_are_left_to_the_bodies(self, plan: Plan) -> None:
        for body in plan.organizations:
            assert re.match(r"(Kepala|Sekretaris|Inspektur|Direktur|Pemimpin)\b", body["kepala"])
            assert not {"alamat", "telepon", "email"} & body.keys()

    def test_mail_gets_nowhere(self, plan: Plan) -> None:
        assert plan.mail_domain.endswith(".example")


class TestIndicators:
    def test_codes_are_canonical_and_of_the_standard_or_local(self, plan: Plan) -> None:
        standards = {e.code[:10] for e in parse(shipped.document("sdsn"))}

        for indicator in plan.indicators:
            code = indicator["code"]
            assert canonical(code) == code
            if konsep_of(code):
                assert code.partition("-")[0] in standards
            else:
                assert indicator["konsep"]

    def test_units_measures_and_dimensions_are_shipped(self, plan: Plan) -> None:
        known_units = {u.code for u in units.parse(shipped.document("satuan"))}
        known_measures = {e.code for e in codelist.parse(shipped.document("ukuran"), {})}
        lists = {p.stem for p in shipped.paths()}

        for indicator in plan.indicators:
            assert indicator["unit"] in known_units
            assert indicator["ukuran"] in known_measures
            assert set(indicator.get("dimensions", ())) <= lists

    def test_rules_know_no_other_indicators_than_these(self, plan: Plan) -> None:
        relations = rules.shipped().relations
        named = {
            *relations.indicators,
            *(c for f in relations.formulas.values() for c in f.codes()),
        }
        named |= {t["weight"] for t in relations.indicators.values() if "weight" in t}

        assert named <= {i["code"] for i in plan.indicators}

    def test_what_the_press_calls_stok_beras_is_three_objects_of_one_konsep(
        self, plan: Plan
    ) -> None:
        stocks = [i for i in plan.indicators if i.get("konsep") == "stok pangan"]

        assert len(stocks) == 3
        assert len({i["definition"] for i in stocks}) == 3
        assert len({i["producer_org"] for i in stocks}) == 3


class TestKecamatan:
    def test_name_is_an_address_and_codes_are_given(self) -> None:
        found = plans.kecamatan("61.05.20", "6107130", "Sungai Tebelian")

        assert found["name"] == "kecamatan-sungai-tebelian"
        assert (found["kode_kemendagri"], found["kode_bps"]) == ("61.05.20", "6107130")
        assert "kode_bps" not in plans.kecamatan("61.05.20", None, "Sungai Tebelian")
