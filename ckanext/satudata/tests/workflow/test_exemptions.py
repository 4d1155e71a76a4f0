"""Columns that the walidata lets be public without being compared."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage

from ckanext.satudata.consistency.findings import Finding, Location, Severity
from ckanext.satudata.demo import tables
from ckanext.satudata.store import publications
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    act,
    agency,
    figures,
    refusal,
    sysadmin,
    walidata_editor,
)
from ckanext.satudata.tests.worlds import indicator as new_indicator
from ckanext.satudata.workflow import checking, exempting, exemptions

pytestmark = pytest.mark.usefixtures("portal")

REASON = "Nomor kavling, bukan angka yang dibandingkan."
HEADER = ["Kode", "Kecamatan", "Nilai", "Kavling"]


@pytest.fixture
def producer() -> Agency:
    return agency("uji-kecuali")


@pytest.fixture
def walidata() -> str:
    return walidata_editor()


@pytest.fixture
def code() -> str:
    return new_indicator()


def declared(code: str, **own: Any) -> dict[str, Any]:
    out = tables.declaration("Nilai", code, "ton", "2025", {})
    out["fields"].append({"name": "Kavling", "satudata": {"role": "ignore"}, **own})
    return out


def upload(shift: int = 0, header: list[str] | None = None) -> FileStorage:
    lines = [
        [region, "", str(100 + n), str(7000 + 31 * n + shift)] for n, region in enumerate(KECAMATAN)
    ]
    content = tables.as_csv([header or HEADER, *lines])
    return FileStorage(io.BytesIO(content), filename="tabel.csv")


def draft(producer: Agency, code: str) -> dict[str, Any]:
    dataset = producer.draft()
    return act(
        "resource_create",
        producer.user,
        package_id=dataset["id"],
        name="tabel.csv",
        format="CSV",
        upload=upload(),
        schema=json.dumps(declared(code)),
    )


def held(call: Any, *args: Any, **named: Any) -> list[dict[str, Any]]:
    """The findings that hold back what is called."""
    with pytest.raises(tk.ValidationError) as caught:
        call(*args, **named)
    return [f for f in refusal(caught.value)["findings"] if f["blocks"]]


def asked(finding: dict[str, Any], resource: dict[str, Any], **other: str) -> dict[str, str]:
    """What a walidata sends to let a finding's column pass."""
    params = finding["params"]
    return {
        "resource_id": resource["id"],
        "kind": params["exemptible"],
        "column": params["column_name"],
        "structure": params["structure"],
        "reason": REASON,
        **other,
    }


@pytest.fixture
def resource(producer: Agency, code: str) -> dict[str, Any]:
    return draft(producer, code)


@pytest.fixture
def finding(producer: Agency, resource: dict[str, Any]) -> dict[str, Any]:
    (found,) = held(producer.publish, resource["package_id"])
    return found


@pytest.fixture
def public(
    producer: Agency, walidata: str, resource: dict[str, Any], finding: dict[str, Any]
) -> dict[str, Any]:
    """A public dataset that rests on an exemption."""
    granted = act("satudata_exemption_grant", walidata, **asked(finding, resource))
    producer.publish(resource["package_id"])
    return granted


