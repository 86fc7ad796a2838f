"""What submit and status have in common: keys, addresses of files, and operations by type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from darkroom.aws.keys import DynamoKeys
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.aws.waits import DynamoWaits
from darkroom.bootstrap.catalogue import load_catalogue, web_policy
from darkroom.bootstrap.links import link_signer
from darkroom.bootstrap.outages import is_temporary
from darkroom.bootstrap.process_rate_limiter import ProcessRateLimiter, client_of
from darkroom.clock_and_ids import SystemClock, SystemIds
from darkroom.dialects.context import RequestContext
from darkroom.dialects.wire import Request
from darkroom.domain.catalogue import Catalogue
from darkroom.domain.errors import DarkroomError, Unavailable
from darkroom.domain.image_request import MAX_SEED
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller, Operation
from darkroom.domain.outcomes import Outcome, RateLimitStatus
from darkroom.domain.ports import Accounts, Clock, Ids, Keys, Tokens
from darkroom.domain.secrets import Secrets
from darkroom.domain.waits import Waits
from darkroom.domain.web_addresses import WebPolicy
from darkroom.settings import ApiSettings
from darkroom.usecases.authenticate import authenticate
from darkroom.usecases.check_rate_limit import check_rate_limit
from darkroom.usecases.limit_wait import limit_wait


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiDependencies:
    """What both functions need before they know what is asked for."""

    catalogue: Catalogue
    web: WebPolicy
    keys: Keys
    secrets: Secrets
    webhook_secrets: Secrets
    tokens: Tokens | None
    waits: Waits
    clock: Clock
    ids: Ids


def api_dependencies(settings: ApiSettings, clients: Clients) -> ApiDependencies:
    clock = SystemClock()
    return ApiDependencies(
        catalogue=load_catalogue(settings),
        web=web_policy(settings),
        keys=DynamoKeys(clients.get("dynamodb"), settings.table_name, clock),
        secrets=DerivedSecrets(clients.get("secretsmanager"), settings.signing_secret, clock),
        webhook_secrets=DerivedSecrets(
            clients.get("secretsmanager"), settings.webhook_secret, clock
        ),
        tokens=_token_checker(settings, clock),
        waits=DynamoWaits(
            clients.get("dynamodb"),
            settings.waits_table_name,
            per_key=int(settings.waits_per_key),
            per_workspace=int(settings.waits_per_workspace),
        ),
        clock=clock,
        ids=SystemIds(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    dependencies: ApiDependencies
    # Each operation this function performs, by its type. What costs something is counted by the
    # workspace's account, and is told what the account holds; all else is counted by the process.
    with_account: Mapping[type, Callable[[Any, Caller, Account], Outcome]] = field(
        default_factory=dict
    )
    accounts: Accounts
    with_caller: Mapping[type, Callable[[Any, Caller], Outcome]]
    without_caller: Mapping[type, Callable[[Any], Outcome]]
    # Those that few ask for, loaded when somebody does.
    on_demand: Callable[[], Mapping[type, Callable[[Any, Caller], Outcome]]]
    limiter: ProcessRateLimiter = field(default_factory=ProcessRateLimiter)

    def check_rate_limit(
        self, operation: Operation, caller: Caller | None, request: Request, *, is_counted: bool
    ) -> tuple[Account | None, RateLimitStatus | None]:
        """Count a request where it is to be counted. Raises RateLimited."""
        if caller is not None and type(operation) in self.with_account:
            return check_rate_limit(
                caller, accounts=self.accounts, now=self.dependencies.clock.now()
            )
        if not is_counted:
            return None, None
        return None, self.count(request, caller)

    def count(self, request: Request, caller: Caller | None) -> RateLimitStatus:
        """By the process: a key's request, or one without a valid key by its address."""
        client = caller.key if caller is not None else client_of(request.client)
        return self.limiter.check_rate_limit(client, request.at)

    @contextmanager
    def limited_wait(self, operation: Operation, caller: Caller | None) -> Iterator[Operation]:
        if caller is None:
            yield operation
            return
        with limit_wait(
            operation, caller, waits=self.dependencies.waits, clock=self.dependencies.clock
        ) as may:
            yield may

    def perform(
        self, operation: Operation, caller: Caller | None, account: Account | None
    ) -> Outcome:
        if caller is None:
            return self.without_caller[type(operation)](operation)
        if account is not None:
            return self.with_account[type(operation)](operation, caller, account)
        known = self.with_caller.get(type(operation))
        return (known or self.on_demand()[type(operation)])(operation, caller)

    def client_error(self, fault: Exception) -> DarkroomError | None:
        """What a client is told of it: to come back, or that it is our fault and will stay so."""
        return Unavailable() if is_temporary(fault) else None

    def authenticate(self, credential: str | None, scope: str, request_id: str) -> Caller:
        caller = authenticate(
            credential,
            scope,
            keys=self.dependencies.keys,
            secrets=self.dependencies.secrets,
            tokens=self.dependencies.tokens,
            clock=self.dependencies.clock,
        )
        return replace(caller, request_id=request_id)

    def context(
        self, dialect: str, request: Request, path: Mapping[str, str], caller: Caller | None
    ) -> RequestContext:
        return RequestContext(
            dialect=dialect,
            request=request,
            path=path,
            catalogue=self.dependencies.catalogue,
            caller=caller,
            web=self.dependencies.web,
            fresh_seed=self.dependencies.ids.below(MAX_SEED + 1),
            file_url=lambda name: self._file_url(request, name),
        )

    def _file_url(self, request: Request, name: str) -> str:
        query = link_signer(self.dependencies.secrets).query(name, self.dependencies.clock.now())
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
