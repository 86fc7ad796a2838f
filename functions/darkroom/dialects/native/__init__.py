"""Darkroom's own shape: JSON under /v1, problems as RFC 9457."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from darkroom.dialects.native import answers, captions, collections, media, models, queries
from darkroom.dialects.native.limits import rate_limit_headers
from darkroom.dialects.native.problems import refuse
from darkroom.dialects.wire import Dialect, api_key_or_bearer, routes_of, to_file
from darkroom.domain.api_key import GENERATE, MEDIA_WRITE, READ, WEBHOOKS


def _of_webhooks(name: str) -> Callable[..., Any]:
    """Loaded when somebody asks for it: most cold starts are for a job."""

    def act(*given: object) -> Any:
        from darkroom.dialects.native import webhooks  # noqa: PLC0415

        return getattr(webhooks, name)(*given)

    return act


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
    ("POST", "/v1/webhooks", WEBHOOKS, _of_webhooks("create"), _of_webhooks("created")),
    ("GET", "/v1/webhooks", WEBHOOKS, _of_webhooks("list_all"), _of_webhooks("every")),
    (
        "GET",
        "/v1/webhooks/default/secret",
        WEBHOOKS,
        _of_webhooks("show_secret"),
        _of_webhooks("shown"),
    ),
    ("GET", "/v1/webhooks/{id}", WEBHOOKS, _of_webhooks("read"), _of_webhooks("with_counts")),
    ("PATCH", "/v1/webhooks/{id}", WEBHOOKS, _of_webhooks("change"), _of_webhooks("one")),
    ("DELETE", "/v1/webhooks/{id}", WEBHOOKS, _of_webhooks("delete"), _of_webhooks("deleted")),
    ("POST", "/v1/webhooks/{id}/rotate", WEBHOOKS, _of_webhooks("rotate"), _of_webhooks("rotated")),
    (
        "DELETE",
        "/v1/webhooks/{id}/old-secrets",
        WEBHOOKS,
        _of_webhooks("expire_old_secrets"),
        _of_webhooks("deleted"),
    ),
    ("POST", "/v1/webhooks/{id}/test", WEBHOOKS, _of_webhooks("test"), _of_webhooks("sent")),
    (
        "POST",
        "/v1/webhooks/{id}/redeliver",
        WEBHOOKS,
        _of_webhooks("redeliver_all"),
        _of_webhooks("sent_again"),
    ),
    (
        "GET",
        "/v1/webhooks/{id}/deliveries",
        WEBHOOKS,
        _of_webhooks("deliveries"),
        _of_webhooks("page"),
    ),
    (
        "GET",
        "/v1/webhooks/{id}/deliveries/{delivery}",
        WEBHOOKS,
        _of_webhooks("read_delivery"),
        _of_webhooks("delivery"),
    ),
    (
        "POST",
        "/v1/webhooks/{id}/deliveries/{delivery}/redeliver",
        WEBHOOKS,
        _of_webhooks("redeliver"),
        _of_webhooks("sent"),
    ),
    ("GET", "/v1/events/schemas", None, _of_webhooks("show_schemas"), _of_webhooks("schemas")),
    (
        "GET",
        "/v1/events/schemas/{name}/{version}",
        None,
        _of_webhooks("show_schema"),
        _of_webhooks("schemas"),
    ),
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
