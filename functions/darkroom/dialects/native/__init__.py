"""Darkroom's own API: JSON under /v1, errors as RFC 9457 problems."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.dialects.dialect import Dialect
from darkroom.dialects.headers import api_key_or_bearer
from darkroom.dialects.native.problems import problem
from darkroom.dialects.refusals import Errors
from darkroom.domain.outcomes import RateLimitStatus

_WINDOW = 60
_RESOURCES = {
    "jobs": "jobs",
    "captions": "captions",
    "media": "media",
    "collections": "collections",
    "models": "models",
    "webhooks": "webhooks",
    "events": "events",
    "account": "account",
    "callbacks": "files",
    "files": "files",
    "health": "files",
}


def rate_limit_headers(rate_limit: RateLimitStatus) -> Mapping[str, str]:
    """The IETF's RateLimit header fields (draft-ietf-httpapi-ratelimit-headers)."""
    return {
        "ratelimit-policy": f'"requests";q={rate_limit.limit};w={_WINDOW}',
        "ratelimit": f'"requests";r={rate_limit.remaining};t={rate_limit.resets_in}',
    }


API = Dialect(
    name="native",
    title="Darkroom",
    description="""\
Prompts into stored images. A submit answers with a job; poll it, wait for it (`Prefer: wait=10`),
or let a webhook tell you of its end. All JSON is strict: a field or a parameter that is not
described here is refused.

HEAD is answered wherever GET is. A method that a path does not take is 405 with `Allow`, a path
that does not exist 404, both in the shape of the other errors. Every error is a problem (RFC 9457)
with a stable `code`.

Webhooks keep to Standard Webhooks: each message has the headers `webhook-id`, `webhook-timestamp`
and `webhook-signature`, and any library of that standard verifies it. Its `type` is `darkroom.` and
the name of the event: `darkroom.job.completed`. Any 2xx within 15 seconds takes it; without one
it is tried again for three days. 410 disables the webhook.

The API gateway itself refuses what comes too fast or is too large for it, before Darkroom sees it:
429, 413 and 503 with `{"message": "…"}`.\
""",
    credential=api_key_or_bearer,
    errors=Errors(fault_text="This is a fault of ours."),
    error=problem,
    error_type="application/problem+json",
    limits=rate_limit_headers,
    resources={
        f"/v1/{beginning}": f"{__name__}.{module}" for beginning, module in _RESOURCES.items()
    },
    is_strict=True,
)
