"""The portal in which the demonstration is told."""

from __future__ import annotations

import pytest

from ckanext.satudata.seed.credentials import Credentials
from ckanext.satudata.seed.plan import plan
from ckanext.satudata.seed.run import seed
from ckanext.satudata.tests.conftest import prepare


@pytest.fixture(scope="module")
def sintang_alone(reset_db, reset_index, tmp_path_factory):
    """A portal with nothing in it but the seeded bodies and their users: others reuse their names.

    It is emptied again, since others' agencies would find that seeded indicators have producers.
    """
    reset_db()
    reset_index()
    prepare()
    for _ in seed(plan("sintang"), Credentials(tmp_path_factory.mktemp("seed") / "users.json")):
        pass
    yield
    reset_db()
    reset_index()
