"""Redirects, proxies and certificates on the way to an address."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest

from ckanext.satudata.extract.fetch import FetchError, fetch, safe_session
from ckanext.satudata.tests.extract.fetch.asking import LIMITS, resolve_as
from ckanext.satudata.tests.web_server import Server


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
