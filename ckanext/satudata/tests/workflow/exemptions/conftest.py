"""A draft with such a column, and the people concerned."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.satudata.tests.workflow.exemptions.scene import (
    asked,
    draft,
    held,
)
from ckanext.satudata.tests.worlds import (
    Agency,
    act,
    agency,
    walidata_editor,
)
from ckanext.satudata.tests.worlds import indicator as new_indicator


@pytest.fixture
def producer() -> Agency:
    return agency("uji-kecuali")


@pytest.fixture
def walidata() -> str:
    return walidata_editor()


@pytest.fixture
def code() -> str:
    return new_indicator()


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
