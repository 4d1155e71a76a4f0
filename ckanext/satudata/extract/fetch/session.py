"""Sessions and single requests, guarded."""

from __future__ import annotations

import hashlib
import tempfile
import threading
import time
from collections.abc import Callable, Collection
from typing import IO, Any

import requests

from ...consistency.frozen import frozen
from .addresses import check_url
from .errors import FetchError
from .guard import Guard
from .transport import CHUNK, IN_MEMORY, GuardedAdapter, View, as_raw

MAX_REDIRECTS = 5


@frozen
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


class SafeSession(requests.Session):
    """A :class:`requests.Session` that cannot be led into a private network.

    One session serves one task in one thread: its deadline starts with each request that is made
    through it. Make it with :func:`safe_session`.

    Attributes:
        error: the last :class:`FetchError`, for callers that hand the session to a library and get
            that library's words for what went wrong.
    """

    def __init__(self, guard: Guard, *, once: bool = False) -> None:
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
            self.mount(prefix, GuardedAdapter(guard))

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
        again.raw = as_raw(response, View(body))
        again._content, again._content_consumed = False, False
        return again

    def allow(self, entry: str) -> None:
        """Add an exception to the check of addresses, as in :func:`safe_session`."""
        self._guard.allow |= {entry.lower()}

    def get_adapter(self, url: str) -> GuardedAdapter:  # type: ignore[override]
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
    guard = Guard(
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