class TestGranting:
    def test_an_ignored_column_of_figures_is_held_back(self, finding: dict[str, Any]) -> None:
        assert finding["rule"] == "kolom-diabaikan"
        assert finding["params"]["exemptible"] == "figures"
        assert not finding["params"]["lapsed"]

    def test_an_exempted_column_is_public_and_told(
        self, producer: Agency, resource: dict[str, Any], public: dict[str, Any], code: str
    ) -> None:
        assert len(figures(code)) == len(KECAMATAN)
        (told,) = act("satudata_exemption_list", None, id=resource["package_id"])
        assert (told["column"], told["reason"], told["in_use"]) == ("Kavling", REASON, True)
        assert "granted_by" not in told
        report = act("satudata_report_list", producer.user, dataset_id=resource["package_id"])[0]
        shown = act("satudata_report_show", producer.user, id=report["id"])
        (information,) = [f for f in shown["findings"] if f["rule"] == "dikecualikan"]
        assert information["severity"] == "information"
        assert REASON in information["texts"]["message"]
        assert shown["counts"] == {"dikecualikan": 1} | {
            k: v for k, v in shown["counts"].items() if k not in ("dikecualikan", "kolom-diabaikan")
        }

    def test_the_form_of_columns_knows(
        self, producer: Agency, resource: dict[str, Any], public: dict[str, Any]
    ) -> None:
        for user in (producer.user, sysadmin()):
            guessed = act("satudata_declaration_guess", user, id=resource["id"])
            assert set(guessed["preview"]["counts"]) == {"dikecualikan"}

    def test_other_rows_with_the_same_structure_pass(
        self, producer: Agency, resource: dict[str, Any], public: dict[str, Any]
    ) -> None:
        act("resource_patch", producer.user, id=resource["id"], upload=upload(shift=5))
        (told,) = act("satudata_exemption_list", None, id=resource["package_id"])
        assert told["in_use"]

    @pytest.mark.parametrize("what", ["header", "declaration", "more"])
    def test_another_structure_asks_again(
        self,
        producer: Agency,
        resource: dict[str, Any],
        public: dict[str, Any],
        code: str,
        what: str,
    ) -> None:
        change: dict[str, Any] = {"upload": upload(header=[*HEADER[:3], "Lahan"])}
        if what == "declaration":
            change = {"schema": json.dumps(declared(code, title="Kavling tanah"))}
        elif what == "more":
            change["schema"] = json.dumps(declared(code) | {"satudata": {"header_rows": 1}})
        found = held(act, "resource_patch", producer.user, id=resource["id"], **change)
        assert {f["rule"] for f in found} & {"kolom-diabaikan", "kolom-tak-dideklarasikan"}
        lapsed = [f["params"]["column_name"] for f in found if f["params"].get("lapsed")]
        assert lapsed == (["Kavling"] if what == "declaration" else [])

    def test_a_column_that_gets_figures_later_is_not_covered(
        self, producer: Agency, walidata: str, code: str
    ) -> None:
        """The exemption is for a column, not for whatever the structure holds."""
        declaration = declared(code)
        declaration["fields"].append({"name": "Ket", "satudata": {"role": "ignore"}})
        dataset = producer.draft()

        def file(note: str) -> FileStorage:
            lines = [
                [region, "", str(100 + n), str(7000 + 31 * n), note]
                for n, region in enumerate(KECAMATAN)
            ]
            content = tables.as_csv([[*HEADER, "Ket"], *lines])
            return FileStorage(io.BytesIO(content), filename="tabel.csv")

        resource = act(
            "resource_create",
            producer.user,
            package_id=dataset["id"],
            name="tabel.csv",
            upload=file("baik"),
            schema=json.dumps(declaration),
        )
        (found,) = held(producer.publish, dataset["id"])
        act("satudata_exemption_grant", walidata, **asked(found, resource))
        producer.publish(dataset["id"])
        (found,) = held(
            act, "resource_patch", producer.user, id=resource["id"], upload=file("448850")
        )
        assert found["location"]["header"] == "Ket"

    def test_a_column_that_resembles_an_indicator_is_warned_about(
        self, producer: Agency, walidata: str, code: str
    ) -> None:
        name = act("satudata_indicator_show", None, id=code)["name"]
        declaration = tables.declaration("Nilai", new_indicator(), "ton", "2025", {})
        declaration["fields"].append({"name": code, "satudata": {"role": "ignore"}})
        dataset = producer.draft()
        resource = act(
            "resource_create",
            producer.user,
            package_id=dataset["id"],
            name="tabel.csv",
            upload=upload(header=[*HEADER[:3], code]),
            schema=json.dumps(declaration),
        )
        (found,) = held(producer.publish, dataset["id"])
        assert name in found["texts"]["message"]
        granted = act("satudata_exemption_grant", walidata, **asked(found, resource))
        assert name in granted["warnings"][0]

    def test_a_contradiction_cannot_be_exempted(
        self, producer: Agency, walidata: str, resource: dict[str, Any], finding: dict[str, Any]
    ) -> None:
        for wrong in ({"column": "Nilai"}, {"column": "Tidak ada"}):
            with pytest.raises(tk.ValidationError) as caught:
                act("satudata_exemption_grant", walidata, **asked(finding, resource, **wrong))
            assert set(caught.value.error_dict) == {"column"}

    def test_what_was_looked_at_must_still_be_there(
        self, walidata: str, resource: dict[str, Any], finding: dict[str, Any]
    ) -> None:
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_exemption_grant", walidata, **asked(finding, resource, structure="x"))
        assert set(caught.value.error_dict) == {"structure"}

    @pytest.mark.parametrize(
        ("field", "value"), [("reason", "boleh"), ("reason", " "), ("kind", "nilai-berbeda")]
    )
    def test_a_reason_and_a_known_kind_are_needed(
        self,
        walidata: str,
        resource: dict[str, Any],
        finding: dict[str, Any],
        field: str,
        value: str,
    ) -> None:
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_exemption_grant", walidata, **asked(finding, resource, **{field: value}))
        assert set(caught.value.error_dict) == {field}

    def test_not_twice(
        self,
        walidata: str,
        resource: dict[str, Any],
        finding: dict[str, Any],
        public: dict[str, Any],
    ) -> None:
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_exemption_grant", walidata, **asked(finding, resource))
        assert set(caught.value.error_dict) == {"column"}


