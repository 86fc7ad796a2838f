"""What webhooks are sent: the `webhooks` of the native document."""

from __future__ import annotations

from typing import Any

from darkroom.domain.delivery import SCHEDULE
from darkroom.domain.event_names import EventName
from docs.openapi.event_samples import examples
from docs.openapi.events import TEXTS, schema_name
from docs.openapi.schemas import UUID, ref

_SIGNATURE = "v1,[A-Za-z0-9+/]{43}="
_EXAMPLES = examples()


def _header(name: str, schema: dict[str, Any], text: str, example: object) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "description": text,
        "required": True,
        "schema": schema,
        "example": example,
    }


HEADERS = {
    "WebhookId": _header(
        "webhook-id",
        UUID,
        "Of the event, the same at every try: a message with an id that came before can be "
        "dropped.",
        _EXAMPLES[EventName.JOB_COMPLETED]["id"],
    ),
    "WebhookTimestamp": _header(
        "webhook-timestamp",
        {"type": "integer"},
        "Of this try, in Unix time: refuse what is older than a few minutes.",
        1795262400,
    ),
    "WebhookSignature": _header(
        "webhook-signature",
        {"type": "string", "pattern": f"^{_SIGNATURE}( {_SIGNATURE})*$"},
        "HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>` in Base64, by the secret of the "
        "webhook: what follows `whsec_`, out of Base64. Several of them, with spaces between, "
        "while a secret changes: one that fits is enough.",
        "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    ),
}
_ANSWERS = {
    "2XX": "Taken, if it comes within 15 seconds.",
    "410": "The receiver is gone for good: the webhook is disabled.",
    "default": f"Anything else, a redirect or silence: tried again, {len(SCHEDULE) + 1} times in "
    "all over three days, and not before `Retry-After`, which may be a day.",
}


def webhooks() -> dict[str, Any]:
    return {name.value: {"post": _operation(name)} for name in EventName}


def _operation(name: EventName) -> dict[str, Any]:
    content = {"schema": ref(schema_name(name)), "example": dict(_EXAMPLES[name])}
    return {
        "operationId": "".join(["on", *(word.capitalize() for word in name.split("."))]),
        "summary": TEXTS[name],
        "tags": ["webhooks"],
        "security": [],
        "parameters": [{"$ref": f"#/components/parameters/{header}"} for header in HEADERS],
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {status: {"description": text} for status, text in _ANSWERS.items()},
    }
