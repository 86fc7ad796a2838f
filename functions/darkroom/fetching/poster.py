"""Sending to addresses that users give: the same web as for fetching, and nothing is followed."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.domain.telling import Answer
from darkroom.fetching.web import PublicWeb, target_of, timeouts

# Standard Webhooks gives receivers 15 to 30 s; whoever takes longer works before they answer.
_TOTAL_SECONDS = 15
_CONNECT_SECONDS = 5


class SafePoster:
    def __init__(self, web: PublicWeb) -> None:
        self._web = web

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        with self._web.within(_TOTAL_SECONDS) as pool:
            address = self._web.check(url)
            with pool.stream(
                "POST",
                target_of(address),
                headers=[
                    ("Host", address.authority),
                    ("User-Agent", "Darkroom"),
                    ("Content-Length", str(len(body))),
                    *headers.items(),
                ],
                content=body,
                extensions={"timeout": timeouts(_CONNECT_SECONDS, _TOTAL_SECONDS)},
            ) as response:
                # What it says beside that is not read: it could be without end.
                named = {name.lower(): value for name, value in response.headers}
                retry_after = named.get(b"retry-after", b"").decode(errors="replace")
                return Answer(status=response.status, retry_after=retry_after)