class TestFiles:
    def test_a_file_is_checked_as_the_table_it_would_replace(
        self,
        producer: Agency,
        resource: dict[str, Any],
        public: dict[str, Any],
        code: str,
        tmp_path: Path,
    ) -> None:
        path = tmp_path / "tabel.csv"
        path.write_bytes(upload(shift=3).read())
        organization = model.Group.get(producer.id)
        package = model.Package.get(resource["package_id"])
        assert organization is not None
        for dataset, rule in ((package, "dikecualikan"), (None, "kolom-diabaikan")):
            kept = checking.check_file(
                str(path),
                name="tabel.csv",
                declaration=declared(code),
                organization=organization,
                coverage=None,
                user=None,
                dataset=dataset,
            )
            assert rule in {f.rule for f in kept.report.findings}


class TestWho:
    def test_neither_producer_nor_visitor(
        self, producer: Agency, resource: dict[str, Any], finding: dict[str, Any]
    ) -> None:
        for user in (producer.user, agency("uji-lain").user, None):
            with pytest.raises(tk.NotAuthorized):
                act("satudata_exemption_grant", user, **asked(finding, resource))

    def test_nobody_for_data_of_their_own_agency(
        self, producer: Agency, walidata: str, resource: dict[str, Any], finding: dict[str, Any]
    ) -> None:
        act(
            "organization_member_create",
            sysadmin(),
            id=producer.id,
            username=walidata,
            role="editor",
        )
        with pytest.raises(tk.NotAuthorized):
            act("satudata_exemption_grant", walidata, **asked(finding, resource))
        granted = act("satudata_exemption_grant", sysadmin(), **asked(finding, resource))
        with pytest.raises(tk.NotAuthorized):
            act("satudata_exemption_revoke", walidata, id=granted["id"], reason=REASON)

    def test_ids_cannot_be_probed(self, producer: Agency, finding: dict[str, Any]) -> None:
        messages = set()
        for resource in ({"id": "tidak-ada"}, {"id": finding["params"]["structure"]}):
            with pytest.raises(tk.NotAuthorized) as caught:
                act("satudata_exemption_grant", producer.user, **asked(finding, resource))
            messages.add(str(caught.value))
        assert len(messages) == 1

    def test_drafts_are_not_listed_for_others(
        self, producer: Agency, walidata: str, resource: dict[str, Any], finding: dict[str, Any]
    ) -> None:
        act("satudata_exemption_grant", walidata, **asked(finding, resource))
        with pytest.raises(tk.NotAuthorized):
            act("satudata_exemption_list", None, id=resource["package_id"])
        for user in (producer.user, walidata):
            (listed,) = act("satudata_exemption_list", user, id=resource["package_id"])
            assert not listed["in_use"]
            assert listed["granted_by"]


