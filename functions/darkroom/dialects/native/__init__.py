"""Darkroom's own shape: JSON under /v1, problems as RFC 9457."""

from __future__ import annotations

from darkroom.dialects.native import (
    answers,
    captions,
    collections,
    media,
    models,
    queries,
    webhooks,
)
from darkroom.dialects.native.limits import rate_limit_headers
from darkroom.dialects.native.problems import refuse
from darkroom.dialects.wire import Dialect, api_key_or_bearer, routes_of, to_file
from darkroom.domain.api_key import GENERATE, MEDIA_WRITE, READ, WEBHOOKS

_ROUTES = (
    ("POST", "/v1/jobs", GENERATE, queries.submit_job, answers.submitted),
    ("POST", "/v1/jobs/{id}/cancel", GENERATE, queries.cancel_job, answers.job),
    ("GET", "/v1/jobs", READ, queries.list_jobs, answers.page),
    ("GET", "/v1/jobs/{id}", READ, queries.read_job, answers.job),
    ("POST", "/v1/captions", GENERATE, captions.submit, captions.submitted),
    ("GET", "/v1/captions", READ, captions.list_all, captions.page),
    ("GET", "/v1/captions/{id}", READ, captions.read, captions.one),
    ("POST", "/v1/media", MEDIA_WRITE, media.bring_in, media.brought),
    ("POST", "/v1/media/uploads", MEDIA_WRITE, media.begin, media.invited),
    ("POST", "/v1/media/{id}/complete", MEDIA_WRITE, media.complete, media.brought),
    ("GET", "/v1/media", READ, media.list_all, media.page),
    ("GET", "/v1/media/{id}", READ, media.read, media.one),
    ("GET", "/v1/media/{id}/content", READ, media.open_content, to_file),
    ("DELETE", "/v1/media/{id}", MEDIA_WRITE, media.delete, media.deleted),
    ("POST", "/v1/collections", MEDIA_WRITE, collections.create, collections.created),
    ("GET", "/v1/collections", READ, collections.list_all, collections.page),
    ("GET", "/v1/collections/{id}", READ, collections.read, collections.one),
    ("PATCH", "/v1/collections/{id}", MEDIA_WRITE, collections.change, collections.one),
    ("DELETE", "/v1/collections/{id}", MEDIA_WRITE, collections.delete, collections.deleted),
    ("GET", "/v1/models", READ, queries.list_models, models.models),
    ("GET", "/v1/models/{name}", READ, queries.read_model, models.model),
    ("GET", "/v1/account", READ, queries.read_account, answers.account),
    ("POST", "/v1/webhooks", WEBHOOKS, webhooks.create, webhooks.created),
    ("GET", "/v1/webhooks", WEBHOOKS, webhooks.list_all, webhooks.every),
    ("GET", "/v1/webhooks/default/secret", WEBHOOKS, webhooks.show_secret, webhooks.shown),
    ("GET", "/v1/webhooks/{id}", WEBHOOKS, webhooks.read, webhooks.one),
    ("PATCH", "/v1/webhooks/{id}", WEBHOOKS, webhooks.change, webhooks.one),
    ("DELETE", "/v1/webhooks/{id}", WEBHOOKS, webhooks.delete, webhooks.deleted),
    ("POST", "/v1/webhooks/{id}/rotate", WEBHOOKS, webhooks.rotate, webhooks.rotated),
    ("POST", "/v1/webhooks/{id}/test", WEBHOOKS, webhooks.test, webhooks.sent),
    ("GET", "/v1/webhooks/{id}/deliveries", WEBHOOKS, webhooks.deliveries, webhooks.page),
    (
        "GET",
        "/v1/webhooks/{id}/deliveries/{delivery}",
        WEBHOOKS,
        webhooks.read_delivery,
        webhooks.delivery,
    ),
    (
        "POST",
        "/v1/webhooks/{id}/deliveries/{delivery}/redeliver",
        WEBHOOKS,
        webhooks.redeliver,
        webhooks.sent,
    ),
    ("GET", "/v1/events/schemas", None, webhooks.show_schemas, webhooks.schemas),
    ("GET", "/v1/events/schemas/{name}/{version}", None, webhooks.show_schema, webhooks.schemas),
    (
        "POST",
        "/v1/callbacks/{workspace}/{job}/{slot}/{token}",
        None,
        queries.hear_provider,
        answers.heard,
    ),
    ("GET", "/v1/files/{name}", None, queries.open_file, to_file),
    ("GET", "/v1/health", None, queries.check_health, answers.healthy),
)

DIALECT = Dialect(
    name="native",
    routes=routes_of(_ROUTES),
    credential=api_key_or_bearer,
    refuse=refuse,
    limits=rate_limit_headers,
)
