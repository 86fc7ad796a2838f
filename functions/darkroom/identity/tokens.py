"""JWTs of one issuer, checked against its published keys.

The token chooses nothing: not its algorithm, not its key's address, not its audience. Everything
that is wrong with one is the same answer, and every exception on the way is that answer too.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt

from darkroom.domain.errors import Unauthenticated, Unavailable
from darkroom.domain.operations import Caller
from darkroom.domain.ports import Clock

log = logging.getLogger(__name__)

# What a key of this kind may sign with. Nothing symmetric: a public key must not become a secret.
_ALGORITHM_OF = {("RSA", None): "RS256", ("EC", "P-256"): "ES256"}
_REQUIRED = ["iss", "aud", "exp", "nbf", "sub", "scope", "workspace"]
_LEEWAY = timedelta(seconds=30)
_KEYS_LIVE = timedelta(minutes=10)
_KEYS_LIVE_WITHOUT_ISSUER = timedelta(hours=1)
# Unknown key ids cost a fetch, so that strangers could make us fetch for ever.
_FETCH_AT_MOST_EVERY = timedelta(seconds=30)


class JwtTokens:
    def __init__(
        self, *, issuer: str, audience: str, fetch: Callable[[], bytes], clock: Clock
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._fetch = fetch
        self._clock = clock
        self._keys: Mapping[str, jwt.PyJWK] = {}
        self._fetched_at: datetime | None = None

    def verify(self, token: str) -> Caller:
        try:
            return self._caller(self._claims(token))
        except OSError:
            # The issuer does not answer: that says nothing about the token.
            log.exception("keys_not_fetched")
            raise Unavailable(retry_after=5) from None
        except Exception:
            # The token itself stays out of the log.
            log.info("token_refused", exc_info=True)
            raise Unauthenticated("invalid_token", "This token opens nothing here.") from None

    def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if "crit" in header:
            raise ValueError("a critical extension that we do not know")
        key = self._key(header["kid"])
        return jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm_name],
            issuer=self._issuer,
            audience=self._audience,
            leeway=_LEEWAY,
            options={"require": _REQUIRED, "strict_aud": True},
        )

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        workspace, subject, scope = claims["workspace"], claims["sub"], claims["scope"]
        if not all(isinstance(value, str) and value for value in (workspace, subject, scope)):
            raise ValueError("workspace, sub and scope are texts")
        return Caller(workspace=workspace, scopes=frozenset(scope.split()), key=f"jwt:{subject}")

    def _key(self, kid: str) -> jwt.PyJWK:
        now = self._clock.now()
        age = now - self._fetched_at if self._fetched_at else None
        is_old = age is None or age > _KEYS_LIVE
        may_look = age is None or age > _FETCH_AT_MOST_EVERY
        if is_old or (kid not in self._keys and may_look):
            try:
                self._keys = _signing_keys(self._fetch())
                self._fetched_at = now
            except OSError:
                # Known keys stay good for a while; nothing is opened with keys of yesterday.
                if age is None or age > _KEYS_LIVE_WITHOUT_ISSUER:
                    raise
        return self._keys[kid]


def _signing_keys(published: bytes) -> dict[str, jwt.PyJWK]:
    keys = {}
    for row in json.loads(published)["keys"]:
        algorithm = _ALGORITHM_OF.get((row.get("kty"), row.get("crv")))
        if algorithm and row.get("kid") and row.get("use", "sig") == "sig":
            keys[row["kid"]] = jwt.PyJWK(row, algorithm=algorithm)
    return keys
