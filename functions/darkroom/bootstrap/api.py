"""What submit and status have in common: keys, addresses of files, and operations by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from darkroom.dialects.wire import Desk, Request
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.file_links import LinkSigner
from darkroom.domain.image_request import MAX_SEED
from darkroom.domain.operations import Caller, Operation, Outcome
from darkroom.domain.ports import Clock, Ids, Keys, Secrets, Tokens
from darkroom.settings import ApiSettings
from darkroom.usecases.authenticate import authenticate

# The first signs, all verify: a new one goes in front, and the old one leaves a week later.
_LINK_KEYS = ("1",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    catalogue: Catalogue
    keys: Keys
    secrets: Secrets
    tokens: Tokens | None
    clock: Clock
    ids: Ids
    # Each operation this function performs, by its type.
    with_caller: Mapping[type, Callable[[Any, Caller], Outcome]]
    without_caller: Mapping[type, Callable[[Any], Outcome]]

    def perform(self, operation: Operation, caller: Caller | None) -> Outcome:
        if caller is None:
            return self.without_caller[type(operation)](operation)
        return self.with_caller[type(operation)](operation, caller)

    def authenticate(self, credential: str | None, scope: str) -> Caller:
        return authenticate(
            credential,
            scope,
            keys=self.keys,
            secrets=self.secrets,
            tokens=self.tokens,
            clock=self.clock,
        )

    def desk(self, request: Request) -> Desk:
        return Desk(
            catalogue=self.catalogue,
            fresh_seed=self.ids.below(MAX_SEED + 1),
            file_url=lambda name: self._file_url(request, name),
        )

    def _file_url(self, request: Request, name: str) -> str:
        query = link_signer(self.secrets).query(name, self.clock.now())
        return f"{request.scheme}://{request.host}/v1/files/{name}?{urlencode(query)}"


def token_checker(settings: ApiSettings, clock: Clock) -> Tokens | None:
    if not settings.jwt_issuer:
        return None
    # Imported here because most deployments know no tokens, and cryptography is slow to load.
    from darkroom.identity.published_keys import key_fetcher  # noqa: PLC0415
    from darkroom.identity.tokens import JwtTokens  # noqa: PLC0415

    return JwtTokens(
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
        fetch=key_fetcher(settings.jwt_jwks_url),
        clock=clock,
    )


def link_signer(secrets: Secrets) -> LinkSigner:
    return LinkSigner({kid: secrets.derive(f"file-links/{kid}") for kid in _LINK_KEYS})