class TestRevoking:
    def test_what_rests_on_it_is_taken_back(
        self,
        producer: Agency,
        walidata: str,
        resource: dict[str, Any],
        public: dict[str, Any],
        code: str,
    ) -> None:
        revoked = act("satudata_exemption_revoke", walidata, id=public["id"], reason=REASON)
        assert revoked["withdrawn"]
        package = model.Package.get(resource["package_id"])
        assert package is not None
        assert package.state == "draft"
        assert not publications.of_dataset(model.Session, package.id)
        assert figures(code) == {}
        (found,) = held(producer.publish, package.id)
        assert found["rule"] == "kolom-diabaikan"

    def test_it_stays_on_record(
        self, walidata: str, resource: dict[str, Any], public: dict[str, Any]
    ) -> None:
        act("satudata_exemption_revoke", walidata, id=public["id"], reason=REASON)
        (listed,) = act("satudata_exemption_list", walidata, id=resource["package_id"])
        assert listed["revoke_reason"] == REASON
        assert listed["revoked_at"]
        with pytest.raises(tk.ValidationError):
            act("satudata_exemption_revoke", walidata, id=public["id"], reason=REASON)

    def test_what_does_not_rest_on_it_stays_public(
        self,
        producer: Agency,
        walidata: str,
        resource: dict[str, Any],
        public: dict[str, Any],
        code: str,
    ) -> None:
        plain = tables.declaration("Nilai", code, "ton", "2025", {})
        lines = [[region, "", str(100 + n)] for n, region in enumerate(KECAMATAN)]
        file = FileStorage(io.BytesIO(tables.as_csv([HEADER[:3], *lines])), filename="tabel.csv")
        act(
            "resource_patch",
            producer.user,
            id=resource["id"],
            upload=file,
            schema=json.dumps(plain),
        )
        assert act("satudata_exemption_list", None, id=resource["package_id"]) == []
        revoked = act("satudata_exemption_revoke", walidata, id=public["id"], reason=REASON)
        assert not revoked["withdrawn"]
        assert len(figures(code)) == len(KECAMATAN)

    def test_a_publication_on_the_way_is_waited_for(
        self, walidata: str, resource: dict[str, Any], finding: dict[str, Any]
    ) -> None:
        """While the gate rests on an exemption, nobody can end it behind its back."""
        granted = act("satudata_exemption_grant", walidata, **asked(finding, resource))
        exemptions.active(model.Session, [resource["id"]], lock=True)
        revoke = "UPDATE satudata_exemption SET revoked_at = now() WHERE id = %s"
        with model.ensure_engine().connect() as other:
            other.exec_driver_sql("SET lock_timeout = '50ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                other.exec_driver_sql(revoke, (granted["id"],))
        model.Session.rollback()


class TestPersonalData:
    def test_category_by_category_and_never_shown(
        self, producer: Agency, walidata: str, code: str
    ) -> None:
        phone, number = "081234567890", "6105015708450001"
        declaration = tables.declaration("Nilai", code, "ton", "2025", {})
        declaration["fields"].append({"name": "Kontak", "satudata": {"role": "ignore"}})
        dataset = producer.draft()

        def file(contact: str) -> FileStorage:
            lines = [[region, "", str(100 + n), contact] for n, region in enumerate(KECAMATAN)]
            content = tables.as_csv([[*HEADER[:3], "Kontak"], *lines])
            return FileStorage(io.BytesIO(content), filename="tabel.csv")

        resource = act(
            "resource_create",
            producer.user,
            package_id=dataset["id"],
            name="tabel.csv",
            upload=file(phone),
            schema=json.dumps(declaration),
        )
        (found,) = held(producer.publish, dataset["id"])
        assert found["rule"] == "data-pribadi"
        assert phone not in json.dumps(found)
        act("satudata_exemption_grant", walidata, **asked(found, resource))
        producer.publish(dataset["id"])
        (found,) = held(
            act, "resource_patch", producer.user, id=resource["id"], upload=file(number)
        )
        assert found["params"]["exemptible"] == "personal_data.nik"
        assert number not in json.dumps(found)


class TestTablesSaidToHoldNone:
    def test_exempted_column_by_column(self, producer: Agency, walidata: str) -> None:
        dataset = producer.draft()
        rows = [["No", "Nama", "Luas", "Harga"], ["1", "Kios A", "12", "5000"]]
        resource = act(
            "resource_create",
            producer.user,
            package_id=dataset["id"],
            name="kios.csv",
            upload=FileStorage(io.BytesIO(tables.as_csv(rows)), filename="kios.csv"),
            schema=json.dumps({"fields": [], "satudata": {"reason": "Daftar kios."}}),
        )
        found = held(producer.publish, dataset["id"])
        assert [f["location"]["header"] for f in found] == ["Luas", "Harga"]
        act("satudata_exemption_grant", walidata, **asked(found[0], resource))
        (left,) = held(producer.publish, dataset["id"])
        act("satudata_exemption_grant", walidata, **asked(left, resource))
        producer.publish(dataset["id"])
        listed = exempting.of_dataset(dataset["id"], ended=False)
        assert [(e.row.column_name, e.in_use) for e in listed] == [("Luas", True), ("Harga", True)]


class TestColumnOf:
    def finding(self, column: int, header: str | None) -> Finding:
        where = Location(table=0, row=None, column=column, header=header, text=None)
        return Finding(
            rule="kolom-diabaikan", rule_version=1, severity=Severity.ERROR, location=where
        )

    def test_a_header_names_its_column(self) -> None:
        assert exemptions.column_of(self.finding(3, "Kavling")) == "Kavling"

    def test_no_header_stands_for_another_column(self) -> None:
        nameless = exemptions.column_of(self.finding(2, None))
        assert nameless == "Kolom 3"
        assert exemptions.column_of(self.finding(3, "Kolom 3")) != nameless
        assert exemptions.column_of(self.finding(3, "kolom  3")) != nameless
