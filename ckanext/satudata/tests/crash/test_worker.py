"""The job worker is killed while it publishes a table too large to be checked at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import ckan.lib.jobs
import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.satudata import config, faults
from ckanext.satudata.model.revision import Revision
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, figures
from ckanext.satudata.tests.worlds import indicator as new_indicator
from ckanext.satudata.workflow import revisions

from .portal import violations

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
_SECONDS = 120


def work(orders: Path) -> str:
    """Let a worker do what is queued; what it says."""
    done = subprocess.run(
        [Path(sys.executable).parent / "ckan", "jobs", "worker", "--burst"],
        env={**os.environ, faults.ORDERS: str(orders)},
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    return done.stdout + done.stderr


def state(revision: str) -> str:
    model.Session.rollback()
    model.Session.expire_all()
    return model.Session.get_one(Revision, revision).state


@pytest.mark.usefixtures("portal")
def test_killed_in_the_middle(tmp_path, monkeypatch):
    body = agency("uji-pekerja")
    code = new_indicator(producer_org=body.id)
    dataset = body.draft()
    body.add(dataset["id"], Table(code, FIRST))
    ckan.lib.jobs.get_queue().empty()
    monkeypatch.setitem(tk.config, config.BACKGROUND_SIZE, 0)
    with pytest.raises(tk.ValidationError) as caught:
        body.publish(dataset["id"])
    (revision,) = caught.value.error_dict["satudata_revision"]

    orders = tmp_path / "orders.json"
    orders.write_text(json.dumps({"figures-written": {"do": "kill"}}), encoding="utf-8")
    said = work(orders)
    assert not orders.exists(), said
    assert state(revision) == "running"
    assert figures(code) == {}
    assert act("package_show", body.user, id=dataset["id"])["state"] == "draft"
    assert violations(dataset["id"]) == []

    assert revision in revisions.resume()
    said = work(orders)
    assert state(revision) == "released", said
    assert figures(code) == {(c, "2025"): {v} for c, v in FIRST.items()}
    assert violations(dataset["id"]) == []
