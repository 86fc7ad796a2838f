"""The issuer's key set, over https and from the address in our settings only."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from typing import NoReturn

_SECONDS = 3
_MOST_BYTES = 64 * 1024


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: object) -> NoReturn:
        raise OSError("the key set's address redirects")


def key_fetcher(url: str) -> Callable[[], bytes]:
    if not url.startswith("https://"):
        raise ValueError("the address of the key set must be https")
    # No proxy of the environment stands between us and the keys.
    opener = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))

    def fetch() -> bytes:
        with opener.open(url, timeout=_SECONDS) as answer:
            body: bytes = answer.read(_MOST_BYTES + 1)
        if len(body) > _MOST_BYTES:
            raise OSError("the key set is too large")
        return body

    return fetch
