"""Which addresses may be fetched from, as far as that shows without a look at the network.

The function that fetches holds its role's keys in its environment and speaks with its runtime on
loopback, so that no list of forbidden hosts is enough: what is not the public web is denied.
"""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit

# Python's `is_global` knows some of these, and not the same ones in each version.
_DENIED = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own
        "127.0.0.0/8",
        "169.254.0.0/16",  # link local: the cloud's metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
        "::/96",  # IPv4-compatible, as ::127.0.0.1
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",  # NAT64 of a network's own
        "2001::/23",  # Teredo, and other protocols' own
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
        "fc00::/7",  # unique local: the cloud's metadata, too
        "fe80::/10",  # link local
        "fec0::/10",  # site local
        "ff00::/8",  # multicast
    )
)
_PUBLIC_IPV6 = ip_network("2000::/3")
_LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))

LONGEST_URL = 2048
_LONGEST_NAME = 253
_PORTS = {"https": 443, "http": 80}
# Control characters, white space, backslashes, halves of characters.
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff]")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
# A public name has a dot, and its last label begins with a letter: 0x7f.1 is loopback.
_PUBLIC_NAME = re.compile(rf"(?:{_LABEL}\.)+(?![0-9_]){_LABEL}")
# The last labels of names that the public web will never have (RFC 2606, 6761, 6762 and 7686, and
# ICANN's resolution on `internal`).
NEVER_PUBLIC = ("internal", "invalid", "local", "localhost", "onion")


class BadAddress(ValueError):  # noqa: N818 - what it is, not what to do about it
    """Not to be fetched from, and why, in a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAddress:
    scheme: str
    host: str  # in ASCII and lower case, IPv6 without brackets
    port: int
    target: str  # path and query

    @property
    def authority(self) -> str:
        """The host and the port as a Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def join(self, reference: str) -> str:
        """Where a redirect from here leads. Raises BadAddress."""
        try:
            return urljoin(f"{self.scheme}://{self.authority}{self.target}", reference)
        except ValueError as error:
            raise BadAddress("host") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class WebPolicy:
    """`allowed_hosts` may be on this machine, on any port and without TLS: for tests and for the
    local run. The deployment names them, and never a request.
    """

    allowed_hosts: frozenset[str] = frozenset()

    def check(self, url: str) -> WebAddress:
        """Raises BadAddress."""
        if len(url) > LONGEST_URL:
            raise BadAddress("too_long")
        if _UNFIT.search(url):
            raise BadAddress("characters")
        parts, host = _split(url)
        allowed = host in self.allowed_hosts
        if parts.scheme != "https" and not (allowed and parts.scheme == "http"):
            raise BadAddress("scheme")
        if "@" in parts.netloc:
            raise BadAddress("userinfo")
        if not allowed:
            _check_host(host)
        port = _port(parts)
        if port != _PORTS["https"] and not allowed:
            raise BadAddress("port")
        return WebAddress(scheme=parts.scheme, host=host, port=port, target=_target(parts))

    def allows(self, host: str, address: str) -> bool:
        """Whether this host may be spoken to at this address."""
        return not is_denied(address) or (host in self.allowed_hosts and _is_loopback(address))


def is_denied(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether it is anything but an address of the public web."""
    try:
        known = ip_address(address)
    except ValueError:
        return True
    if isinstance(known, IPv6Address) and (known.scope_id or known not in _PUBLIC_IPV6):
        return True
    in_table = any(known in network for network in _DENIED)
    return in_table or known.is_multicast or not known.is_global


def _is_loopback(address: str) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in _LOOPBACK)


def _split(url: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if "[" in parts.netloc:
            return parts, str(ip_address(host))
        return parts, host.encode("idna").decode("ascii").lower().removesuffix(".")
    except ValueError as error:
        raise BadAddress("host") from error


def _check_host(host: str) -> None:
    try:
        ip_address(host)
    except ValueError:
        if len(host) > _LONGEST_NAME or not _PUBLIC_NAME.fullmatch(host):
            raise BadAddress("host") from None
        if host.rpartition(".")[2] in NEVER_PUBLIC:
            raise BadAddress("reserved") from None
        return
    if is_denied(host):
        raise BadAddress("denied")


def _port(parts: SplitResult) -> int:
    try:
        return _PORTS[parts.scheme] if parts.port is None else parts.port
    except ValueError as error:
        raise BadAddress("port") from error


def _target(parts: SplitResult) -> str:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(target, safe=string.punctuation)
