"""Which addresses may be asked: http(s) ones on the public internet."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from .errors import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

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
