"""`darkroom-admin rejected` and `webhooks`: what came in and was refused, and what goes out."""

from __future__ import annotations

from dataclasses import asdict

import typer

from darkroom.admin.output import (
    Workspace,
    command_group,
    must_exist,
    opened,
    show_all,
    stop,
)
from darkroom.domain.webhook import OF_REQUESTS, of_requests
from darkroom.usecases.webhooks import counts_of

refused_requests = command_group("Requests without HTTP, refused.")
webhooks = command_group("Webhooks, and what waits for them.")

_MOST_SHOWN = 100
_LONGEST_BODY = 5000


@refused_requests.command("list")
def list_refused_requests(context: typer.Context) -> None:
    """A hundred at most, as they lie in the intake's dead letter queue, where they stay."""
    with opened(context) as services:
        if services.rejected_messages is None:
            stop("Which queue? Give --stack of one that has it, or INTAKE_DEAD_LETTER_QUEUE_URL.")
        rows = (
            {
                "id": message.id,
                "workspace": message.workspace,
                "code": message.code,
                "detail": message.detail,
                "at": message.at,
                "body": message.body[:_LONGEST_BODY],
            }
            for message in services.rejected_messages.look(_MOST_SHOWN)
        )
        show_all(context, rows, empty="No request was refused.")


@webhooks.command("list")
def list_webhooks(context: typer.Context, workspace: Workspace) -> None:
    """Those of a workspace; `default` stands for all that requests name."""
    with opened(context) as services:
        must_exist(services, workspace)
        known = {webhook.id: webhook for webhook in services.webhooks.of_workspace(workspace)}
        known.setdefault(OF_REQUESTS, of_requests(workspace, services.clock.now(), derived_from=1))
        pending = services.deliveries.pending(workspace)
        now = services.clock.now()
        rows = (
            {
                "id": webhook.id,
                "url": webhook.url,
                "enabled": webhook.enabled,
                "disabled_because": webhook.disabled_because,
                "failing_since": webhook.failing_since,
                **asdict(counts_of(webhook, pending, services.deliveries, now)),
            }
            for webhook in known.values()
        )
        show_all(context, rows, empty=f"{workspace} has no webhook.")
