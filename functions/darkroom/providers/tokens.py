"""Access tokens that an account is exchanged for, kept until shortly before their end."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace

from darkroom.providers.interface import HttpReply, HttpRequest, NoAnswer, Token, TokenSource
from darkroom.providers.replies import Unreadable, by_status, is_success

_UNAUTHORIZED = 401
# Their statuses for a thing that another time may change; any other means no.
_PASSING = (408, 425, 429)
# Seconds: of a token that is used, so many are left at least; what an exchange may take, and what
# is left for the request itself after it.
_MARGIN = 120
_EXCHANGE = 15
_LEAST = 1.0


class Tokens:
    """Sends what wants a token with one. All requests of the process share what is kept here."""

    def __init__(
        self, send: Callable[[HttpRequest, float], HttpReply], now: Callable[[], float]
    ) -> None:
        self._send = send
        self._now = now
        self._kept: dict[str, tuple[float, Token]] = {}
        # A request that comes while a token is fetched waits for that one.
        self._fetching = threading.Lock()

    def send(self, request: HttpRequest, source: TokenSource, within: float) -> HttpReply:
        """Raises NoAnswer. A refusal of the token endpoint is read as the provider's."""
        end = self._now() + within
        with self._fetching:
            kept = self._still_good(source)
            token = kept or self._fetched(source, min(_EXCHANGE, within))
        if isinstance(token, HttpReply):
            return token
        reply = self._send(_bearing(token, request), max(_LEAST, end - self._now()))
        if reply.status != _UNAUTHORIZED or kept is None:
            return reply
        # It was withdrawn before its time. Nothing was begun with it: once more.
        self._drop(source, kept)
        return self.send(request, source, max(_LEAST, end - self._now()))

    def _still_good(self, source: TokenSource) -> Token | None:
        until, token = self._kept.get(source.name, (0.0, None))
        return token if self._now() < until else None

    def _fetched(self, source: TokenSource, within: float) -> Token | HttpReply:
        try:
            reply = self._send(source.ask(), within)
        except NoAnswer as nothing:
            # The provider has not got the image's request.
            raise NoAnswer(f"token_{nothing.reason}", arrived=False) from None
        if not is_success(reply):
            return _refusal(source, reply)
        try:
            token = source.read(reply)
        except Unreadable:
            raise NoAnswer("token_unreadable", arrived=False) from None
        self._kept[source.name] = (self._now() + token.seconds - _MARGIN, token)
        return token

    def _drop(self, source: TokenSource, token: Token) -> None:
        with self._fetching:
            # Another thread may have put a new one in its place.
            if self._kept.get(source.name, (0.0, None))[1] is token:
                del self._kept[source.name]


def _bearing(token: Token, request: HttpRequest) -> HttpRequest:
    headers = {**request.headers, "authorization": f"Bearer {token.text}"}
    return replace(request, headers=headers, token_from=None)


def _refusal(source: TokenSource, reply: HttpReply) -> HttpReply:
    if reply.status // 100 != 4 or reply.status in _PASSING:  # noqa: PLR2004 - HTTP's own classes
        raise NoAnswer(f"token_{by_status(reply).reason}", arrived=False)
    said = {"error": {"code": source.refusal(reply)}}
    return HttpReply(status=_UNAUTHORIZED, headers={}, body=json.dumps(said).encode())
