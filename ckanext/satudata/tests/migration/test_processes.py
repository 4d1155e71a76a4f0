"""What was public before processes were there counts as accepted, with the files it showed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.model.process import Process
from ckanext.satudata.tests.worlds import KECAMATAN, Table, agency, indicator

_FILE = Path(__file__).parents[2] / "migration/satudata/versions/013_processes.py"


@pytest.mark.usefixtures("portal")
class TestProcesses:
    def test_public_datasets_are_accepted_and_drafts_are_not(self) -> None:
        dinas, code = agency("migrasi-proses"), indicator()
        public = dinas.published(Table(code, dict.fromkeys(KECAMATAN, 1.0)))
        draft = dinas.draft()
        # Nothing of this is kept, as other tests' datasets would be accepted, too.
        model.Session.execute(sa.delete(Process))
        spec = importlib.util.spec_from_file_location("migration_013", _FILE)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        model.Session.execute(module._ACCEPTED)
        found = Process.accepted_of(public["id"])
        assert found is not None
        assert (found.state, found.organization_id) == ("terbit", dinas.id)
        assert len(found.indicators) == 1
        (resource,) = public["resources"]
        assert found.files[resource["id"]]["sha256"] == resource["hash"]
        assert Process.of_dataset(draft["id"]) == []
        model.Session.rollback()
