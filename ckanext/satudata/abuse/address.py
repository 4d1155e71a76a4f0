"""Where a request comes from, as far as that can be known."""

from __future__ import annotations

import ipaddress

import ckan.plugins.toolkit as tk

from ckanext.satudata import config

#: A household or a telephone has at least so many bits of IPv6 to itself.
_IPV6_NETWORK = 64


def network() -> str:
    """The address of the request's client; of IPv6 its network, which one person can fill alone.

    ``X-Forwarded-For`` is anybody's to write. Only the values that our own web servers appended
    (``ckanext.satudata.trusted_proxies`` of them, from the end) say where those were called from.
    """
    address = _client()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False))
    return str(parsed)


def _client() -> str:
    direct = tk.request.environ.get("REMOTE_ADDR") or ""
    hops = config.trusted_proxies()
    if hops < 1:
        return direct
    said = ",".join(tk.request.headers.getlist("X-Forwarded-For"))
    values = [value.strip() for value in said.split(",") if value.strip()]
    return values[-hops] if len(values) >= hops else direct
