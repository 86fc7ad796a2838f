"""The webhook that a request may name for itself, and the names of events in requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, TypedDict

from darkroom.dialects.bodies import Body
from darkroom.dialects.context import RequestContext
from darkroom.dialects.fields import Limits, Schema, length
from darkroom.dialects.parameters import unknown_choice
from darkroom.domain.api_key import GENERATE, WEBHOOKS
from darkroom.domain.event_names import OF_A_REQUEST, EventName
from darkroom.domain.job import Hook, Job

Address = Annotated[
    str, length(2048, least=1), Schema(format="uri", description="https, on the public web.")
]
_Events = Annotated[
    list[str],
    Limits(max_length=len(EventName)),
    Schema(items={"type": "string", "enum": list(map(str, OF_A_REQUEST))}),
]
_MAY_NAME_ONE = {GENERATE, WEBHOOKS}


class HookBody(Body):
    url: Address
    events: _Events = []  # noqa: RUF012 - pydantic copies it for each body
    """Without any: the end of the job, or of a request by queue its refusal."""


class JobWebhook(TypedDict):
    url: str
    events: list[EventName]


def read_hook(body: HookBody, context: RequestContext) -> Hook:
    return Hook(
        url=context.web_address("webhook.url", body.url),
        events=known_events("webhook.events", body.events, OF_A_REQUEST),
    )


def hook_of_rejected(request: Mapping[str, Any], context: RequestContext) -> Hook | None:
    """Whatever else is wrong with the request. Raises InvalidRequest."""
    from darkroom.dialects.reading_bodies import validated  # noqa: PLC0415

    hook = request.get("webhook")
    return read_hook(validated(HookBody, hook), context) if isinstance(hook, dict) else None


def known_events(field: str, given: list[str], names: Iterable[EventName]) -> tuple[str, ...]:
    choices = tuple(names)
    for index, name in enumerate(given):
        if name not in choices:
            raise unknown_choice(f"{field}.{index}", choices)
    return tuple(dict.fromkeys(given))


def webhook_of(job: Job, context: RequestContext) -> JobWebhook | None:
    """Its address may hold a secret: a caller sees it whose key could have named it. So it is in no
    event, either, which other receivers get.
    """
    scopes = context.caller.scopes if context.caller else frozenset()
    if job.webhook is None or not _MAY_NAME_ONE & scopes:
        return None
    return {"url": job.webhook.url, "events": list(map(EventName, job.webhook.events))}
