"""The headers that a webhook's owner wants with each message."""

from __future__ import annotations

import re
from collections.abc import Mapping

from darkroom.domain.errors import InvalidRequest

MOST_HEADERS, LONGEST_VALUE, LONGEST_IN_ALL = 10, 1024, 4096
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
# What belongs to the message, to its connection or to a proxy.
_RESERVED = frozenset(
    {
        "accept-encoding",
        "connection",
        "cookie",
        "date",
        "expect",
        "forwarded",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
    }
)
_RESERVED_BEGINNINGS = ("content-", "proxy-", "webhook-", "x-amz", "x-aws-", "x-forwarded-")
# An API of AWS takes these for a request of the one who signed them.
_AWS_SIGNATURE = re.compile(r"aws4?[ -]", re.IGNORECASE)


def webhook_headers(given: Mapping[str, str]) -> Mapping[str, str]:
    """By their names in lower case. Raises InvalidRequest, which never repeats a value."""
    if len(given) > MOST_HEADERS:
        raise _refused("too_many", f"headers may have at most {MOST_HEADERS} entries.")
    read: dict[str, str] = {}
    for given_name, value in given.items():
        name = given_name.lower()
        if not _NAME.fullmatch(given_name):
            text = "A name in headers has 1 to 64 letters, digits and characters like - and _."
            raise _refused("malformed", text)
        if name in read:
            raise _refused("duplicate", f"{given_name} is given twice in headers.")
        _check(given_name, name, value)
        read[name] = value
    if sum(len(name) + len(value) for name, value in read.items()) > LONGEST_IN_ALL:
        raise _refused("too_long", f"headers may have {LONGEST_IN_ALL:,} characters in all.")
    return read


def _check(given_name: str, name: str, value: str) -> None:
    if name in _RESERVED or name.startswith(_RESERVED_BEGINNINGS):
        text = f"{given_name} cannot be in headers: Darkroom or the connection sets it."
        raise _refused("reserved", text)
    if len(value) > LONGEST_VALUE:
        text = f"{given_name} in headers may have at most {LONGEST_VALUE:,} characters."
        raise _refused("too_long", text)
    if not _VALUE.fullmatch(value):
        text = f"{given_name} in headers must be printable ASCII without spaces around it."
        raise _refused("characters", text)
    if name == "authorization" and _AWS_SIGNATURE.match(value):
        text = f"{given_name} in headers must not be a signature for AWS: no message is sent there."
        raise _refused("aws_signature", text)


def _refused(reason: str, text: str) -> InvalidRequest:
    return InvalidRequest("headers", reason, text)
