"""Columns that the walidata lets be public without being compared."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo import tables
from ckanext.satudata.tests.workflow.exemptions.scene import (
    HEADER,
    REASON,
    asked,
    declared,
    held,
    upload,
)
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    act,
    agency,
    figures,
    sysadmin,
)
from ckanext.satudata.tests.worlds import indicator as new_indicator
from ckanext.satudata.workflow import checking

pytestmark = pytest.mark.usefixtures("portal")


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
