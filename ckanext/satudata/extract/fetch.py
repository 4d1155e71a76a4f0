"""Fetch what a person's URL points to, without being led into the portal's own network.

A portal fetches addresses that its users type in: links to files, addresses of schemas. Whoever
types ``http://169.254.169.254/`` or a name that resolves to ``10.0.0.5`` would otherwise make the
portal read the operator's network for him (server-side request forgery, OWASP A10:2021). Here

* only http and https are spoken, and no user name or password may stand in the URL;
* a name is resolved once per connection, *every* address it resolves to is checked, and the
  connection goes to the checked address itself: there is no second look-up that a rebinding name
  server could answer differently. TLS still verifies the name;
* each redirect is a connection of its own and passes the same check;
* the body lands in a temporary file with a limit on its (decoded) size, and one deadline covers
  everything from the first connection to the last byte.

What fails is a :class:`FetchError` with a stable ``code``; nothing of CKAN is imported here.
"""

from __future__ import annotations

import hashlib
import io
import ipaddress
import logging
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
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

log = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_REDIRECTS = 5
CHUNK = 1 << 16
IN_MEMORY = 1 << 20
"""Bodies up to this many bytes stay in memory; larger ones go to a temporary file."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NEVER_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        # Special purpose in IANA's registries, but global for some supported versions of Python.
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b:1::/48",
        "2001::/23",
        "3fff::/20",
        "5f00::/16",
        # Globally routable on paper, but the metadata service of a cloud (Azure) in practice.
        "168.63.129.16/32",
    )
)

PERMANENT_REASONS = frozenset(
    {"scheme", "credentials", "host", "private-address", "too-large", "redirects", "content"}
)
"""Codes for which trying the same URL again can only fail again."""


class FetchError(requests.RequestException):
    """A URL could not be fetched, or must not be.

    It is a :class:`requests.RequestException` (hence an :class:`OSError`), so that libraries which
    are handed our session report it as a failed download instead of crashing.

    Args:
        code: what went wrong, stable and meant for programs: ``scheme``, ``credentials``, ``host``,
            ``resolve``, ``private-address``, ``redirects``, ``status``, ``too-large``, ``timeout``,
            ``connection`` or ``content``.
        url: the address that failed; after a redirect it is not the one that was asked for.
        detail: the particulars in English, e.g. the address or the HTTP status.
    """

    def __init__(self, code: str, url: str, detail: str) -> None:
        super().__init__(f"{url}: {detail}")
        self.code = code
        self.url = url
        self.detail = detail

    @property
    def permanent(self) -> bool:
        """Whether trying again is pointless."""
        return self.code in PERMANENT_REASONS


@dataclass(frozen=True)
class Fetched:
    """A fetched body. Close it, or use it as a context manager, to give its file back.

    Attributes:
        file: the body, positioned at its start.
        url: where it came from in the end, after redirects.
        content_type: the media type as sent, without parameters and in lower case, or ``""``.
        sha256: of the decoded body, in hexadecimal.
        size: of the decoded body, in bytes.
    """

    file: IO[bytes]
    url: str
    content_type: str
    sha256: str
    size: int

    @property
    def content(self) -> bytes:
        """The whole body. Meant for what is known to be small, such as a schema."""
        self.file.seek(0)
        return self.file.read()

    def __enter__(self) -> Fetched:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()


@dataclass
class _Guard:
    """What one session may do, and when it has to be done."""

    max_bytes: int
    timeout: float
    allow_private: bool
    allow: frozenset[str]
    on_body: Callable[[IO[bytes]], None] | None = None
    deadline: float = 0.0
    sockets: list[socket.socket] = field(default_factory=list)
    body: IO[bytes] | None = None

    def remaining(self, url: str) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise FetchError("timeout", url, f"no answer within {self.timeout:g} seconds")
        return left

    def cut(self) -> None:
        """Close what is still open at the deadline: a body, or a header, that comes in drops."""
        for sock in list(self.sockets):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def permitted(self, host: str, port: int, url: str) -> list[tuple[Any, ...]]:
        """Socket addresses of a host that may be connected to, in the resolver's order.

        Raises:
            FetchError: the name does not resolve, or *one* of its addresses is not public. A name
                that points both outside and inside is never an honest one.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchError("resolve", url, f"the host {host!r} was not found") from error
        addresses = [entry[4] for entry in found]
        if not (self.allow_private or {host.lower(), f"{host.lower()}:{port}"} & self.allow):
            for address in addresses:
                ip = ipaddress.ip_address(str(address[0]).split("%")[0])
                if not (is_public(ip) or self._network_allowed(ip)):
                    # The address itself goes to the log only: who asks must not learn with our help
                    # how the names of the operator's network resolve.
                    log.warning("Refused to fetch from %s: %s is %s", url, host, ip)
                    raise FetchError(
                        "private-address", url, f"{host} is not on the public internet"
                    )
        return addresses

    def _network_allowed(self, ip: Address) -> bool:
        return any(ip in network for network in self.networks())

    def networks(self) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        for entry in self.allow:
            try:
                yield ipaddress.ip_network(entry)
            except ValueError:
                continue


