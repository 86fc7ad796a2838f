"""The webhook that a submit may name for itself."""

from __future__ import annotations

from darkroom.dialects.native.hook_body import HookBody
from darkroom.domain.event_names import OF_A_JOB
from docs.openapi.bodies import documented
from docs.openapi.shapes import words

HOOK = documented(
    HookBody,
    {
        "url": {"format": "uri", "description": "https, on the public web."},
        "events": {
            "items": words(*map(str, OF_A_JOB)),
            "description": "Without any: the end of the job.",
        },
    },
)
