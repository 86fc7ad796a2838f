"""The operator's command, wired."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.keys import DynamoKeys
from darkroom.aws.secrets import DerivedSecrets
from darkroom.aws.session import Clients
from darkroom.domain.money import Account
from darkroom.settings import AdminSettings
from darkroom.system import SystemClock, SystemIds
from darkroom.usecases.open_workspace import cut_key, open_workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    open_workspace: Callable[[str, int, int], Account]
    account: Callable[[str], Account | None]
    cut_key: Callable[[str], str]


def office(settings: AdminSettings) -> Office:
    clients, clock = Clients(), SystemClock()
    dynamodb = clients.get("dynamodb")
    accounts = DynamoAccounts(dynamodb, settings.table_name)
    return Office(
        open_workspace=partial(open_workspace, accounts=accounts, clock=clock),
        account=accounts.get,
        cut_key=partial(
            cut_key,
            environment=settings.stage,
            keys=DynamoKeys(dynamodb, settings.table_name, clock),
            secrets=DerivedSecrets(clients.get("secretsmanager"), settings.signing_secret),
            clock=clock,
            ids=SystemIds(),
        ),
    )
