"""A real web server on a loopback address, for tests of what fetches."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """A web server on a loopback address; each path is answered by a function of the handler."""

    def __init__(self, address: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        self.paths: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.requests.append((self.path, dict(self.headers)))
                server.paths[self.path](self)

            def log_message(self, *args: object) -> None:
                """Keep the test's output clean."""

        self.httpd = ThreadingHTTPServer((address, 0), Handler)
        self.httpd.daemon_threads = True
        if context:
            self.httpd.socket = context.wrap_socket(self.httpd.socket, server_side=True)
        self.port = self.httpd.server_port
        threading.Thread(target=self.httpd.serve_forever, args=(0.01,), daemon=True).start()

    def body(self, path: str, content: bytes, **headers: str) -> None:
        self.answer(path, 200, content, **headers)

    def answer(self, path: str, status: int, content: bytes = b"", **headers: str) -> None:
        def respond(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

        self.paths[path] = respond

    def close(self) -> None:
        self.httpd.shutdown()
        self.httpd.server_close()
