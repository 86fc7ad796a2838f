"""JWTs of one issuer, checked against its published keys.

The token chooses nothing: not its algorithm, not its key's address, not its audience. Everything
that is wrong with one is the same answer, and every exception on the way is that answer too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import jwt

from darkroom.domain.errors import Unauthenticated, Unavailable
from darkroom.domain.ids import is_workspace
from darkroom.domain.operations import Caller
from darkroom.domain.ports import Clock
from darkroom.identity.key_set import KeySet

log = logging.getLogger(__name__)

_REQUIRED = ["iss", "aud", "exp", "nbf", "sub", "scope", "workspace"]
_LEEWAY = timedelta(seconds=30)


class JwtTokens:
    def __init__(
        self, *, issuer: str, audience: str, fetch: Callable[[], bytes], clock: Clock
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = KeySet(fetch, clock)

    def verify(self, token: str) -> Caller:
        try:
            return self._caller(self._claims(token))
        except Unavailable:
            raise
        except Exception:
            # The token itself stays out of the log.
            log.info("token_refused", exc_info=True)
            raise Unauthenticated("invalid_token", "This token opens nothing here.") from None

    def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if "crit" in header:
            raise ValueError("a critical extension that we do not know")
        key = self._keys.key(header["kid"])
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
        if not is_workspace(workspace):
            raise ValueError("this cannot be the id of a workspace")
        return Caller(workspace=workspace, scopes=frozenset(scope.split()), key=f"jwt:{subject}")
