"""What is asked of webhooks by HTTP, wired: apart, as most cold starts are for a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from darkroom.aws.accounts import DynamoAccounts
from darkroom.aws.session import Clients
from darkroom.aws.webhooks import DynamoDeliveries, DynamoWebhooks
from darkroom.bootstrap.api import Front
from darkroom.bootstrap.telling import mail
from darkroom.domain.operations import Caller, Outcome
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
from darkroom.usecases.keep_webhooks import WebhookKeeper, WebhookReader

Acts = Mapping[type, Callable[[Any, Caller], Outcome]]


def keeping(settings: SubmitSettings, clients: Clients, front: Front) -> Acts:
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    sent = mail(settings, clients, front.secrets, front.clock)
    keeper = WebhookKeeper(
        webhooks=DynamoWebhooks(dynamodb, table),
        deliveries=DynamoDeliveries(dynamodb, table),
        queue=sent.queue,
        mail=sent,
        secrets=front.webhook_secrets,
        clock=front.clock,
        ids=front.ids,
        accounts=DynamoAccounts(dynamodb, table),
    )
    return {
        CreateWebhook: keeper.create,
        ChangeWebhook: keeper.change,
        RotateWebhook: keeper.rotate,
        ExpireOldSecrets: keeper.expire_old_secrets,
        DeleteWebhook: keeper.delete,
        TestWebhook: keeper.test,
        Redeliver: keeper.redeliver,
        RedeliverAll: keeper.redeliver_all,
    }


def reading(settings: StatusSettings, clients: Clients, front: Front) -> Acts:
    dynamodb, table = clients.get("dynamodb"), settings.table_name
    reader = WebhookReader(
        webhooks=DynamoWebhooks(dynamodb, table),
        deliveries=DynamoDeliveries(dynamodb, table),
        secrets=front.webhook_secrets,
        clock=front.clock,
    )
    return {
        ReadWebhook: reader.read,
        ListWebhooks: reader.list,
        ShowWebhookSecret: reader.secret,
        ListDeliveries: reader.page,
        ReadDelivery: reader.delivery,
    }
