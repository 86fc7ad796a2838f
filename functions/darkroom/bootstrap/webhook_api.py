"""What is asked of webhooks by HTTP, wired: apart, as most cold starts are for a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.session import Clients
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.bootstrap.api import ApiDependencies
from darkroom.bootstrap.events import outbox
from darkroom.domain.operations import Caller
from darkroom.domain.outcomes import Outcome
from darkroom.domain.webhook_operations import (
    ChangeWebhook,
    CreateWebhook,
    DeleteWebhook,
    ExpireOldSecrets,
    ListDeliveries,
    ListWebhooks,
    ReadDelivery,
    ReadWebhook,
    Redeliver,
    RedeliverAll,
    RotateWebhook,
    ShowWebhookSecret,
    TestWebhook,
)
from darkroom.settings import StatusSettings, SubmitSettings
from darkroom.usecases.webhooks import WebhookCommands, WebhookQueries

Operations = Mapping[type, Callable[[Any, Caller], Outcome]]


def webhook_commands(
    settings: SubmitSettings, clients: Clients, dependencies: ApiDependencies
) -> Operations:
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    sent = outbox(settings, clients, dependencies.secrets, dependencies.clock)
    commands = WebhookCommands(
        webhooks=DynamoWebhooks(dynamodb, table),
        deliveries=DynamoDeliveries(dynamodb, table),
        queue=sent.queue,
        outbox=sent,
        secrets=dependencies.webhook_secrets,
        clock=dependencies.clock,
        ids=dependencies.ids,
        accounts=DynamoAccounts(dynamodb, table),
    )
    return {
        CreateWebhook: commands.create,
        ChangeWebhook: commands.change,
        RotateWebhook: commands.rotate,
        ExpireOldSecrets: commands.expire_old_secrets,
        DeleteWebhook: commands.delete,
        TestWebhook: commands.test,
        Redeliver: commands.redeliver,
        RedeliverAll: commands.redeliver_all,
    }


def webhook_queries(
    settings: StatusSettings, clients: Clients, dependencies: ApiDependencies
) -> Operations:
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    queries = WebhookQueries(
        webhooks=DynamoWebhooks(dynamodb, table),
        deliveries=DynamoDeliveries(dynamodb, table),
        secrets=dependencies.webhook_secrets,
        clock=dependencies.clock,
    )
    return {
        ReadWebhook: queries.read,
        ListWebhooks: queries.list,
        ShowWebhookSecret: queries.secret,
        ListDeliveries: queries.page,
        ReadDelivery: queries.delivery,
    }
