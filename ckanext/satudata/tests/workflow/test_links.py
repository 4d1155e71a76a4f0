"""A linked table is served as the copy that was checked."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.satudata.store import content
from ckanext.satudata.tests.web_server import Server
from ckanext.satudata.tests.worlds import KECAMATAN, Table, act, agency, figures
from ckanext.satudata.tests.worlds import indicator as new_indicator

pytestmark = pytest.mark.usefixtures("portal")

FIRST = {code: float(100 + n) for n, code in enumerate(KECAMATAN)}
WRONG = {**FIRST, KECAMATAN[0]: 999.0}
PATH = "/tabel.csv"
IDLE = sa.text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
)


@pytest.fixture
def holder():
    return agency("uji-pemegang")


@pytest.fixture
def code(holder):
    return new_indicator(producer_org=holder.id)


@pytest.fixture
def host(ckan_config) -> Iterator[Server]:
    """A host on the portal's own network that the administrator allows."""
    running = Server()
    before = ckan_config["ckanext.satudata.fetch_private_hosts"]
    ckan_config["ckanext.satudata.fetch_private_hosts"] = [f"127.0.0.1:{running.port}"]
    yield running
    ckan_config["ckanext.satudata.fetch_private_hosts"] = before
    running.close()


@pytest.fixture
def address(host) -> str:
    return f"http://127.0.0.1:{host.port}{PATH}"


def linked(who, dataset, address, table):
    values = {"name": "Tabel", "format": "CSV", "schema": table.resource()["schema"]}
    return act("resource_create", who.user, package_id=dataset, url=address, **values)["id"]


def served(resource: str) -> bytes:
    file = content.served(model.Session.get_one(model.Resource, resource))
    assert file is not None
    return Path(file.path).read_bytes()


class TestCopy:
    def test_is_served_whatever_the_host_shows_later(self, holder, code, host, address, app):
        table = Table(code, FIRST)
        host.body(PATH, table.content())
        dataset = holder.draft()["id"]
        resource = linked(holder, dataset, address, table)
        with pytest.raises(tk.ValidationError):
            holder.publish(dataset)
        copied = act("satudata_link_copy", holder.user, id=resource)
        holder.publish(dataset)
        host.body(PATH, Table(code, WRONG).content())
        assert (copied["url_type"], copied["tautan_asal"]) == ("upload", address)
        assert figures(code)[(KECAMATAN[0], "2025")] == {100}
        shown = act("package_show", None, id=dataset)["resources"][0]["url"]
        path = "/dataset/" + shown.split("/dataset/", 1)[1]
        assert app.get(path).data == table.content()

    def test_passes_the_gate_beside_what_is_public(self, holder, code, host, address):
        other = agency("uji-lain")
        holder.published(Table(code, FIRST))
        host.body(PATH, Table(code, WRONG).content())
        dataset = other.draft()["id"]
        resource = linked(other, dataset, address, Table(code, WRONG))
        act("satudata_link_copy", other.user, id=resource)
        with pytest.raises(tk.ValidationError) as caught:
            other.publish(dataset)
        assert caught.value.error_dict["satudata_report"]

    def test_a_later_upload_comes_from_nowhere_else(self, holder, code, host, address):
        host.body(PATH, Table(code, FIRST).content())
        resource = linked(holder, holder.draft()["id"], address, Table(code, FIRST))
        act("satudata_link_copy", holder.user, id=resource)
        after = act("resource_patch", holder.user, id=resource, **Table(code, WRONG).resource())
        assert not after.get("tautan_asal")
        assert served(resource) == Table(code, WRONG).content()

    def test_the_portals_own_network_is_not_read(self, holder, code, host, ckan_config, address):
        ckan_config["ckanext.satudata.fetch_private_hosts"] = []
        host.body(PATH, b"rahasia")
        resource = linked(holder, holder.draft()["id"], address, Table(code, FIRST))
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_link_copy", holder.user, id=resource)
        assert "url" in caught.value.error_dict
        assert host.requests == []
        assert model.Session.get_one(model.Resource, resource).url == address

    def test_a_file_is_no_link(self, holder, code):
        resource = holder.add(holder.draft()["id"], Table(code, FIRST))["id"]
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_link_copy", holder.user, id=resource)
        assert "id" in caught.value.error_dict

    def test_a_slow_host_keeps_no_transaction_open(self, holder, code, host, address):
        """What changes meanwhile is seen, so the copy of another address is not kept."""
        host.body(PATH, Table(code, FIRST).content())
        resource = linked(holder, holder.draft()["id"], address, Table(code, FIRST))
        answer, waiting = host.paths[PATH], []

        def respond(handler):
            with model.ensure_engine().begin() as connection:
                waiting.append(connection.scalar(IDLE))
                connection.execute(
                    sa.text("UPDATE resource SET url = :url WHERE id = :id"),
                    {"url": f"{address}?lain", "id": resource},
                )
            answer(handler)

        host.paths[PATH] = respond
        with pytest.raises(tk.ValidationError) as caught:
            act("satudata_link_copy", holder.user, id=resource)
        assert waiting == [0]
        assert "id" in caught.value.error_dict
        after = model.Session.get_one(model.Resource, resource)
        assert (after.url, after.url_type) == (f"{address}?lain", None)


class TestAddresses:
    """No spelling of an address inside leads the portal there, and no host outside redirects it."""

    @pytest.fixture
    def inner(self, ckan_config) -> Iterator[Server]:
        ckan_config["ckanext.satudata.fetch_private_hosts"] = []
        running = Server()
        running.body(PATH, b"rahasia")
        yield running
        running.close()

    @pytest.mark.parametrize(
        "name",
        [
            *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1"),
            *("localhost", "localhost.", "LOCALHOST", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0"),
            *("user@127.0.0.1", "example.com@127.0.0.1", "127.0.0.1%2f"),
            pytest.param(socket.gethostname(), id="own-name"),
        ],
    )
    def test_of_this_machine_are_not_asked(self, holder, code, inner, name):
        self.refused(holder, code, f"http://{name}:{inner.port}{PATH}")
        assert inner.requests == []

    @pytest.mark.parametrize(
        "address",
        [
            *("http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/latest/"),
            *("http://100.100.100.200/", "http://10.0.0.1/", "http://192.168.0.1/t.csv"),
            *("file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/t.csv"),
        ],
    )
    def test_of_the_operators_network_are_not_asked(self, holder, code, inner, address):
        self.refused(holder, code, address)

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_host_outside_does_not_lead_inside(
        self, holder, code, inner, host, address, ckan_config, status
    ):
        ckan_config["ckanext.satudata.fetch_private_hosts"] = [f"127.0.0.1:{host.port}"]
        host.answer(PATH, status, Location=f"http://127.0.0.1:{inner.port}{PATH}")
        self.refused(holder, code, address)
        assert [path for path, _ in host.requests] == [PATH]
        assert inner.requests == []

    def refused(self, holder, code, address) -> None:
        dataset = holder.draft()["id"]
        try:
            resource = linked(holder, dataset, address, Table(code, FIRST))
        except tk.ValidationError:
            return
        with pytest.raises(tk.ValidationError):
            act("satudata_link_copy", holder.user, id=resource)
        assert content.served(model.Session.get_one(model.Resource, resource)) is None
