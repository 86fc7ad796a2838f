"""Darkroom's own API."""

from __future__ import annotations

from docs.openapi.described import Description
from docs.openapi.native import (
    account,
    captions,
    collections,
    deliveries,
    errors,
    events,
    jobs,
    media,
    models,
    sent,
    webhooks,
)

_TEXT = """\
Prompts into stored images. A submit answers with a job; poll it, wait for it (`Prefer: wait=10`),
or be told of its end. All JSON is strict: a field or a parameter that is not described here is
refused.

HEAD is answered wherever GET is. A method that a path does not take is 405 with `Allow`, a path
that does not exist 404, both in the shape of the other errors. Every error is a problem (RFC 9457)
with a stable `code`.

Webhooks keep to Standard Webhooks: each message has the headers `webhook-id`, `webhook-timestamp`
and `webhook-signature`, and any library of that standard verifies it. Its `type` is `darkroom.` and
the name of the event: `darkroom.job.completed`. Any 2xx within 15 seconds takes it; without one
it is tried again for three days. 410 switches the webhook off.

The API gateway itself refuses what comes too fast or is too large for it, before Darkroom sees it:
429, 413 and 503 with `{"message": "…"}`.\
"""

_PARTS = (jobs, captions, media, collections, models, webhooks, deliveries, events, account)

DESCRIPTION = Description(
    title="Darkroom",
    text=_TEXT,
    operations={name: described for part in _PARTS for name, described in part.OPERATIONS.items()},
    error="Problem",
    schemas=errors.SCHEMAS
    | {name: schema for part in _PARTS for name, schema in part.SCHEMAS.items()},
    internal=account.INTERNAL,
    sends=sent.SENDING,
)
