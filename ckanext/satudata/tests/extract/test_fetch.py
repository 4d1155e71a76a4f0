"""Fetching what people's URLs point to, against real servers on loopback addresses."""

from __future__ import annotations

import gzip
import hashlib
import ipaddress
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from ckanext.satudata.extract.fetch import FetchError, check_url, fetch, is_public, safe_session
from ckanext.satudata.tests.web_server import Server

LIMITS = {"max_bytes": 1000, "timeout": 5.0}


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


def resolve_as(monkeypatch: pytest.MonkeyPatch, answers: dict[str, list[list[str]]]) -> list[str]:
    """Let names resolve to given addresses, one list per look-up, and record the look-ups."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def getaddrinfo(host: str, port: int, *args: object, **kwargs: object) -> list:
        if host not in answers:
            return real(host, port, *args, **kwargs)  # type: ignore[arg-type]
        asked.append(host)
        queue = answers[host]
        addresses = queue.pop(0) if len(queue) > 1 else queue[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


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


class TestFetch:
    def test_gives_body_type_hash_and_size(self, server: Server) -> None:
        server.body("/a.csv", b"kode;nilai\n", Content_Type="text/CSV; charset=utf-8")
        url = f"http://127.0.0.1:{server.port}/a.csv"
        with fetch(url, allow_private=True, **LIMITS) as fetched:
            assert fetched.content == b"kode;nilai\n"
            assert fetched.url == url
            assert fetched.content_type == "text/csv"
            assert fetched.size == 11
            assert fetched.sha256 == hashlib.sha256(b"kode;nilai\n").hexdigest()

    def test_decodes_what_a_server_compressed_unasked(self, server: Server) -> None:
        server.body("/a", gzip.compress(b"isi"), Content_Encoding="gzip")
        with fetch(f"http://127.0.0.1:{server.port}/a", allow_private=True, **LIMITS) as fetched:
            assert fetched.content == b"isi"

    def test_an_error_status_is_an_error(self, server: Server) -> None:
        server.answer("/gone", 404)
        with pytest.raises(FetchError) as caught:
            fetch(f"http://127.0.0.1:{server.port}/gone", allow_private=True, **LIMITS)
        assert caught.value.code == "status"
        assert "404" in str(caught.value)

    def test_no_listener_is_a_connection_error(self) -> None:
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            port = held.getsockname()[1]
            with pytest.raises(FetchError) as caught:
                fetch(f"http://127.0.0.1:{port}/", allow_private=True, **LIMITS)
        assert caught.value.code == "connection"
        assert not caught.value.permanent

    def test_a_body_that_breaks_off_is_an_error(self, server: Server) -> None:
        def broken(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Length", "500")
            handler.end_headers()
            handler.wfile.write(b"only this")
            handler.close_connection = True

        server.paths["/"] = broken
        with pytest.raises(FetchError) as caught:
            fetch(f"http://127.0.0.1:{server.port}/", allow_private=True, **LIMITS)
        assert caught.value.code == "connection"

    def test_the_environments_proxy_is_not_used(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        server.body("/a", b"isi")
        with fetch(f"http://127.0.0.1:{server.port}/a", allow_private=True, **LIMITS) as fetched:
            assert fetched.content == b"isi"


class TestLimits:
    def test_a_body_of_exactly_the_limit_passes(self, server: Server) -> None:
        server.body("/a", b"x" * 1000)
        with fetch(f"http://127.0.0.1:{server.port}/a", allow_private=True, **LIMITS) as fetched:
            assert fetched.size == 1000

    def test_a_larger_body_is_refused(self, server: Server) -> None:
        server.body("/a", b"x" * 1001)
        with pytest.raises(FetchError) as caught:
            fetch(f"http://127.0.0.1:{server.port}/a", allow_private=True, **LIMITS)
        assert caught.value.code == "too-large"
        assert caught.value.permanent

    def test_an_endless_body_is_left_at_the_limit(self, server: Server) -> None:
        sent = 0

        def endless(handler: BaseHTTPRequestHandler) -> None:
            nonlocal sent
            handler.send_response(200)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(b"x" * 65536)
                    sent += 65536
            except OSError:
                handler.close_connection = True

        server.paths["/"] = endless
        with pytest.raises(FetchError) as caught:
            fetch(f"http://127.0.0.1:{server.port}/", allow_private=True, **LIMITS)
        assert caught.value.code == "too-large"

    def test_a_compressed_bomb_counts_by_what_it_unfolds_to(self, server: Server) -> None:
        bomb = gzip.compress(b"0" * 100_000)
        assert len(bomb) < 1000
        server.body("/a", bomb, Content_Encoding="gzip")
        with pytest.raises(FetchError) as caught:
            fetch(f"http://127.0.0.1:{server.port}/a", allow_private=True, **LIMITS)
        assert caught.value.code == "too-large"

    @pytest.mark.parametrize("part", ["header", "body"])
    def test_an_answer_in_drops_ends_at_the_deadline(self, server: Server, part: str) -> None:
        gone = threading.Event()

        def drip(handler: BaseHTTPRequestHandler) -> None:
            try:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"\r\n" * (part == "body"))
                while not gone.wait(0.02):
                    handler.wfile.write(b"X-A: b\r\n" if part == "header" else b".")
            except OSError:
                handler.close_connection = True

        server.paths["/"] = drip
        try:
            with pytest.raises(FetchError) as caught:
                fetch(
                    f"http://127.0.0.1:{server.port}/",
                    allow_private=True,
                    max_bytes=10**9,
                    timeout=0.3,
                )
        finally:
            gone.set()
        # http.client gives up by itself at 100 header lines; whichever comes first, it ends.
        assert caught.value.code in ({"timeout", "connection"} if part == "header" else {"timeout"})

    def test_a_silent_server_times_out(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            with pytest.raises(FetchError) as caught:
                fetch(f"http://127.0.0.1:{port}/", allow_private=True, max_bytes=10, timeout=0.2)
        assert caught.value.code == "timeout"


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


class TestRedirects:
    def test_are_followed_and_the_last_address_is_told(self, server: Server) -> None:
        server.answer("/a", 302, Location="/b")
        server.body("/b", b"isi")
        base = f"http://127.0.0.1:{server.port}"
        with fetch(f"{base}/a", allow_private=True, **LIMITS) as fetched:
            assert fetched.content == b"isi"
            assert fetched.url == f"{base}/b"

    def test_to_a_private_address_are_refused(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inner = Server()
        try:
            inner.body("/", b"secret")
            resolve_as(monkeypatch, {"outside.test": [["127.0.0.1"]]})
            server.answer("/", 302, Location=f"http://localhost:{inner.port}/")
            with pytest.raises(FetchError) as caught:
                fetch(
                    f"http://outside.test:{server.port}/",
                    allow=[f"outside.test:{server.port}"],
                    **LIMITS,
                )
            assert caught.value.code == "private-address"
            assert inner.requests == []
        finally:
            inner.close()

    @pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/"])
    def test_to_another_scheme_are_refused(self, server: Server, location: str) -> None:
        server.answer("/", 301, Location=location)
        with pytest.raises(FetchError) as caught:
            fetch(f"http://127.0.0.1:{server.port}/", allow_private=True, **LIMITS)
        assert caught.value.code == "scheme"

    def test_in_circles_end(self, server: Server) -> None:
        server.answer("/", 302, Location="/")
        with pytest.raises(FetchError) as caught:
            fetch(f"http://127.0.0.1:{server.port}/", allow_private=True, **LIMITS)
        assert caught.value.code == "redirects"
        assert len(server.requests) == 6

    def test_do_not_carry_a_secret_to_another_host(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        resolve_as(monkeypatch, {"other.test": [["127.0.0.1"]]})
        server.answer("/", 302, Location=f"http://other.test:{server.port}/b")
        server.body("/b", b"isi")
        fetch(
            f"http://127.0.0.1:{server.port}/",
            allow_private=True,
            headers={"Authorization": "secret"},
            **LIMITS,
        ).file.close()
        assert server.requests[0][1]["Authorization"] == "secret"
        assert "Authorization" not in server.requests[1][1]


class TestProxy:
    def test_does_the_fetching(self, server: Server) -> None:
        server.body("http://jauh.invalid/a", b"through the proxy")
        proxy = f"http://127.0.0.1:{server.port}"
        with fetch("http://jauh.invalid/a", proxy=proxy, **LIMITS) as fetched:
            assert fetched.content == b"through the proxy"

    def test_is_not_asked_for_a_private_address(self, server: Server) -> None:
        proxy = f"http://127.0.0.1:{server.port}"
        with pytest.raises(FetchError) as caught:
            fetch("http://10.0.0.1/a", proxy=proxy, **LIMITS)
        assert caught.value.code == "private-address"
        assert server.requests == []


class TestSafeSession:
    def test_gives_libraries_a_raw_stream_and_remembers_the_error(self, server: Server) -> None:
        server.body("/a", b"0123456789")
        with safe_session(allow_private=True, **LIMITS) as session:
            raw = session.get(f"http://127.0.0.1:{server.port}/a", stream=True, timeout=10).raw
            raw.decode_content = True
            assert (raw.read(4), raw.tell(), raw.read()) == (b"0123", 4, b"456789")
            assert session.error is None
            with pytest.raises(OSError, match="only http and https"):
                session.get("file:///etc/passwd")
            assert session.error is not None
            assert session.error.code == "scheme"

    def test_can_ask_each_address_once(self, server: Server) -> None:
        server.body("/a", b"0123456789")
        url = f"http://127.0.0.1:{server.port}/a"
        with safe_session(allow_private=True, once=True, **LIMITS) as session:
            first = session.get(url, stream=True).raw
            assert first.read(4) == b"0123"
            assert session.get(url, stream=True).raw.read() == b"0123456789"
            assert session.get(url).content == b"0123456789"
            assert first.read() == b"456789"
        assert len(server.requests) == 1
        with safe_session(allow_private=True, **LIMITS) as session:
            session.get(url)
            session.get(url)
        assert len(server.requests) == 3

    def test_lets_the_caller_refuse_a_body(self, server: Server) -> None:
        def refuse(body) -> None:
            raise FetchError("content", "x", f"starts with {body.read(3)!r}")

        server.body("/a", b"PK!")
        with (
            safe_session(allow_private=True, on_body=refuse, **LIMITS) as session,
            pytest.raises(FetchError, match="PK!"),
        ):
            session.get(f"http://127.0.0.1:{server.port}/a")
        assert session.error is not None
        assert session.error.code == "content"


class TestTLS:
    """The connection goes to an address, but the certificate must be that of the name."""

    @pytest.fixture
    def certificate(self, tmp_path: Path) -> Path:
        path = tmp_path / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=benar.test", "-addext", "subjectAltName=DNS:benar.test",
             "-keyout", path, "-out", tmp_path / "public.pem"],
            check=True,
            capture_output=True,
        )  # fmt: skip
        path.write_bytes(path.read_bytes() + (tmp_path / "public.pem").read_bytes())
        return path

    def test_the_name_is_verified(self, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server = Server(context=context)
        server.body("/", b"isi")
        resolve_as(monkeypatch, {"benar.test": [["127.0.0.1"]], "lain.test": [["127.0.0.1"]]})
        try:
            with safe_session(allow_private=True, **LIMITS) as session:
                session.verify = str(certificate)
                assert session.get(f"https://benar.test:{server.port}/").content == b"isi"
                with pytest.raises(FetchError) as caught:
                    session.get(f"https://lain.test:{server.port}/")
                assert caught.value.code == "connection"
        finally:
            server.close()
