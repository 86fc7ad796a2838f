"""The webhook that a submit may name for itself."""

from __future__ import annotations

from darkroom.dialects.native.hook_body import HookBody
from darkroom.domain.event_names import OF_A_REQUEST
from docs.openapi.bodies import documented
from docs.openapi.shapes import TEXT, many, record, words

_EVENTS = words(*map(str, OF_A_REQUEST))
HOOK = documented(
    HookBody,
    {
        "url": {"format": "uri", "description": "https, on the public web."},
        "events": {
            "items": _EVENTS,
            "description": "Without any: the end of the job, or of a request by queue its refusal.",
        },
    },
)
SCHEMAS = {"OwnWebhook": record({"url": TEXT, "events": many(_EVENTS)})}