def is_public(ip: Address) -> bool:
    """Whether an address is on the public internet, also where IPv6 wraps an IPv4 one.

    Args:
        ip: any address.

    Returns:
        False for private, loopback, link-local (cloud metadata), shared (CGNAT), multicast,
        reserved and unspecified addresses, and for public ones that are known to be a platform's
        metadata service.
    """
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(ip.ipv4_mapped)
        if ip in _NAT64:
            return is_public(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip.sixtofour is not None or ip.is_site_local:
            return False
    if any(ip in network for network in _NEVER_PUBLIC):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


class _CheckedConnection(HTTPConnection):
    def __init__(self, *args: Any, guard: _Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def _new_conn(self) -> socket.socket:
        return _connect(self, self._guard, "http")


class _CheckedTLSConnection(HTTPSConnection):
    def __init__(self, *args: Any, guard: _Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def _new_conn(self) -> socket.socket:
        return _connect(self, self._guard, "https")

    def connect(self) -> None:
        super().connect()
        # TLS has put its own socket in the place of the first. The connection itself forgets its
        # socket as soon as the answer is known to be the last one, so it is remembered here.
        self._guard.sockets.append(self.sock)


def _connect(connection: HTTPConnection, guard: _Guard, scheme: str) -> socket.socket:
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

    def __init__(self, *args: Any, guard: _Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn_kw["guard"] = guard


class _CheckedTLSPool(HTTPSConnectionPool):
    ConnectionCls = _CheckedTLSConnection  # type: ignore[assignment]

    def __init__(self, *args: Any, guard: _Guard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn_kw["guard"] = guard


class _GuardedAdapter(HTTPAdapter):
    def __init__(self, guard: _Guard) -> None:
        self._guard = guard
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": partial(_CheckedPool, guard=self._guard),
            "https": partial(_CheckedTLSPool, guard=self._guard),
        }

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # type: ignore[override]
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
            response.raw = _as_raw(response, io.BytesIO())
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
        response.raw = _as_raw(response, _View(spool))
        self._guard.body = spool
        return response


class _View(io.RawIOBase):
    """A body from its start, read without moving (or closing) the file for anybody else."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._position = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._position)
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def _as_raw(response: requests.Response, body: Any) -> HTTPResponse:
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


def check_url(url: str) -> str:
    """The host of a URL that we are willing to ask.

    Args:
        url: an absolute URL.

    Raises:
        FetchError: not http(s), no host, or a user name or password in it.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise FetchError("host", url, str(error)) from error
    if parts.scheme.lower() not in ("http", "https"):
        raise FetchError("scheme", url, "only http and https addresses are fetched")
    if not host:
        raise FetchError("host", url, "the address has no host")
    if parts.username is not None or parts.password is not None:
        raise FetchError("credentials", host, "an address with a user name or password in it")
    return host


class SafeSession(requests.Session):
    """A :class:`requests.Session` that cannot be led into a private network.

    One session serves one task in one thread: its deadline starts with each request that is made
    through it. Make it with :func:`safe_session`.

    Attributes:
        error: the last :class:`FetchError`, for callers that hand the session to a library and get
            that library's words for what went wrong.
    """

    def __init__(self, guard: _Guard, *, once: bool = False) -> None:
        super().__init__()
        self.error: FetchError | None = None
        self._once = once
        self._kept: dict[str, tuple[requests.Response, IO[bytes]]] = {}
        self.max_redirects = MAX_REDIRECTS
        # The environment's proxies and ~/.netrc must not decide what leaves this machine.
        self.trust_env = False
        self.headers["Accept-Encoding"] = "identity"
        self._guard = guard
        self.adapters.clear()
        for prefix in ("http://", "https://"):
            self.mount(prefix, _GuardedAdapter(guard))

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        """As in requests; every failure to get an answer is a :class:`FetchError`."""
        if method.upper() == "GET" and url in self._kept:
            return self._again(url)
        self._guard.deadline = time.monotonic() + self._guard.timeout
        self.error = None
        timer = threading.Timer(self._guard.timeout, self._guard.cut)
        timer.daemon = True
        timer.start()
        try:
            check_url(url)
            response = super().request(method, url, *args, **kwargs)
            if self._once and method.upper() == "GET" and self._guard.body is not None:
                self._kept[url] = (response, self._guard.body)
            return response
        except requests.RequestException as error:
            self.error = _describe(error, url)
            raise self.error from error
        finally:
            timer.cancel()

    def _again(self, url: str) -> requests.Response:
        """An answer that was given before, to be read from its start."""
        response, body = self._kept[url]
        again = requests.Response()
        # Not copy.copy(): requests reads the whole body into memory to be copied.
        vars(again).update(vars(response))
        again.raw = _as_raw(response, _View(body))
        again._content, again._content_consumed = False, False
        return again

    def allow(self, entry: str) -> None:
        """Add an exception to the check of addresses, as in :func:`safe_session`."""
        self._guard.allow |= {entry.lower()}

    def get_adapter(self, url: str) -> _GuardedAdapter:  # type: ignore[override]
        """The adapter of a URL, also of one that a redirect points to."""
        check_url(url)
        return super().get_adapter(url)  # type: ignore[return-value]


def _describe(error: requests.RequestException, url: str) -> FetchError:
    if isinstance(error, FetchError):
        return error
    if isinstance(error, requests.TooManyRedirects):
        return FetchError("redirects", url, f"more than {MAX_REDIRECTS} redirects")
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
        return FetchError("host", url, str(error))
    if isinstance(error, requests.exceptions.InvalidSchema):
        return FetchError("scheme", url, str(error))
    return FetchError("connection", url, str(error))


def safe_session(
    *,
    max_bytes: int,
    timeout: float,
    allow_private: bool = False,
    allow: Collection[str] = (),
    proxy: str | None = None,
    on_body: Callable[[IO[bytes]], None] | None = None,
    once: bool = False,
) -> SafeSession:
    """A session for libraries that do the fetching themselves, such as frictionless.

    Args:
        max_bytes: of a decoded body; more is refused.
        timeout: seconds for one request with its redirects and its whole body.
        allow_private: give up the check of addresses. Only for addresses no user can choose.
        allow: exceptions from the check: host names, ``host:port``, addresses or networks in CIDR
            notation, e.g. ``data.intern.go.id`` or ``10.20.0.0/16``.
        proxy: URL of a proxy for everything. The proxy then resolves names, so it has to refuse
            private networks itself; what this machine can resolve is checked here as well.
        on_body: looks at each complete body before anybody else; may raise :class:`FetchError`.
        once: fetch each address once, and give the same answer when it is asked for again. A
            library that reads a table twice then reads the same table twice.
    """
    guard = _Guard(
        max_bytes=max_bytes,
        timeout=timeout,
        allow_private=allow_private,
        allow=frozenset(entry.strip().lower() for entry in allow if entry.strip()),
        on_body=on_body,
    )
    session = SafeSession(guard, once=once)
    if proxy:
        session.proxies.update({"http": proxy, "https": proxy})
    return session


def fetch(
    url: str,
    *,
    max_bytes: int,
    timeout: float,
    allow_private: bool = False,
    allow: Collection[str] = (),
    proxy: str | None = None,
    headers: dict[str, str] | None = None,
) -> Fetched:
    """Fetch one URL.

    Args:
        url: http or https.
        max_bytes: of the decoded body.
        timeout: seconds for everything.
        allow_private: see :func:`safe_session`.
        allow: see :func:`safe_session`.
        proxy: see :func:`safe_session`.
        headers: further request headers; an ``Authorization`` is not passed on to another host.

    Returns:
        The body with its type and hash. The caller closes it.

    Raises:
        FetchError: it must not or could not be fetched, or the answer was no success (``status``).
    """
    session = safe_session(
        max_bytes=max_bytes,
        timeout=timeout,
        allow_private=allow_private,
        allow=allow,
        proxy=proxy,
    )
    with session:
        response = session.get(url, headers=headers)
        if not response.ok:
            raise FetchError("status", response.url, f"the server answered {response.status_code}")
        digest, size = hashlib.sha256(), 0
        body: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
        for chunk in response.iter_content(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            body.write(chunk)
    body.seek(0)
    return Fetched(
        file=body,
        url=response.url,
        content_type=response.headers.get("Content-Type", "").split(";")[0].strip().lower(),
        sha256=digest.hexdigest(),
        size=size,
    )
