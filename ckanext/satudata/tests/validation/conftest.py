"""The plugin ``satudata_validation`` by itself, without ``satudata``, on a plain schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from ckanext.satudata.tests.web_server import Server

SETTINGS = {
    "ckan.plugins": "satudata_validation scheming_datasets",
    "scheming.dataset_schemas": "ckanext.validation.examples:ckan_default_schema.json",
    "scheming.organization_schemas": "",
    "scheming.presets": "ckanext.scheming:presets.json ckanext.validation:presets.json",
    "ckan.auth.create_unowned_dataset": True,
    "ckan.locale_default": "id",
}


@pytest.fixture
def settings(ckan_config: Any, request: pytest.FixtureRequest) -> Any:
    """Options of the plugin's tests; those of a test's own marks win."""
    marked = {mark.args[0] for mark in request.node.iter_markers("ckan_config")}
    for key, value in SETTINGS.items():
        if key not in marked:
            ckan_config[key] = value
    return ckan_config


@pytest.fixture
def portal(
    settings: Any,
    with_plugins: None,
    non_clean_db: None,
    clean_queues: None,
    migrate_db_for: Any,
    tmp_path: Any,
) -> None:
    """A portal with this plugin and its table. Tests share its data, under names of their own."""
    from ckan import model

    # Loading plugins reads the environment again, where the services of the tests are told.
    settings["ckan.storage_path"] = str(tmp_path)
    migrate_db_for("satudata_validation")
    model.Session.rollback()


@pytest.fixture
def sync(settings: Any) -> None:
    """Validation while saving; to be asked for before ``portal``."""
    settings["ckanext.validation.run_on_create_sync"] = True
    settings["ckanext.validation.run_on_update_sync"] = True


@pytest.fixture
def off(settings: Any) -> None:
    """No validation unless asked for; to be asked for before ``portal``."""
    settings["ckanext.validation.run_on_create_async"] = False
    settings["ckanext.validation.run_on_update_async"] = False


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    """A web server that links may point to."""
    running = Server()
    settings["ckanext.validation.allowed_private_hosts"] = [f"127.0.0.1:{running.port}"]
    running.body("/valid.csv", b"a,b\n1,2\n")
    running.body("/invalid.csv", b"a,b\n1\n")
    running.body("/schema.json", b'{"fields": [{"name": "a", "type": "integer"}, {"name": "b"}]}')
    yield running
    running.close()


@pytest.fixture
def upload() -> Callable[..., FileStorage]:
    """Make an incoming file."""

    def make(content: str | bytes, name: str = "data.csv") -> FileStorage:
        return FileStorage(BytesIO(content.encode() if isinstance(content, str) else content), name)

    return make


@pytest.fixture
def queued(portal: None) -> Callable[[], list[dict[str, Any]]]:
    """The jobs that wait in the queue, as the worker would get them."""
    from ckan.lib import jobs

    def read() -> list[dict[str, Any]]:
        return [
            {"function": job.func_name, "resource": _first_id(job.args), **job.kwargs}
            for job in jobs.get_queue().jobs
        ]

    return read


def _first_id(args: tuple[Any, ...]) -> str:
    return args[0]["id"] if isinstance(args[0], dict) else args[0]


@pytest.fixture
def work(portal: None, with_test_worker: None) -> Callable[[], None]:
    """Let a worker do everything that is queued."""
    from ckan.lib import jobs

    def run() -> None:
        jobs.Worker().work(burst=True)

    return run
