"""What else can be exempted: personal data, tables said to hold none, single columns."""

from __future__ import annotations

import io
import json

import pytest
from werkzeug.datastructures import FileStorage

from ckanext.satudata.consistency.findings import Finding, Location, Severity
from ckanext.satudata.demo import tables
from ckanext.satudata.tests.workflow.exemptions.scene import (
    HEADER,
    asked,
    held,
)
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    act,
)
from ckanext.satudata.workflow import exempting, exemptions

pytestmark = pytest.mark.usefixtures("portal")


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
