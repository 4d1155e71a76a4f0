"""Fetching what people's URLs point to, against real servers on loopback addresses."""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
from http.server import BaseHTTPRequestHandler

import pytest

from ckanext.satudata.extract.fetch import FetchError, fetch, safe_session
from ckanext.satudata.tests.extract.fetch.asking import LIMITS
from ckanext.satudata.tests.web_server import Server


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
