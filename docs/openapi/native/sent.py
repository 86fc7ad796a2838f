"""What webhooks are sent: a message for each event."""

from __future__ import annotations

from darkroom.domain.delivery import SCHEDULE
from darkroom.domain.event_names import EventName
from docs.openapi.described import Message, Parameter, Sending
from docs.openapi.events import TEXTS, shape_name
from docs.openapi.native.sent_samples import examples
from docs.openapi.shapes import UUID, WHOLE

_SIGNATURE = "v1,[A-Za-z0-9+/]{43}="
_EXAMPLES = examples()


def _header(name: str, schema: dict[str, object], text: str, example: object) -> Parameter:
    return Parameter(
        name=name, where="header", schema=schema, text=text, example=example, is_required=True
    )


SENDING = Sending(
    tag="webhooks",
    messages={
        name.value: Message(
            name="".join(["on", *(word.capitalize() for word in name.split("."))]),
            summary=TEXTS[name],
            schema=shape_name(name),
            example=_EXAMPLES[name],
        )
        for name in EventName
    },
    headers={
        "WebhookId": _header(
            "webhook-id",
            UUID,
            "Of the event, the same at every try: what came before can be dropped.",
            _EXAMPLES[EventName.JOB_COMPLETED]["id"],
        ),
        "WebhookTimestamp": _header(
            "webhook-timestamp",
            WHOLE,
            "Of this try, in Unix time: refuse what is older than a few minutes.",
            1795262400,
        ),
        "WebhookSignature": _header(
            "webhook-signature",
            {"type": "string", "pattern": f"^{_SIGNATURE}( {_SIGNATURE})*$"},
            "HMAC-SHA256 of `<webhook-id>.<webhook-timestamp>.<body>` in Base64, by the secret of "
            "the webhook: what follows `whsec_`, out of Base64. Several of them, with spaces "
            "between, while a secret changes: one that fits is enough.",
            "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
        ),
    },
    answers={
        "2XX": "Taken, if it comes within 15 seconds.",
        "410": "Nobody is here any more: the webhook is switched off.",
        "default": f"Anything else, a redirect or silence: tried again, {len(SCHEDULE) + 1} times "
        "in all over three days, and not before `Retry-After`, which may be a day.",
    },
)
