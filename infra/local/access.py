"""Access control of the local AWS: keeps web pages, and addresses that a workspace names, away.

It asks for no password, runs functions as the user who started it, and tells every page that it may
read the answers. A page that is open in a browser on this machine could reach it, whatever port it
has: so what a browser sends on behalf of a page is refused here, except for a file whose address is
signed, which is a credential. And since the local run fetches from this machine, a workspace could
name the address of another's file: as on AWS, nothing is had without a signature.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

# What the local AWS has beside AWS's own: its health, and the API behind its gateway.
_OWN_PATHS = "/_"
# An image in its bucket. Other paths lead to services that check no signed address.
_FILE = re.compile(r"/[a-z0-9.-]+/media/[a-z0-9.-]+")
# The only algorithm whose signatures the local AWS checks: with another it takes any for good.
_ALGORITHM = "AWS4-HMAC-SHA256"
_LOOPBACK = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)


def may_use_aws(scope: Mapping[str, Any]) -> bool:
    headers = {name.lower(): value for name, value in scope["headers"]}
    # A name that a stranger's DNS points here is a page's way around the rules of its browser.
    if not _LOOPBACK.fullmatch(headers.get(b"host", b"")):
        return False
    if _is_signed_file(scope):
        return True
    by_page = b"origin" in headers or headers.get(b"sec-fetch-site", b"none") != b"none"
    return not by_page and (
        headers.get(b"authorization", b"").startswith(b"AWS4-")
        or scope["path"].startswith(_OWN_PATHS)
        or _is_form(scope["method"], headers)
    )


def _is_signed_file(scope: Mapping[str, Any]) -> bool:
    """Whether S3 will check the signature in its address. Read as the local AWS reads it."""
    text = scope.get("query_string", b"").decode(errors="replace")
    query = parse_qs(text, keep_blank_values=True)
    names = ("X-Amz-Algorithm", "X-Amz-Signature")
    algorithm, signature = (query.get(name, [""])[0] for name in names)
    return (
        scope["method"] in {"GET", "HEAD"}
        and _FILE.fullmatch(scope["path"]) is not None
        and algorithm == _ALGORITHM
        and bool(signature)
    )


def _is_form(method: str, headers: Mapping[bytes, bytes]) -> bool:
    """A presigned form has its signature in its body, where S3 checks it."""
    kind = headers.get(b"content-type", b"")
    return method == "POST" and kind.startswith(b"multipart/form-data")
