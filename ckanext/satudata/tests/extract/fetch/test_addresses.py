"""Which addresses may be asked."""

from __future__ import annotations

import ipaddress
import socket
import threading

import pytest

from ckanext.satudata.extract.fetch import FetchError, check_url, fetch, is_public
from ckanext.satudata.tests.extract.fetch.asking import LIMITS, resolve_as
from ckanext.satudata.tests.web_server import Server


class TestIsPublic:
    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1", "127.8.9.1", "0.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255",
            "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192",
            "198.18.0.1", "203.0.113.5", "224.0.0.1", "240.0.0.1", "255.255.255.255",
            "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
            "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:1::", "fc00::1",
            "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "2001:db8::1",
        ],
    )  # fmt: skip
    def test_private_and_special_addresses_are_not(self, address: str) -> None:
        assert not is_public(ipaddress.ip_address(address))

    @pytest.mark.parametrize(
        "address",
        [
            "103.28.22.1",
            "8.8.8.8",
            "172.32.0.1",
            "2404:8000::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ],
    )
    def test_addresses_of_the_internet_are(self, address: str) -> None:
        assert is_public(ipaddress.ip_address(address))


class TestCheckUrl:
    @pytest.mark.parametrize(
        ("url", "code"),
        [
            ("file:///etc/passwd", "scheme"),
            ("ftp://bps.go.id/a.csv", "scheme"),
            ("/etc/passwd", "scheme"),
            ("gopher://127.0.0.1:6379/_INFO", "scheme"),
            ("http://", "host"),
            ("http://bps.go.id:99999/", "host"),
            ("http://[::1/", "host"),
            ("http://admin@bps.go.id/", "credentials"),
            ("http://admin:secret@bps.go.id/", "credentials"),
        ],
    )
    def test_refuses(self, url: str, code: str) -> None:
        with pytest.raises(FetchError) as caught:
            check_url(url)
        assert caught.value.code == code

    def test_a_password_is_not_repeated_in_the_error(self) -> None:
        with pytest.raises(FetchError) as caught:
            check_url("http://admin:secret@bps.go.id/")
        assert "secret" not in str(caught.value)

    def test_gives_the_host(self) -> None:
        assert check_url("HTTPS://Data.Sintang.go.id:8443/a.csv?x=1") == "data.sintang.go.id"


class TestPrivateAddresses:
    @pytest.mark.parametrize(
        "host",
        ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:7f00:1]"],
    )
    def test_no_spelling_of_this_machine_is_asked(self, server: Server, host: str) -> None:
        server.body("/", b"secret")
        with pytest.raises(FetchError) as caught:
            fetch(f"http://{host}:{server.port}/", **LIMITS)
        assert caught.value.code == "private-address"
        assert server.requests == []

    def test_a_name_with_one_private_address_is_refused(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolve_as(monkeypatch, {"mixed.test": [["8.8.8.8", "10.0.0.1"]]})
        with pytest.raises(FetchError) as caught:
            fetch("http://mixed.test/", **LIMITS)
        assert caught.value.code == "private-address"
        assert "10.0.0.1" not in str(caught.value)

    def test_an_unknown_name_is_told_apart(self) -> None:
        with pytest.raises(FetchError) as caught:
            fetch("http://tidak-ada.invalid/", **LIMITS)
        assert caught.value.code == "resolve"

    def test_a_resolver_that_does_not_answer_falls_under_the_deadline(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        end = threading.Event()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [end.wait(60)][:0])
        with pytest.raises(FetchError) as caught:
            fetch("http://lambat.test/", max_bytes=10, timeout=0.2)
        end.set()
        assert caught.value.code == "timeout"

    def test_a_rebinding_name_is_connected_where_it_was_checked(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # First look-up: an allowed address. A second one would lead to a forbidden one.
        server.body("/", b"checked")
        asked = resolve_as(monkeypatch, {"rebind.test": [["127.0.0.1"], ["127.0.0.2"]]})
        url = f"http://rebind.test:{server.port}/"
        with fetch(url, allow=["127.0.0.1/32"], **LIMITS) as fetched:
            assert fetched.content == b"checked"
        assert asked == ["rebind.test"]
        assert server.requests[0][1]["Host"] == f"rebind.test:{server.port}"
        with pytest.raises(FetchError) as caught:
            fetch(url, allow=["127.0.0.1/32"], **LIMITS)
        assert caught.value.code == "private-address"

    @pytest.mark.parametrize("allow", ["127.0.0.0/8", "127.0.0.1", "LocalHost"])
    def test_exceptions_by_network_address_and_name(self, server: Server, allow: str) -> None:
        server.body("/", b"isi")
        host = "localhost" if allow == "LocalHost" else "127.0.0.1"
        with fetch(f"http://{host}:{server.port}/", allow=[allow], **LIMITS) as fetched:
            assert fetched.content == b"isi"

    def test_an_exception_for_a_port_holds_for_that_port_only(self, server: Server) -> None:
        server.body("/", b"isi")
        other = Server()
        try:
            allow = [f"127.0.0.1:{server.port}"]
            fetch(f"http://127.0.0.1:{server.port}/", allow=allow, **LIMITS).file.close()
            with pytest.raises(FetchError):
                fetch(f"http://127.0.0.1:{other.port}/", allow=allow, **LIMITS)
            assert other.requests == []
        finally:
            other.close()

    def test_the_next_address_is_tried_when_one_does_not_answer(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server.body("/", b"isi")
        resolve_as(monkeypatch, {"two.test": [["127.0.0.9", "127.0.0.1"]]})
        with fetch(f"http://two.test:{server.port}/", allow=["127.0.0.0/8"], **LIMITS) as fetched:
            assert fetched.content == b"isi"
