"""What is asked of webhooks by HTTP, wired: apart, as most cold starts are for a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from darkroom.bootstrap.ports import WebhookSecretPorts
from darkroom.domain.operations import Caller
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
from darkroom.usecases.webhooks import WebhookCommands, WebhookQueries

if TYPE_CHECKING:
    from darkroom.bootstrap.submit import SubmitPorts

Operations = Mapping[type, Callable[[Any, Caller], Any]]


def webhook_commands(ports: SubmitPorts) -> Operations:
    commands = WebhookCommands(
        webhooks=ports.webhooks,
        deliveries=ports.deliveries,
        queue=ports.delivery_queue,
        outbox=ports.outbox,
        secrets=ports.webhook_secrets,
        clock=ports.clock,
        ids=ports.ids,
        accounts=ports.accounts,
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


def webhook_queries(ports: WebhookSecretPorts) -> Operations:
    queries = WebhookQueries(
        webhooks=ports.webhooks,
        deliveries=ports.deliveries,
        secrets=ports.webhook_secrets,
        clock=ports.clock,
    )
    return {
        ReadWebhook: queries.read,
        ListWebhooks: lambda _, caller: queries.list(caller),
        ShowWebhookSecret: lambda _, caller: queries.secret(caller),
        ListDeliveries: queries.page,
        ReadDelivery: queries.delivery,
    }
