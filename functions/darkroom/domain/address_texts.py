"""Why an address was refused, or nothing was had from it: a plain sentence for each code."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.domain.media import LARGEST_UPLOAD
from darkroom.domain.web_addresses import LONGEST_URL, NEVER_PUBLIC, WebPolicy

_ENDINGS = f"{', '.join(f'.{label}' for label in NEVER_PUBLIC[:-1])} or .{NEVER_PUBLIC[-1]}"
# The rule; then what else holds at the hosts that this deployment allows more, if it allows any.
_REFUSED: Mapping[str, tuple[str, str]] = {
    "too_long": (f"may have at most {LONGEST_URL:,} characters", ""),
    "characters": (
        "may have no spaces, control characters or backslashes: write a space as %20",
        "",
    ),
    "scheme": ("must begin with https://", "at {hosts} http:// will do, too"),
    "userinfo": ("may have no user name or password before its host, as in name:password@", ""),
    "host": (
        "must name a host of the public web in full, as https://example.com/ does",
        "here {hosts} will do, too",
    ),
    "reserved": (
        f"must name a host of the public web, which none is that ends in {_ENDINGS}",
        "here {hosts} will do, too",
    ),
    "denied": (
        "must lead to the public web, and this network address is private or reserved",
        "here {hosts} will do, too",
    ),
    "port": ("may have no port, or 443", "at {hosts} any port up to 65535"),
}
_NOTHING_HAD: Mapping[str, str] = {
    # Its address was good when it came: what is wrong is where it leads on to.
    "too_long": "it leads on to an address that is too long",
    "characters": "it leads on to an address with characters that none may have",
    "scheme": "it leads on to an address that does not begin with https://",
    "userinfo": "it leads on to an address with a user name or password",
    "host": "it leads on to an address without a host of the public web",
    "reserved": "it leads on to a host that is not of the public web",
    "port": "it leads on to a port that is not 443",
    "denied": "it leads to a network address that is not of the public web",
    "unknown_host": "there is no host of that name",
    "unreachable": "its host could not be reached",
    "timeout": "it took too long",
    "certificate": "the certificate of its host is not valid",
    "tls": "no secure connection to its host came about",
    "protocol": "its host does not speak HTTP as it should",
    "redirects": "it leads on from one address to the next too often",
    "compressed": "its host compresses what it sends, though it was asked not to",
    "too_large": f"it has more than {LARGEST_UPLOAD:,} bytes",
    "missing": "what was uploaded is gone",
    "gave_up": "it was tried several times, and each time something broke",
}
_STATUS = "status_"


def refused_address_text(field: str, reason: str, web: WebPolicy) -> str:
    rule, exception = _REFUSED[reason]
    hosts = " or ".join(sorted(web.allowed_hosts))
    more = f" ({exception.format(hosts=hosts)})" if exception and hosts else ""
    return f"{field} {rule}{more}."


def failed_fetch_text(reason: str) -> str:
    """The end of a sentence: after a colon."""
    if reason.startswith(_STATUS):
        return f"its host answered with status {reason.removeprefix(_STATUS)}"
    return _NOTHING_HAD.get(reason, reason)
