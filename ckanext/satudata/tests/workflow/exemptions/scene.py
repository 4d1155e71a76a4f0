"""A table with a column that no indicator compares."""

from __future__ import annotations

import io
import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from werkzeug.datastructures import FileStorage

from ckanext.satudata.demo import tables
from ckanext.satudata.tests.worlds import (
    KECAMATAN,
    Agency,
    act,
    refusal,
)

REASON = "Nomor kavling, bukan angka yang dibandingkan."
HEADER = ["Kode", "Kecamatan", "Nilai", "Kavling"]


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
