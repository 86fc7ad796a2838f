"""Keeps web pages away from the local AWS.

It asks nobody for a password, runs functions as the user who started it, and tells every page that
it may read the answers. A page that is open in a browser on this machine could reach it, whatever
port it has: so what a browser sends on behalf of a page is refused here, except for a file whose
address is signed, which is a credential.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_LOOPBACK = re.compile(rb"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)


def may_use_aws(scope: Mapping[str, Any]) -> bool:
    headers = {name.lower(): value for name, value in scope["headers"]}
    # A name that a stranger's DNS points here is a page's way around the rules of its browser.
    if not _LOOPBACK.fullmatch(headers.get(b"host", b"")):
        return False
    by_page = b"origin" in headers or headers.get(b"sec-fetch-site", b"none") != b"none"
    return not by_page or b"X-Amz-Signature=" in scope.get("query_string", b"")
