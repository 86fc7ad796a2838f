"""What submit and status have in common: keys, addresses of files, and operations by type."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from darkroom.aws.calls import DynamoCalls
from darkroom.aws.table import Table
from darkroom.aws.waits import DynamoWaits, MostWaits
from darkroom.bootstrap.ports import (
    BucketPorts,
    CataloguePorts,
    SigningPorts,
    WebhookSecretPorts,
    WebPorts,
    is_temporary,
)
from darkroom.bootstrap.process_rate_limiter import ProcessRateLimiter, client_of
from darkroom.dialects.context import RequestContext
from darkroom.dialects.wire import Request
from darkroom.domain.errors import DarkroomError, Unavailable
from darkroom.domain.image_request import MAX_SEED
from darkroom.domain.money import Account
from darkroom.domain.operations import Caller, Operation, Outcome
from darkroom.domain.outcomes import RateLimitStatus
from darkroom.domain.ports import Tokens
from darkroom.settings import ApiSettings
from darkroom.usecases.authenticate import authenticate
from darkroom.usecases.limits import check_rate_limit, limit_wait


class ApiPorts(BucketPorts, WebPorts, CataloguePorts, SigningPorts, WebhookSecretPorts):
    settings: ApiSettings
    function = "status"

    @cached_property
    def tokens(self) -> Tokens | None:
        if not self.settings.jwt_issuer:
            return None
        # Most deployments know no tokens, and cryptography is slow to load.
        from darkroom.identity.published_keys import key_fetcher  # noqa: PLC0415
        from darkroom.identity.tokens import JwtTokens  # noqa: PLC0415

        return JwtTokens(
            issuer=self.settings.jwt_issuer,
            audience=self.settings.jwt_audience,
            fetch=key_fetcher(self.settings.jwt_jwks_url),
            clock=self.clock,
        )

    @cached_property
    def _table_of_waits(self) -> Table:
        return Table(self.clients.get("dynamodb"), self.settings.waits_table_name)

    @cached_property
    def calls(self) -> DynamoCalls:
        return DynamoCalls(self._table_of_waits, self.clock)

    @cached_property
    def waits(self) -> DynamoWaits:
        return DynamoWaits(
            self._table_of_waits,
            MostWaits(
                per_key=int(self.settings.waits_per_key),
                per_workspace=int(self.settings.waits_per_workspace),
                per_function=int(share) if (share := self.settings.waits_per_function) else None,
            ),
            function=self.function,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    ports: ApiPorts
    # What performs each operation of this function, by the operation's type. Those that the account
    # counts are given the account, too.
    with_account: Mapping[type, Callable[[Any, Caller, Account], Any]] = field(default_factory=dict)
    with_caller: Mapping[type, Callable[[Any, Caller], Any]]
    without_caller: Mapping[type, Callable[[Any], Any]]
    # Those that few requests are for, loaded with the first of them.
    on_demand: Callable[[], Mapping[type, Callable[[Any, Caller], Any]]]
    limiter: ProcessRateLimiter = field(default_factory=ProcessRateLimiter)

    def __post_init__(self) -> None:
        self.ports.make("catalogue", "web_policy", "keys", "secrets", "tokens", "waits", "accounts")

    def check_rate_limit(
        self, operation: Operation[Any], caller: Caller | None, request: Request
    ) -> tuple[Account | None, RateLimitStatus | None]:
        """Count a request where it is to be counted. Raises RateLimited."""
        if operation.counted_by is None:
            return None, None
        if operation.counted_by == "process" or caller is None:
            return None, self.count(request, caller)
        return check_rate_limit(caller, accounts=self.ports.accounts, now=self.ports.clock.now())

    def count(self, request: Request, caller: Caller | None) -> RateLimitStatus:
        """By the process: a key's request, or one without a valid key by its address."""
        client = caller.key if caller is not None else client_of(request.client)
        return self.limiter.check_rate_limit(client, request.at)

    @contextmanager
    def limited_wait(
        self, operation: Operation[Outcome], caller: Caller | None
    ) -> Iterator[Operation[Outcome]]:
        if caller is None:
            yield operation
            return
        with limit_wait(operation, caller, waits=self.ports.waits, clock=self.ports.clock) as may:
            yield may

    def perform(
        self, operation: Operation[Outcome], caller: Caller | None, account: Account | None
    ) -> Outcome:
        outcome: Outcome
        if caller is None:
            outcome = self.without_caller[type(operation)](operation)
        elif account is not None:
            outcome = self.with_account[type(operation)](operation, caller, account)
        else:
            known = self.with_caller.get(type(operation))
            outcome = (known or self.on_demand()[type(operation)])(operation, caller)
        return outcome

    def client_error(self, fault: Exception) -> DarkroomError | None:
        """The error that the answer names: try again later, or None for a fault of ours."""
        return Unavailable() if is_temporary(fault) else None

    def authenticate(self, credential: str | None, scope: str, request_id: str) -> Caller:
        caller = authenticate(
            credential,
            scope,
            keys=self.ports.keys,
            secrets=self.ports.secrets,
            tokens=self.ports.tokens,
            clock=self.ports.clock,
        )
        return replace(caller, request_id=request_id)

    def context(
        self, dialect: str, request: Request, path: Mapping[str, str], caller: Caller | None
    ) -> RequestContext:
        return RequestContext(
            dialect=dialect,
            request=request,
            path=path,
            catalogue=self.ports.catalogue,
            caller=caller,
            web=self.ports.web_policy,
            fresh_seed=self.ports.ids.below(MAX_SEED + 1),
            file_url=lambda name: self._file_url(request, name),
        )

    def _file_url(self, request: Request, name: str) -> str:
        query = self.ports.link_signer().query(name, self.ports.clock.now())
        here = self.ports.settings.files_url or f"{request.scheme}://{request.host}"
        return f"{here}/v1/files/{name}?{urlencode(query)}"
