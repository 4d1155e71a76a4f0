"""A web server that may be killed, shared by the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .portal import Portal, serving


@pytest.fixture(scope="module")
def server(module_portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A web server with one worker process."""
    with serving(tmp_path_factory.mktemp("crash")) as portal:
        yield portal
