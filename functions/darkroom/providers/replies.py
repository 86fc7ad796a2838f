"""Reading what a provider says: any reply, however broken, becomes an outcome."""

from __future__ import annotations

import binascii
import json
import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from darkroom.providers.interface import Failed, FailureKind, HttpReply

_CODE = re.compile(r"[^A-Za-z0-9_.:-]+")
_LONGEST_CODE = 60
# No longer than a job lives.
_LONGEST_PATIENCE = 900.0


class Unreadable(ValueError):  # noqa: N818 - a fact about a reply
    """The reply is not of the shape that the provider documents."""


# By status, where the provider's own words say nothing else.
_OF_STATUS = {
    401: FailureKind.UNAUTHORIZED,
    402: FailureKind.NO_FUNDS,
    403: FailureKind.UNAUTHORIZED,
    404: FailureKind.MODEL_GONE,
    410: FailureKind.MODEL_GONE,
    409: FailureKind.TRANSIENT,
    425: FailureKind.TRANSIENT,
    429: FailureKind.RATE_LIMITED,
    # A proxy in between gave up waiting; the provider itself may have gone on.
    408: FailureKind.UNKNOWN,
    504: FailureKind.UNKNOWN,
    524: FailureKind.UNKNOWN,
}
_OTHER = {4: FailureKind.INVALID, 5: FailureKind.TRANSIENT}


def is_success(reply: HttpReply) -> bool:
    return 200 <= reply.status < 300  # noqa: PLR2004 - HTTP's own bounds


def by_status(reply: HttpReply, code: str = "") -> Failed:
    """What a status alone says; `code` is the provider's word, for the record."""
    kind = _OTHER.get(reply.status // 100, FailureKind.TRANSIENT)
    return Failed(
        kind=_OF_STATUS.get(reply.status, kind),
        reason=code_of(code) or f"status_{reply.status}",
        retry_after=retry_after(reply),
    )


def code_of(text: object) -> str:
    """A provider's word as a code: short, plain, and fit for a log line."""
    return _CODE.sub("_", str(text))[:_LONGEST_CODE].strip("_") if text else ""


def read_json(reply: HttpReply) -> Any:
    try:
        return json.loads(reply.body)
    except (ValueError, RecursionError):
        raise Unreadable("no JSON") from None


def dig(data: Any, *path: str | int) -> Any:
    """What lies at this path; None where anything on the way is missing or of another type."""
    for step in path:
        if isinstance(step, int) and isinstance(data, list) and -len(data) <= step < len(data):
            data = data[step]
        elif isinstance(step, str) and isinstance(data, Mapping):
            data = data.get(step)
        else:
            return None
    return data


def text(data: Any, *path: str | int) -> str:
    """Empty where there is none."""
    found = dig(data, *path)
    return found if isinstance(found, str) else ""


def number(data: Any, *path: str | int) -> float | None:
    found = dig(data, *path)
    is_number = isinstance(found, int | float) and not isinstance(found, bool)
    return float(found) if is_number and abs(found) < 1e9 else None  # noqa: PLR2004 - no NaN, no infinity


def entries(data: Any, *path: str | int) -> list[Any]:
    """Empty where there is no list."""
    found = dig(data, *path)
    return found if isinstance(found, list) else []


def needed(found: str) -> str:
    """A text without which the reply means nothing. Raises Unreadable."""
    if not found:
        raise Unreadable("something is missing")
    return found


def address(found: str) -> str:
    """Raises Unreadable for what is no address of the web."""
    if not found.startswith(("https://", "http://")) or any(mark <= " " for mark in found):
        raise Unreadable("no address")
    return found


def picture(code: str) -> bytes:
    """Bytes from base64, bare or in a data URI. Raises Unreadable."""
    if code.startswith("data:"):
        code = code.partition(",")[2]
    try:
        return b64decode(needed(code), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("no base64") from None


def retry_after(reply: HttpReply) -> float | None:
    """Seconds, from whichever of the usual headers there is."""
    milliseconds = _positive(reply.headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return min(milliseconds / 1000, _LONGEST_PATIENCE)
    said = reply.headers.get("retry-after", "")
    seconds = _positive(said)
    if seconds is None and said:
        seconds = _until(said)
    return min(seconds, _LONGEST_PATIENCE) if seconds is not None else None


def seconds_of(duration: str) -> float | None:
    """A duration as Google writes it: `23s`, `1.5s`."""
    seconds = _positive(duration.removesuffix("s")) if duration.endswith("s") else None
    return min(seconds, _LONGEST_PATIENCE) if seconds is not None else None


def _positive(said: str) -> float | None:
    return float(said) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", said) else None


def _until(said: str) -> float | None:
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def same_site(url: str, base: str) -> bool:
    """Whether what may be sent to `base` may be sent to `url`: to its host, or to another one of
    the same domain. May raise ValueError.
    """
    there, here = urlsplit(url), urlsplit(base)
    if (there.scheme, there.port) != (here.scheme, here.port) or "@" in there.netloc:
        return False
    return _domain(there.hostname) == _domain(here.hostname) != ""


def _domain(host: str | None) -> str:
    *_, last = labels = (host or "").split(".")
    # An address in numbers has no domain that others could be part of.
    return ".".join(labels) if last.isdigit() else ".".join(labels[-2:])
