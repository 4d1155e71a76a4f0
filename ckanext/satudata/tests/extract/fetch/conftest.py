"""A server to fetch from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ckanext.satudata.tests.web_server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a loopback address."""
    running = Server()
    yield running
    running.close()
