"""Exemptions that end."""

from __future__ import annotations

import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo import tables
from ckanext.satudata.store import publications
from ckanext.satudata.tests.workflow.exemptions.scene import (
    HEADER,
    REASON,
    asked,
    held,
)
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    act,
    figures,
)
from ckanext.satudata.workflow import exemptions

pytestmark = pytest.mark.usefixtures("portal")


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
