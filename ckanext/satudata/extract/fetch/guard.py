"""What one session may do: its limits, its deadline, and the addresses it may connect to."""

from __future__ import annotations

import ipaddress
import logging
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

from .addresses import Address, is_public
from .errors import FetchError

log = logging.getLogger(__name__)


@dataclass
class Guard:
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
        """Seconds that are left.

        Raises:
            FetchError: none are.
        """
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
            FetchError: the name does not resolve in time, or *one* of its addresses is not public.
                A name that points both outside and inside is never an honest one.
        """
        addresses = self._resolved(host, port, url)
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

    def _resolved(self, host: str, port: int, url: str) -> list[tuple[Any, ...]]:
        """Socket addresses of a host; nothing interrupts the resolver, so it may be left behind."""
        answer: SimpleQueue[list[tuple[Any, ...]] | Exception] = SimpleQueue()

        def ask() -> None:
            try:
                found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError) as error:
                answer.put(error)
            else:
                answer.put([entry[4] for entry in found])

        Thread(target=ask, daemon=True).start()
        try:
            found = answer.get(timeout=self.remaining(url))
        except Empty:
            raise FetchError(
                "timeout", url, f"{host!r} was not found within {self.timeout:g} seconds"
            ) from None
        if isinstance(found, Exception):
            raise FetchError("resolve", url, f"the host {host!r} was not found") from found
        return found

    def _network_allowed(self, ip: Address) -> bool:
        return any(ip in network for network in self._networks())

    def _networks(self) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        for entry in self.allow:
            try:
                yield ipaddress.ip_network(entry)
            except ValueError:
                continue
