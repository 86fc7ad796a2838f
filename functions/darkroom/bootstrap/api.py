"""What submit and status have in common: keys, addresses of files, and operations by type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from darkroom.aws.keys import DynamoKeys
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.bootstrap.catalogue import load_catalogue, web_policy
from darkroom.bootstrap.faults import passes
from darkroom.bootstrap.links import link_signer
from darkroom.bootstrap.window import Window
from darkroom.dialects.wire import Desk, Request
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.errors import DarkroomError, Unavailable
from darkroom.domain.image_request import MAX_SEED
from darkroom.domain.operations import Caller, Operation, Outcome
from darkroom.domain.ports import Clock, Ids, Keys, Secrets, Tokens
from darkroom.domain.web_addresses import WebPolicy
from darkroom.settings import ApiSettings
from darkroom.system import SystemClock, SystemIds
from darkroom.usecases.authenticate import authenticate


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """What both functions need before they know what is asked for."""

    catalogue: Catalogue
    web: WebPolicy
    keys: Keys
    secrets: Secrets
    tokens: Tokens | None
    clock: Clock
    ids: Ids


def front(settings: ApiSettings, clients: Clients) -> Front:
    clock = SystemClock()
    return Front(
        catalogue=load_catalogue(settings),
        web=web_policy(settings),
        keys=DynamoKeys(clients.get("dynamodb"), settings.table_name, clock),
        secrets=DerivedSecrets(clients.get("secretsmanager"), settings.signing_secret),
        tokens=_token_checker(settings, clock),
        clock=clock,
        ids=SystemIds(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    front: Front
    # Each operation this function performs, by its type.
    with_caller: Mapping[type, Callable[[Any, Caller], Outcome]]
    without_caller: Mapping[type, Callable[[Any], Outcome]]
    # Those that few ask for, loaded when somebody does.
    seldom: Callable[[], Mapping[type, Callable[[Any, Caller], Outcome]]]
    window: Window = field(default_factory=Window)

    def perform(self, operation: Operation, caller: Caller | None) -> Outcome:
        if caller is None:
            return self.without_caller[type(operation)](operation)
        known = self.with_caller.get(type(operation))
        return (known or self.seldom()[type(operation)])(operation, caller)

    def excuse(self, fault: Exception) -> DarkroomError | None:
        """What a client is told of it: to come back, or that it is our fault and will stay so."""
        return Unavailable() if passes(fault) else None

    def authenticate(self, credential: str | None, scope: str, request_id: str) -> Caller:
        caller = authenticate(
            credential,
            scope,
            keys=self.front.keys,
            secrets=self.front.secrets,
            tokens=self.front.tokens,
            clock=self.front.clock,
        )
        return replace(caller, request_id=request_id)

    def desk(self, request: Request, caller: Caller | None) -> Desk:
        return Desk(
            catalogue=self.front.catalogue,
            caller=caller,
            web=self.front.web,
            fresh_seed=self.front.ids.below(MAX_SEED + 1),
            file_url=lambda name: self._file_url(request, name),
        )

    def _file_url(self, request: Request, name: str) -> str:
        query = link_signer(self.front.secrets).query(name, self.front.clock.now())
        return f"{request.scheme}://{request.host}/v1/files/{name}?{urlencode(query)}"


def _token_checker(settings: ApiSettings, clock: Clock) -> Tokens | None:
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
