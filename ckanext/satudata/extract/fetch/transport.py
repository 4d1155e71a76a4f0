"""Connections to checked addresses only, and bodies read within the limits."""

from __future__ import annotations

import io
import socket
import tempfile
import time
from functools import partial
from typing import IO, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.connection import create_connection

from .addresses import check_url
from .errors import FetchError
from .guard import Guard

CHUNK = 1 << 16
IN_MEMORY = 1 << 20
"""Bodies up to this many bytes stay in memory; larger ones go to a temporary file."""


class _CheckedConnection(HTTPConnection):
    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def _new_conn(self) -> socket.socket:
        return _connect(self, self._guard, "http")


class _CheckedTLSConnection(HTTPSConnection):
    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def _new_conn(self) -> socket.socket:
        return _connect(self, self._guard, "https")

    def connect(self) -> None:
        super().connect()
        # TLS has put its own socket in the place of the first. The connection itself forgets its
        # socket as soon as the answer is known to be the last one, so it is remembered here.
        self._guard.sockets.append(self.sock)


def _connect(connection: HTTPConnection, guard: Guard, scheme: str) -> socket.socket:
    # `_dns_host` is what urllib3 itself would resolve (it may end in a dot, `host` never does).
    # Connecting to the checked address and not to the name is what defeats DNS rebinding.
    host, port = connection._dns_host.strip("[]"), connection.port
    url = f"{scheme}://{connection.host}:{port}"
    failure: OSError | None = None
    for address in guard.permitted(host, port, url):
        try:
            sock = create_connection(
                (address[0], port),
                timeout=guard.remaining(url),
                socket_options=connection.socket_options,
            )
        except OSError as error:
            if isinstance(error, FetchError):
                raise
            failure = error
        else:
            guard.sockets.append(sock)
            return sock
    if isinstance(failure, TimeoutError):
        raise FetchError("timeout", url, f"no answer within {guard.timeout:g} seconds") from failure
    raise FetchError("connection", url, f"cannot connect: {failure}") from failure


class _CheckedPool(HTTPConnectionPool):
    ConnectionCls = _CheckedConnection  # type: ignore[assignment]

    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn_kw["guard"] = guard


class _CheckedTLSPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedTLSConnection  # type: ignore[assignment]

    def __init__(self, *args: Any, guard: Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn_kw["guard"] = guard


class GuardedAdapter(HTTPAdapter):
    """Sends requests over connections that a guard has permitted.

    Args:
        guard: of the session.
    """

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """As in requests, with pools of checked connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_CheckedPool, guard=self._guard),
            "https": partial(_CheckedTLSPool, guard=self._guard),
        }

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """As in requests, with the guard's deadline and the whole body read.

        Raises:
            FetchError: the address must not be asked, or gave no answer within the limits.
        """
        guard, url = self._guard, request.url or ""
        host = check_url(url)
        if kwargs.get("proxies"):
            self._check_before_proxy(host, url)
        kwargs["timeout"] = guard.remaining(url)
        kwargs["stream"] = True
        try:
            response = super().send(request, **kwargs)
        except requests.RequestException as error:
            raise self._as_fetch_error(error, url) from error
        return self._with_body(response, url)

    def _check_before_proxy(self, host: str, url: str) -> None:
        """With a proxy the connection is the proxy's; what is seen from here is still refused."""
        try:
            self._guard.permitted(host, urlsplit(url).port or 80, url)
        except FetchError as error:
            # Behind a proxy a machine often cannot resolve names of the outside world itself.
            if error.code != "resolve":
                raise

    def _as_fetch_error(self, error: BaseException, url: str) -> FetchError:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, FetchError):
                return cause
            cause = cause.__cause__ or cause.__context__
        if time.monotonic() >= self._guard.deadline or isinstance(error, requests.Timeout):
            return FetchError("timeout", url, f"no answer within {self._guard.timeout:g} seconds")
        return FetchError("connection", url, str(error))

    def _with_body(self, response: requests.Response, url: str) -> requests.Response:
        """Read the body within the limits and give the response a file to be read from instead."""
        original = response.raw
        if response.is_redirect:
            original.close()
            response.raw = as_raw(response, io.BytesIO())
            return response
        spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        try:
            size = 0
            for chunk in original.stream(CHUNK, decode_content=True):
                size += len(chunk)
                if size > self._guard.max_bytes:
                    raise FetchError(
                        "too-large", url, f"more than the {self._guard.max_bytes} bytes allowed"
                    )
                spool.write(chunk)
                self._guard.remaining(url)
            # A connection that was cut at the deadline can look like the end of the body.
            self._guard.remaining(url)
            if self._guard.on_body is not None and response.ok:
                spool.seek(0)
                self._guard.on_body(spool)
        except (HTTPError, OSError) as error:
            spool.close()
            raise self._as_fetch_error(error, url) from error
        finally:
            original.close()
        spool.seek(0)
        response.raw = as_raw(response, View(spool))
        self._guard.body = spool
        return response


class View(io.RawIOBase):
    """A body from its start, read without moving (or closing) the file for anybody else."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._position = file, 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer from where this view stands."""
        self._file.seek(self._position)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def as_raw(response: requests.Response, body: Any) -> HTTPResponse:
    """A response of urllib3 with the headers of one of requests, and a decoded body."""
    # The body was decoded while it was read; it must not be decoded a second time.
    headers = {
        name: value
        for name, value in response.headers.items()
        if name.lower() not in {"content-encoding", "content-length", "transfer-encoding"}
    }
    return HTTPResponse(
        body=body,
        headers=headers,
        status=response.status_code,
        reason=response.reason,
        preload_content=False,
    )
